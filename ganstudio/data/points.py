"""Toy distributions of one and two dimensions, drawn anew for every batch.

``sample`` and ``log_density`` speak the data's own units; networks see ``x / scale``, which has about unit
size. Everything random comes from the generator that is handed in, on that generator's device.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor

from ganstudio.core.shapes import DataShape


@dataclass(frozen=True)
class PointSource(ABC):
    """A distribution of points in ``dimension`` numbers. ``view`` is the range to plot, for every axis."""

    name: str
    dimension: int
    scale: float
    view: tuple[float, float]

    @abstractmethod
    def sample(self, count: int, generator: torch.Generator) -> Tensor:
        """``count`` points, float32, (count, dimension), in raw units, on the generator's device."""

    def sample_labelled(self, count: int, generator: torch.Generator) -> tuple[Tensor, Tensor | None]:
        """Points and the modes they come from, int64 (count,); ``None`` where the data has no modes."""
        return self.sample(count, generator), None

    def log_density(self, x: Tensor) -> Tensor | None:
        """Natural logarithm of the exact density at ``x`` (..., dimension) -> (...); ``None`` where unknown."""
        return None

    @property
    def centres(self) -> Tensor | None:
        """The modes, float32, (modes, dimension), in raw units; ``None`` where the data has no modes."""
        return None

    @property
    def deviation(self) -> Tensor | None:
        """The standard deviation of each mode, float32, (modes,), in raw units; ``None`` without modes."""
        return None

    @property
    def shape(self) -> DataShape:
        """The shape of one point; a mixture's modes are its classes."""
        centres = self.centres
        return DataShape("points", self.dimension, classes=0 if centres is None else len(centres))

    @property
    def summary(self) -> str:
        """In words, for the status line and the report."""
        return f"endless {self.shape.describe()}"


@dataclass(frozen=True)
class GaussianMixture(PointSource):
    """Round Gaussians at ``means`` (modes x dimension) with ``weights`` that sum to 1."""

    weights: tuple[float, ...]
    means: tuple[tuple[float, ...], ...]
    deviations: tuple[float, ...]

    def sample(self, count: int, generator: torch.Generator) -> Tensor:
        """``count`` points: a mode by weight, then a normal step from its centre."""
        return self.sample_labelled(count, generator)[0]

    def sample_labelled(self, count: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """The points and their modes."""
        device = generator.device
        means, deviations, edges, _ = _constants(self, device)
        # The last edge is left out, so that rounding in the sum can never lead past the last mode.
        mode = torch.bucketize(torch.rand(count, generator=generator, device=device), edges, right=True)
        noise = torch.randn(count, self.dimension, generator=generator, device=device)
        return means[mode] + deviations[mode].unsqueeze(-1) * noise, mode

    def log_density(self, x: Tensor) -> Tensor:
        """log sum_k w_k N(x; mean_k, deviation_k**2 I)."""
        means, deviations, _, log_weights = (c.to(x.dtype) for c in _constants(self, x.device))
        distance = (x.unsqueeze(-2) - means).square().sum(-1)
        log_normal = -0.5 * distance / deviations.square()
        log_normal = log_normal - self.dimension * (deviations.log() + 0.5 * math.log(2 * math.pi))
        return torch.logsumexp(log_weights + log_normal, dim=-1)

    @property
    def centres(self) -> Tensor:
        """The means, float32, (modes, dimension)."""
        return torch.tensor(self.means)

    @property
    def deviation(self) -> Tensor:
        """The deviations, float32, (modes,)."""
        return torch.tensor(self.deviations)


@lru_cache(maxsize=64)
def _constants(mixture: GaussianMixture, device: torch.device) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Means, deviations, inner edges of the cumulated weights, log weights: sent to a device once."""
    weights = torch.tensor(mixture.weights, dtype=torch.float64)
    edges = weights.cumsum(0)[:-1].float()
    log_weights = weights.log().float()
    means, deviations = torch.tensor(mixture.means), torch.tensor(mixture.deviations)
    return means.to(device), deviations.to(device), edges.to(device), log_weights.to(device)


def mixture_3() -> GaussianMixture:
    """Three unequal hills on a line: weights .3/.5/.2, means -2/0/3, deviations .5/.8/.3."""
    means = ((-2.0,), (0.0,), (3.0,))
    return GaussianMixture("mixture-3", 1, 1.85, (-5.0, 5.0), (0.3, 0.5, 0.2), means, (0.5, 0.8, 0.3))


def mixture_5() -> GaussianMixture:
    """Five equal hills at -4, -2, 0, 2, 4, deviation .2."""
    means = tuple((float(m),) for m in (-4, -2, 0, 2, 4))
    return GaussianMixture("mixture-5", 1, 2.83, (-6.0, 6.0), (0.2,) * 5, means, (0.2,) * 5)


def ring() -> GaussianMixture:
    """Eight Gaussians on a circle of radius 2, deviation .02, at angles 2 pi k / 8.

    After Metz et al. 2016 (arXiv:1611.02163) with the sizes and the divisor of WGAN-GP (arXiv:1704.00028). The
    much copied ``linspace(0, 2 pi, 8)`` doubles the first mode; this one has eight.
    """
    angles = [2 * math.pi * k / 8 for k in range(8)]
    means = tuple((2 * math.cos(a), 2 * math.sin(a)) for a in angles)
    return GaussianMixture("ring", 2, 1.414, (-3.0, 3.0), (1 / 8,) * 8, means, (0.02,) * 8)


def grid() -> GaussianMixture:
    """Twenty-five Gaussians at -4, -2, 0, 2, 4 in both directions, deviation .05.

    After Srivastava et al. 2017 (VEEGAN, arXiv:1705.07761); divisor of WGAN-GP (arXiv:1704.00028).
    """
    places = (-4.0, -2.0, 0.0, 2.0, 4.0)
    means = tuple((x, y) for x in places for y in places)
    return GaussianMixture("grid", 2, 2.828, (-5.5, 5.5), (1 / 25,) * 25, means, (0.05,) * 25)
