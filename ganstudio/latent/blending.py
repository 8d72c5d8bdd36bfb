"""Ways between latents, as pure functions of tensors.

Latents of a Gaussian prior lie near the sphere of radius sqrt(d): a straight line between two of them cuts through the
inside, where a network has seen nothing (White 2016, arXiv:1609.04468). Straight lines whose variance is put right
follow the prior exactly for independent ends (the idea of Agustsson 2019, arXiv:1711.01970). In w, behind a mapping
network, there is no such sphere and every way is straight.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from math import sqrt

import numpy as np
import torch
from scipy.interpolate import CubicSpline
from torch import Tensor

from ganstudio.core.explore.recipe import Easing

PARALLEL = 0.9995
"""Cosine beyond which two latents count as parallel, and a straight line does."""
INSIDE = 1e-6
"""How far uniform numbers are kept from the ends of [-1, 1], where the normal quantile is infinite."""
EASINGS: dict[Easing, Callable[[float], float]] = {
    "linear": lambda t: t,
    "smooth": lambda t: t * t * (3 - 2 * t),
    "in": lambda t: t * t,
    "out": lambda t: 1 - (1 - t) ** 2,
}


def lerp(a: Tensor, b: Tensor, t: float) -> Tensor:
    """(1 - t) a + t b: the straight line."""
    return a if t == 0 else b if t == 1 else (1 - t) * a + t * b


def slerp(a: Tensor, b: Tensor, t: float) -> Tensor:
    """Along the great circle: [sin((1 - t) theta) a + sin(t theta) b] / sin theta, for each sample (N, D).

    Ends of equal norm keep it all the way. Nearly parallel and nearly opposite ends are joined by a straight line.
    """
    norms = a.norm(dim=1, keepdim=True) * b.norm(dim=1, keepdim=True)
    cosine = (a * b).sum(1, keepdim=True) / norms.clamp(min=1e-12)
    theta = cosine.clamp(-PARALLEL, PARALLEL).acos()
    arc = (((1 - t) * theta).sin() * a + (t * theta).sin() * b) / theta.sin()
    straight = (cosine.abs() > PARALLEL) | (norms < 1e-12)  # a latent of length zero has no direction
    return torch.where(straight, lerp(a, b, t), arc)


def weighted(stops: Sequence[Tensor], shares: Sequence[float], keep_variance: bool) -> Tensor:
    """sum g_i x_i, or with ``keep_variance`` sum g_i x_i / sqrt(sum g_i^2): N(0, 1) again for independent N(0, 1)."""
    total = torch.stack([share * stop for stop, share in zip(stops, shares, strict=True)]).sum(0)
    return total / sqrt(max(sum(share * share for share in shares), 1e-12)) if keep_variance else total


def to_normal(u: Tensor) -> Tensor:
    """Uniform numbers on [-1, 1] as the normal numbers of the same rank."""
    return torch.special.ndtri(((u.double() + 1) / 2).clamp(INSIDE, 1 - INSIDE)).to(u.dtype)


def to_uniform(x: Tensor) -> Tensor:
    """The way back."""
    return (2 * torch.special.ndtr(x.double()) - 1).to(x.dtype)


def segment(stops: int, at: float, loop: bool, easing: Easing) -> tuple[int, float]:
    """Which stretch of a way through ``stops`` stops ``at`` lies on, and how far along, eased within the stretch.

    A loop goes on beyond its ends, another way stays at them.
    """
    pieces = stops if loop else stops - 1
    along = (at % 1.0 if loop and at != 1.0 else min(max(at, 0.0), 1.0)) * pieces
    piece = min(int(along), pieces - 1)
    return piece, EASINGS[easing](along - piece)


def spline_shares(stops: int, piece: int, t: float, loop: bool) -> list[float]:
    """The weights g_i of the stops on a smooth way through all of them; they sum to one.

    A loop is a periodic cubic spline with continuous curvature; another way is Catmull-Rom's, whose ends go on in a
    straight line.
    """
    if loop:
        return [float(share) for share in _periodic(stops)(piece + t)]
    shares = [0.0] * stops
    for offset, weight in zip((-1, 0, 1, 2), _catmull_rom(t), strict=True):
        _add(shares, piece + offset, weight)
    return shares


def _catmull_rom(t: float) -> tuple[float, float, float, float]:
    """Weights of the four stops around a stretch (Catmull & Rom 1974, with tension 1/2)."""
    return (
        (-t + 2 * t**2 - t**3) / 2,
        (2 - 5 * t**2 + 3 * t**3) / 2,
        (t + 4 * t**2 - 3 * t**3) / 2,
        (-(t**2) + t**3) / 2,
    )


def _add(shares: list[float], stop: int, weight: float) -> None:
    """A stop beyond either end is the end mirrored: 2 x_0 - x_1."""
    last = len(shares) - 1
    if 0 <= stop <= last:
        shares[stop] += weight
        return
    end, inner = (0, 1) if stop < 0 else (last, last - 1)
    shares[end] += 2 * weight
    shares[inner] -= weight


@lru_cache(maxsize=16)
def _periodic(stops: int) -> CubicSpline:
    basis = np.eye(stops)
    return CubicSpline(np.arange(stops + 1), np.vstack([basis, basis[:1]]), bc_type="periodic")
