"""The bench on which pictures are measured: everything that several metrics need is worked out once."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ganstudio.catalog import measures as need
from ganstudio.catalog.datasets import Digits
from ganstudio.core.published import NETWORKS
from ganstudio.core.shapes import DataShape
from ganstudio.data import ImageSet, RenderedSource, load
from ganstudio.data.rendered.stacked import StackedSource
from ganstudio.metrics.domain import LABEL, DomainFeatures, Head, load_judge
from ganstudio.metrics.features import (
    FeatureNet,
    InceptionFeatures,
    PictureNet,
    Seen,
    load_inception,
    see_all,
)
from ganstudio.metrics.figures import CancelCheck, Figure, MetricError, Progress
from ganstudio.metrics.lpips import Lpips, load_lpips
from ganstudio.metrics.manifold import Manifold, manifold
from ganstudio.metrics.neighbours import Memory, memory
from ganstudio.metrics.published import find_weights
from ganstudio.metrics.sides import GeneratorSide, SetSide, Side
from ganstudio.metrics.ticks import tick
from ganstudio.nets.style_base import StyleGenerator

INCEPTION, DOMAIN = "inception", "domain"
KEPT = 4096
"""Pictures that are kept as they are, for metrics that look at pixels."""
READABLE = 0.5
"""A factor is used where the network reads it at least so well on held-out pictures."""


@dataclass(frozen=True, eq=False)
class Found:
    """What one metric found: its figure, its own rules in words, the network that looked, what belongs to it, and a
    PNG that shows it."""

    figure: Figure
    rules: str = ""
    net: PictureNet | None = None
    details: dict[str, Any] = field(default_factory=dict[str, Any])
    warnings: tuple[str, ...] = ()
    picture: bytes = b""


@dataclass(frozen=True, eq=False)
class Pictures:
    """Some ``images`` of a side, uint8 (n, C, H, W), with their ``labels`` (n,)."""

    images: Tensor
    labels: Tensor | None


@dataclass(frozen=True, eq=False)
class Looked:
    """One side as one network sees it: features and logits, and (the own network) an answer for each head."""

    seen: Seen
    answers: dict[str, Tensor]


class Bench:
    """Generated pictures ``made`` beside ``real`` ones, of ``data``. Everything is worked out when first asked for."""

    def __init__(
        self,
        made: Side,
        real: Side,
        data: ImageSet | RenderedSource,
        *,
        seed: int = 0,
        device: torch.device | str = "cpu",
        allow_fetch: bool = False,
        progress: Progress | None = None,
        cancelled: CancelCheck | None = None,
    ) -> None:
        self.made, self.real, self.data, self.seed = made, real, data, seed
        self.device, self.allow_fetch = device, allow_fetch
        self.progress, self.cancelled = progress, cancelled
        self._looked: dict[tuple[str, str], Looked] = {}
        self._manifolds: dict[str, Manifold] = {}
        if made.shape.size != real.shape.size:
            raise MetricError(
                f"The sides have pictures of {made.shape.describe()} and {real.shape.describe()}: they cannot be "
                "compared."
            )

    # ------------------------------------------------------------ what there is

    @property
    def shape(self) -> DataShape:
        """The shape of one picture."""
        return self.real.shape

    def has(self) -> set[str]:
        """Which needs of measures are met."""
        generator = self.made if isinstance(self.made, GeneratorSide) else None
        found = {
            need.LABELS: self.real.labels is not None and self.shape.classes > 1,
            need.CONDITIONAL: self._asked_for_classes(generator),
            need.FACTORS: isinstance(self.data, RenderedSource),
            need.CODES: generator is not None and _codes(generator) > 1,
            need.FINITE: isinstance(self.data, ImageSet),
            need.GENERATOR: generator is not None,
            need.STYLES: generator is not None and isinstance(generator.generator.net, StyleGenerator),
            need.STACKED: isinstance(self.data, StackedSource),
            need.LARGE: min(self.shape.height, self.shape.width) >= need.LEAST_SIDE,
        }
        found |= {name: self.allow_fetch or find_weights(name) is not None for name in NETWORKS}
        return {name for name, met in found.items() if met}

    def _asked_for_classes(self, generator: GeneratorSide | None) -> bool:
        """Whether each generated picture is known to be meant as one of the data's classes."""
        if generator is not None:
            return generator.knows_classes
        side = self.made
        return (
            isinstance(side, SetSide)
            and side.labels is not None
            and side.data.class_names == self.data.class_names
        )

    # ------------------------------------------------------------ networks

    @cached_property
    def inception(self) -> InceptionFeatures:
        """The published network."""
        return load_inception(
            self.device, allow_fetch=self.allow_fetch, progress=self.progress, cancelled=self.cancelled
        )

    @cached_property
    def lpips(self) -> Lpips:
        """The published distance of two pictures."""
        return load_lpips(
            self.device, allow_fetch=self.allow_fetch, progress=self.progress, cancelled=self.cancelled
        )

    @cached_property
    def domain(self) -> DomainFeatures:
        """The classifier of the data."""
        return load_judge(self.data, self.device, self.progress, self.cancelled)

    @cached_property
    def digits(self) -> DomainFeatures:
        """The classifier of single digits, for stacked ones."""
        digits = load(Digits(resolution=self.shape.height))
        return load_judge(digits, self.device, self.progress, self.cancelled)

    def net(self, which: str) -> FeatureNet:
        """One of the two networks that tell features."""
        return self.inception if which == INCEPTION else self.domain

    # ------------------------------------------------------------ what they see

    def looked(self, which: str, side: str) -> Looked:
        """What a network sees of a side ("made" or "real"), in one pass over its pictures."""
        if (which, side) not in self._looked:
            self._looked[which, side] = self._look(which, self.made if side == "made" else self.real)
        return self._looked[which, side]

    def _look(self, which: str, side: Side) -> Looked:
        what = f"Looking at {'generated' if side is self.made else 'real'} pictures"
        if which == INCEPTION:
            return Looked(
                see_all(self.inception, side.batches(), len(side), what, self.progress, self.cancelled), {}
            )
        parts: list[tuple[Seen, dict[str, Tensor]]] = []
        domain = self.domain
        for number, images in enumerate(side.batches()):
            tick(self.progress, self.cancelled, what, number * len(images) / max(1, len(side)))
            parts.append(domain.see_with_answers(images))
        if not parts:
            raise MetricError("There are no pictures to look at.", "Take more samples.")
        seen = Seen(torch.cat([p[0].features for p in parts]), torch.cat([p[0].logits for p in parts]))
        return Looked(seen, {h.name: torch.cat([p[1][h.name] for p in parts]) for h in domain.heads})

    def features(self, which: str) -> tuple[Tensor, Tensor]:
        """Features of both sides, (N, F) and (M, F)."""
        return self.looked(which, "made").seen.features, self.looked(which, "real").seen.features

    def manifold(self, which: str) -> Manifold:
        """Precision and the others in a network's features."""
        if which not in self._manifolds:
            self._manifolds[which] = manifold(
                *self.features(which), progress=self.progress, cancelled=self.cancelled
            )
        return self._manifolds[which]

    @cached_property
    def memory(self) -> Memory:
        """Nearest training pictures in the features of the own network."""
        return memory(*self.features(DOMAIN), progress=self.progress, cancelled=self.cancelled)

    @cached_property
    def readable(self) -> tuple[Head, ...]:
        """The factors that the own network reads well enough; what it cannot read is not measured."""
        pairs = zip(self.domain.heads, self.domain.accuracies, strict=True)
        return tuple(head for head, accuracy in pairs if head.name != LABEL and accuracy >= READABLE)

    @property
    def unreadable(self) -> tuple[str, ...]:
        """The names of the others."""
        return tuple(h.name for h in self.domain.heads if h.name != LABEL and h not in self.readable)

    def factors(self, side: str) -> dict[str, NDArray[np.float64]]:
        """Readable factors of a side's pictures, by name (N,)."""
        answers = self.looked(DOMAIN, side).answers
        return {head.name: answers[head.name].double().numpy() for head in self.readable}

    # ------------------------------------------------------------ pixels

    @cached_property
    def pictures(self) -> Pictures:
        """Some of the generated pictures."""
        return _some(self.made)

    @cached_property
    def real_pictures(self) -> Pictures:
        """Some of the real ones."""
        return _some(self.real)

    def remarks(self) -> list[str]:
        """What has to be said about the pictures themselves."""
        told = [_flatness(self.pictures.images, "generated")]
        if isinstance(self.data, ImageSet):  # what is rendered is never all the same
            told.append(_flatness(self.real_pictures.images, "real"))
        return [remark for remark in told if remark]


def _flatness(pictures: Tensor, kind: str) -> str:
    """What is wrong with pictures (N, C, H, W) that show nothing; empty if they do show something."""
    x = pictures.flatten(1)
    if bool((x == x[:1]).all()):
        return f"All {kind} pictures are the same." if len(x) > 1 else ""
    flat = (x.amin(1) == x.amax(1)).float().mean().item()
    return f"{flat:.0%} of the {kind} pictures are of a single shade." if flat > 0.01 else ""


def _codes(generator: GeneratorSide) -> int:
    latent = generator.generator.config.latent
    return latent.categorical + latent.continuous


def _some(side: Side) -> Pictures:
    """At most :data:`KEPT`: evenly spread over a set, which may be sorted by class; the first of what chance draws."""
    if isinstance(side, SetSide):
        part = torch.arange(count := min(len(side), KEPT)) * len(side) // count
        return Pictures(
            side.data.images[side.index[part]], None if side.labels is None else side.labels[part]
        )
    parts: list[Tensor] = []
    count = 0
    for images in side.batches():
        parts.append(images)
        count += len(images)
        if count >= KEPT:
            break
    images = torch.cat(parts)[:KEPT]
    return Pictures(images, None if side.labels is None else side.labels[: len(images)])
