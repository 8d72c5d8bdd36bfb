"""The Frechet distance between two sets of features, each seen as a Gaussian (Heusel et al. 2017, arXiv:1706.08500).

In the features of the TF Inception it is the FID; in any other it is another number and has another name.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from scipy.linalg import lapack
from torch import Tensor

from ganstudio.metrics.distances import product
from ganstudio.metrics.figures import Features, Figure, MetricError, around, checked, checked_pair

CHUNK = 4096
"""Rows that are turned into float64 at once."""
SHARP = 512
"""Up to so many features singular values are worked out themselves."""
FEW = 20
"""Of fewer samples no standard error is told."""
NOTHING = 1e-13
"""Directions whose shared variance is this part of the largest are rounding."""


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
    return _distance(first, second, overlap)


def _distance(first: Moments, second: Moments, overlap: Tensor) -> float:
    difference = (first.mean - second.mean).square().sum()
    traces = first.covariance.trace() + second.covariance.trace()
    return max(0.0, (difference + traces - 2 * overlap).item())


def _nuclear(matrix: Tensor) -> Tensor:
    """The sum of the singular values. Of large matrices by the eigenvalues of the smaller square: twice as fast, and
    what that costs (singular values of less than 1e-8 of the largest) is far behind the digits that count."""
    if min(matrix.shape) <= SHARP:
        return torch.linalg.svdvals(matrix).sum()
    wide = matrix if matrix.shape[0] <= matrix.shape[1] else matrix.T
    return torch.linalg.eigvalsh(wide @ wide.T).clamp_min(0).sqrt().sum()


def frechet(first: Features, second: Features) -> float:
    """The distance of two sets of features (N, F) and (M, F), at least 2 each."""
    a, b = checked_pair(first, second)
    return frechet_distance(moments(a), moments(b))


def _factor(found: Moments) -> Tensor:
    """A (F, rank) with A A' = S, without the directions in which there is nothing but rounding.

    Cholesky's method with pivoting (Higham 2002, section 10.3), which ends where no variance is left.
    """
    packed, order, rank, _ = lapack.dpstrf(found.covariance.cpu().numpy(), lower=1)  # pyright: ignore
    factor = np.empty((len(packed), rank))
    factor[order - 1] = np.tril(packed)[:, :rank]
    return torch.from_numpy(factor).to(found.mean.device)


def frechet_figure(made: Features, real: Features) -> Figure:
    """The distance between generated (N, F) and real (M, F) features with its standard error.

    The standard error is that of the infinitesimal jackknife (Efron 1982, chapter 6), the deviation of
    :func:`influences` over the root of N. For this distance it is the limit law of Rippl, Munk and Sturm
    (2016, arXiv:1507.04090). It tells the chance in the generated samples; the reference is taken as it is, and so
    is the bias of a finite number of samples, which makes the distance larger.
    """
    a, b = checked_pair(made, real)
    first, second = moments(a), moments(b)
    if len(a) < FEW:
        return around(frechet_distance(first, second), math.nan, "no spread: too few samples")
    matrix = (left := _factor(first)).T @ (right := _factor(second))
    overlap, directions = _shared(matrix, left, right)
    if min(matrix.shape) <= SHARP:
        overlap = _nuclear(matrix)
    error = influences(a, first, second, directions).std().item() / math.sqrt(len(a))
    how = f"standard error by the infinitesimal jackknife over {len(a):,} samples"
    return around(_distance(first, second, overlap), error, how, least=0.0)


def _shared(matrix: Tensor, left: Tensor, right: Tensor) -> tuple[Tensor, Tensor]:
    """The sum of the singular values of M = A1' A2, and P (F, k) with P P' = T = A2 (M' M)^(-1/2) A2', the map that
    carries the first Gaussian to the second."""
    tall = matrix.shape[0] > matrix.shape[1]
    squares, vectors = torch.linalg.eigh(matrix.T @ matrix if tall else matrix @ matrix.T)
    keep = squares > NOTHING * squares[-1:]  # there is none where a set is constant
    roots, vectors, overlap = squares[keep].sqrt(), vectors[:, keep], squares.clamp_min(0).sqrt().sum()
    if tall:
        return overlap, right @ vectors * roots.rsqrt()
    return overlap, right @ (matrix.T @ vectors) * roots.pow(-1.5)


def influences(features: Tensor, made: Moments, real: Moments, directions: Tensor) -> Tensor:
    """How much each of the features (N, F) moves the distance, up to a constant (N,).

    The derivative in the direction of a sample at x = mu1 + d is 2 (mu1 - mu2)'d + d'(I - T)d - tr (I - T) S1, since
    the derivative of tr (S1 S2)^(1/2) with S1 is T / 2. In float32, which is more than a standard error needs.
    """
    step, basis = 2 * (made.mean - real.mean), directions.T.float().contiguous()
    parts: list[Tensor] = []
    for rows in features.split(CHUNK):
        d = rows - made.mean
        shared = product(d.float(), basis)
        parts.append(d @ step + torch.linalg.vecdot(d, d) - torch.linalg.vecdot(shared, shared))
    return torch.cat(parts)
