"""Squared distances between many samples in blocks: at the speed of float32, with decisions as in float64."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn

ROWS, COLUMNS = 1024, 4096
"""Samples of a block of distances; 16 MB of float32."""
ROUNDING = 4e-6
"""What a float32 product may be off, as a part of the squared norms; tests hold it."""
SPARE = 4
"""Neighbours that are looked at again in float64 beyond those that are asked for."""
PAIRS = 1 << 18
"""Numbers in the float64 differences that are worked out at once: 2 MB, which stay in the processor's cache."""


Told = Callable[[float], None]
"""Hears how far things are, 0 to 1, and may raise to stop them."""
Chosen = slice | Tensor
"""Samples of a cloud: consecutive ones, or those of an index."""


def silent(_: float) -> None:
    """Tells nobody."""


class Cloud:
    """Samples (N, F) prepared for distances: centred float32 copies and their squared norms.

    ``middle`` is what is subtracted: clouds that are compared share it. Small norms keep float32 sharp. ``near``
    (N, F + 2) holds [y, 1, |y|^2], so that one product gives distances.
    """

    def __init__(self, features: Tensor, middle: Tensor) -> None:
        self.exact = features
        count, width = features.shape
        self.near = torch.ones((count, width + 2), dtype=torch.float32, device=features.device)
        for rows in blocks(count, ROWS):
            centred = (features[rows] - middle).float()
            self.near[rows, :width] = centred
            self.near[rows, -1] = torch.linalg.vecdot(centred, centred)
        self.norms = self.near[:, -1]

    def __len__(self) -> int:
        return len(self.exact)

    def between(self, other: Cloud, rows: slice, columns: slice) -> Block:
        """|x - y|^2 in float32 (rows, columns), as one product of [-2x, |x|^2, 1] and [y, 1, |y|^2]."""
        left = self.near[rows] * -2
        left[:, -2], left[:, -1] = self.norms[rows], 1
        return Block(self, other, rows, columns, product(left, other.near[columns]))


def product(first: Tensor, second: Tensor) -> Tensor:
    """x y' (n, m) in float32; on a processor by oneDNN, which is twice as fast as torch's own choice on some."""
    something = first.numel() > 0 and second.numel() > 0
    if something and first.device.type == "cpu" and torch.backends.mkldnn.is_available():
        return nn.functional.linear(first.to_mkldnn(), second.to_mkldnn()).to_dense()
    return first @ second.T


@dataclass(frozen=True, eq=False)
class Block:
    """Distances ``squared`` in float32 between ``rows`` of a cloud and ``columns`` of another.

    What is asked of a block has a ``limit`` in float64 for each row (``along`` 0) or for each column (1). Pairs whose
    distance lies too near to their limit are decided in float64.
    """

    cloud: Cloud
    other: Cloud
    rows: Chosen
    columns: Chosen
    squared: Tensor

    def inside(self, limit: Tensor, along: int, inclusive: bool) -> Tensor:
        """Whether |x - y|^2 is below its limit (or equal, if ``inclusive``), for each pair."""
        doubt = self._doubt(along)
        low, high = (_broadcast((limit + d).float(), along) for d in (-doubt, doubt))
        surely = self.squared <= low
        unsure = surely ^ (self.squared <= high)
        if int(torch.count_nonzero(unsure)) == 0:
            return surely
        i, j = unsure.nonzero(as_tuple=True)
        exact = exact_of(self.cloud.exact[self.rows], self.other.exact[self.columns], i, j)
        at = limit[i] if along == 0 else limit[j]
        surely[i, j] = exact <= at if inclusive else exact < at
        return surely

    def reached(self, limit: Tensor, along: int, inclusive: bool) -> Tensor:
        """Whether any pair is :meth:`inside`, for each column (``along`` 0) or for each row (1).

        Only where the nearest pair is in doubt all its neighbours are looked at.
        """
        beyond = (self.squared - _broadcast(limit.float(), along)).amin(along)
        doubt = self._doubt(along).max()
        found = beyond < -doubt
        unsure = (found ^ (beyond <= doubt)).nonzero()[:, 0]
        if len(unsure):
            found[unsure] = self._only(unsure, 1 - along).inside(limit, along, inclusive).any(along)
        return found

    def _doubt(self, along: int) -> Tensor:
        """How far distances may be off, for each row or for each column."""
        first, second = self.cloud.norms[self.rows], self.other.norms[self.columns]
        return ROUNDING * (first + second.max() if along == 0 else second + first.max())

    def _only(self, index: Tensor, axis: int) -> Block:
        """These rows (``axis`` 0) or columns (1)."""
        if axis == 0:
            return replace(self, rows=_within(self.rows, index), squared=self.squared[index])
        return replace(self, columns=_within(self.columns, index), squared=self.squared[:, index])


def _broadcast(values: Tensor, along: int) -> Tensor:
    return values.unsqueeze(1) if along == 0 else values


def _within(chosen: Chosen, index: Tensor) -> Tensor:
    return chosen[index] if isinstance(chosen, Tensor) else index + chosen.start


def middle_of(features: Tensor) -> Tensor:
    """The mean (F,) in float64."""
    return torch.stack([part.double().sum(0) for part in features.split(COLUMNS)]).sum(0) / len(features)


def exact_of(first: Tensor, second: Tensor, i: Tensor, j: Tensor) -> Tensor:
    """|first_i - second_j|^2 in float64 for index pairs, without the cancellation of a product; in parts."""
    # In place: the small parts of a list would scatter the memory.
    found = torch.empty(len(i), dtype=torch.float64, device=first.device)
    for part in blocks(len(i), max(1, PAIRS // first.shape[1])):
        difference = first[i[part]].double().sub_(second[j[part]])
        torch.linalg.vecdot(difference, difference, out=found[part])
    return found


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
            squared = cloud.between(other, rows, columns).squared
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
