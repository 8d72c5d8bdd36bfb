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
from ganstudio.latent.model import Explorer
from ganstudio.latent.nearest import Neighbours
from ganstudio.latent.places import Finder
from ganstudio.latent.rendering import latent_of, render, said

Method = Literal["pca", "tsne"]
Colour = Literal["score", "class", "nearest"]
Floats = NDArray[np.float32]
AT_ONCE = 50
FITTED = 100
"""Latents whose components are the axes of a PCA map, so that its first part is there soon."""
DIMENSIONS = 50
"""What is left of the features before t-SNE, as its author advises (van der Maaten & Hinton 2008, section 4.2)."""
PERPLEXITY = 30.0
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


@dataclass(frozen=True, eq=False)
class _Seen:
    """What was made of some seeds."""

    seeds: tuple[int, ...]
    features: Floats
    images: NDArray[np.uint8]
    colour: Floats


def what_is_mapped(model: Explorer) -> str:
    """What nearness on the map means, for a person."""
    if model.styled is not None:
        return "Pictures lie side by side whose styles w are alike."
    if model.judge is not None:
        return "Pictures lie side by side in which the discriminator sees the same."
    return "Pictures lie side by side whose pixels are alike."


def mapped(
    model: Explorer, count: int, method: Method = "pca", colour: Colour = "score", recipe: Recipe | None = None,
    height: int = 24, neighbours: Neighbours | None = None, stop: Callable[[], bool] = lambda: False,
) -> Iterator[Part]:  # fmt: skip
    """The map of the seeds from 0 to ``count`` - 1, part by part, until ``stop()`` says so.

    ``recipe`` says all but the place. A PCA map comes as it is made, its axes from the first 100 latents; t-SNE needs
    all of them first. ``colour`` is the discriminator's logit, the class, or the distance from the nearest training
    picture, for which ``neighbours`` are needed. Raises :class:`ExploreError`.
    """
    if colour == "nearest" and neighbours is None:
        raise ExploreError("the nearest training pictures are not known", "Choose another colour.")
    if count < 2:
        raise ExploreError("a map needs two latents at least")
    base = recipe or Recipe()
    parts = _made(model, [base.at(Seed(seed)) for seed in range(count)], colour, height, neighbours, stop)
    return _by_components(parts, count) if method == "pca" else _by_neighbours(parts, count, stop)


def _by_components(parts: Iterator[_Seen], total: int) -> Iterator[Part]:
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
            place = axes(np.concatenate([one.features for one in first]))
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


def _by_neighbours(parts: Iterator[_Seen], total: int, stop: Callable[[], bool]) -> Iterator[Part]:
    """All parts once t-SNE has placed them."""
    seen = list(parts)
    if stop() or sum(len(part.seeds) for part in seen) < total:
        return
    at = neighbourly(np.concatenate([part.features for part in seen]))
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
    """What is made of recipes, ``AT_ONCE`` at a time."""
    for first in range(0, len(recipes), AT_ONCE):
        chosen = recipes[first : first + AT_ONCE]
        made = list(render(model, chosen, stop, height=height))
        if len(made) < len(chosen):
            return
        values = [one.values for one in made]
        features = torch.stack([_features(model, r, v) for r, v in zip(chosen, values, strict=True)])
        yield _Seen(
            tuple(range(first, first + len(chosen))),
            features.cpu().numpy(),
            _thumbnails([one.image for one in made]),
            _colours(model, chosen, values, colour, neighbours),
        )


def _thumbnails(images: Sequence[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """Pictures as one array; empty ones for points."""
    return np.stack(images) if images[0].ndim == 3 else np.zeros((len(images), 0, 0, 1), np.uint8)


@torch.no_grad()
def _features(model: Explorer, recipe: Recipe, made: Tensor) -> Tensor:
    """What decides a picture's place."""
    if model.styled is not None:
        return latent_of(model, recipe).mean(0).float()
    label = torch.zeros(1, dtype=torch.int64, device=model.device) if model.kinds else None
    return model.features(made, label)[0]


def _colours(
    model: Explorer, recipes: Sequence[Recipe], made: Sequence[Tensor], colour: Colour,
    neighbours: Neighbours | None,
) -> Floats:  # fmt: skip
    if colour == "nearest" and neighbours is not None:
        found = neighbours.find(np.concatenate([model.display(one) for one in made]).astype(np.uint8), 1)
        return found[1][:, 0]
    if colour == "class" or model.judge is None:
        return np.array([_class_of(model, recipe) for recipe in recipes], np.float32)
    return np.array(
        [float(said(model, r, v).logits[0]) for r, v in zip(recipes, made, strict=True)], np.float32
    )


def _class_of(model: Explorer, recipe: Recipe) -> int:
    """The class that weighs most; 0 where there are none."""
    finder = Finder(model, dict(recipe.labels), recipe.codes)
    classes = finder.find(recipe.place).classes
    return max(classes, key=lambda number: classes[number]) if classes else 0
