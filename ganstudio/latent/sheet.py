"""How a grid of samples is laid out: one after the other, or a row for each class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

MOST_ROWS = 32
"""Classes in a grid at most; of more, evenly chosen ones are shown."""


@dataclass(frozen=True, eq=False)
class Sheet:
    """Seeds and labels of the samples in a grid, row after row.

    ``labels`` is ``None`` and ``columns`` 0 where there are no classes: then the grid is as square as it can be.
    ``rows`` are the labels of the rows.
    """

    seeds: tuple[int, ...]
    labels: Tensor | None = None
    columns: int = 0
    rows: tuple[int, ...] = ()

    def __len__(self) -> int:
        return len(self.seeds)


def sheet(count: int, kinds: int, first: int = 0, label: int | None = None) -> Sheet:
    """About ``count`` samples from seed ``first`` on.

    With ``kinds`` labels there is a row for each, every column from the same latent, so that one sees what the
    label changes; with ``label`` all samples are of that one.
    """
    if not kinds:
        return Sheet(tuple(range(first, first + count)))
    if label is not None:
        return Sheet(tuple(range(first, first + count)), torch.full((count,), label))
    rows = _rows(kinds, min(count, MOST_ROWS))
    columns = max(1, count // len(rows))
    seeds = tuple(range(first, first + columns)) * len(rows)
    return Sheet(seeds, torch.tensor(rows).repeat_interleave(columns), columns, tuple(rows))


def _rows(kinds: int, most: int) -> Sequence[int]:
    if kinds <= most:
        return range(kinds)
    return [int(i * kinds / most) for i in range(most)]
