"""The handwritten digits of UCI, from the copy inside scikit-learn."""

from __future__ import annotations

import gzip
import importlib.util
from functools import cache
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from ganstudio.catalog.datasets import Digits
from ganstudio.data.errors import DataError
from ganstudio.data.sources import ImageSet, make_image_set

HIGHEST = 16.0
"""The originals count dark pixels in 4 x 4 fields of a 32 x 32 scan: values 0 to 16."""


def load_digits(options: Digits) -> ImageSet:
    """All 1,797 digits, grey, labelled, enlarged from 8 px by bicubic interpolation where asked."""
    table = torch.from_numpy(_table())
    pixels = table[:, :64].reshape(-1, 1, 8, 8) * (255.0 / HIGHEST)
    return make_image_set(
        _enlarge(pixels, options.resolution),
        table[:, 64].long(),
        tuple(str(digit) for digit in range(10)),
        name=options.kind,
    )


def _enlarge(pixels: Tensor, resolution: int) -> Tensor:
    if resolution != pixels.shape[-1]:
        size = (resolution, resolution)
        pixels = functional.interpolate(pixels, size, mode="bicubic", align_corners=False, antialias=True)
    return pixels.clamp(0, 255).round().to(torch.uint8)


@cache
def _table() -> NDArray[np.float32]:
    """(1797, 65): 64 pixels and the class. Read straight from the file: importing scikit-learn takes a second."""
    path = _file()
    if path is None:
        raise DataError(
            "The handwritten digits are missing, because scikit-learn is not installed.",
            "Install scikit-learn, or choose other data.",
        )
    if not path.is_file():  # a later scikit-learn may keep them elsewhere, but still knows where
        from sklearn.datasets import load_digits as original  # pyright: ignore

        pixels, classes = original(return_X_y=True)
        return np.column_stack([pixels, classes]).astype(np.float32)
    try:
        with gzip.open(path, "rt", encoding="ascii") as file:
            return np.loadtxt(file, delimiter=",", dtype=np.float32)
    except (OSError, EOFError, ValueError) as error:
        raise DataError(
            f"The handwritten digits inside scikit-learn are damaged ({error}).",
            "Install scikit-learn again.",
        ) from error


def _file() -> Path | None:
    spec = importlib.util.find_spec("sklearn")
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0], "datasets", "data", "digits.csv.gz")
