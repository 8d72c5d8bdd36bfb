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
    """A grid of ``count`` cells of ``width`` x ``height`` pixels, ``gap`` between cells and around.

    It has ``across`` columns, or is nearly square with 0.
    """

    count: int
    height: int
    width: int
    gap: int = GAP
    across: int = 0

    @property
    def columns(self) -> int:
        """Cells in a row."""
        return self.across or max(1, math.ceil(math.sqrt(self.count)))

    @property
    def rows(self) -> int:
        """Rows, the last one perhaps not full."""
        return max(1, math.ceil(self.count / self.columns))

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the whole picture."""
        return (
            self.columns * (self.width + self.gap) + self.gap,
            self.rows * (self.height + self.gap) + self.gap,
        )

    def corner(self, index: int) -> tuple[int, int]:
        """Left and top of a cell."""
        row, column = divmod(index, self.columns)
        return self.gap + column * (self.width + self.gap), self.gap + row * (self.height + self.gap)

    def at(self, x: float, y: float) -> int | None:
        """The cell at a place of the picture; gaps belong to the cell after them."""
        column, row = int(x // (self.width + self.gap)), int(y // (self.height + self.gap))
        index = row * self.columns + column
        inside = 0 <= column < self.columns and row >= 0 and index < self.count
        return index if inside and x >= 0 and y >= 0 else None

    def moved(self, index: int, across: int, down: int) -> int:
        """The neighbour of a cell, or the cell itself at the edge; across runs on into the next row."""
        target = index + across + down * self.columns
        return target if 0 <= target < self.count else index


def tiles_of(images: Images, zoom: int = 1, gap: int = GAP, columns: int = 0) -> Tiles:
    """The grid for some images, (N, H, W, C), each pixel ``zoom`` pixels wide and high."""
    count, height, width, _ = images.shape
    return Tiles(count, height * zoom, width * zoom, gap, columns)


def compose(images: Images, paper: int = 0, zoom: int = 1, gap: int = GAP, columns: int = 0) -> Images:
    """The grid as one picture, (H, W, C) uint8, pixels repeated ``zoom`` times; ``paper`` fills the gaps."""
    tiles = tiles_of(images, zoom, gap, columns)
    if zoom > 1:
        images = images.repeat(zoom, axis=1).repeat(zoom, axis=2)
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
    """The zoom that fits one picture: a whole number from 1 up, any fraction below."""
    fit = min(room[0] / size[0], room[1] / size[1])
    return float(math.floor(fit)) if fit >= 1 else max(fit, 1e-3)


def grid_zoom(images: Images, room: tuple[float, float], gap: int = GAP, columns: int = 0) -> int:
    """The largest whole zoom of the cells at which the grid fits, the gaps staying as they are; at least 1."""
    tiles = tiles_of(images, 1, gap, columns)
    across = (room[0] - gap) / tiles.columns - gap
    down = (room[1] - gap) / tiles.rows - gap
    return max(1, math.floor(min(across / tiles.width, down / tiles.height)))
