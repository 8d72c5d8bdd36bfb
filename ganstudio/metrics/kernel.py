"""The kernel distance between two sets of features (Binkowski et al. 2018, arXiv:1801.01401): KID in the Inception."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ganstudio.metrics.figures import (
    CancelCheck,
    Features,
    Figure,
    MetricError,
    Progress,
    checked_pair,
    of_repetitions,
)
from ganstudio.metrics.ticks import tick

SUBSETS, SUBSET_SIZE = 100, 1000
DEGREE, COEFFICIENT = 3, 1.0
SEED = 2020
Indices = NDArray[np.int64]


def mmd2(first: Tensor, second: Tensor) -> Tensor:
    """The unbiased estimate of the squared maximum mean discrepancy of (m, F) and (n, F) with k = (x'y/F + 1)^3.

    sum_(i != j) k(x_i, x_j) / (m (m - 1)) + the same for y - 2 mean k(x_i, y_j) (Gretton 2012, equation 3). It is
    about 0, and below 0 half the time, where the distributions are the same.
    """
    within = sum(_within(part) for part in (first, second))
    return within - 2 * _kernel(first @ second.T, first.shape[1]).mean(dtype=torch.float64)


def _within(part: Tensor) -> Tensor:
    m, width = part.shape
    diagonal = _kernel(part.square().sum(1), width).sum(dtype=torch.float64)
    return (_kernel(part @ part.T, width).sum(dtype=torch.float64) - diagonal) / (m * (m - 1))


def _kernel(products: Tensor, width: int) -> Tensor:
    base = products.mul_(1 / width).add_(COEFFICIENT)
    return base.square().mul_(base)


def subsets(first: int, second: int, size: int, count: int, seed: int) -> Iterator[tuple[Indices, Indices]]:
    """Pairs of index sets without repetition, in the very order in which torch-fidelity draws them from a seed."""
    generator = np.random.RandomState(seed)
    for _ in range(count):
        yield generator.choice(first, size, replace=False), generator.choice(second, size, replace=False)


def kernel_figure(
    made: Features,
    real: Features,
    *,
    count: int = SUBSETS,
    size: int = SUBSET_SIZE,
    seed: int = SEED,
    progress: Progress | None = None,
    cancelled: CancelCheck | None = None,
) -> Figure:
    """The mean of :func:`mmd2` over ``count`` random subsets of ``size`` and its deviation over them, in float64.

    Raises :class:`MetricError` where a set has fewer samples than a subset, or ``Cancelled``.
    """
    a, b = checked_pair(made, real)
    if size < 2 or size > min(len(a), len(b)):
        raise MetricError(
            f"Subsets of {size:,} cannot be drawn from {len(a):,} and {len(b):,} samples.",
            "Take more samples.",
        )
    a, b = a.double(), b.double()
    found: list[float] = []
    for number, (left, right) in enumerate(subsets(len(a), len(b), size, count, seed)):
        tick(progress, cancelled, "Comparing subsets", number / count)
        found.append(mmd2(a[torch.from_numpy(left)], b[torch.from_numpy(right)]).item())
    return of_repetitions(found, f"deviation over {count} subsets of {size:,}")
