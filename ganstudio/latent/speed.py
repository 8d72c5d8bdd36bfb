"""How far a picture moves from frame to frame, and frames at constant perceptual speed.

The distance of two pictures is half in what the discriminator sees and half in their pixels, each as a share of the
whole way. The sum along a way plays the part of the perceptual path length (Karras 2019, arXiv:1812.04948, section
4.1), with the run's own discriminator in the place of a downloaded network; inverting it spreads frames evenly.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ganstudio.core.explore.recipe import Blend, Path, Place, Recipe
from ganstudio.latent.errors import Stopped
from ganstudio.latent.model import Explorer
from ganstudio.latent.rendering import values

Floats = NDArray[np.float64]
STILL = 1e-12
"""The share of a whole way below which a frame does not move: less than the rounding of its distance."""


@torch.no_grad()
def distances(model: Explorer, recipes: Sequence[Recipe], stop: Callable[[], bool] = lambda: False) -> Floats:
    """The distance of each frame from the one before, (N - 1,); they sum to one, or are all zero for a still."""
    pixels: list[float] = []
    seen: list[float] = []
    before: tuple[Tensor, Tensor] | None = None
    for recipe in recipes:
        if stop():
            raise Stopped
        made = values(model, recipe)
        now = made.flatten(), _features(model, made)
        if before is not None:
            pixels.append(float((now[0] - before[0]).norm()))
            seen.append(float((now[1] - before[1]).norm()))
        before = now
    return (_shares(pixels) + _shares(seen)) / 2


def _features(model: Explorer, made: Tensor) -> Tensor:
    """What the discriminator sees, as if the picture were of the first class: labels shall not move it."""
    label = torch.zeros(1, dtype=torch.int64, device=model.device) if model.kinds else None
    return model.features(made, label).flatten()


def _shares(steps: list[float]) -> Floats:
    array = np.array(steps)
    return array / array.sum() if array.sum() > 0 else array


def even_times(steps: Floats) -> Floats:
    """Where on the old time line (0, 1, 2 ... in frames) the N new frames lie, evenly along the way: (N,).

    ``steps`` (N - 1,) are the distances between the old frames. A still picture stays as it is.
    """
    old = np.arange(len(steps) + 1, dtype=np.float64)
    way = np.concatenate([[0.0], np.cumsum(steps)])
    if not way[-1] > 0:
        return old
    way /= way[-1]
    moving = np.concatenate([[True], np.diff(way) > STILL])
    return np.interp(np.linspace(0, 1, len(old)), way[moving], old[moving])


def retimed(
    model: Explorer, recipes: Sequence[Recipe], stop: Callable[[], bool] = lambda: False
) -> tuple[Recipe, ...]:
    """As many frames on the same way at constant perceptual speed; the first and the last stay what they are."""
    if len(recipes) < 3:
        return tuple(recipes)
    times = even_times(distances(model, recipes, stop))
    last = len(recipes) - 1
    made: list[Recipe] = []
    for time in times:
        frame = min(int(time), last - 1)
        made.append(between(recipes[frame], recipes[frame + 1], float(time) - frame))
    return (recipes[0], *made[1:-1], recipes[-1])


def between(a: Recipe, b: Recipe, t: float) -> Recipe:
    """A recipe on the way from one frame to the next: its place and all its amounts; of the rest the nearer one's."""
    if t <= 0 or a == b:
        return a
    if t >= 1:
        return b
    near = a if t < 0.5 else b
    made = replace(near, place=_place(a.place, b.place, t), psi=_lerp(a.psi, b.psi, t))
    if [(m.direction, m.first, m.last) for m in a.moves] == [(m.direction, m.first, m.last) for m in b.moves]:
        pairs = zip(a.moves, b.moves, strict=True)
        made = replace(
            made, moves=tuple(replace(one, amount=_lerp(one.amount, two.amount, t)) for one, two in pairs)
        )
    if [(m.source, m.first, m.last) for m in a.mixes] == [(m.source, m.first, m.last) for m in b.mixes]:
        pairs = zip(a.mixes, b.mixes, strict=True)
        made = replace(
            made,
            mixes=tuple(replace(one, strength=_lerp(one.strength, two.strength, t)) for one, two in pairs),
        )
    weights = dict(a.labels), dict(b.labels)
    if a.labels and b.labels:
        known = sorted(weights[0].keys() | weights[1].keys())
        made = replace(
            made, labels=tuple((k, _lerp(weights[0].get(k, 0.0), weights[1].get(k, 0.0), t)) for k in known)
        )
    return made


def _place(a: Place, b: Place, t: float) -> Place:
    """Along a path or a blend where both lie on the same one, else a way of its own between the two."""
    if a == b:
        return a
    if isinstance(a, Path) and isinstance(b, Path) and replace(a, at=b.at) == b:
        return replace(a, at=_lerp(a.at, b.at, t))
    if isinstance(a, Blend) and isinstance(b, Blend) and replace(a, share=b.share) == b:
        return replace(a, share=_lerp(a.share, b.share, t))
    return Blend(a, b, t)


def _lerp(a: float, b: float, t: float) -> float:
    return a + (b - a) * t
