"""Where the cells of a sample grid lie, and the grid as one picture. Knows no Qt."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Images = NDArray[np.uint8]
GAP = 2


@dataclass(frozen=True)
class Tiles:
    """A near-square grid of ``count`` cells of ``width`` x ``height`` pixels, 2 px between cells and around."""

    count: int
    height: int
    width: int

    @property
    def columns(self) -> int:
        """Cells in a row."""
        return max(1, math.ceil(math.sqrt(self.count)))

    @property
    def rows(self) -> int:
        """Rows, the last one perhaps not full."""
        return max(1, math.ceil(self.count / self.columns))

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the whole picture."""
        return (
            self.columns * (self.width + GAP) + GAP,
            self.rows * (self.height + GAP) + GAP,
        )

    def corner(self, index: int) -> tuple[int, int]:
        """Left and top of a cell."""
        row, column = divmod(index, self.columns)
        return GAP + column * (self.width + GAP), GAP + row * (self.height + GAP)

    def at(self, x: float, y: float) -> int | None:
        """The cell at a place of the picture; gaps belong to the cell after them."""
        column, row = int(x // (self.width + GAP)), int(y // (self.height + GAP))
        index = row * self.columns + column
        inside = 0 <= column < self.columns and row >= 0 and index < self.count
        return index if inside and x >= 0 and y >= 0 else None

    def moved(self, index: int, across: int, down: int) -> int:
        """The neighbour of a cell, or the cell itself at the edge; across runs on into the next row."""
        target = index + across + down * self.columns
        return target if 0 <= target < self.count else index


def tiles_of(images: Images) -> Tiles:
    """The grid for some images, (N, H, W, C)."""
    count, height, width, _ = images.shape
    return Tiles(count, height, width)


def compose(images: Images, paper: int = 0) -> Images:
    """The grid as one picture, (H, W, C) uint8, one pixel per pixel; ``paper`` fills the gaps."""
    tiles = tiles_of(images)
    width, height = tiles.size
    result = np.full((height, width, images.shape[3]), paper, dtype=np.uint8)
    for index in range(tiles.count):
        left, top = tiles.corner(index)
        result[top : top + tiles.height, left : left + tiles.width] = images[index]
    return result


def checked(images: NDArray[np.generic]) -> Images:
    """Images as they must be: uint8, (N, H, W, C) with C 1 or 3, N at least 1; ``ValueError`` otherwise."""
    good = images.dtype == np.uint8 and images.ndim == 4 and images.shape[3] in (1, 3) and images.size > 0
    if not good:
        raise ValueError(f"pictures must be uint8 (N, H, W, 1 or 3), not {images.dtype} {images.shape}")
    return np.ascontiguousarray(images, dtype=np.uint8)


def zoom_for(size: tuple[int, int], room: tuple[float, float]) -> float:
    """The zoom that fits: a whole number from 1 up, any fraction below."""
    fit = min(room[0] / size[0], room[1] / size[1])
    return float(math.floor(fit)) if fit >= 1 else max(fit, 1e-3)
