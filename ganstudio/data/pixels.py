"""Between what networks see, float pictures in [-1, 1], and what is shown, bytes."""

from __future__ import annotations

import torch
from torch import Tensor


def to_pixels(x: Tensor) -> Tensor:
    """Float pictures in [-1, 1] as uint8 in 0 to 255, rounded; values outside are clipped, NaN is mid-grey."""
    return x.detach().float().nan_to_num(0.0).clamp(-1, 1).add(1).mul(127.5).round().to(torch.uint8)


def from_pixels(pixels: Tensor) -> Tensor:
    """uint8 pictures as float32 in [-1, 1]: x / 127.5 - 1."""
    return pixels.to(torch.float32, copy=True).div_(127.5).sub_(1)
