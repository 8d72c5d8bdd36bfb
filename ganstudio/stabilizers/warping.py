"""Pictures moved, turned and stretched: differentiable as often as a penalty on the slope needs it."""

from __future__ import annotations

import torch
from torch import Tensor


def pictures(x: Tensor, channels: int) -> Tensor:
    """The single pictures (N m, C, H, W) of packs (N, m C, H, W)."""
    return x if x.shape[1] == channels else x.unflatten(1, (-1, channels)).flatten(0, 1)


def packs(x: Tensor, like: Tensor) -> Tensor:
    """Single pictures in the arrangement of ``like`` again."""
    return x if x.shape == like.shape else x.unflatten(0, (len(like), -1)).flatten(1, 2)


def pick(x: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
    """Images (N, C, H, W) read at whole places (N, H', W'), rows and columns within the picture."""
    places = (rows * x.shape[3] + columns).flatten(1)[:, None].expand(-1, x.shape[1], -1)
    return x.flatten(2).gather(2, places).unflatten(2, tuple(rows.shape[1:]))


def reflect(places: Tensor, size: int) -> Tensor:
    """Places beyond 0 to size - 1 mirrored at the middle of the outermost pixels."""
    if size == 1:
        return torch.zeros_like(places)
    period = 2 * (size - 1)
    wrapped = places.abs() % period
    return torch.minimum(wrapped, period - wrapped)


def bilinear(x: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
    """Images (N, C, H, W) read between their pixels at places (N, H', W') in pixels, mirrored at the edges.

    At whole places this is exactly the pixel.
    """
    height, width = x.shape[2:]
    rows, columns = reflect(rows, height), reflect(columns, width)
    top, left = rows.floor(), columns.floor()
    down, right = (rows - top)[:, None].to(x.dtype), (columns - left)[:, None].to(x.dtype)
    top, left = top.long(), left.long()
    bottom, beside = (top + 1).clamp(max=height - 1), (left + 1).clamp(max=width - 1)
    upper = pick(x, top, left) * (1 - right) + pick(x, top, beside) * right
    lower = pick(x, bottom, left) * (1 - right) + pick(x, bottom, beside) * right
    return upper * (1 - down) + lower * down


def affine(x: Tensor, back: Tensor) -> Tensor:
    """Images (N, C, H, W) under a map of the plane.

    ``back`` (N, 3, 3) leads from a place (x, y, 1) of the result to that of the original, in pixels from the middle.
    """
    height, width = x.shape[2:]
    middle_y, middle_x = (height - 1) / 2, (width - 1) / 2
    y = torch.arange(height, device=x.device, dtype=back.dtype)[:, None] - middle_y
    x_place = torch.arange(width, device=x.device, dtype=back.dtype)[None] - middle_x
    terms = [back[:, i, j, None, None] for i in (0, 1) for j in (0, 1, 2)]
    columns = terms[0] * x_place + terms[1] * y + terms[2] + middle_x
    rows = terms[3] * x_place + terms[4] * y + terms[5] + middle_y
    return bilinear(x, rows, columns)
