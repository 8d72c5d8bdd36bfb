"""Fidelity and variety apart: balls around samples that reach to their k-th neighbour, and who lies in them.

Two conventions are in use. Precision and recall (Kynkaanniemi et al. 2019, arXiv:1904.06991) take k = 3 and count a
sample on the edge of a ball as inside, as torch-fidelity does; density and coverage (Naeem et al. 2020,
arXiv:2002.09797) take k = 5 and do not, as the package prdc.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from ganstudio.metrics.distances import COLUMNS, ROWS, Cloud, blocks, middle_of, radii
from ganstudio.metrics.figures import (
    CancelCheck,
    Features,
    Figure,
    MetricError,
    Progress,
    bootstrapped_mean,
    checked_pair,
    share,
)
from ganstudio.metrics.ticks import tick


@dataclass(frozen=True)
class Balls:
    """Balls that reach to the ``k``-th neighbour; ``inclusive`` says whether their edge belongs to them."""

    k: int
    inclusive: bool


KYNKAANNIEMI = Balls(3, inclusive=True)
NAEEM = Balls(5, inclusive=False)


@dataclass(frozen=True, eq=False)
class Membership:
    """Who lies in whose balls. ``precise`` (N,): generated samples in a ball of a real one; ``recalled`` (M,): real
    ones in a ball of a generated one; ``dense`` (N,): real balls around each generated sample, divided by k;
    ``covered`` (M,): real samples with a generated one in their ball."""

    precise: Tensor
    recalled: Tensor
    dense: Tensor
    covered: Tensor


@dataclass(frozen=True)
class Manifold:
    """Precision, recall, density and coverage, each the mean over samples."""

    precision: Figure
    recall: Figure
    density: Figure
    coverage: Figure


def membership(
    made: Features,
    real: Features,
    balls: Balls = KYNKAANNIEMI,
    cover: Balls = NAEEM,
    progress: Progress | None = None,
    cancelled: CancelCheck | None = None,
) -> Membership:
    """Who lies in whose balls, for generated (N, F) and real (M, F) features, in blocks of bounded memory.

    Raises :class:`MetricError` where there are not more samples than neighbours, or ``Cancelled``.
    """
    a, b = checked_pair(made, real)
    most = max(balls.k, cover.k)
    if min(len(a), len(b)) <= most:
        raise MetricError(
            f"Balls that reach to the {most}th neighbour need more than {most} samples in each set, and there are "
            f"{len(a):,} and {len(b):,}.",
            "Take more samples.",
        )
    middle = middle_of(b)
    fakes, reals = Cloud(a, middle), Cloud(b, middle)

    def told(place: float) -> Callable[[float], None]:
        return lambda done: tick(progress, cancelled, "Finding neighbours", place + 0.3 * done)

    real_ball, real_cover = radii(reals, (balls.k, cover.k), told(0.0))
    limits = real_ball, radii(fakes, (balls.k,), told(0.3))[0], real_cover
    return _cross(fakes, reals, balls, cover, limits, progress, cancelled)


def _cross(
    fakes: Cloud,
    reals: Cloud,
    balls: Balls,
    cover: Balls,
    limits: tuple[Tensor, Tensor, Tensor],
    progress: Progress | None,
    cancelled: CancelCheck | None,
) -> Membership:
    """One pass over all pairs of a generated and a real sample."""
    real_ball, made_ball, real_cover = limits
    device = fakes.near.device
    precise, recalled, covered = (
        torch.zeros(n, dtype=torch.bool, device=device) for n in (len(fakes), len(reals), len(reals))
    )
    dense = torch.zeros(len(fakes), dtype=torch.float64, device=device)
    for rows in blocks(len(fakes), ROWS):
        tick(progress, cancelled, "Finding neighbours", 0.6 + 0.4 * rows.start / len(fakes))
        for columns in blocks(len(reals), COLUMNS):
            block = fakes.between(reals, rows, columns)
            precise[rows] |= block.reached(real_ball[columns], 1, balls.inclusive)
            recalled[columns] |= block.reached(made_ball[rows], 0, balls.inclusive)
            within = block.inside(real_cover[columns], 1, cover.inclusive)
            dense[rows] += within.view(torch.uint8).sum(1, dtype=torch.int32)
            covered[columns] |= within.any(0)
    return Membership(precise, recalled, dense / cover.k, covered)


def manifold(
    made: Features,
    real: Features,
    balls: Balls = KYNKAANNIEMI,
    cover: Balls = NAEEM,
    progress: Progress | None = None,
    cancelled: CancelCheck | None = None,
) -> Manifold:
    """The four figures, their spread by a bootstrap over samples with the balls as they are."""
    found = membership(made, real, balls, cover, progress, cancelled)
    precision, recall, coverage = (
        share(part.cpu()) for part in (found.precise, found.recalled, found.covered)
    )
    return Manifold(precision, recall, bootstrapped_mean(found.dense.cpu()), coverage)
