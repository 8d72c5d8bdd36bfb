"""The sheet of suspicious samples beside their nearest training pictures."""

from __future__ import annotations

import io

import numpy as np
import pytest
import torch
from PIL import Image

from ganstudio.metrics.pairs import FRAME, GAP, GENERATED, MIDDLE, REAL, sheet


def opened(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(png)))


def test_each_sample_stands_to_the_left_of_its_neighbours():
    samples = torch.stack([torch.full((1, 40, 40), shade, dtype=torch.uint8) for shade in (10, 20, 30)])
    nearest = samples[:, None].repeat(1, 2, 1, 1, 1)
    nearest[:, 1] += 5  # the second nearest is another picture
    page = opened(sheet(samples, nearest))
    tile, block = 40 + 2 * FRAME, 3 * (40 + 2 * FRAME + GAP) + GAP
    assert page.shape == (2 * (tile + GAP) + GAP, 2 * block + MIDDLE, 3)
    for number, shade in enumerate((10, 20, 30)):
        row, column = divmod(number, 2)
        top, left = row * (tile + GAP) + GAP, column * (block + MIDDLE) + GAP
        assert tuple(page[top, left]) == GENERATED and (page[top + 20, left + 20] == shade).all()
        for place, wanted in ((1, shade), (2, shade + 5)):
            beside = left + place * (tile + GAP)
            assert tuple(page[top, beside]) == REAL and (page[top + 20, beside + 20] == wanted).all()


@pytest.mark.parametrize(
    ("size", "inner"), [((8, 8), (32, 32)), ((256, 128), (64, 32)), ((64, 64), (64, 64))]
)
@pytest.mark.parametrize("channels", [1, 3])
def test_small_pictures_are_enlarged_and_large_ones_reduced(
    size: tuple[int, int], inner: tuple[int, int], channels: int
):
    pictures = torch.randint(0, 256, (1, channels, *size), dtype=torch.uint8)
    page = opened(sheet(pictures, pictures[:, None]))
    assert page.shape[:2] == (
        inner[0] + 2 * (FRAME + GAP), 2 * (inner[1] + 2 * FRAME) + 3 * GAP,
    )  # fmt: skip
