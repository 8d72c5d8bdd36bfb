"""TensorBoard event files, written from their definition: TFRecord frames around hand-encoded Event messages.

A frame is the length (uint64, little-endian), its masked CRC, the payload and its masked CRC
(tensorflow/core/lib/io/record_writer). The fields of ``Event`` and ``Summary`` are those of
tensorflow/core/util/event.proto and tensorflow/core/framework/summary.proto. CRC-32C is Castagnoli's (RFC 3720, B.4).
"""

from __future__ import annotations

import math
import struct
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from ganstudio.core.measurement import Measurement, newest, way
from ganstudio.core.numbers import whole
from ganstudio.core.runs import Metrics
from ganstudio.reports.data import ReportData
from ganstudio.reports.parts import CURVES, MEASUREMENTS, SAMPLES, Making
from ganstudio.reports.pictures import shots

POLYNOMIAL = 0x82F63B78
"""Castagnoli's polynomial, bits reversed."""
MASK_DELTA = 0xA282EAD8
VARINT, DOUBLE, BYTES, FLOAT = 0, 1, 2, 5
GRAY, RGB = 1, 3
COLOR_TYPE = 25
"""Where a PNG says of what kind its colours are; 0 is grey."""


def _table() -> tuple[int, ...]:
    values = list(range(256))
    for _ in range(8):
        values = [(v >> 1) ^ (POLYNOMIAL if v & 1 else 0) for v in values]
    return tuple(values)


TABLE = _table()


def crc32c(data: bytes) -> int:
    """CRC-32C of the bytes: 0xE3069283 for ``b"123456789"``."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc = TABLE[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    return crc ^ 0xFFFFFFFF


def masked(crc: int) -> int:
    """Rotated right by 15 bits plus a constant: a CRC of data that holds CRCs is weak."""
    return ((crc >> 15 | crc << 17) + MASK_DELTA) & 0xFFFFFFFF


def frame(payload: bytes) -> bytes:
    """One TFRecord."""
    length = struct.pack("<Q", len(payload))
    return (
        length
        + struct.pack("<I", masked(crc32c(length)))
        + payload
        + struct.pack("<I", masked(crc32c(payload)))
    )


def varint(value: int) -> bytes:
    """A whole number from 0 on, seven bits a byte, the lowest first."""
    parts = bytearray()
    while value > 0x7F:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    parts.append(value)
    return bytes(parts)


def field(number: int, kind: int, value: bytes) -> bytes:
    """One field of a message; texts and messages carry their length."""
    return varint(number << 3 | kind) + (varint(len(value)) if kind == BYTES else b"") + value


def event(wall_time: float, step: int, rest: bytes) -> bytes:
    """An ``Event``: wall_time = 1, step = 2, then what it is about."""
    return field(1, DOUBLE, struct.pack("<d", wall_time)) + field(2, VARINT, varint(step)) + rest


def version(wall_time: float) -> bytes:
    """The event with which every file begins: file_version = 3."""
    return field(1, DOUBLE, struct.pack("<d", wall_time)) + field(3, BYTES, b"brain.Event:2")


def scalars(values: Sequence[tuple[str, float]]) -> bytes:
    """A ``Summary`` (5) of values (1), each with tag = 1 and simple_value = 2."""
    told = (
        field(
            1,
            BYTES,
            field(1, BYTES, tag.encode("utf-8", "replace")) + field(2, FLOAT, struct.pack("<f", as_float(v))),
        )
        for tag, v in values
    )
    return field(5, BYTES, b"".join(told))


def as_float(value: float) -> float:
    """What single precision can hold: beyond it infinity."""
    return math.copysign(math.inf, value) if abs(value) > 3.4028234e38 else value


def image(tag: str, png: bytes, width: int, height: int) -> bytes:
    """A ``Summary`` with an image = 4: height = 1, width = 2, colorspace = 3, encoded_image_string = 4."""
    channels = GRAY if png[COLOR_TYPE] == 0 else RGB
    picture = b"".join(field(n, VARINT, varint(v)) for n, v in ((1, height), (2, width), (3, channels)))
    picture += field(4, BYTES, png)
    return field(5, BYTES, field(1, BYTES, field(1, BYTES, tag.encode()) + field(4, BYTES, picture)))


def write_events(reports: Sequence[ReportData], out: Path, making: Making) -> list[Path]:
    """A folder for TensorBoard: an event file in a folder for each run, so that the runs bear their names there."""
    written: list[Path] = []
    for place, report in enumerate(reports):
        making.tell(f"Writing {report.name}", place / len(reports))
        folder = out / report.name
        folder.mkdir(parents=True, exist_ok=True)
        begun = start_of(report)
        data = b"".join(frame(payload) for payload in payloads(report, making, begun))
        written.append(making.write(folder / f"events.out.tfevents.{int(begun):010d}.ganstudio", data))
    return written


def payloads(report: ReportData, making: Making, begun: float) -> Iterator[bytes]:
    """Every event of a run: its series, its numbers, its grids."""
    yield version(begun)
    metrics = report.metrics
    if CURVES in making.parts:
        columns = {name: values.tolist() for name, values in metrics.values.items()}
        for row, (step, seconds) in enumerate(
            zip(metrics.step.tolist(), metrics.seconds.tolist(), strict=True)
        ):
            values = [(name, column[row]) for name, column in columns.items() if not math.isnan(column[row])]
            yield event(_clock(begun, seconds), step, scalars(values))
    if MEASUREMENTS in making.parts:
        told = newest(report.measurements)
        tags = tags_of(told)
        for m in told:
            if m.step is not None:
                wall = _clock(begun, seconds_at(metrics, m.step))
                yield event(wall, m.step, scalars([(tags[way(m)], m.value)]))
    if SAMPLES in making.parts:
        for shot in shots(report):
            making.tell(f"Writing {report.name}", 0.5)
            wall = _clock(begun, seconds_at(metrics, shot.step))
            yield event(wall, shot.step, image("samples", shot.png, shot.width, shot.height))


def tags_of(measurements: Sequence[Measurement]) -> dict[tuple[object, ...], str]:
    """A tag for each protocol: the metric, its samples and truncation, and a number where that leaves several alike.

    What goes by one tag is drawn as one curve, so that no two protocols may share it.
    """
    found: dict[tuple[object, ...], str] = {}
    for m in measurements:
        p = m.protocol
        cut = f", truncation {p.truncation:g}" if p.truncation != 1 else ""
        tag = f"measured/{m.metric} ({whole(p.samples)} samples{cut})"
        if way(m) not in found:
            alike = sum(other == tag or other.startswith(f"{tag} protocol ") for other in found.values())
            found[way(m)] = f"{tag} protocol {alike + 1}" if alike else tag
    return found


def start_of(report: ReportData) -> float:
    """When the run began, in seconds since 1970: as its config says, or else its first event, or now."""
    try:
        return datetime.fromisoformat(str(report.facts.get("started"))).timestamp()
    except (ValueError, OverflowError, OSError):
        times = (e.get("time") for e in report.events)
        return next((float(t) for t in times if isinstance(t, int | float) and 0 < t < 2**40), time.time())


def seconds_at(metrics: Metrics, step: int) -> float:
    """The time trained at a step, by the series."""
    if not len(metrics):
        return 0.0
    row = min(int(metrics.step.searchsorted(step)), len(metrics) - 1)
    return float(metrics.seconds[row])


def _clock(begun: float, seconds: float) -> float:
    return begun + (seconds if math.isfinite(seconds) else 0.0)
