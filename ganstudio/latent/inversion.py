"""The latent whose picture is nearest to a given one, found by gradients.

The loss is the mean absolute difference over a pyramid of sizes plus the distance in what the run's own discriminator
sees: nothing is downloaded. In z the length is held near that of samples by (|z|^2 / d - 1)^2. In w and w+ a little
noise that fades out keeps the search from the nearest hollow, and the step size rises and falls as in StyleGAN2's
projector (Karras 2020, arXiv:1912.04958, appendix D). The best of many samples are where the search begins.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor
from torch.nn.functional import avg_pool2d

from ganstudio.core.explore.recipe import Numbers, Recipe
from ganstudio.core.shapes import DataShape
from ganstudio.data import from_pixels
from ganstudio.latent.classes import labels_from
from ganstudio.latent.directions import style_samples
from ganstudio.latent.errors import ExploreError
from ganstudio.latent.model import Explorer
from ganstudio.latent.rendering import images

Space = Literal["z", "w", "w+"]
Bytes = NDArray[np.uint8]
SAMPLES = 256
"""Samples of which the nearest ones are where the search begins."""
FIRST = 32
"""Samples among which the first picture that is shown is found."""
RATE: dict[Space, float] = {"z": 0.1, "w": 0.1, "w+": 0.1}
RAMP_UP, RAMP_DOWN = 0.05, 0.25
JITTER, JITTER_UNTIL = 0.05, 0.75
SHELL = 0.1
"""Weight of the penalty on the length of z."""
SEEN = 0.1
"""Weight of the distance in the discriminator's features beside that in pixels."""
LEAST_SIDE = 4
SHOWN_EVERY = 10
BEST_PSNR = 99.0
"""Told for a picture that is met exactly."""


@dataclass(frozen=True, eq=False)
class Search:
    """How far a search has come: the best recipe so far, its picture uint8 (H, W, C) and that picture's PSNR in dB."""

    step: int
    steps: int
    recipe: Recipe
    image: Bytes
    psnr: float
    done: bool = False


def invert(
    model: Explorer, target: Bytes, space: Space = "z", steps: int = 300, restarts: int = 4,
    labels: tuple[tuple[int, float], ...] = (), stop: Callable[[], bool] = lambda: False,
) -> Iterator[Search]:  # fmt: skip
    """Search for ``target``, uint8 (H, W, C) of any size, and tell of it now and then until ``stop()`` says so.

    A first picture comes at once. ``labels`` are the classes; without them each start has one of its own. The last
    :class:`Search` has ``done``. Raises :class:`ExploreError` where the model has no such space or makes no pictures.
    """
    if model.shape.kind != "image":
        raise ExploreError("this model makes points, not pictures", "Open a model of pictures.")
    if space != "z" and model.styled is None:
        raise ExploreError("this model has no w: it makes its pictures from z directly", "Search in z.")
    return _Inversion(model, target, space, max(1, steps), max(1, restarts), labels).run(stop)


def fitted(picture: Bytes, shape: DataShape) -> Bytes:
    """A picture (H, W, C) of any size as a model has them: the middle cut out, resized, grey or in colour."""
    if picture.ndim != 3 or picture.shape[2] not in (1, 3, 4) or 0 in picture.shape:
        raise ExploreError("this is no picture in grey or colour")
    image = Image.fromarray(picture[:, :, 0] if picture.shape[2] == 1 else picture)
    image = image.convert("L" if shape.channels == 1 else "RGB")
    scale = min(image.width / shape.width, image.height / shape.height)
    width, height = shape.width * scale, shape.height * scale
    left, top = (image.width - width) / 2, (image.height - height) / 2
    size = (shape.width, shape.height)
    if image.size != size:
        image = image.resize(size, Image.Resampling.LANCZOS, (left, top, left + width, top + height))
    return np.asarray(image, np.uint8).reshape(shape.height, shape.width, -1)


def psnr(a: Bytes, b: Bytes) -> float:
    """10 log10(255^2 / mean squared difference) in dB; 99 for equal pictures."""
    error = float(np.square(a.astype(np.float64) - b).mean())
    return BEST_PSNR if error == 0 else min(BEST_PSNR, 10 * math.log10(255**2 / error))


def pace(t: float) -> float:
    """The share of the step size at ``t`` from 0 to 1: up over the first 5 %, down a cosine over the last 25 %."""
    down = 0.5 - 0.5 * math.cos(math.pi * min(1.0, (1 - t) / RAMP_DOWN))
    return down * min(1.0, t / RAMP_UP)


class _Inversion:
    """One search. All restarts go on side by side as one batch; nothing couples them."""

    def __init__(
        self, model: Explorer, target: Bytes, space: Space, steps: int, restarts: int,
        classes: tuple[tuple[int, float], ...],
    ) -> None:  # fmt: skip
        self.space: Space = space
        self.model, self.steps, self.restarts, self.given = model, steps, restarts, classes
        self.target = fitted(target, model.shape)
        pixels = torch.from_numpy(self.target.copy()).permute(2, 0, 1)[None]
        self.wanted = from_pixels(pixels).to(model.device)
        self.best: Search | None = None

    def run(self, stop: Callable[[], bool]) -> Iterator[Search]:
        """The search, told of step by step."""
        few = self._samples(FIRST)
        yield self._tell(*self._nearest(*few, 1), step=0)
        latents, labels = self._nearest(*self._samples(SAMPLES), self.restarts)
        free = self._start(latents, labels).requires_grad_()
        optimizer = torch.optim.Adam([free], lr=RATE[self.space], betas=(0.9, 0.999))
        spread = self._spread()
        noise = torch.Generator().manual_seed(0)
        for step in range(1, self.steps + 1):
            if stop():
                return
            t = step / self.steps
            optimizer.param_groups[0]["lr"] = RATE[self.space] * pace((step - 0.5) / self.steps)
            jitter = torch.randn(free.shape, generator=noise).to(free) * spread
            tried = free + jitter * JITTER * max(0.0, 1 - t / JITTER_UNTIL) ** 2
            losses = self._losses(self._picture(tried, latents, labels), labels) + self._shell(free)
            optimizer.zero_grad()
            losses.sum().backward()
            optimizer.step()
            self._keep_inside(free)
            if step % SHOWN_EVERY == 0 or step == self.steps:
                yield self._tell_best(free.detach(), latents, labels, losses.detach(), step)

    # ------------------------------------------------------------ where it begins

    def _samples(self, count: int) -> tuple[Tensor, Tensor | None]:
        z, labels = self.model.drawn(0, count)
        if self.given:
            labels = labels_from([dict(self.given)] * count, self.model.kinds, self.model.device)
        return z, labels

    @torch.no_grad()
    def _nearest(self, z: Tensor, labels: Tensor | None, count: int) -> tuple[Tensor, Tensor | None]:
        """Those of the samples whose pictures have the lowest loss, with their labels."""
        parts: list[Tensor] = []
        for first in range(0, len(z), FIRST):
            some = None if labels is None else labels[first : first + FIRST]
            part = self.model.synthesize(z[first : first + FIRST], some)
            parts.append(self._losses(part, some))
        order = torch.cat(parts).argsort()[:count]
        return z[order], None if labels is None else labels[order]

    def _start(self, z: Tensor, labels: Tensor | None) -> Tensor:
        """What is searched over: z (R, D) without categories, w (R, 1, width) or w+ (R, rows, width)."""
        if self.model.styled is None or self.space == "z":
            return z.clone()
        with torch.no_grad():
            ws = self.model.styled.map(z, labels)
            ws[0] = self.model.styled.w_average
        return ws[:, :1].clone() if self.space == "w" else ws.clone()

    def _spread(self) -> float:
        """How far w spreads, for the noise; none in z."""
        return 0.0 if self.space == "z" else float(style_samples(self.model, 1000).std(0).mean())

    # ------------------------------------------------------------ what is minimised

    def _picture(self, free: Tensor, z: Tensor, labels: Tensor | None) -> Tensor:
        """Samples of what is searched over; categories are those of the start ``z``."""
        if self.space == "z" or self.model.styled is None:
            return self.model.synthesize(self._whole(free, z), labels)
        rows = len(self.model.styled.style_rows)
        return self.model.styled.render(free.expand(-1, rows, -1), "fixed").float()

    def _whole(self, free: Tensor, z: Tensor) -> Tensor:
        """z with the categories of the start, which no gradient can change."""
        latent = self.model.latent
        if not latent.categorical:
            return free
        first, end = latent.dimension, latent.dimension + latent.one_hot
        return torch.cat([free[:, :first], z[:, first:end], free[:, end:]], 1)

    def _losses(self, made: Tensor, labels: Tensor | None) -> Tensor:
        """What separates pictures (N, C, H, W) from the target: (N,)."""
        total = torch.zeros(len(made), device=made.device)
        ours, theirs, sizes = made, self.wanted, 0
        while True:
            total = total + (ours - theirs).abs().flatten(1).mean(1)
            sizes += 1
            if min(ours.shape[2:]) < 2 * LEAST_SIDE:
                break
            ours, theirs = avg_pool2d(ours, 2), avg_pool2d(theirs, 2)
        total = total / sizes
        if self.model.judge is None:
            return total
        wanted = self.wanted.expand(len(made), -1, -1, -1)
        with torch.no_grad():
            goal = self.model.features(wanted if labels is not None else self.wanted, labels)
        difference = (self.model.features(made, labels) - goal).square().mean(1)
        return total + SEEN * difference / goal.square().mean(1).clamp(min=1e-8)

    def _shell(self, free: Tensor) -> Tensor:
        """(|z|^2 / d - 1)^2 for z of a Gaussian prior, (N,)."""
        if self.space != "z" or self.model.latent.prior == "uniform":
            return torch.zeros(len(free), device=free.device)
        z = free[:, : self.model.latent.dimension]
        return SHELL * (z.square().mean(1) - 1).square()

    @torch.no_grad()
    def _keep_inside(self, free: Tensor) -> None:
        """Uniform numbers, and continuous codes, stay within [-1, 1]."""
        if self.space != "z":
            return
        latent = self.model.latent
        first = 0 if latent.prior == "uniform" else latent.dimension
        free[:, first:].clamp_(-1, 1)

    # ------------------------------------------------------------ what is told

    def _tell_best(self, free: Tensor, z: Tensor, labels: Tensor | None, losses: Tensor, step: int) -> Search:
        """The best of the restarts, as its recipe makes it, unless an earlier one was better."""
        best = slice(int(losses.argmin()), int(losses.argmin()) + 1)
        chosen = free[best] if self.space != "z" else self._whole(free, z)[best]
        return self._tell(chosen, None if labels is None else labels[best], step)

    def _tell(self, chosen: Tensor, labels: Tensor | None, step: int) -> Search:
        space: Literal["z", "w"] = "w" if chosen.dim() == 3 else "z"
        rows = chosen[0] if chosen.dim() == 3 else chosen
        numbers = Numbers(space, tuple(tuple(row) for row in rows.tolist()))
        classes = self.given or (() if labels is None else ((int(labels[0]), 1.0),))
        recipe = Recipe(numbers, classes)
        image = images(self.model, [recipe])[0]
        found = Search(step, self.steps, recipe, image, psnr(image, self.target), step == self.steps)
        if self.best is None or found.psnr >= self.best.psnr:
            self.best = found
        kept = self.best
        return Search(step, self.steps, kept.recipe, kept.image, kept.psnr, found.done)
