"""Squared distances between many samples in blocks: at the speed of float32, with decisions as in float64."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import torch
from torch import Tensor

ROWS, COLUMNS = 1024, 4096
"""Samples of a block of distances; 16 MB of float32."""
ROUNDING = 2e-6
"""What a float32 product may be off, as a part of the squared norms; tests hold it."""
SPARE = 4
"""Neighbours that are looked at again in float64 beyond those that are asked for."""
PAIRS = 1 << 22
"""Numbers in the float64 differences that are worked out at once: 32 MB."""
CROWDED = 0.02
"""With more pairs than this share near the limit, a block is worked out in float64 as a whole."""


Told = Callable[[float], None]
"""Hears how far things are, 0 to 1, and may raise to stop them."""


def silent(_: float) -> None:
    """Tells nobody."""


class Cloud:
    """Samples (N, F) prepared for distances: centred float32 copies and their squared norms.

    ``middle`` is what is subtracted: clouds that are compared share it. Small norms keep float32 sharp.
    """

    def __init__(self, features: Tensor, middle: Tensor) -> None:
        self.exact = features
        self.near = torch.empty(features.shape, dtype=torch.float32, device=features.device)
        for rows in blocks(len(features), COLUMNS):
            self.near[rows] = features[rows].double() - middle
        self.norms = torch.cat([part.square().sum(1) for part in self.near.split(COLUMNS)])

    def __len__(self) -> int:
        return len(self.exact)

    def between(self, other: Cloud, rows: slice, columns: slice) -> Tensor:
        """|x - y|^2 in float32 (rows, columns), as one product of [-2x, |x|^2, 1] and [y, 1, |y|^2]."""
        x, y = self.near[rows], other.near[columns]
        one = torch.ones(1, 1, dtype=x.dtype, device=x.device)
        left = torch.cat([-2 * x, self.norms[rows, None], one.expand(len(x), 1)], 1)
        right = torch.cat([y, one.expand(len(y), 1), other.norms[columns, None]], 1)
        return left @ right.T

    def doubt(self, other: Cloud, rows: slice, columns: slice) -> float:
        """How far a squared distance of a block may be off."""
        return ROUNDING * (self.norms[rows].max() + other.norms[columns].max()).item()


def middle_of(features: Tensor) -> Tensor:
    """The mean (F,) in float64."""
    return torch.stack([part.double().sum(0) for part in features.split(COLUMNS)]).sum(0) / len(features)


def exact_pairs(first: Tensor, second: Tensor) -> Tensor:
    """|x - y|^2 in float64 (P,) of pairs of rows, without the cancellation of a product."""
    parts = max(1, PAIRS // first.shape[1])
    pairs = zip(first.split(parts), second.split(parts), strict=True)
    return torch.cat([(x.double() - y.double()).square_().sum(1) for x, y in pairs])


def inside(
    cloud: Cloud, other: Cloud, rows: slice, columns: slice, squared: Tensor, limit: Tensor, inclusive: bool
) -> Tensor:
    """Whether |x - y|^2 is below ``limit`` (float64, broadcast over the block; or equal, if ``inclusive``).

    Pairs whose float32 distance lies too near to the limit are decided in float64.
    """
    doubt = cloud.doubt(other, rows, columns)
    surely, perhaps = squared <= (limit - doubt).float(), squared <= (limit + doubt).float()
    unsure = surely ^ perhaps
    count = int(unsure.sum())
    if count == 0:
        return surely
    if count > CROWDED * unsure.numel():
        unsure = torch.ones_like(unsure)
    i, j = unsure.nonzero(as_tuple=True)
    exact = exact_of(cloud.exact[rows], other.exact[columns], i, j)
    at = limit.expand(squared.shape)[i, j]
    surely[i, j] = exact <= at if inclusive else exact < at
    return surely


def exact_of(first: Tensor, second: Tensor, i: Tensor, j: Tensor) -> Tensor:
    """|first_i - second_j|^2 in float64 for index pairs, in parts."""
    parts = max(1, PAIRS // first.shape[1])
    pairs = zip(i.split(parts), j.split(parts), strict=True)
    return torch.cat([exact_pairs(first[a], second[b]) for a, b in pairs])


def blocks(count: int, size: int) -> Iterator[slice]:
    """Slices of at most ``size`` that cover ``count``."""
    for start in range(0, count, size):
        yield slice(start, min(start + size, count))


class Nearest:
    """The nearest samples of another cloud to each sample, found block by block."""

    def __init__(self, count: int, keep: int, device: torch.device) -> None:
        self.squared = torch.full((count, keep), torch.inf, device=device)
        self.index = torch.zeros((count, keep), dtype=torch.int64, device=device)

    def see(self, rows: slice, first: int, squared: Tensor) -> None:
        """Take a block (rows, columns) in, whose first column is sample ``first`` of the other cloud."""
        keep = self.squared.shape[1]
        found, at = squared.topk(min(keep, squared.shape[1]), dim=1, largest=False, sorted=False)
        both = torch.cat([self.squared[rows], found], 1)
        index = torch.cat([self.index[rows], at + first], 1)
        self.squared[rows], chosen = both.topk(keep, dim=1, largest=False)
        self.index[rows] = index.gather(1, chosen)


def _candidates(cloud: Cloud, other: Cloud, keep: int, told: Told) -> Nearest:
    """The ``keep`` nearest of the other cloud by float32; of a cloud and itself half of the blocks are enough."""
    found = Nearest(len(cloud), keep, cloud.near.device)
    same = cloud is other
    for rows in blocks(len(cloud), ROWS):
        part = rows.start / len(cloud)
        told(part * (2 - part) if same else part)
        for columns in blocks(len(other), ROWS if same else COLUMNS):
            if same and columns.start < rows.start:
                continue
            squared = cloud.between(other, rows, columns)
            found.see(rows, columns.start, squared)
            if same and columns.start > rows.start:
                found.see(columns, rows.start, squared.T.contiguous())
    return found


def nearest(cloud: Cloud, other: Cloud, count: int, told: Told = silent) -> tuple[Tensor, Tensor]:
    """Squared distances (N, count) in float64, rising, and indices of the nearest samples of ``other``.

    Between a cloud and itself each sample is its own nearest. ``told`` hears how far it is.
    """
    keep = min(count + SPARE, len(other))
    found = _candidates(cloud, other, keep, told)
    i = torch.arange(len(cloud), device=found.index.device).repeat_interleave(keep)
    exact = exact_of(cloud.exact, other.exact, i, found.index.flatten()).view(len(cloud), keep)
    squared, order = exact.sort(dim=1, stable=True)
    return squared[:, :count], found.index.gather(1, order)[:, :count]


def radii(cloud: Cloud, neighbours: Sequence[int], told: Told = silent) -> list[Tensor]:
    """Squared distances (N,) in float64 from each sample to its k-th neighbour in the same cloud, for each k.

    Only candidates that float32 cannot tell from the k-th are worked out in float64.
    """
    keep = min(max(neighbours) + 1 + SPARE, len(cloud))
    found = _candidates(cloud, cloud, keep, told)
    doubt = 2 * ROUNDING * (cloud.norms + cloud.norms.max()).unsqueeze(1)
    unsure = torch.zeros_like(found.squared, dtype=torch.bool)
    for k in neighbours:
        unsure |= (found.squared - found.squared[:, k : k + 1]).abs() <= doubt
    i, place = unsure.nonzero(as_tuple=True)
    squared = found.squared.double()
    squared[i, place] = exact_of(cloud.exact, cloud.exact, i, found.index[i, place])
    squared = squared.sort(dim=1).values
    return [squared[:, k].contiguous() for k in neighbours]
