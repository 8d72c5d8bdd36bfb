"""Are samples copies of the training data? Their nearest training samples, beside those of held-out real samples."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import stats
from torch import Tensor

from ganstudio.metrics.distances import Cloud, Told, middle_of, nearest, silent
from ganstudio.metrics.figures import (
    CancelCheck,
    Features,
    Figure,
    Progress,
    around,
    checked,
    checked_pair,
    share,
)
from ganstudio.metrics.ticks import tick

NEAR = 0.05
"""A sample is suspiciously near where only this share of held-out real samples is as near."""


@dataclass(frozen=True, eq=False)
class Neighbours:
    """The nearest training samples of each sample: ``index`` (N, k) and ``distance`` (N, k), rising, float64."""

    index: Tensor
    distance: Tensor


@dataclass(frozen=True, eq=False)
class Memory:
    """How generated and held-out real samples lie to the training data.

    ``copied``: the share of generated samples nearer to a training sample than 95 % of the held-out ones are; 0.05
    is no sign of memory. ``nearer``: how likely a generated sample lies nearer than a held-out one, 0.5 if there is
    no difference. ``score`` is the z of the rank test of Meehan et al. (2020, arXiv:2004.05675, C_T with one
    region): below about -3 the generator copies.
    """

    copied: Figure
    nearer: Figure
    score: float
    made: Neighbours
    held_out: Neighbours


def neighbours(samples: Features, training: Features, count: int = 3, told: Told = silent) -> Neighbours:
    """The ``count`` nearest of the training features (M, F) to each of the samples' features (N, F)."""
    a, b = checked_pair(samples, training, least=1)
    middle = middle_of(b)
    squared, index = nearest(Cloud(a, middle), Cloud(b, middle), min(count, len(b)), told)
    return Neighbours(index, squared.sqrt())


def memory(
    made: Features,
    training: Features,
    held_out: Features | None = None,
    count: int = 3,
    progress: Progress | None = None,
    cancelled: CancelCheck | None = None,
) -> Memory:
    """The memorisation test on features of generated, training and held-out real samples.

    Where nothing was held out, training samples stand in, each beside all others: what it would find had it been
    left out.
    """

    def told(place: float) -> Told:
        return lambda done: tick(progress, cancelled, "Finding neighbours", place + done / 2)

    ours = neighbours(made, training, count, told(0.0))
    if held_out is None:
        theirs = left_out(training, count, told(0.5))
    else:
        theirs = neighbours(held_out, training, count, told(0.5))
    d, h = (_array(found.distance[:, 0]) for found in (ours, theirs))
    copied = share(d < np.quantile(h, NEAR))
    score, part = _ranked(d, h)
    error = math.sqrt((len(d) + len(h) + 1) / (12 * len(d) * len(h)))
    nearer = around(part, error, "standard error of the rank statistic under no difference", 0.0, 1.0)
    return Memory(copied, nearer, score, ours, theirs)


def left_out(training: Features, count: int = 3, told: Told = silent) -> Neighbours:
    """The nearest other training samples of each training sample; there must be at least two."""
    found = checked(training, "training features")
    cloud = Cloud(found, middle_of(found))
    squared, index = nearest(cloud, cloud, min(count + 1, len(found)), told)
    own = index == torch.arange(len(found), device=index.device).unsqueeze(1)
    own[~own.any(1), -1] = True  # among many equal samples it may not have come up itself
    keep = ~own
    return Neighbours(index[keep].view(len(found), -1), squared[keep].view(len(found), -1).sqrt())


def _ranked(made: NDArray[np.float64], held_out: NDArray[np.float64]) -> tuple[float, float]:
    """z of the Mann-Whitney statistic of the distances, and the share of pairs in which the generated is nearer."""
    pairs = len(made) * len(held_out)
    u = float(stats.mannwhitneyu(made, held_out, method="asymptotic").statistic)
    deviation = math.sqrt(pairs * (len(made) + len(held_out) + 1) / 12)
    return (u - pairs / 2) / deviation, 1 - u / pairs


def _array(x: Tensor) -> NDArray[np.float64]:
    return x.double().cpu().numpy()
