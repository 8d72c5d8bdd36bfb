"""Recipes as pictures: the same recipe gives the same pixels whatever is rendered beside it.

Sums of floating-point numbers come out differently in batches of different size. Every picture is therefore made in a
pass of its own, which also lets work end between any two pictures. On one device with the same libraries the pixels are
the same in the window, on the command line and after a restart.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import interpolate

from ganstudio.core.explore.recipe import Mix, Move, Recipe
from ganstudio.latent import mixing, noise
from ganstudio.latent.errors import ExploreError
from ganstudio.latent.model import Explorer
from ganstudio.latent.places import Finder, Point
from ganstudio.latent.truncation import truncated_latents, truncated_styles
from ganstudio.nets.base import Judgement
from ganstudio.nets.style_base import StyleGenerator


@dataclass(frozen=True, eq=False)
class Made:
    """One picture: uint8 (H, W, C), or a point (D,). ``values`` (1, *size) is what the network said, in its range.

    ``score`` is the discriminator's logit, ``length`` that of z, where they were asked for.
    """

    image: NDArray[Any]
    values: Tensor
    score: float | None = None
    length: float | None = None


def render(
    model: Explorer, recipes: Sequence[Recipe], stop: Callable[[], bool] = lambda: False, scored: bool = False,
    height: int = 0, measured: bool = False,
) -> Iterator[Made]:  # fmt: skip
    """The pictures of recipes, one after the other, until ``stop()`` says so.

    ``height`` above 0 bounds the height of pictures in px (areas are averaged). Raises :class:`ExploreError` for a
    recipe that the model cannot make.
    """
    for recipe in recipes:
        if stop():
            return
        made = values(model, recipe)
        yield Made(
            model.display(_bounded(made, height))[0], made, score(model, recipe, made) if scored else None,
            length(model, recipe) if measured else None,
        )  # fmt: skip


def images(
    model: Explorer, recipes: Sequence[Recipe], stop: Callable[[], bool] = lambda: False, height: int = 0
) -> NDArray[Any]:
    """All of them at once: uint8 (N, H, W, C) or points (N, D); fewer where ``stop()`` said so."""
    made = [one.image for one in render(model, recipes, stop, height=height)]
    if made:
        return np.stack(made)
    return model.display(torch.empty(0, *model.shape.size))


@torch.no_grad()
def length(model: Explorer, recipe: Recipe) -> float:
    """How long z is at the recipe's place: |z| / sqrt(d), over the deviation of the prior; NaN where the place is a w.

    Near 1 all along a great circle; 0.71 halfway on a straight line between latents at a right angle.
    """
    point = Finder(model, dict(recipe.labels), recipe.codes).find(recipe.place)
    if point.space != "z":
        return math.nan
    size, uniform = model.latent.dimension, model.latent.prior == "uniform"
    return float(point.values[0, :size].square().mean().sqrt()) * (math.sqrt(3) if uniform else 1.0)


@torch.no_grad()
def values(model: Explorer, recipe: Recipe) -> Tensor:
    """The sample (1, *shape.size) of a recipe in the network's range."""
    finder = Finder(model, dict(recipe.labels), recipe.codes)
    point = finder.find(recipe.place)
    if model.styled is not None:
        return noise.rendered(model.styled, styles(finder, model.styled, point, recipe), recipe.noise)
    return _plain(finder, point, recipe)


@torch.no_grad()
def said(model: Explorer, recipe: Recipe, made: Tensor) -> Judgement:
    """What the discriminator says of a recipe's sample (1, *shape.size)."""
    finder = Finder(model, dict(recipe.labels), recipe.codes)
    return model.judged(made, finder.labels(finder.find(recipe.place).classes))


def score(model: Explorer, recipe: Recipe, made: Tensor) -> float:
    """The discriminator's logit for a recipe's sample."""
    return float(said(model, recipe, made).logits[0])


@torch.no_grad()
def latent_of(model: Explorer, recipe: Recipe) -> Tensor:
    """The latent of a recipe, with its moves and mixes: w (rows, width) where the model has styles, else z (1, D)."""
    finder = Finder(model, dict(recipe.labels), recipe.codes)
    point = finder.find(recipe.place)
    if model.styled is not None:
        return styles(finder, model.styled, point, recipe)[0]
    return _moved(model, point.values, recipe)


def styles(finder: Finder, net: StyleGenerator, point: Point, recipe: Recipe) -> Tensor:
    """w (1, rows, width) of a recipe: z moved, mapped, truncated; rows mixed; w moved."""
    ws = _truncated_styles(finder, net, _shifted(point, recipe.moves, finder.model.latent.dimension), recipe)
    for mix in recipe.mixes:
        source = _truncated_styles(finder, net, finder.find(mix.source), recipe)
        ws = mixing.mixed_rows(ws, source, mix)
    for move in recipe.moves:
        if move.direction.space == "w":
            step = _step(move, ws.shape[2], ws)
            first, last = mixing.span(move.first, move.last, ws.shape[1])
            ws = torch.cat([ws[:, :first], ws[:, first : last + 1] + step, ws[:, last + 1 :]], 1)
    return ws


def _truncated_styles(finder: Finder, net: StyleGenerator, point: Point, recipe: Recipe) -> Tensor:
    return truncated_styles(finder.styles(point), net.w_average, recipe.psi, recipe.cutoff)


def _shifted(point: Point, moves: Sequence[Move], size: int) -> Point:
    """The point with the moves in z done, which reach its first ``size`` numbers and leave codes behind them alone.

    Raises :class:`ExploreError` where it is a w.
    """
    steps = [_step(move, size, point.values) for move in moves if move.direction.space == "z"]
    if not steps:
        return point
    if point.space == "w":
        raise ExploreError(
            "a direction in z cannot move a latent that is given in w", "Choose a direction in w."
        )
    z = point.values
    return Point("z", torch.cat([z[:, :size] + sum(steps), z[:, size:]], 1), point.classes)


def _step(move: Move, width: int, like: Tensor) -> Tensor:
    """What a move adds: (width,)."""
    direction = move.direction
    if len(direction.vector) != width:
        raise ExploreError(
            f"the direction {direction.name} has {len(direction.vector)} numbers; this model's {direction.space} "
            f"has {width}",
            "Find directions of this model.",
        )
    return torch.tensor(direction.vector, dtype=like.dtype, device=like.device) * (
        move.amount * direction.sigma
    )


def _plain(finder: Finder, point: Point, recipe: Recipe) -> Tensor:
    """The sample of a model without styles."""
    model = finder.model
    z, labels = _moved(model, point.values, recipe), finder.labels(point.classes)
    if not recipe.mixes:
        return model.synthesize(z, labels)
    sources: list[tuple[Mix, Tensor, Tensor | None]] = []
    for mix in recipe.mixes:
        source = finder.find(mix.source)
        sources.append(
            (mix, truncated_latents(source.values, recipe.psi, model), finder.labels(source.classes))
        )
    return mixing.layered(model, z, labels, sources)


def _moved(model: Explorer, z: Tensor, recipe: Recipe) -> Tensor:
    if any(move.direction.space == "w" for move in recipe.moves):
        raise ExploreError("this model has no w that a direction in w could move", "Choose a direction in z.")
    point = Point("z", truncated_latents(z, recipe.psi, model), {})
    return _shifted(point, recipe.moves, model.latent.dimension).values


def _bounded(made: Tensor, height: int) -> Tensor:
    """Pictures of at most so many px in height; points as they are."""
    if made.dim() != 4 or not 0 < height < made.shape[2]:
        return made
    size = (height, max(1, round(made.shape[3] * height / made.shape[2])))
    return interpolate(made, size, mode="area")
