"""Latents laid out on a plane, so that pictures that look alike lie side by side.

z itself makes no map: it is the same in all directions, and any two of its numbers are as good as any others. Laid out
are the styles w where a model has them, else what its discriminator sees in the pictures, else the pictures' values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE
from torch import Tensor

from ganstudio.core.explore.recipe import Recipe, Seed
from ganstudio.latent.errors import ExploreError
from ganstudio.latent.meanwhile import meanwhile
from ganstudio.latent.model import Explorer
from ganstudio.latent.nearest import Neighbours
from ganstudio.latent.places import Finder
from ganstudio.latent.rendering import Made, latent_of, render, said, values

Method = Literal["pca", "tsne"]
Colour = Literal["score", "class", "nearest"]
Floats = NDArray[np.float32]
AT_ONCE = 25
FITTED = 100
"""Latents whose components are the axes of a PCA map, so that its first part is there soon."""
DIMENSIONS = 50
"""What is left of the features before t-SNE, as its author advises (van der Maaten & Hinton 2008, section 4.2)."""
PERPLEXITY = 30.0
MAKING = 0.7
"""The share of a t-SNE map's time that its pictures take, about."""
MARGIN = 1.1


@dataclass(frozen=True, eq=False)
class Part:
    """Points ``first`` and on of a map of ``total``: places (N, 2) within [-1, 1], thumbnails uint8 (N, h, w, C) (none
    for points), colours (N,) and seeds."""

    first: int
    total: int
    at: Floats
    images: NDArray[np.uint8]
    colour: Floats
    seeds: tuple[int, ...]


@dataclass(eq=False)
class Chart:
    """Puts further features (N, D) on a map, (N, 2), once that is drawn; ``place`` is ``None`` before."""

    place: Callable[[Floats], Floats] | None = None


@dataclass(frozen=True, eq=False)
class _Seen:
    """What was made of some seeds."""

    seeds: tuple[int, ...]
    features: Floats
    images: NDArray[np.uint8]
    colour: Floats


def mapped(
    model: Explorer, count: int, method: Method = "pca", colour: Colour = "score", recipe: Recipe | None = None,
    height: int = 24, neighbours: Neighbours | None = None, stop: Callable[[], bool] = lambda: False,
    chart: Chart | None = None, progress: Callable[[float], None] = lambda done: None,
) -> Iterator[Part]:  # fmt: skip
    """The map of the seeds from 0 to ``count`` - 1, part by part, until ``stop()`` says so.

    ``recipe`` says all but the place. A PCA map comes as it is made, its axes from the first 100 latents; t-SNE needs
    all of them first. ``colour`` is the discriminator's logit, the class, or the distance from the nearest training
    picture, for which ``neighbours`` are needed. ``chart`` learns to place further latents on the same map.
    ``progress`` hears how far t-SNE is, from 0 to 1, as long as there is nothing to show. Raises :class:`ExploreError`.
    """
    if colour == "nearest" and neighbours is None:
        raise ExploreError("the nearest training pictures are not known", "Choose another colour.")
    if count < 2:
        raise ExploreError("a map needs two latents at least")
    base = recipe or Recipe()
    parts = _made(model, [base.at(Seed(seed)) for seed in range(count)], colour, height, neighbours, stop)
    chart = chart or Chart()
    if method == "pca":
        return _by_components(parts, count, chart)
    return _by_neighbours(parts, count, chart, stop, progress)


def located(model: Explorer, recipes: Sequence[Recipe], chart: Chart) -> Iterator[Floats]:
    """Where recipes lie on a map, (2,) each, one after the other: on the axes of a PCA map exactly, else where the
    latent of the map lies whose features are nearest. Raises :class:`ExploreError` before the map is drawn."""
    if chart.place is None:
        raise ExploreError("this map is not drawn yet", "Draw it first.")
    for recipe in recipes:
        yield chart.place(_seen_in(model, recipe).cpu().numpy()[None])[0]


@torch.no_grad()
def _seen_in(model: Explorer, recipe: Recipe) -> Tensor:
    if model.styled is not None:
        return latent_of(model, recipe).mean(0).float()
    return _features(model, recipe, values(model, recipe))


def nearest_known(features: Floats, at: Floats) -> Callable[[Floats], Floats]:
    """A function that puts features (M, D) where the nearest of known ones (N, D) lie, ``at`` (N, 2)."""

    def place(more: Floats) -> Floats:
        away = ((features[None] - more[:, None]) ** 2).sum(2)
        return at[away.argmin(1)]

    return place


def _by_components(parts: Iterator[_Seen], total: int, chart: Chart) -> Iterator[Part]:
    """Each part where the components of the first ones put it."""
    first: list[_Seen] = []
    place: Callable[[Floats], Floats] | None = None
    for part in parts:
        if place is not None:
            yield _placed(part, place(part.features), total)
            continue
        first.append(part)
        known = sum(len(one.seeds) for one in first)
        if known >= min(FITTED, total):
            chart.place = place = axes(np.concatenate([one.features for one in first]))
            for one in first:
                yield _placed(one, place(one.features), total)


def axes(features: Floats) -> Callable[[Floats], Floats]:
    """From features (N, D) a function that puts features on the plane of their two strongest components, in [-1, 1]."""
    fitted = PCA(2, svd_solver="full" if features.shape[1] > 1 else "auto").fit(_two_wide(features))
    known = fitted.transform(_two_wide(features))
    scale = MARGIN * max(float(np.abs(known).max()), 1e-12)

    def place(more: Floats) -> Floats:
        return np.clip(fitted.transform(_two_wide(more)) / scale, -1, 1).astype(np.float32)

    return place


def _two_wide(features: Floats) -> Floats:
    """At least two numbers each."""
    return features if features.shape[1] > 1 else np.pad(features, ((0, 0), (0, 1)))


def _by_neighbours(
    parts: Iterator[_Seen],
    total: int,
    chart: Chart,
    stop: Callable[[], bool],
    progress: Callable[[float], None],
) -> Iterator[Part]:
    """All parts once t-SNE has placed them."""
    seen: list[_Seen] = []
    for part in parts:
        seen.append(part)
        progress(MAKING * (part.seeds[-1] + 1) / total)
    if stop() or sum(len(part.seeds) for part in seen) < total:
        return
    features = np.concatenate([part.features for part in seen])
    at = meanwhile(lambda: neighbourly(features), stop)
    chart.place = nearest_known(features, at)
    first = 0
    for part in seen:
        yield _placed(part, at[first : first + len(part.seeds)], total)
        first += len(part.seeds)


def neighbourly(features: Floats) -> Floats:
    """Places (N, 2) in [-1, 1] that keep the neighbours of features (N, D): t-SNE (van der Maaten & Hinton 2008)."""
    count = len(features)
    if min(features.shape) > DIMENSIONS:
        features = PCA(DIMENSIONS, random_state=0).fit_transform(features)
    spread = max(float(features.std()), 1e-12)
    tsne = TSNE(2, perplexity=min(PERPLEXITY, max(1.0, (count - 1) / 3)), init="random", random_state=0)
    at = tsne.fit_transform(features / spread)
    at -= (at.max(0) + at.min(0)) / 2
    return (at / max(float(np.abs(at).max()), 1e-12)).astype(np.float32)


def _placed(part: _Seen, at: Floats, total: int) -> Part:
    return Part(part.seeds[0], total, at, part.images, part.colour, part.seeds)


def _made(
    model: Explorer, recipes: Sequence[Recipe], colour: Colour, height: int, neighbours: Neighbours | None,
    stop: Callable[[], bool],
) -> Iterator[_Seen]:  # fmt: skip
    """What is made of recipes, ``AT_ONCE`` at a time; ``stop()`` is asked before each."""
    for first in range(0, len(recipes), AT_ONCE):
        chosen = recipes[first : first + AT_ONCE]
        made: list[Made] = []
        features: list[Tensor] = []
        colours: list[float] = []
        for recipe, one in zip(chosen, render(model, chosen, stop, height=height), strict=False):
            said_of_it = _judged(model, recipe, one.values, colour)
            made.append(one)
            features.append(said_of_it[0])
            colours.append(said_of_it[1])
        if len(made) < len(chosen):
            return
        near = None if colour != "nearest" or neighbours is None else _nearest(model, made, neighbours)
        yield _Seen(
            tuple(range(first, first + len(chosen))),
            torch.stack(features).cpu().numpy(),
            _thumbnails([one.image for one in made]),
            np.array(colours, np.float32) if near is None else near,
        )


def _thumbnails(images: Sequence[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """Pictures as one array; empty ones for points."""
    return np.stack(images) if images[0].ndim == 3 else np.zeros((len(images), 0, 0, 1), np.uint8)


@torch.no_grad()
def _judged(model: Explorer, recipe: Recipe, made: Tensor, colour: Colour) -> tuple[Tensor, float]:
    """What decides a picture's place, (numbers,), and its colour; the discriminator looks once where that will do."""
    scored = colour == "score" and model.judge is not None
    if scored and model.styled is None and model.judges_alone and not model.kinds:
        judgement = said(model, recipe, made)
        return judgement.features[0], float(judgement.logits[0])
    if scored:
        number = float(said(model, recipe, made).logits[0])
    else:
        number = float(_class_of(model, recipe))
    return _features(model, recipe, made), number


def _features(model: Explorer, recipe: Recipe, made: Tensor) -> Tensor:
    """What decides a picture's place."""
    if model.styled is not None:
        return latent_of(model, recipe).mean(0).float()
    label = torch.zeros(1, dtype=torch.int64, device=model.device) if model.kinds else None
    return model.features(made, label)[0]


def _nearest(model: Explorer, made: Sequence[Made], neighbours: Neighbours) -> Floats:
    """Distances (N,) from the nearest training pictures."""
    pictures = np.concatenate([model.display(one.values) for one in made]).astype(np.uint8)
    return neighbours.find(pictures, 1)[1][:, 0]


def _class_of(model: Explorer, recipe: Recipe) -> int:
    """The class that weighs most; 0 where there are none."""
    finder = Finder(model, dict(recipe.labels), recipe.codes)
    classes = finder.find(recipe.place).classes
    return max(classes, key=lambda number: classes[number]) if classes else 0
