"""The inception score (Salimans et al. 2016, arXiv:1606.03498): how sure a classifier is, and of how many classes."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import torch

from ganstudio.metrics.figures import Features, Figure, MetricError, around, checked

SPLITS = 10
SEED = 2020
LEAST_LOG = -800.0
"""Below it the exponential is 0 in float64."""


def inception_score(logits: Features, splits: int = SPLITS, seed: int | None = SEED) -> Figure:
    """exp E KL(p(y|x) || p(y)) from class logits (N, C): the mean over ``splits`` and the deviation over them.

    1 where all answers are alike, C where every class is answered surely and equally often. The samples are
    shuffled by ``seed`` as torch-fidelity does it; ``None`` takes them as they come. The interval is that of the
    mean over splits.
    """
    found = checked(logits, "class logits", least=1)
    if splits < 1 or splits > len(found):
        raise MetricError(
            f"{len(found):,} samples cannot be divided into {splits} splits.", "Take more samples."
        )
    if seed is not None:
        found = found[torch.from_numpy(np.random.RandomState(seed).permutation(len(found)))]
    log_p = found.double().log_softmax(1)
    edges = [i * len(found) // splits for i in range(splits + 1)]
    scores = [_score(log_p[a:b]) for a, b in pairwise(edges)]
    mean, deviation = float(np.mean(scores)), float(np.std(scores))
    around_mean = around(mean, deviation / math.sqrt(splits), "", least=1.0)
    return Figure(mean, deviation, around_mean.low, around_mean.high, f"deviation over {splits} splits")


def _score(log_p: torch.Tensor) -> float:
    """exp of mean sum p log p - sum q log q with q = mean p, a divergence and so never below 0 but for its rounding; a
    class that never comes adds nothing."""
    p = log_p.exp()
    mean = p.mean(0)
    sureness = p.mul_(log_p.clamp_min(LEAST_LOG)).sum(1).mean()
    return (sureness - torch.special.xlogy(mean, mean).sum()).clamp_min(0).exp().item()
