"""Scores of what a change in the latent does to known factors: how much, of which factor, and how much of it alone.

What is read of N pictures is an array (N, K) for each factor: a number (K = 1), or the probabilities of K choices.
Changes are measured in units of the factor's standard deviation over real pictures, so that factors can be compared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Reads = Mapping[str, Numbers]
"""Factor name -> what is read of it in N pictures, (N, K)."""
NOTABLE = 0.5
"""Standard deviations by which two pictures differ in a factor at least where it is asked which one is nearer."""


def units_of(reads: Reads) -> dict[str, float]:
    """The standard deviation of each factor: the root of the summed variances of its columns."""
    return {name: float(np.sqrt(read.var(0).sum()).clip(1e-9)) for name, read in reads.items()}


@dataclass(frozen=True)
class Effect:
    """What a move does. ``amounts``: root mean square change of each factor in its standard deviations.

    ``steady``: for each factor the length of the mean change over the root mean square one, 1 where all pictures
    change alike, near 0 where each changes in its own way.
    """

    amounts: Mapping[str, float]
    steady: Mapping[str, float]

    @property
    def ranked(self) -> list[str]:
        """The factors, the one that changes most first."""
        return sorted(self.amounts, key=lambda name: -self.amounts[name])

    def share(self, name: str) -> float:
        """The factor's part in the sum of squared changes: 1 where it alone changes, 0 where nothing does."""
        total = sum(amount**2 for amount in self.amounts.values())
        return self.amounts[name] ** 2 / total if total else 0.0

    @property
    def common(self) -> Effect:
        """The same of the mean change alone, which all pictures have in common."""
        return Effect({name: self.amounts[name] * self.steady[name] for name in self.amounts}, self.steady)

    @property
    def purity(self) -> float:
        """The share of the factor that changes most: 1 / factors for a change of all alike."""
        return self.share(self.ranked[0])


def effect(before: Reads, after: Reads, units: Mapping[str, float]) -> Effect:
    """The effect of a move from what is read before it and after it, both (N, K) for each factor of ``units``."""
    amounts: dict[str, float] = {}
    steady: dict[str, float] = {}
    for name, unit in units.items():
        step = (after[name] - before[name]) / unit
        amounts[name] = float(np.sqrt((step**2).sum(1).mean()))
        steady[name] = float(np.linalg.norm(step.mean(0))) / max(amounts[name], 1e-12)
    return Effect(amounts, steady)


def transfer(a: Numbers, b: Numbers, mixed: Numbers) -> float:
    """How far mixed pictures are on the way from A to B in a factor (N, K): 0 all as in A, 1 all as in B.

    The t for which a + t (b - a) is nearest to what was read, over all pairs: sum <m - a, b - a> / sum |b - a|^2.
    """
    way = b - a
    return float(((mixed - a) * way).sum() / max(float((way**2).sum()), 1e-12))


def nearer(a: Numbers, b: Numbers, mixed: Numbers, unit: float) -> float:
    """The share of mixed pictures that are nearer to B than to A in a factor (N, K), among the pairs that differ.

    NaN where no pair differs by :data:`NOTABLE` standard deviations.
    """
    to_a, to_b = (np.linalg.norm(mixed - end, axis=1) for end in (a, b))
    differ = np.linalg.norm(b - a, axis=1) >= NOTABLE * unit
    return float((to_b < to_a)[differ].mean()) if differ.any() else float("nan")


def above_chance(score: float, weights: Sequence[float]) -> float:
    """How well a factor is read: R^2 of a number as it is; of a choice the accuracy's way from chance, 0, to 1.

    Chance is to name the choice with the largest of ``weights`` every time.
    """
    if not weights:
        return score
    chance = max(weights)
    return (score - chance) / (1 - chance)


def ends(scores: Numbers, count: int) -> tuple[list[int], list[int]]:
    """The places of the ``count`` highest and of the ``count`` lowest of scores (N,), with no place in both."""
    order = np.argsort(scores, kind="stable")
    count = min(count, len(order) // 2)
    return order[len(order) - count :].tolist(), order[:count].tolist()
