"""Low-pass filters by the window method, with Kaiser's window (Karras 2021, arXiv:2106.12423, appendix C.1).

The ideal filter for a band of ``cutoff`` would be endless; it is cut to so many taps and multiplied by a window whose
shape trades the width of the transition band against how much of what lies beyond it is let through (Kaiser 1974, as
in Oppenheim & Schafer, Discrete-Time Signal Processing, section 7.5.3).
"""

from __future__ import annotations

from math import pi

import torch
from torch import Tensor

ATTENUATION = (2.285, 7.95)
"""Kaiser's estimate: decibels = 2.285 (taps - 1) pi width + 7.95 for a transition width in units of half the rate."""


def attenuation(taps: int, width: float) -> float:
    """Decibels by which so many taps suppress what lies beyond a transition band of ``width`` (1: half the rate)."""
    slope, least = ATTENUATION
    return slope * (taps - 1) * pi * width + least


def beta(decibels: float) -> float:
    """The shape of Kaiser's window for an attenuation: 0 is a box."""
    if decibels > 50:
        return 0.1102 * (decibels - 8.7)
    if decibels > 21:
        return 0.5842 * (decibels - 21) ** 0.4 + 0.07886 * (decibels - 21)
    return 0.0


def window(taps: int, width: float) -> Tensor:
    """Kaiser's window for that transition width, (taps,), float64."""
    shape = beta(attenuation(taps, width))
    return torch.kaiser_window(taps, periodic=False, beta=shape, dtype=torch.float64)


def places(taps: int, rate: float) -> Tensor:
    """Where the taps lie around the middle, in units in which ``rate`` of them are one: (taps,), float64."""
    return (torch.arange(taps, dtype=torch.float64) - (taps - 1) / 2) / rate


def lowpass(taps: int, cutoff: float, width: float, rate: float) -> Tensor:
    """A filter (taps,) that passes frequencies below ``cutoff`` and sums to one, in float32.

    ``width`` is the whole transition band around the cutoff and ``rate`` the samples in a unit of length.
    """
    ideal = torch.sinc(2 * cutoff * places(taps, rate))
    filter = ideal * window(taps, width / (rate / 2))
    return (filter / filter.sum()).float()


def radial_lowpass(taps: int, cutoff: float, width: float, rate: float) -> Tensor:
    """The same for all directions alike, (taps, taps) with an even number of taps, in float32.

    The ideal response is a disc, whose transform is a jinc: J1(2 pi f r) / (pi r) at a distance r.
    """
    where = places(taps, rate)
    distance = torch.hypot(where[:, None], where[None])
    ideal = torch.special.bessel_j1(2 * pi * cutoff * distance) / (pi * distance)
    row = window(taps, width / (rate / 2))
    filter = ideal * row[:, None] * row[None]
    return (filter / filter.sum()).float()
