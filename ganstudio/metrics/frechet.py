"""The Frechet distance between two sets of features, each seen as a Gaussian (Heusel et al. 2017, arXiv:1706.08500).

In the features of the TF Inception it is the FID; in any other it is another number and has another name.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from scipy.linalg import lapack
from torch import Tensor

from ganstudio.metrics.figures import Features, Figure, MetricError, around, checked, checked_pair

CHUNK = 4096
"""Rows that are turned into float64 at once."""
SHARP = 512
"""Up to so many features singular values are worked out themselves."""
GROUPS = 10
"""Groups of samples that are left out in turn for the standard error."""


@dataclass(frozen=True, eq=False)
class Moments:
    """Count, mean (F,) and sum of squared deviations (F, F) of features, float64.

    Parts merge by the pairwise update of Chan, Golub and LeVeque (1979, STAN-CS-79-773), which does not lose digits
    where the mean is far from zero.
    """

    count: int
    mean: Tensor
    scatter: Tensor

    @property
    def covariance(self) -> Tensor:
        """The unbiased covariance (F, F), as ``numpy.cov(rowvar=False)``."""
        return self.scatter / (self.count - 1)

    def __add__(self, other: Moments) -> Moments:
        """The moments of both sets together."""
        count = self.count + other.count
        step = other.mean - self.mean
        scatter = self.scatter + other.scatter
        scatter = torch.addr(scatter, step, step, alpha=self.count * other.count / count)
        return Moments(count, self.mean + step * (other.count / count), scatter)

    def __sub__(self, part: Moments) -> Moments:
        """The moments without those of a part of the set."""
        count = self.count - part.count
        mean = self.mean + (self.mean - part.mean) * (part.count / count)
        step = part.mean - mean
        scatter = self.scatter - part.scatter
        return Moments(count, mean, torch.addr(scatter, step, step, alpha=-part.count * count / self.count))


def moments(features: Features) -> Moments:
    """The moments of features (N, F), in chunks; N is at least 1."""
    found = checked(features, least=1)
    total: Moments | None = None
    for rows in found.split(CHUNK):
        chunk = rows.double()
        mean = chunk.mean(0)
        centred = chunk - mean
        part = Moments(len(chunk), mean, centred.T @ centred)
        total = part if total is None else total + part
    assert total is not None
    return total


def frechet_distance(first: Moments, second: Moments) -> float:
    """|mu1 - mu2|^2 + tr S1 + tr S2 - 2 tr (S1 S2)^(1/2) (Heusel 2017, equation 6; Dowson and Landau 1982).

    With S = A A', tr (S1 S2)^(1/2) is the sum of the singular values of M = A1' A2, which are the roots of the
    eigenvalues of the symmetric M M'. Nothing complex can come out, and directions without variance drop out instead
    of adding the root of their rounding.
    """
    if min(first.count, second.count) < 2:
        raise MetricError("A covariance needs at least 2 samples in each set.", "Take more samples.")
    overlap = _nuclear(_factor(first).T @ _factor(second))
    return max(0.0, (_apart(first, second) - 2 * overlap).item())


def _nuclear(matrix: Tensor) -> Tensor:
    """The sum of the singular values. Of large matrices by the eigenvalues of the smaller square: twice as fast, and
    what that costs (singular values of less than 1e-8 of the largest) is far behind the digits that count."""
    if min(matrix.shape) <= SHARP:
        return torch.linalg.svdvals(matrix).sum()
    square = matrix @ matrix.T if matrix.shape[0] <= matrix.shape[1] else matrix.T @ matrix
    return torch.linalg.eigvalsh(square).clamp_min(0).sqrt().sum()


def frechet(first: Features, second: Features) -> float:
    """The distance of two sets of features (N, F) and (M, F), at least 2 each."""
    a, b = checked_pair(first, second)
    return frechet_distance(moments(a), moments(b))


def _apart(first: Moments, second: Moments) -> Tensor:
    difference = (first.mean - second.mean).square().sum()
    return difference + first.covariance.trace() + second.covariance.trace()


def _factor(found: Moments) -> Tensor:
    """A (F, rank) with A A' = S, without the directions in which there is nothing but rounding.

    Cholesky's method with pivoting (Higham 2002, section 10.3), which ends where no variance is left.
    """
    packed, order, rank, _ = lapack.dpstrf(found.covariance.cpu().numpy(), lower=1)  # pyright: ignore
    factor = np.empty((len(packed), rank))
    factor[order - 1] = np.tril(packed)[:, :rank]
    return torch.from_numpy(factor).to(found.mean.device)


def measured_frechet(made: Sequence[Moments], real: Moments) -> Figure:
    """The distance of all parts of ``made`` together, with a standard error by leaving out each part in turn.

    The delete-a-group jackknife (Shao and Tu 1995, section 2.3): SE^2 = (G - 1)/G sum (d_g - mean d)^2. It tells
    the chance in the generated samples; the reference is taken as it is, and so is the bias of a finite number of
    samples, which makes the distance larger.
    """
    whole = made[0]
    for part in made[1:]:
        whole = whole + part
    value = frechet_distance(whole, real)
    if len(made) < 2:
        return around(value, math.nan, "no spread: too few samples")
    factor = _factor(real)
    left = torch.tensor([_quick(whole - part, real, factor) for part in made])
    groups = len(made)
    error = math.sqrt((groups - 1) / groups * (left - left.mean()).square().sum().item())
    return around(
        value, error, f"standard error by leaving out each of {groups} groups of samples", least=0.0
    )


def _quick(made: Moments, real: Moments, factor: Tensor) -> float:
    """The distance from eigenvalues of A' S A: fast, and sharp enough for a standard error."""
    inner = torch.linalg.eigvalsh(factor.T @ made.covariance @ factor).clamp_min(0).sqrt().sum()
    return (_apart(made, real) - 2 * inner).item()


def in_groups(features: Features, groups: int = GROUPS) -> list[Moments]:
    """The moments of ``groups`` parts of the features, as even as can be; fewer where samples are few."""
    found = checked(features)
    number = min(groups, len(found) // 2) if len(found) >= 20 else 1
    return [moments(part) for part in found.tensor_split(number)]


def frechet_figure(made: Features, real: Features) -> Figure:
    """The distance between generated (N, F) and real (M, F) features with its standard error."""
    a, b = checked_pair(made, real)
    return measured_frechet(in_groups(a), moments(b))
