"""Whether generated samples show all classes as often as the data, and the classes they were asked for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from ganstudio.metrics.figures import Figure, MetricError, bootstrapped, share

Counts = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Balance:
    """How classes are shared out: ``shares`` (C,) of the samples, ``wanted`` (C,) of the data.

    ``distance`` is their total variation, half the sum of |share - wanted|: 0 for the data's own balance, near 1
    where the samples show what the data hardly has. Its expectation for as many real samples is not quite 0 but
    ``floor``.
    """

    shares: NDArray[np.float64]
    wanted: NDArray[np.float64]
    distance: Figure
    floor: float


def balance(classes: Tensor, wanted: NDArray[np.float64], seed: int = 0) -> Balance:
    """The balance of recognised ``classes`` (N,) in 0 to C - 1 beside the data's shares (C,)."""
    found = _whole(classes, len(wanted))
    shares = np.bincount(found, minlength=len(wanted)) / len(found)
    goal = np.asarray(wanted, dtype=np.float64) / np.sum(wanted)

    def distance(index: Counts) -> float:
        return _variation(np.bincount(found[index], minlength=len(goal)) / len(index), goal)

    draws = np.random.default_rng(seed).multinomial(len(found), goal, size=200) / len(found)
    floor = float(np.mean([_variation(draw, goal) for draw in draws]))
    return Balance(shares, goal, bootstrapped(distance, len(found), seed, least=0.0, most=1.0), floor)


def accuracy(classes: Tensor, asked: Tensor, count: int) -> tuple[Figure, NDArray[np.float64]]:
    """The share of samples recognised as the class that was ``asked`` for (N,), in all and for each class (C,).

    A class that nobody asked for has no share (NaN).
    """
    found, wanted = _whole(classes, count), _whole(asked, count)
    right = found == wanted
    each = np.array([right[wanted == k].mean() if (wanted == k).any() else np.nan for k in range(count)])
    return share(right), each


def _variation(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    return float(np.abs(first - second).sum() / 2)


def _whole(classes: Tensor, count: int) -> Counts:
    found = classes.cpu().numpy().astype(np.int64)
    if found.size == 0:
        raise MetricError("There are no samples to recognise.", "Take more samples.")
    if found.min() < 0 or found.max() >= count:
        raise MetricError(f"A class is outside 0 to {count - 1}.")
    return found
