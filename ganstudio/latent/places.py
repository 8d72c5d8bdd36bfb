"""Places of recipes as latents of a model: z of its prior, or w where it has styles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from ganstudio.core.explore.recipe import Blend, Mode, Numbers, Path, Place, Seed, Space
from ganstudio.core.messages import Look
from ganstudio.latent import blending
from ganstudio.latent.classes import Classes, blended, labels_from, single
from ganstudio.latent.errors import ExploreError
from ganstudio.latent.looking import problem, with_codes
from ganstudio.latent.model import Explorer
from ganstudio.nets.style_base import StyleGenerator


@dataclass(frozen=True, eq=False)
class Point:
    """Where a place is: ``values`` are z (1, D) or w (1, rows, width). ``classes`` are those that belong to it."""

    space: Space
    values: Tensor
    classes: Classes


@dataclass(frozen=True, eq=False)
class Finder:
    """Finds places of one picture. ``classes`` and ``codes`` are the picture's own; without them those of the place."""

    model: Explorer
    classes: Classes
    codes: tuple[float | None, ...] = ()

    def find(self, place: Place) -> Point:
        """Where the place is; raises :class:`ExploreError` where this model has no such place."""
        point = self._find(place)
        return replace(point, classes=self.classes) if self.classes else point

    def _find(self, place: Place) -> Point:
        if isinstance(place, Seed):
            return self._seed(place)
        if isinstance(place, Numbers):
            return self._numbers(place)
        if isinstance(place, Blend):
            stops, shares = (place.a, place.b), (1 - place.share, place.share)
            return self._between(stops, shares, place.share, place.mode, place.space)
        return self._path(place)

    def _seed(self, place: Seed) -> Point:
        labels = self.model.labels([place.seed])
        own = {} if labels is None else {int(labels[0]): 1.0}
        return Point("z", self._coded(self.model.z([place.seed])), own)

    def _numbers(self, place: Numbers) -> Point:
        rows = {len(row) for row in place.rows}
        if len(rows) != 1:
            raise ExploreError("a latent needs rows of numbers, all of the same length")
        values = torch.tensor(place.rows, dtype=torch.float32, device=self.model.device)
        if place.space == "z":
            width = self.model.latent.width
            if values.shape != (1, width):
                raise ExploreError(f"this model's latents have {width} numbers, not {values.numel()}")
            return Point("z", self._coded(values), {})
        return Point("w", as_styles(self.model, values), {})

    def _coded(self, z: Tensor) -> Tensor:
        """With the picture's codes."""
        latent = self.model.latent
        wrong = problem(Look(self.codes), latent, self.model.kinds) if self.codes else ""
        if wrong:
            raise ExploreError(wrong)
        return with_codes(z, self.codes, latent)

    def _path(self, place: Path) -> Point:
        if not place.keys:
            raise ExploreError("a path needs a stop at least")
        if len(place.keys) == 1:
            return self._find(place.keys[0])
        count = len(place.keys)
        piece, t = blending.segment(count, place.at, place.loop, place.easing)
        if place.mode == "spline":
            shares = blending.spline_shares(count, piece, t, place.loop)
            return self._between(place.keys, shares, t, "spline", place.space)
        stops = (place.keys[piece], place.keys[(piece + 1) % count])
        return self._between(stops, (1 - t, t), t, place.mode, place.space)

    def _between(
        self, stops: Sequence[Place], shares: Sequence[float], t: float, mode: Mode, space: Space
    ) -> Point:
        """A point by its shares of several; in w as soon as one of them is a w."""
        points = [self._find(stop) for stop in stops]
        classes = blended(shares, [point.classes for point in points])
        if space == "w" or any(point.space == "w" for point in points):
            styles = [self.styles(point) for point in points]
            return Point("w", between_styles(styles, shares, self.middle(), mode), classes)
        latents = [point.values for point in points]
        return Point("z", between_latents(self.model, latents, shares, t, mode), classes)

    def middle(self) -> Tensor:
        """The average of w; raises :class:`ExploreError` where there is no w."""
        return need_styles(self.model).w_average

    def labels(self, classes: Classes) -> Tensor | None:
        """The label (1,) that these classes are, the picture's own first.

        Where a way leads from class to class and a model has nothing between them, the nearer class counts.
        """
        if not self.classes and len(classes) > 1 and self.model.mixture_problem:
            classes = single(classes)
        return labels_from([self.classes or classes], self.model.kinds, self.model.device)

    def styles(self, point: Point) -> Tensor:
        """The point as w (1, rows, width)."""
        if point.space == "w":
            return point.values
        return need_styles(self.model).map(point.values, self.labels(point.classes))


def need_styles(model: Explorer) -> StyleGenerator:
    """The model as one with styles; raises :class:`ExploreError` where it has none."""
    if model.styled is None:
        raise ExploreError("this model has no w: it makes its pictures from z directly", "Choose z.")
    return model.styled


def as_styles(model: Explorer, values: Tensor) -> Tensor:
    """One row of w, or all of them, (R, width) as (1, rows, width)."""
    net = need_styles(model)
    rows, width = len(net.style_rows), len(net.w_average)
    if values.shape not in ((1, width), (rows, width)):
        raise ExploreError(f"a w of this model has 1 or {rows} rows of {width} numbers")
    return values.expand(rows, -1)[None]


def between_styles(stops: Sequence[Tensor], shares: Sequence[float], middle: Tensor, mode: Mode) -> Tensor:
    """w (1, rows, width) between others: straight. "matched" keeps the spread around the average of w."""
    if mode != "matched":
        return blending.weighted(stops, shares, keep_variance=False)
    return middle + blending.weighted([stop - middle for stop in stops], shares, keep_variance=True)


def between_latents(
    model: Explorer, stops: Sequence[Tensor], shares: Sequence[float], t: float, mode: Mode
) -> Tensor:
    """z (1, D) between others. Codes behind z go straight, categories as mixtures.

    A uniform prior is neither a sphere nor stays uniform on any straight line: but for "lerp" the numbers are taken
    to the normal distribution one by one, blended there and taken back.
    """
    size = model.latent.dimension
    uniform = model.latent.prior == "uniform" and mode != "lerp"
    firsts = [stop[:, :size] for stop in stops]
    firsts = [blending.to_normal(first) for first in firsts] if uniform else firsts
    if mode == "slerp":
        z = blending.slerp(firsts[0], firsts[1], t)
    else:
        z = blending.weighted(firsts, shares, keep_variance=mode != "lerp")
    z = blending.to_uniform(z) if uniform else z
    codes = [stop[:, size:] for stop in stops]
    return torch.cat([z, blending.weighted(codes, shares, keep_variance=False)], 1)
