"""What varies in a rendered picture: each factor with its name and its choices or range, drawn in batches."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor

CATEGORICAL, CONTINUOUS = "categorical", "continuous"
Values = dict[str, Tensor]
"""Factor name -> its value for every sample: int64 (N,) for a choice, float32 (N,) for a number."""


@dataclass(frozen=True)
class Factor:
    """One factor: a choice out of ``choices`` (with ``weights`` that sum to 1), or a number from ``low`` to ``high``.

    Choices come as their index, int64; numbers are uniform, float32. A factor with a single choice, or with
    ``low == high``, does not vary.
    """

    name: str
    kind: str
    choices: tuple[str, ...] = ()
    weights: tuple[float, ...] = ()
    low: float = 0.0
    high: float = 1.0

    def __post_init__(self) -> None:
        if self.kind == CATEGORICAL and (
            not self.choices or len(self.weights) != len(self.choices) or not _is_distribution(self.weights)
        ):
            raise ValueError(
                f"factor {self.name}: every choice needs a weight, and the weights must sum to 1"
            )
        if self.kind == CONTINUOUS and not self.low <= self.high:
            raise ValueError(f"factor {self.name}: {self.low} is not below {self.high}")

    @property
    def varies(self) -> bool:
        """Whether two samples can differ in it."""
        return len(self.choices) > 1 if self.kind == CATEGORICAL else self.low < self.high

    def sample(self, count: int, generator: torch.Generator) -> Tensor:
        """``count`` values on the generator's device, (count,)."""
        device = generator.device
        uniform = torch.rand(count, generator=generator, device=device)
        if self.kind == CONTINUOUS:
            return uniform.mul_(self.high - self.low).add_(self.low).clamp_(self.low, self.high)
        # The last edge is left out, so that rounding in the sum can never lead past the last choice.
        edges = constant(_edges(self.weights), device)
        return torch.bucketize(uniform, edges, right=True)


def categorical(name: str, choices: Sequence[str], weights: Sequence[float] = ()) -> Factor:
    """A choice; equally likely ones without ``weights``."""
    shares = tuple(weights) or (1 / len(choices),) * len(choices)
    return Factor(name, CATEGORICAL, tuple(choices), shares)


def continuous(name: str, low: float, high: float) -> Factor:
    """A number, uniform from ``low`` to ``high``."""
    return Factor(name, CONTINUOUS, low=low, high=high)


def choose(table: tuple[float, ...], index: Tensor) -> Tensor:
    """A number for each sample, float32 (N, 1, 1), from a table over the choices; ``index`` is int64 (N,)."""
    return constant(table, index.device)[index].view(-1, 1, 1)


def over_pixels(value: Tensor) -> Tensor:
    """(N,) as (N, 1, 1), ready to meet planes of pixels."""
    return value.view(-1, 1, 1)


@lru_cache(maxsize=1024)
def constant(values: tuple[float, ...], device: torch.device) -> Tensor:
    """Numbers as float32 on a device, sent there once; not to be written to."""
    return torch.tensor(values, dtype=torch.float32).to(device)


@lru_cache(maxsize=256)
def _edges(weights: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(math.fsum(weights[: i + 1]) for i in range(len(weights) - 1))


def _is_distribution(weights: tuple[float, ...]) -> bool:
    return all(weight > 0 for weight in weights) and math.isclose(math.fsum(weights), 1.0)
