"""Sources of pictures whose every factor is known: drawn from a counted generator, rendered on its device."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from ganstudio.core.shapes import DataShape
from ganstudio.data.rendered.factors import Factor, Values

PLANE_ON_CPU = 1 << 16
"""Pixels of one plane painted at once: 256 KB stay in a core's cache."""
PLANE_ON_DEVICE = 1 << 24


@dataclass(frozen=True)
class RenderedSource(ABC):
    """Endless pictures of ``channels x resolution x resolution``, each made from a value for every factor."""

    name: str
    resolution: int
    channels: int

    @property
    @abstractmethod
    def factors(self) -> tuple[Factor, ...]:
        """All that varies, in the order in which it is drawn."""

    @property
    @abstractmethod
    def class_names(self) -> tuple[str, ...]:
        """What the labels stand for."""

    @abstractmethod
    def paint(self, values: Values) -> Tensor:
        """The pictures, float32 (N, C, H, W) in 0 to 1, in one go."""

    @abstractmethod
    def labels(self, values: Values) -> Tensor:
        """The class of each sample, int64 (N,), derived from its factors."""

    @abstractmethod
    def captions(self, values: Values) -> list[str]:
        """A plain sentence about each sample, derived from its factors."""

    def draw(self, count: int, generator: torch.Generator) -> Values:
        """A value of every factor for ``count`` samples, on the generator's device, by the generator alone."""
        return {factor.name: factor.sample(count, generator) for factor in self.factors}

    @torch.no_grad()
    def render(self, values: Values) -> Tensor:
        """The pictures, float32 (N, C, H, W) in [-1, 1], on the values' device."""
        first = values[self.factors[0].name]
        plane = PLANE_ON_CPU if first.device.type == "cpu" else PLANE_ON_DEVICE
        at_once = max(1, plane // self.resolution**2)
        parts = [self.paint(part) for part in split(values, at_once)]
        pictures = parts[0] if len(parts) == 1 else torch.cat(parts)
        return pictures.mul_(2).sub_(1).clamp_(-1, 1)

    @property
    def shape(self) -> DataShape:
        """The shape of one picture, with the number of classes."""
        return DataShape("image", self.channels, self.resolution, self.resolution, len(self.class_names))

    @property
    def summary(self) -> str:
        """In words, for the status line and the report."""
        varying = sum(factor.varies for factor in self.factors)
        return f"endless rendered images, {self.shape.describe()}, {varying} known factors"

    def factor(self, name: str) -> Factor:
        """The factor of this name; raises ``KeyError`` where there is none."""
        return {factor.name: factor for factor in self.factors}[name]

    def words(self, name: str, values: Values) -> list[str]:
        """The choice of each sample, as its word."""
        choices = self.factor(name).choices
        return [choices[index] for index in values[name].tolist()]


def split(values: Values, at_once: int) -> list[Values]:
    """The samples in parts of ``at_once`` at most; no samples are one empty part."""
    parts = {name: value.split(at_once) for name, value in values.items()}
    count = len(next(iter(parts.values())))
    return [{name: pieces[k] for name, pieces in parts.items()} for k in range(count)]


def article(phrase: str) -> str:
    """A phrase with its "a" or "an"."""
    return f"{'an' if phrase[:1].lower() in 'aeiou' else 'a'} {phrase}"


def join(parts: Sequence[str]) -> str:
    """A list in words: "a, b and c"."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
