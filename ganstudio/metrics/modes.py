"""Mode coverage where the modes are known: the ring, the grid, stacked digits."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ganstudio.data import GaussianMixture
from ganstudio.metrics.figures import Figure, MetricError, bootstrapped, checked, share

GOOD = 3.0
"""Deviations from the nearest mode within which a sample is of high quality."""


@dataclass(frozen=True)
class Coverage:
    """Modes with at least one good sample, the share of good samples, and KL(generated modes || real modes), nats."""

    modes: int
    good: float
    reverse_kl: float


@dataclass(frozen=True)
class CoverageFigures:
    """The same with what a bootstrap over samples says of each."""

    modes: Figure
    good: Figure
    reverse_kl: Figure


def coverage(points: Tensor, mixture: GaussianMixture) -> Coverage:
    """How points (N, D) in raw units lie on the modes.

    A sample is good within three standard deviations of its nearest mode; all samples count for the divergence, as
    in PacGAN (Lin 2018, arXiv:1712.04086, section 4.1) and VEEGAN (Srivastava 2017, arXiv:1705.07761).
    """
    mode, good, wanted = _placed(points, mixture)
    return _coverage(mode, good, wanted, np.arange(len(mode)))


def coverage_figures(points: Tensor, mixture: GaussianMixture, seed: int = 0) -> CoverageFigures:
    """:func:`coverage` with the spread of every number over resampled points."""
    mode, good, wanted = _placed(points, mixture)

    def of(name: str, most: float) -> Figure:
        return bootstrapped(
            lambda index: float(getattr(_coverage(mode, good, wanted, index), name)),
            len(mode), seed, least=0.0, most=most,
        )  # fmt: skip

    quality = share(good, seed)
    return CoverageFigures(of("modes", len(wanted)), quality, of("reverse_kl", math.inf))


def _placed(
    points: Tensor, mixture: GaussianMixture
) -> tuple[NDArray[np.int64], NDArray[np.bool_], NDArray[np.float64]]:
    """The nearest mode of each point, whether it is good, and the weights of the modes."""
    found = checked(points, "points", least=1).double().cpu()
    distance = torch.cdist(found, mixture.centres.double(), compute_mode="donot_use_mm_for_euclid_dist")
    nearest, mode = distance.min(1)
    good = nearest <= GOOD * mixture.deviation.double()[mode]
    return mode.numpy(), good.numpy(), np.asarray(mixture.weights, dtype=np.float64)


def _coverage(
    mode: NDArray[np.int64], good: NDArray[np.bool_], wanted: NDArray[np.float64], index: NDArray[np.int64]
) -> Coverage:
    mode, good = mode[index], good[index]
    shares = np.bincount(mode, minlength=len(wanted)) / len(mode)
    return Coverage(len(np.unique(mode[good])), float(good.mean()), divergence(shares, wanted))


def divergence(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    """KL(first || second) in nats of two sets of shares; infinite where ``first`` has what ``second`` has not."""
    seen = first > 0
    if (second[seen] <= 0).any():
        return math.inf
    return float((first[seen] * np.log(first[seen] / second[seen])).sum())


def stacked_modes(digits: Tensor, kinds: int = 10, seed: int = 0) -> tuple[Figure, Figure]:
    """Modes found, and KL(generated || uniform) in nats, of stacked digits recognised channel by channel (N, 3).

    The protocol of Metz et al. (2016, arXiv:1611.02163) and PacGAN: one mode for each of the ``kinds``^3 triples, one
    sample is enough to find it, 26,000 samples in the literature. The divergence of n uniform samples is about
    (modes - 1) / (2 n) and not 0.
    """
    if digits.ndim != 2 or len(digits) == 0:
        raise MetricError("There are no recognised digits to count.", "Take more samples.")
    places = kinds ** torch.arange(digits.shape[1] - 1, -1, -1)
    mode = (digits.long().cpu() * places).sum(1).numpy()
    modes = kinds ** digits.shape[1]
    uniform = np.full(modes, 1 / modes)

    def shares(index: NDArray[np.int64]) -> NDArray[np.float64]:
        return np.bincount(mode[index], minlength=modes) / len(index)

    found = bootstrapped(
        lambda index: float((shares(index) > 0).sum()), len(mode), seed, least=1.0, most=modes
    )
    apart = bootstrapped(lambda index: divergence(shares(index), uniform), len(mode), seed, least=0.0)
    return found, apart
