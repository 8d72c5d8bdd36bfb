"""Weights of torch.save read without running anything in them, and files that want more than that."""

from __future__ import annotations

import os
import pickle
import struct
from collections import OrderedDict
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import save_file
from torch import nn

from ganstudio.metrics.figures import MetricError
from ganstudio.metrics.weightfile import read_weights

ZIP, LEGACY = True, False


def stored(path: Path, content: Any, zipped: bool = ZIP) -> Path:
    torch.save(content, path, _use_new_zipfile_serialization=zipped)
    return path


def example() -> dict[str, torch.Tensor]:
    net = nn.Sequential(nn.Conv2d(2, 3, 3), nn.BatchNorm2d(3), nn.Linear(4, 5))
    return net.state_dict()


@pytest.mark.parametrize("zipped", [ZIP, LEGACY])
def test_a_state_dict_is_read_as_torch_reads_it(tmp_path: Path, zipped: bool):
    wanted = example()
    found = read_weights(stored(tmp_path / "w.pth", wanted, zipped))
    assert found.keys() == wanted.keys()
    assert all(torch.equal(found[name], wanted[name]) for name in wanted)
    assert all(found[name].dtype == wanted[name].dtype for name in wanted)


@pytest.mark.parametrize("zipped", [ZIP, LEGACY])
@pytest.mark.parametrize(
    "kind", [torch.float64, torch.float16, torch.bfloat16, torch.int32, torch.uint8, torch.bool]
)
def test_types_views_shared_numbers_and_parameters(tmp_path: Path, zipped: bool, kind: torch.dtype):
    base = torch.arange(24).reshape(4, 6).to(kind)
    wanted = OrderedDict(
        base=base, turned=base.T, part=base[1:3, 2:5], one=base[0, 0], none=torch.empty(0, 3),
        parameter=nn.Parameter(torch.ones(2)),
    )  # fmt: skip
    found = read_weights(stored(tmp_path / "w.pth", wanted, zipped))
    assert all(torch.equal(found[name], wanted[name]) for name in wanted)


def test_safetensors_are_read_too(tmp_path: Path):
    save_file({"a": torch.ones(3)}, tmp_path / "w.safetensors")
    assert torch.equal(read_weights(tmp_path / "w.safetensors")["a"], torch.ones(3))


@pytest.mark.parametrize("ending", ["zip", "legacy", "safetensors"])
def test_only_what_is_wanted_is_read(tmp_path: Path, ending: str):
    table = {"classifier.a": torch.ones(1000), "features.a": torch.arange(3.0), "features.b": torch.ones(2)}
    path = tmp_path / f"w.{ending}"
    save_file(table, path) if ending == "safetensors" else stored(path, table, ending == "zip")
    found = read_weights(path, "features.")
    assert set(found) == {"features.a", "features.b"}
    assert all(torch.equal(found[name], table[name]) for name in found)
    assert read_weights(path, "none.") == {}


def python_2(name: bytes, key: bytes, values: bytes, count: int, part: bytes = b"N") -> bytes:
    """A file of one tensor as Python 2 and torch 0.1 wrote it, by hand.

    Texts are bytes, the table is made from a list of pairs, and what makes a tensor has its first name, as in the
    published VGG16.
    """

    def text(words: bytes) -> bytes:
        return b"U" + bytes([len(words)]) + words

    tensor = (
        b"ctorch._utils\n_rebuild_tensor\n" b"((" + text(b"storage") + b"ctorch\nFloatStorage\n"
        + text(key) + text(b"cuda:0") + b"K" + bytes([count]) + part + b"tQ"
        + b"K\x00K" + bytes([count]) + b"\x85K\x01\x85tR"
    )  # fmt: skip
    return (
        b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19." b"\x80\x02M\xe9\x03." b"\x80\x02}."
        b"\x80\x02ccollections\nOrderedDict\n](](" + text(name) + tensor + b"ee\x85R."
        b"\x80\x02](" + text(key) + b"e." + struct.pack("<q", count) + values
    )  # fmt: skip


def test_what_python_2_wrote_is_read(tmp_path: Path):
    path = tmp_path / "w.pth"
    path.write_bytes(python_2(b"features.0.bias", b"123456", struct.pack("<3f", 1, 2, 3), 3))
    wanted = torch.load(path, weights_only=True, map_location="cpu")
    found = read_weights(path)
    assert found["features.0.bias"].tolist() == [1, 2, 3] == wanted["features.0.bias"].tolist()
    assert found.keys() == wanted.keys()


def test_a_part_of_another_storage_is_refused(tmp_path: Path):
    path = tmp_path / "w.pth"
    path.write_bytes(python_2(b"a", b"1", struct.pack("<3f", 1, 2, 3), 3, b"(U\x012K\x00K\x03t"))
    with pytest.raises(MetricError, match="not understood"):
        read_weights(path)


class Harmful:
    """Would make a file if it were unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return os.mkdir, (str(self.path),)


@pytest.mark.parametrize("zipped", [ZIP, LEGACY])
def test_a_file_that_wants_to_run_something_is_refused_and_does_not(tmp_path: Path, zipped: bool):
    trap = tmp_path / "trap"
    path = stored(tmp_path / "w.pth", {"a": torch.ones(2), "b": Harmful(trap)}, zipped)
    with pytest.raises(MetricError, match=r"it wants to run posix.mkdir|instruction \(STACK_GLOBAL\)"):
        read_weights(path)
    assert not trap.exists()


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (nn.Linear(2, 2), "it wants to run torch.nn.modules.linear.Linear"),
        ([torch.ones(2)], "no plain table of tensors"),
        ({"a": 1}, "no plain table of tensors"),
        ({"a": {"b": torch.ones(1)}}, "no plain table of tensors"),
    ],
)
@pytest.mark.parametrize("zipped", [ZIP, LEGACY])
def test_what_is_no_table_of_tensors_is_refused(tmp_path: Path, content: Any, problem: str, zipped: bool):
    with pytest.raises(MetricError, match=problem):
        read_weights(stored(tmp_path / "w.pth", content, zipped))


@pytest.mark.parametrize("content", [b"", b"hello", pickle.dumps({"a": 1}), b"PK\x03\x04" + bytes(40)])
def test_what_is_no_file_of_weights_is_refused(tmp_path: Path, content: bytes):
    path = tmp_path / "w.pth"
    path.write_bytes(content)
    with pytest.raises(MetricError, match="cannot be read"):
        read_weights(path)
    with pytest.raises(MetricError, match="cannot be read"):
        read_weights(tmp_path / "not-there.pth")


@given(data=st.data(), zipped=st.booleans())
@settings(max_examples=60)
def test_damage_anywhere_is_an_error_or_changes_numbers_only(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, zipped: bool
):
    path = stored(
        tmp_path_factory.mktemp("w") / "w.pth", {"a": torch.arange(8.0), "b": torch.ones(2)}, zipped
    )
    content = bytearray(path.read_bytes())
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    path.write_bytes(content[: data.draw(st.sampled_from([len(content), place]))])
    try:
        found = read_weights(path)
    except MetricError:
        return
    assert all(isinstance(tensor, torch.Tensor) and tensor.numel() <= 16 for tensor in found.values())
