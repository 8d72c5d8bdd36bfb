"""Which frequencies each layer of StyleGAN3 may hold (Karras 2021, arXiv:2106.12423, section 3.2 and appendix C)."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, log2

FIRST_CUTOFF, FIRST_STOPBAND = 2.0, 2**2.1
LAST_STOPBAND = 2**0.3
"""The last stopband in units of the last cutoff, which is half the picture's rate."""
CRITICAL = 2
"""Layers at the end that use all that the picture's grid can hold: critical sampling, sharp and no longer exact."""


@dataclass(frozen=True)
class Band:
    """A layer's maps: ``rate`` pixels along the picture's side, ``size`` with the margins on both sides.

    The filters pass waves up to ``cutoff`` less ``half_width`` and stop those beyond cutoff plus ``half_width``.
    """

    cutoff: float
    half_width: float
    rate: int
    size: int
    critical: bool


def plan(side: int, layers: int, margin: int) -> tuple[Band, ...]:
    """The bands of ``layers`` layers and of the colours behind them, for pictures of ``side`` px.

    Cutoff and stopband rise geometrically up to the critical layers; the rate is the smallest power of two that holds
    the stopband.
    """
    return tuple(_band(k, side, layers, margin) for k in range(layers + 1))


def _band(k: int, side: int, layers: int, margin: int) -> Band:
    share = min(k / (layers - CRITICAL), 1.0)
    last = side / 2
    cutoff = FIRST_CUTOFF * (last / FIRST_CUTOFF) ** share
    stopband = FIRST_STOPBAND * (last * LAST_STOPBAND / FIRST_STOPBAND) ** share
    rate = 1 << ceil(log2(min(stopband * 2, side)))
    ends = k >= layers - 1  # the last layer and the colours have no margin any more
    size = side if ends else rate + 2 * margin
    return Band(cutoff, max(stopband, rate / 2) - cutoff, rate, size, k >= layers - CRITICAL)
