"""What comes out of a metric: a number, how sure it is, and how that was found out. What goes in, checked."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

Progress = Callable[[str, float], None]
"""Called with what is being done and how far it is: 0 to 1, negative where that is unknown."""
CancelCheck = Callable[[], bool]
"""Says whether the person has asked to stop."""
Features = Tensor | NDArray[Any]
Numbers = NDArray[np.float64]

LIKELY = 0.95
"""Share of repetitions that an interval holds."""
NORMAL = 1.959963984540054
"""The same share in standard deviations of a normal distribution."""
RESAMPLES = 200
AT_ONCE = 4096
"""Samples that are looked through at once."""


class MetricError(ValueError):
    """Something that cannot be measured: what is wrong and what to do about it, one sentence each."""

    def __init__(self, problem: str, remedy: str = "") -> None:
        self.problem, self.remedy = problem, remedy
        super().__init__(" ".join(part for part in (problem, remedy) if part))


@dataclass(frozen=True)
class Figure:
    """A measured ``value`` with its ``spread`` and an interval from ``low`` to ``high``.

    ``how`` says what spread and interval are: a standard error by resampling, or the deviation over repetitions that
    the literature prints behind its "±".
    """

    value: float
    spread: float
    low: float
    high: float
    how: str


def around(value: float, spread: float, how: str, least: float = -math.inf, most: float = math.inf) -> Figure:
    """A figure with a normal interval of 95 % around it, cut at what the metric can be."""
    return Figure(value, spread, max(least, value - NORMAL * spread), min(most, value + NORMAL * spread), how)


def of_repetitions(values: Sequence[float] | Numbers, how: str, value: float | None = None) -> Figure:
    """The mean of repetitions (or ``value``), their deviation, and what the middle 95 % of them span."""
    found = np.asarray(values, dtype=np.float64)
    low, high = np.quantile(found, [(1 - LIKELY) / 2, (1 + LIKELY) / 2])
    middle = float(found.mean()) if value is None else value
    return Figure(middle, float(found.std()), float(low), float(high), how)


def bootstrapped_mean(values: Tensor | Numbers, seed: int = 0, resamples: int = 1000) -> Figure:
    """The mean of one number for each sample, with its bootstrap over samples (Efron 1979)."""
    found = np.asarray(values, dtype=np.float64)
    generator = np.random.default_rng(seed)
    means: list[float] = []
    for _ in range(min(resamples, max(RESAMPLES, 20_000_000 // max(1, len(found))))):
        means.append(float(found[generator.integers(0, len(found), len(found))].mean()))
    return of_repetitions(means, f"bootstrap over {len(found):,} samples", float(found.mean()))


def share(yes: Tensor | NDArray[np.bool_], seed: int = 0) -> Figure:
    """The share of samples (N,) of which something is true, with its bootstrap.

    Where it is true of all or of none, resampling would find no doubt at all: see :func:`unanimous`.
    """
    found = np.asarray(yes, dtype=np.float64)
    if len(found) and bool((found == found[0]).all()):
        return unanimous(len(found), bool(found[0]))
    return bootstrapped_mean(found, seed)


def unanimous(count: int, yes: bool) -> Figure:
    """A share of 0 or 1 among ``count`` samples, with its exact binomial interval (Clopper and Pearson 1934).

    The interval reaches to where so uniform an answer still has a chance of 2.5 %.
    """
    width = 1 - ((1 - LIKELY) / 2) ** (1 / count)
    low, high = (1 - width, 1.0) if yes else (0.0, width)
    how = f"exact binomial interval: {'all' if yes else 'none'} of {count:,} samples"
    return Figure(float(yes), width / (2 * NORMAL), low, high, how)


def bootstrapped(
    statistic: Callable[[NDArray[np.int64]], float],
    count: int,
    seed: int = 0,
    resamples: int = RESAMPLES,
    least: float = -math.inf,
    most: float = math.inf,
) -> Figure:
    """``statistic`` of all ``count`` samples, given as their indices, with its bootstrap over samples.

    Resampling repeats some samples and leaves others out, which moves a statistic that counts what is there or
    compares shares: the interval is moved back by what the median of the repetitions is off (Efron and Tibshirani
    1993, chapter 10), and cut at what the statistic can be.
    """
    generator = np.random.default_rng(seed)
    repeated = [statistic(generator.integers(0, count, count)) for _ in range(resamples)]
    value = statistic(np.arange(count))
    found = of_repetitions(repeated, f"bootstrap over {count:,} samples", value)
    back = value - float(np.median(repeated))
    if not math.isfinite(back):
        return found
    low, high = (min(max(end + back, least), most) for end in (found.low, found.high))
    return replace(found, low=low, high=high)


def checked(features: Features, name: str = "features", least: int = 2) -> Tensor:
    """Features (N, F) as a tensor of their own float type; raises :class:`MetricError` where they will not do."""
    found = features if isinstance(features, Tensor) else torch.from_numpy(np.asarray(features))
    if found.ndim != 2 or found.shape[1] == 0:
        raise MetricError(f"The {name} have the shape {tuple(found.shape)}, not (samples, features).")
    if len(found) < least:
        raise MetricError(
            f"There {_are(len(found))} for {name}; at least {least} are needed.", "Take more samples."
        )
    found = found.detach() if found.is_floating_point() else found.detach().double()
    if not all(_finite(part) for part in found.split(AT_ONCE)):
        raise MetricError(
            f"Some {name} are not finite numbers (NaN or infinite).",
            "The generator may have diverged: measure an earlier checkpoint.",
        )
    return found


def _finite(part: Tensor) -> bool:
    """A sum is finite only if all its terms are: that is quick. One that is not may have grown too large."""
    return bool(torch.isfinite(part.sum())) or bool(torch.isfinite(part).all())


def checked_pair(first: Features, second: Features, least: int = 2) -> tuple[Tensor, Tensor]:
    """Two sets of features that have the same width."""
    a, b = (
        checked(first, "features of the first set", least),
        checked(second, "features of the second set", least),
    )
    if a.shape[1] != b.shape[1]:
        raise MetricError(
            f"The sets have {a.shape[1]} and {b.shape[1]} features a sample: they cannot be compared."
        )
    return a, b


def _are(count: int) -> str:
    return "is only 1 sample" if count == 1 else f"are only {count} samples"
