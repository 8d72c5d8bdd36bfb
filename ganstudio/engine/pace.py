"""Constant perceptual speed: the same way through the same keys, walked so that every step changes as much.

How much two pictures differ is what the run's own discriminator sees: the distance of its features; where there is no
discriminator, that of the pixels. The way is measured at the frames asked for and walked at equal distances
(arc-length parametrisation).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ganstudio.core.explore.recipe import Path, Recipe
from ganstudio.latent import rendering
from ganstudio.latent.errors import ExploreError, Stopped
from ganstudio.latent.model import Explorer

LEAST = 0.05
"""The least a step counts, as a share of the mean one: a way that stands still goes on all the same."""


def evened(
    model: Explorer, recipes: Sequence[Recipe], stop: Callable[[], bool] = lambda: False
) -> tuple[Recipe, ...]:
    """As many recipes on the same way at equal perceptual distances; first and last stay.

    Raises :class:`ExploreError` where the recipes are no way through keys.
    """
    places = [recipe.place for recipe in recipes]
    ways = [place for place in places if isinstance(place, Path)]
    if len(ways) < len(places) or any(replace(way, at=0.0) != replace(ways[0], at=0.0) for way in ways):
        raise ExploreError("constant speed needs one way through keys", "Choose the timeline's own speed.")
    if len(ways) < 3:
        return tuple(recipes)
    at = resampled(np.array([way.at for way in ways]), distances(model, recipes, stop))
    return tuple(
        recipe.at(replace(way, at=float(share))) for recipe, way, share in zip(recipes, ways, at, strict=True)
    )


def resampled(at: NDArray[np.float64], steps: NDArray[np.float64]) -> NDArray[np.float64]:
    """Places (N,) at equal distances along a way whose places ``at`` (N,) lie ``steps`` (N - 1,) apart."""
    lengths = np.maximum(steps, LEAST * max(float(steps.mean()), 1e-12))
    along = np.concatenate([[0.0], np.cumsum(lengths)])
    return np.interp(np.linspace(0.0, along[-1], len(at)), along, at)


@torch.no_grad()
def distances(
    model: Explorer, recipes: Sequence[Recipe], stop: Callable[[], bool] = lambda: False
) -> NDArray[np.float64]:
    """How much each picture differs from the one before, (N - 1,)."""
    found: list[float] = []
    before: Tensor | None = None
    for recipe in recipes:
        if stop():
            raise Stopped
        made = rendering.values(model, recipe)
        seen = made.flatten() if model.judge is None else model.judged(made).features.flatten()
        if before is not None:
            found.append(float((seen - before).norm()))
        before = seen
    return np.array(found)
