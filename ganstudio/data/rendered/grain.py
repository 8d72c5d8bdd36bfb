"""Grain that depends on a number per sample alone: a lattice of hashed values, the same at every resolution."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

LATTICE = 32
SEEDS = 1 << 24
"""A float32 tells this many numbers from 0 to 1 apart."""
FIRST, SECOND = 0x9E3779B1, 0x85EBCA77
"""Odd multipliers with well mixed bits, of about 2**32: the golden ratio's and another of that kind."""


def grain(seed: Tensor, resolution: int) -> Tensor:
    """Smooth noise, float32 (N, R, R), of mean 0 and values from -1 to 1; ``seed`` is float32 (N,) in [0, 1).

    The resolution divides 64 or is larger.
    """
    device = seed.device
    place = torch.arange(LATTICE * LATTICE, device=device)
    mixed = _mix(place * FIRST + _mix((seed * SEEDS).long()).unsqueeze(-1))
    values = (mixed & (SEEDS - 1)).float().mul_(2 / SEEDS).sub_(1).view(-1, 1, LATTICE, LATTICE)
    fine = max(resolution, 2 * LATTICE)
    smooth = functional.interpolate(values, (fine, fine), mode="bilinear", align_corners=False)
    if fine > resolution:
        smooth = functional.avg_pool2d(smooth, fine // resolution)
    return smooth.squeeze(1)


def _mix(bits: Tensor) -> Tensor:
    """A number of 32 bits made of another, int64: neighbours get unrelated ones."""
    for _ in range(2):
        bits = ((bits ^ (bits >> 15)) * SECOND) & 0xFFFFFFFF
    return bits ^ (bits >> 13)
