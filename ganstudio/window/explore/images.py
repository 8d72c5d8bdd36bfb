"""What comes back from the child as pictures that Qt can paint; points become small drawings of a plane."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from ganstudio.window.widgets.grid_canvas import to_qimage

SIDE = 96
"""Pixels of the drawing of a point."""
REACH = 2.0
"""What such a drawing shows of the world, from -REACH to REACH in both directions."""
PAPER, AXIS, INK = 24, 70, 240


def pictures(images: NDArray[Any]) -> NDArray[np.uint8]:
    """Pictures as they are, uint8 (N, H, W, C); points (N, D), the first two numbers drawn in the plane."""
    return images if images.ndim == 4 else draw_points(images)


def draw_points(points: NDArray[Any]) -> NDArray[np.uint8]:
    """One drawing for each point, uint8 (N, SIDE, SIDE, 1): axes and a dot; points on a line lie on the x axis."""
    result = np.full((len(points), SIDE, SIDE, 1), PAPER, np.uint8)
    result[:, SIDE // 2, :, :] = AXIS
    result[:, :, SIDE // 2, :] = AXIS
    for image, point in zip(result, np.nan_to_num(points), strict=True):
        x = point[0]
        y = point[1] if len(point) > 1 else 0.0
        column = int(np.clip(round((x / REACH + 1) * SIDE / 2), 2, SIDE - 3))
        row = int(np.clip(round((1 - y / REACH) * SIDE / 2), 2, SIDE - 3))
        image[row - 2 : row + 3, column - 2 : column + 3] = INK
    return result


def qimages(images: NDArray[Any]) -> list[QImage]:
    """One image for each."""
    return [to_qimage(picture) for picture in pictures(images)]
