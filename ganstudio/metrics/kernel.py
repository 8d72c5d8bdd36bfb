"""The kernel distance between two sets of features (Binkowski et al. 2018, arXiv:1801.01401): KID in the Inception."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ganstudio.metrics.distances import blocks
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
Drawn = Sequence[tuple[Indices, Indices]]
BLOCK = 1024
"""Samples of a block of kernel values; 8 MB."""


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
    drawn = list(subsets(len(a), len(b), size, count, seed))
    whole = len(a) * len(a) / 2 + len(b) * len(b) / 2 + len(a) * len(b)
    if whole < count * 3 * size * size:
        found = _from_all_pairs(a.double(), b.double(), drawn, progress, cancelled)
    else:
        found = _one_by_one(a, b, drawn, progress, cancelled)
    return of_repetitions(found, f"deviation over {count} subsets of {size:,}")


def _one_by_one(
    a: Tensor, b: Tensor, drawn: Drawn, progress: Progress | None, cancelled: CancelCheck | None
) -> list[float]:
    found: list[float] = []
    for number, (left, right) in enumerate(drawn):
        tick(progress, cancelled, "Comparing subsets", number / len(drawn))
        found.append(mmd2(a[torch.from_numpy(left)].double(), b[torch.from_numpy(right)].double()).item())
    return found


def _from_all_pairs(
    a: Tensor, b: Tensor, drawn: Drawn, progress: Progress | None, cancelled: CancelCheck | None
) -> list[float]:
    """The same numbers from every kernel value once: cheaper where subsets overlap a lot, that is, for few samples.

    With s = 1 for the samples of a subset, the sum over its pairs is s' K s; all subsets go through in one product.
    """
    one, other = _flags(len(a), [left for left, _ in drawn]), _flags(len(b), [right for _, right in drawn])
    m = len(drawn[0][0])
    total = torch.zeros(len(drawn), dtype=torch.float64)
    for part, flags, done in ((a, one, 0.0), (b, other, 0.3)):
        tick(progress, cancelled, "Comparing subsets", done)
        own = _kernel(part.square().sum(1), part.shape[1]) @ flags
        total += (_sums(part, part, flags, flags, cancelled) - own) / (m * (m - 1))
    tick(progress, cancelled, "Comparing subsets", 0.6)
    return (total - 2 * _sums(a, b, one, other, cancelled) / (m * m)).tolist()


def _flags(count: int, drawn: Sequence[Indices]) -> Tensor:
    """1 where a sample (rows) is in a subset (columns)."""
    flags = torch.zeros(count, len(drawn), dtype=torch.float64)
    for column, index in enumerate(drawn):
        flags[torch.from_numpy(index), column] = 1
    return flags


def _sums(a: Tensor, b: Tensor, one: Tensor, other: Tensor, cancelled: CancelCheck | None) -> Tensor:
    """s' K t of each subset (count,), block by block; of a set with itself, blocks below the diagonal count twice."""
    total = torch.zeros(one.shape[1], dtype=torch.float64)
    for rows in blocks(len(a), BLOCK):
        tick(None, cancelled, "", 0.0)
        for columns in blocks(len(b), BLOCK):
            if a is b and columns.start < rows.start:
                continue
            values = _kernel(a[rows] @ b[columns].T, a.shape[1])
            weight = 2 if a is b and columns.start > rows.start else 1
            total += weight * ((values @ other[columns]) * one[rows]).sum(0)
    return total
