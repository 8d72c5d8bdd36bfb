"""Distances between points and a known distribution of one or two dimensions."""

from __future__ import annotations

import math

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import optimize, special
from torch import Tensor

from ganstudio.core.seeds import derive
from ganstudio.data import GaussianMixture, PointSource
from ganstudio.metrics.figures import (
    Figure,
    MetricError,
    Numbers,
    around,
    bootstrapped,
    checked,
    of_repetitions,
)

CELLS = {1: 200, 2: 64}
"""Cells along each axis of the plotted range, by dimension; one more holds all that lies outside."""
REFERENCE = 1 << 20
"""Real points that stand for a density which has no formula."""
MATCHED, REPEATS, RESAMPLED = 1000, 5, 10
"""Points on each side of an exact matching, how often fresh ones are matched, and how often few ones are resampled."""


# ---------------------------------------------------------------- Jensen-Shannon


def jensen_shannon(first: Numbers, second: Numbers) -> float:
    """KL(p || m)/2 + KL(q || m)/2 with m = (p + q)/2, in nats: 0 for equal shares, ln 2 for disjoint ones."""
    middle = (first + second) / 2
    return float((special.rel_entr(first, middle) + special.rel_entr(second, middle)).sum() / 2)


def cell_shares(source: PointSource) -> Numbers:
    """The probability of each cell, flattened, and last of all that lies outside of the plotted range.

    Exact for mixtures of round Gaussians; for other sources the shares among a million real points.
    """
    if not isinstance(source, GaussianMixture):
        generator = torch.Generator().manual_seed(derive(0, "cells"))
        return cell_counts(source.sample(REFERENCE, generator), source) / REFERENCE
    edges = _edges(source)
    shares = np.zeros((CELLS[source.dimension],) * source.dimension)
    for weight, mean, deviation in zip(source.weights, source.means, source.deviations, strict=True):
        sides = [np.diff(special.ndtr((edges - centre) / deviation)) for centre in mean]
        shares += weight * (sides[0] if len(sides) == 1 else np.multiply.outer(*sides))
    return np.append(shares.ravel(), max(0.0, 1 - shares.sum()))


def cell_counts(points: Tensor, source: PointSource) -> Numbers:
    """How many of the points (N, D) lie in each cell, and last how many outside."""
    return np.bincount(
        _cells(points, source), minlength=CELLS[source.dimension] ** source.dimension + 1
    ).astype(np.float64)


def jensen_shannon_figure(points: Tensor, source: PointSource, seed: int = 0) -> tuple[Figure, float]:
    """The divergence of points (N, D) from the source's density over cells, in nats, and what real points would have.

    Cells make the divergence smaller than that of the densities, few samples make it larger: the second number is
    the mean for as many real points, below which nothing can be told apart.
    """
    cells, wanted = _cells(points, source), cell_shares(source)

    def apart(index: NDArray[np.int64]) -> float:
        return jensen_shannon(np.bincount(cells[index], minlength=len(wanted)) / len(index), wanted)

    draws = np.random.default_rng(seed).multinomial(len(cells), wanted / wanted.sum(), size=20) / len(cells)
    figure = bootstrapped(apart, len(cells), seed, least=0.0, most=math.log(2))
    return figure, float(np.mean([jensen_shannon(d, wanted) for d in draws]))


def _edges(source: PointSource) -> Numbers:
    return np.linspace(*source.view, CELLS[source.dimension] + 1)


def _cells(points: Tensor, source: PointSource) -> NDArray[np.int64]:
    found = checked(points, "points", least=1).double().cpu().numpy()
    if found.shape[1] != source.dimension:
        raise MetricError(f"The points have {found.shape[1]} numbers, the data has {source.dimension}.")
    low, high = source.view
    side = CELLS[source.dimension]
    place = np.floor((found - low) / (high - low) * side)
    outside = ((place < 0) | (place >= side)).any(1)
    index = np.zeros(len(found), dtype=np.int64)
    for axis in place.clip(0, side - 1).astype(np.int64).T:
        index = index * side + axis
    index[outside] = side**source.dimension
    return index


# ---------------------------------------------------------------- Wasserstein


def wasserstein(first: Tensor, second: Tensor) -> float:
    """The exact distance W1 between as many points (N, D) as points (N, D), in their own units.

    The mean length of the best matching (Kantorovich): by sorting on a line, by the Hungarian method otherwise.
    """
    a, b = (checked(x, "points", least=1).double().cpu().numpy() for x in (first, second))
    if a.shape != b.shape:
        raise MetricError(f"A matching needs sets of the same size, not {a.shape} and {b.shape}.")
    if a.shape[1] == 1:
        return float(np.abs(np.sort(a, axis=0) - np.sort(b, axis=0)).mean())
    costs = np.sqrt(np.square(a[:, None] - b[None]).sum(-1))
    rows, columns = optimize.linear_sum_assignment(costs)
    return float(costs[rows, columns].mean())


def wasserstein_figure(points: Tensor, source: PointSource, seed: int = 0) -> tuple[Figure, float]:
    """W1 between points (N, D) and fresh real ones, over repeated matchings, and that of real ones with real ones.

    Each repetition takes other points of the N, a thousand where there are enough; fewer than two thousand are matched
    once and resampled for the spread. The second number is what the
    finite number of points costs: a perfect generator has about it.
    """
    found = checked(points, "points", least=2)
    size = min(MATCHED, len(found))
    repeats = max(1, min(REPEATS, len(found) // size))
    real = torch.Generator().manual_seed(derive(seed, "matching"))
    order = torch.randperm(len(found), generator=torch.Generator().manual_seed(derive(seed, "matched")))
    values = [
        wasserstein(found[order[k * size : (k + 1) * size]].cpu(), source.sample(size, real))
        for k in range(repeats)
    ]
    floor = wasserstein(source.sample(size, real), source.sample(size, real))
    floor = wasserstein(source.sample(size, real), source.sample(size, real))
    if repeats == 1:
        return _resampled(found.cpu(), values[0], source, size, real), floor
    return of_repetitions(values, f"deviation over {repeats} matchings of {size:,} points"), floor


def _resampled(found: Tensor, value: float, source: PointSource, size: int, real: torch.Generator) -> Figure:
    """The spread where points are too few for several matchings: of them resampled, each time with fresh real ones."""
    repeated = [
        wasserstein(found[torch.randint(len(found), (size,), generator=real)], source.sample(size, real))
        for _ in range(RESAMPLED)
    ]
    how = f"bootstrap over {len(found):,} points, {RESAMPLED} matchings of {size:,}"
    return around(value, float(np.std(repeated, ddof=1)), how, least=0.0)
