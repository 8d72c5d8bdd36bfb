"""Textures: how much of a second colour each pixel has, from 0 to 1."""

from __future__ import annotations

from torch import Tensor

from ganstudio.data.rendered import sdf
from ganstudio.data.rendered.factors import choose

PATTERNS = ("plain", "shaded", "striped", "checked", "dotted")
DOT = 0.3
"""A dot's radius in periods: 28 % of the field is covered."""


def pattern(kind: Tensor, x: Tensor, y: Tensor, period: sdf.Number, pixel: sdf.Number) -> Tensor:
    """(N, H, W) for ``kind``, int64 (N,), an index of :data:`PATTERNS`; shading goes over y from -1 to 1 units."""
    across, along = sdf.stripes(x, period, pixel), sdf.stripes(y, period, pixel)
    checks = across + along - 2 * across * along
    dots = sdf.coverage(sdf.circle(_cell(x, period), _cell(y, period), DOT * period), pixel)
    shading = (0.5 - 0.5 * y).clamp(0, 1)
    planes = (shading, along, checks, dots)
    amount = planes[1] * _chosen(kind, 2)
    for k in (0, 2, 3):
        amount = amount + planes[k] * _chosen(kind, k + 1)
    return amount


def _chosen(kind: Tensor, wanted: int) -> Tensor:
    """1 where the pattern is the wanted one, 0 elsewhere, (N, 1, 1)."""
    return choose(tuple(float(k == wanted) for k in range(len(PATTERNS))), kind)


def _cell(u: Tensor, period: sdf.Number) -> Tensor:
    """The coordinate in a periodic cell, measured from the cell's middle."""
    turns = u / period
    return (turns - turns.floor() - 0.5) * period
