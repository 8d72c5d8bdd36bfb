"""A sheet of the most suspicious samples, each beside its nearest training pictures: whether they are copies is for
eyes to say."""

from __future__ import annotations

import io

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor
from torch.nn import functional

ROWS, ACROSS = 4, 2
"""Samples below each other, and how often beside each other."""
PAIRS = ROWS * ACROSS
LEAST, MOST = 32, 64
"""Sides, in px, between which pictures are enlarged by a whole factor or averaged down."""
GAP, MIDDLE = 3, 15
"""Pixels around a picture, and between two samples with their neighbours."""
GENERATED, REAL = (240, 160, 32), (44, 185, 138)
"""The frames: a generated picture's and real ones'."""
FRAME = 2
BACKGROUND = 0


def sheet(samples: Tensor, nearest: Tensor) -> bytes:
    """A PNG of samples (n, C, H, W), each framed in the colour of what is generated, to the left of its nearest
    pictures (n, k, C, H, W), the nearest first; uint8. Samples go row by row, two beside each other."""
    count, others = nearest.shape[:2]
    tiles = [[_tile(samples[i], GENERATED), *(_tile(x, REAL) for x in nearest[i])] for i in range(count)]
    height, width = tiles[0][0].shape[:2]
    block = (others + 1) * (width + GAP) + GAP
    down = -(-count // ACROSS)
    across = min(ACROSS, count)
    page = np.full(
        (down * (height + GAP) + GAP, across * block + (across - 1) * MIDDLE, 3), BACKGROUND, np.uint8
    )
    for number, line in enumerate(tiles):
        row, column = divmod(number, ACROSS)
        top = row * (height + GAP) + GAP
        for place, tile in enumerate(line):
            left = column * (block + MIDDLE) + place * (width + GAP) + GAP
            page[top : top + height, left : left + width] = tile
    file = io.BytesIO()
    Image.fromarray(page).save(file, "PNG", optimize=True)
    return file.getvalue()


def _tile(image: Tensor, colour: tuple[int, int, int]) -> NDArray[np.uint8]:
    """A picture (C, H, W) in colour at a size to be seen, with its frame (H', W', 3)."""
    longer, shorter = max(image.shape[-2:]), min(image.shape[-2:])
    x = image.expand(3, -1, -1) if image.shape[0] == 1 else image[:3]
    if longer > MOST:
        size = [max(1, round(side * MOST / longer)) for side in x.shape[-2:]]
        x = functional.interpolate(x[None].float(), size, mode="area")[0].round().to(torch.uint8)
    inner = x.permute(1, 2, 0).numpy()
    factor = max(1, -(-LEAST // shorter))
    inner = inner.repeat(factor, axis=0).repeat(factor, axis=1)
    height, width = inner.shape[:2]
    framed = np.full((height + 2 * FRAME, width + 2 * FRAME, 3), colour, np.uint8)
    framed[FRAME : FRAME + height, FRAME : FRAME + width] = inner
    return framed
