"""Pictures of samples as files: grids of images, and point clouds drawn as images."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from safetensors.numpy import save as save_tensors

from ganstudio.core.files import write_atomically

Bytes = NDArray[np.uint8]
Points = NDArray[np.float32]
GAP = 2
BACKGROUND = 0
GENERATED = (240, 160, 32)
REAL = (44, 185, 138)


def columns_for(count: int) -> int:
    """Columns of a near-square grid."""
    return math.ceil(math.sqrt(count))


def grid(images: Bytes, scale: int = 1, columns: int = 0) -> Bytes:
    """One picture of all images (N, H, W, C): row by row, 2 px between cells and around, (H', W', C).

    ``columns`` 0 makes it as square as it can be.
    """
    images = images.repeat(scale, axis=1).repeat(scale, axis=2) if scale > 1 else images
    count, height, width, channels = images.shape
    across = columns or columns_for(count)
    down = math.ceil(count / across)
    sheet = np.full(
        (down * (height + GAP) + GAP, across * (width + GAP) + GAP, channels), BACKGROUND, np.uint8
    )
    for index, image in enumerate(images):
        top, left = (index // across) * (height + GAP) + GAP, (index % across) * (width + GAP) + GAP
        sheet[top : top + height, left : left + width] = image
    return sheet


def split_grid(sheet: Bytes, count: int, height: int, width: int, columns: int = 0) -> Bytes:
    """The images (N, H, W, C) back from a grid made at scale 1 with so many columns."""
    across = columns or columns_for(count)
    if sheet.ndim == 2:
        sheet = sheet[:, :, None]
    cells = [
        sheet[r * (height + GAP) + GAP :, c * (width + GAP) + GAP :][:height, :width]
        for r, c in (divmod(index, across) for index in range(count))
    ]
    return np.stack(cells)


def png_bytes(picture: Bytes, recipe: Mapping[str, Any] | None = None) -> bytes:
    """A picture (H, W, C) as PNG; the recipe that made it goes into its text chunk ``ganstudio`` as JSON."""
    image = Image.fromarray(picture[:, :, 0] if picture.shape[2] == 1 else picture)
    info = PngInfo()
    if recipe:
        info.add_text("ganstudio", json.dumps(dict(recipe)))
    buffer = io.BytesIO()
    image.save(buffer, "PNG", pnginfo=info)
    return buffer.getvalue()


def save_png(path: Path, picture: Bytes, recipe: Mapping[str, Any] | None = None) -> None:
    """Write a picture atomically."""
    write_atomically(path, png_bytes(picture, recipe), durable=False)


def save_points(path: Path, generated: Points, real: Points) -> None:
    """Write generated and real points (N, D) as safetensors, atomically."""
    arrays = {"generated": np.ascontiguousarray(generated), "real": np.ascontiguousarray(real)}
    write_atomically(path, save_tensors(arrays), durable=False)


def draw_points(generated: Points, real: Points, view: tuple[float, float], size: int = 320) -> Bytes:
    """A plain picture (size, size, 3) of points: real green, generated orange, on near black.

    One-dimensional points become two histograms, real above the middle line and generated below it.
    """
    picture = np.full((size, size, 3), 22, np.uint8)
    if generated.shape[1] == 1:
        _draw_histogram(picture, real[:, 0], view, REAL, up=True)
        _draw_histogram(picture, generated[:, 0], view, GENERATED, up=False)
    else:
        _draw_dots(picture, real, view, REAL)
        _draw_dots(picture, generated, view, GENERATED)
    return picture


def _draw_dots(
    picture: Bytes, points: Points, view: tuple[float, float], colour: tuple[int, int, int]
) -> None:
    size, (low, high) = len(picture), view
    places = np.nan_to_num((points - low) / (high - low) * (size - 1), nan=-9.0).clip(-9, size + 9)
    x, y = places[:, 0].round().astype(int), size - 1 - places[:, 1].round().astype(int)
    inside = (x > 0) & (x < size - 1) & (y > 0) & (y < size - 1)
    for dx, dy in ((0, 0), (1, 0), (0, 1), (1, 1)):
        picture[y[inside] + dy, x[inside] + dx] = colour


def _draw_histogram(
    picture: Bytes, values: Points, view: tuple[float, float], colour: tuple[int, int, int], up: bool
) -> None:
    size = len(picture)
    counts, _ = np.histogram(values[np.isfinite(values)], bins=size // 2, range=view)
    heights = (counts / max(1, counts.max()) * (size // 2 - 4)).astype(int)
    middle = size // 2
    for index, height in enumerate(heights):
        rows = slice(middle - height, middle) if up else slice(middle + 1, middle + 1 + height)
        picture[rows, 2 * index : 2 * index + 2] = colour


def said_of(logits: Points, probability: bool) -> Points:
    """Logits as they are shown: a probability where the objective has one, else the raw score."""
    return (1 / (1 + np.exp(-logits.clip(-60, 60)))).astype(np.float32) if probability else logits
