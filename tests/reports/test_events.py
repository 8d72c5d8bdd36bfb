"""TensorBoard files: known checksums, and a reader of our own that checks every frame."""

from __future__ import annotations

import struct
from dataclasses import replace
from pathlib import Path

import pytest
from support.reported import measurement

from ganstudio.core.measurement import way
from ganstudio.reports.data import ReportData
from ganstudio.reports.events import crc32c, frame, masked, tags_of, varint
from ganstudio.reports.write import write_report


@pytest.mark.parametrize(
    ("data", "crc"),
    [
        (b"123456789", 0xE3069283),
        (b"", 0),
        (bytes(32), 0x8A9136AA),
        (b"\xff" * 32, 0x62A8AB43),
        (bytes(range(32)), 0x46DD794E),
        (bytes(range(31, -1, -1)), 0x113FDB5C),
    ],
    ids=["check", "empty", "zeros", "ones", "rising", "falling"],
)
def test_checksums_of_the_standard(data: bytes, crc: int) -> None:
    """RFC 3720, B.4, and the usual check value."""
    assert crc32c(data) == crc


def test_the_mask_is_that_of_tensorflow() -> None:
    """A length of 24, as in the first frame of every file TensorFlow writes: 18 00 .. 00, then a3 7f 4b 22."""
    assert frame(bytes(24))[:12] == bytes.fromhex("1800000000000000a37f4b22")
    assert masked(0) == 0xA282EAD8


def test_whole_numbers_of_the_wire() -> None:
    assert varint(0) == b"\0" and varint(300) == b"\xac\x02" and varint(2**63 - 1) == b"\xff" * 8 + b"\x7f"


def frames(data: bytes) -> list[bytes]:
    found = []
    while data:
        (length,) = struct.unpack("<Q", data[:8])
        payload = data[12 : 12 + length]
        assert struct.unpack("<I", data[8:12])[0] == masked(crc32c(data[:8]))
        assert struct.unpack("<I", data[12 + length : 16 + length])[0] == masked(crc32c(payload))
        found.append(payload)
        data = data[16 + length :]
    return found


def message(data: bytes) -> dict[int, list]:
    """The fields of a message, by number."""
    found: dict[int, list] = {}

    def number() -> int:
        nonlocal data
        value, shift = 0, 0
        while True:
            byte, data = data[0], data[1:]
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while data:
        key = number()
        if key & 7 == 0:
            value = number()
        else:
            size = number() if key & 7 == 2 else {1: 8, 5: 4}[key & 7]
            value, data = data[:size], data[size:]
        found.setdefault(key >> 3, []).append(value)
    return found


def test_a_run_shows_up_with_every_number(report: ReportData, run: Path, tmp_path: Path) -> None:
    (path,) = write_report([run], tmp_path / "board")
    assert path.parent == tmp_path / "board" / "digits" and ".tfevents." in path.name
    events = [message(payload) for payload in frames(path.read_bytes())]
    assert events[0][3] == [b"brain.Event:2"]
    scalars: dict[str, list[tuple[int, float, float]]] = {}
    images = []
    for event in events[1:]:
        wall, step = struct.unpack("<d", event[1][0])[0], event[2][0]
        for value in map(message, message(event[5][0])[1]):
            if 4 in value:
                images.append((step, message(value[4][0])))
            else:
                number = struct.unpack("<f", value[2][0])[0]
                scalars.setdefault(value[1][0].decode(), []).append((step, number, wall))
    assert [step for step, *_ in scalars["loss/generator"]] == list(range(1, 41))
    for step, number, wall in scalars["loss/generator"]:
        assert number == pytest.approx(1 + 1 / step, rel=1e-6)
        assert wall == pytest.approx(1777890030 + 0.5 * step)
    assert len(scalars["penalty/r1"]) == 10
    measured = scalars["measured/fd-domain (500 samples)"]
    assert [(step, number) for step, number, _ in measured] == [(20, 40.5), (40, 30.25)]
    assert [step for step, _ in images] == [0, 20, 40]
    assert images[0][1][1] == [20] and images[0][1][3] == [1] and images[0][1][4][0].startswith(b"\x89PNG")


def test_no_two_protocols_share_a_tag():
    one = measurement("fd-domain", 40.0, 10)
    later = replace(one, step=20, value=30.0)
    cut = replace(one, protocol=replace(one.protocol, truncation=0.5))
    other = replace(one, protocol=replace(one.protocol, reference="digits: 900 pictures"))
    third = replace(one, protocol=replace(one.protocol, rules="another rule"))
    tags = tags_of([one, later, cut, other, third])
    assert [tags[way(m)] for m in (one, later, cut, other, third)] == [
        "measured/fd-domain (500 samples)",
        "measured/fd-domain (500 samples)",
        "measured/fd-domain (500 samples, truncation 0.5)",
        "measured/fd-domain (500 samples) protocol 2",
        "measured/fd-domain (500 samples) protocol 3",
    ]
