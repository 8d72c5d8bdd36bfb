"""Toy distributions of two dimensions that are not Gaussian mixtures: curves and a board."""

from __future__ import annotations

import math
from abc import abstractmethod
from dataclasses import dataclass

import torch
from torch import Tensor

from ganstudio.data.points import PointSource


def _uniform(count: int, generator: torch.Generator) -> Tensor:
    return torch.rand(count, generator=generator, device=generator.device)


@dataclass(frozen=True)
class Curve(PointSource):
    """Points on a thin curve, each moved by a normal step of deviation ``noise``."""

    noise: float

    def sample(self, count: int, generator: torch.Generator) -> Tensor:
        """``count`` points on the curve, with noise."""
        points = self.trace(_uniform(count, generator), generator)
        return points + self.noise * torch.randn(count, 2, generator=generator, device=generator.device)

    @abstractmethod
    def trace(self, u: Tensor, generator: torch.Generator) -> Tensor:
        """Points (N, 2) on the curve for places ``u`` (N,) in [0, 1)."""


class SpiralCurve(Curve):
    """Angle t = 3 pi sqrt(u), radius t / 3: about evenly spread along the arm."""

    def trace(self, u: Tensor, generator: torch.Generator) -> Tensor:
        """Points on the arm, from the middle out to radius pi."""
        angle = 3 * math.pi * u.sqrt()
        return (angle / 3).unsqueeze(-1) * torch.stack([-angle.cos(), angle.sin()], dim=-1)


class MoonsCurve(Curve):
    """An upper half circle around (0, 0) and a lower one around (1, 1/2), radius 1, equally likely."""

    def trace(self, u: Tensor, generator: torch.Generator) -> Tensor:
        """Points on one of the two half circles."""
        lower = _uniform(len(u), generator) < 0.5
        x, y = (math.pi * u).cos(), (math.pi * u).sin()
        return torch.stack([torch.where(lower, 1 - x, x), torch.where(lower, 0.5 - y, y)], dim=-1)


class SwissRollCurve(Curve):
    """Angle and radius t, uniform on 1.5 pi to 4.5 pi."""

    def trace(self, u: Tensor, generator: torch.Generator) -> Tensor:
        """Points on the roll seen from the side."""
        angle = 1.5 * math.pi * (1 + 2 * u)
        return angle.unsqueeze(-1) * torch.stack([angle.cos(), angle.sin()], dim=-1)


class Board(PointSource):
    """Uniform on the eight fields of a 4 x 4 board on [-4, 4]^2 whose column and row have the same parity."""

    def sample(self, count: int, generator: torch.Generator) -> Tensor:
        """``count`` points on the board's black fields."""
        device = generator.device
        column = torch.randint(4, (count,), generator=generator, device=device)
        half = torch.randint(2, (count,), generator=generator, device=device)
        field = torch.stack([column, 2 * half + column % 2], dim=-1)
        inside = torch.rand(count, 2, generator=generator, device=device)
        return 2 * (field + inside) - 4

    def log_density(self, x: Tensor) -> Tensor:
        """log(1/32) on black fields (each 2 x 2), minus infinity elsewhere."""
        field = ((x + 4) / 2).floor()
        black = (field.sum(-1).remainder(2) == 0) & ((field >= 0) & (field <= 3)).all(-1)
        level = torch.full_like(x[..., 0], -math.log(32.0))
        return level.masked_fill(~black, -math.inf)


def spiral() -> SpiralCurve:
    """One arm of the two spirals of FFJORD (Grathwohl et al. 2019, arXiv:1810.01367), noise .1."""
    return SpiralCurve("spiral", 2, 1.6, (-4.0, 4.0), 0.1)


def moons() -> MoonsCurve:
    """Two half circles as scikit-learn's ``make_moons``, at random angles instead of even ones, noise .05."""
    return MoonsCurve("moons", 2, 1.0, (-2.0, 3.0), 0.05)


def checkerboard() -> Board:
    """The board of FFJORD (Grathwohl et al. 2019, arXiv:1810.01367)."""
    return Board("checkerboard", 2, 2.31, (-5.0, 5.0))


def swiss_roll() -> SwissRollCurve:
    """x and z of scikit-learn's ``make_swiss_roll``, noise .25, divided by 7.5 as in WGAN-GP (arXiv:1704.00028)."""
    return SwissRollCurve("swiss-roll", 2, 7.5, (-16.0, 16.0), 0.25)
