"""The digits are those of scikit-learn, whichever way they are read."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits as sklearn_digits
from torch.nn import functional

from ganstudio.catalog.datasets import Digits
from ganstudio.data import DataError, ImageSet, digits, load


def read(resolution: int) -> ImageSet:
    found = load(Digits(resolution=resolution))
    assert isinstance(found, ImageSet)
    return found


@pytest.fixture
def fresh():
    digits._table.cache_clear()
    yield
    digits._table.cache_clear()


def test_at_8_px_they_are_the_originals():
    ours, theirs = read(8), sklearn_digits()
    back = (ours.images[:, 0].numpy() * (16 / 255)).round()
    assert np.array_equal(back, theirs.images)
    assert ours.labels is not None
    assert np.array_equal(ours.labels.numpy(), theirs.target)
    assert ours.class_names == tuple("0123456789")


@pytest.mark.parametrize("resolution", [8, 16, 32])
def test_shape_and_summary(resolution: int):
    found = read(resolution)
    assert found.images.shape == (1797, 1, resolution, resolution)
    assert found.images.dtype == torch.uint8 and found.images.device.type == "cpu"
    assert found.shape.size == (1, resolution, resolution) and found.shape.classes == 10
    assert found.summary == f"1,797 images, {resolution} × {resolution}, grey, 10 classes"
    assert found.images.min() == 0 and found.images.max() == 255


@pytest.mark.parametrize("resolution", [16, 32])
def test_enlarged_digits_shrink_back_to_the_originals(resolution: int):
    small, large = read(8).images.float(), read(resolution).images.float()
    back = functional.interpolate(large, (8, 8), mode="area")
    assert (back - small).abs().mean() < 13  # of 255: interpolation blurs, but moves nothing
    both = torch.stack([back.flatten(), small.flatten()])
    assert torch.corrcoef(both)[0, 1] > 0.99


def test_fingerprints_tell_sets_apart():
    assert read(16).fingerprint == read(16).fingerprint
    assert len({read(r).fingerprint for r in (8, 16, 32)}) == 3


def test_reading_them_imports_no_scikit_learn():
    code = (
        "import sys; from ganstudio.data import load; from ganstudio.catalog.datasets import Digits; "
        "load(Digits()); sys.exit('sklearn' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_moved_file_is_found_through_scikit_learn(monkeypatch, fresh, tmp_path: Path):
    direct = read(8).fingerprint
    digits._table.cache_clear()
    monkeypatch.setattr(digits, "_file", lambda: tmp_path / "moved.csv.gz")
    assert read(8).fingerprint == direct


def test_without_scikit_learn_the_error_says_so(monkeypatch, fresh):
    monkeypatch.setattr(digits, "_file", lambda: None)
    with pytest.raises(DataError, match="scikit-learn is not installed") as caught:
        read(8)
    assert caught.value.remedy


def test_a_damaged_file_is_told(monkeypatch, fresh, tmp_path: Path):
    broken = tmp_path / "digits.csv.gz"
    broken.write_bytes(b"\x1f\x8bnothing")
    monkeypatch.setattr(digits, "_file", lambda: broken)
    with pytest.raises(DataError, match="damaged"):
        read(8)
