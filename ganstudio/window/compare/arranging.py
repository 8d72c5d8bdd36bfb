"""Which runs the table shows, in which order and groups. Knows no Qt."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ganstudio.catalog.datasets import DATASETS
from ganstudio.catalog.measures import LOWER, MEASURES, NONE
from ganstudio.catalog.variants import VARIANTS
from ganstudio.core.run_list import DAMAGED, RunEntry
from ganstudio.window.compare.columns import METRIC, Column, columns_for, in_order
from ganstudio.window.compare.filters import read_filter
from ganstudio.window.compare.grouping import Group, groups_of

Row = RunEntry | Group


@dataclass(frozen=True)
class Wish:
    """What a person wants to see: filter, groups, order, archived runs too or not."""

    filter: str = ""
    group: str = ""
    sort: str = "created"
    descending: bool = True
    archived: bool = False


@dataclass(frozen=True, eq=False)
class Arrangement:
    """What the table shows: rows (groups or runs) and columns.

    ``problem`` tells of a term in the filter that means nothing, ``archived`` how many archived runs are left out,
    ``best`` the best run by each metric's column where two or more can be compared.
    """

    rows: tuple[Row, ...] = ()
    columns: tuple[Column, ...] = columns_for(())
    problem: str = ""
    total: int = 0
    archived: int = 0
    best: Mapping[str, Path] = field(default_factory=dict[str, Path])

    def entries(self) -> Iterator[RunEntry]:
        """All runs that are shown, from top to bottom."""
        for row in self.rows:
            yield from row.entries if isinstance(row, Group) else (row,)

    def shape(self) -> tuple[object, ...]:
        """Equal for two arrangements with the same runs and columns in the same places."""
        rows = tuple(
            (r.key, tuple(e.path for e in r.entries)) if isinstance(r, Group) else r.path for r in self.rows
        )
        return rows, tuple((c.key, c.caption) for c in self.columns)


def arrange(entries: Sequence[RunEntry], wish: Wish) -> Arrangement:
    """The rows that a person wants to see."""
    columns = columns_for(entries)
    read = read_filter(wish.filter, entries)
    kept = [e for e in entries if read.takes(e)]
    shown = [e for e in kept if wish.archived or not e.notes.archived]
    by = next((c for c in columns if c.key == wish.sort), None)
    ordered = in_order(shown, by, wish.descending) if by is not None else shown
    rows = groups_of(ordered, wish.group) if wish.group else ordered
    return Arrangement(
        tuple(rows), columns, read.problem, len(entries), len(kept) - len(shown), _best(shown, columns)
    )


def _best(entries: Sequence[RunEntry], columns: Sequence[Column]) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for column in columns:
        measure = MEASURES.get(str(column.way[0])) if column.kind == METRIC else None
        if measure is None or measure.better == NONE:
            continue
        sign = 1 if measure.better == LOWER else -1
        numbers = [
            (sign * v, e.path)
            for e in entries
            if isinstance(v := column.value(e), float) and math.isfinite(v)
        ]
        if len({number for number, _ in numbers}) > 1:
            found[column.key] = min(numbers, key=lambda pair: pair[0])[1]
    return found


def judge(settings: Mapping[str, Any]) -> str:
    """What is wrong with a run's settings as far as a glance tells: names that only another version knows."""
    for key, known, what in (("variant", VARIANTS, "variant"), ("data.source", DATASETS, "data")):
        name = settings.get(key)
        if name not in known:
            return (
                f"This version of GAN Studio does not know its {what} “{name}”: a later one may have made it."
            )
    return ""


def can_be_opened(entry: RunEntry) -> bool:
    """Whether the run's settings are there to be shown."""
    return entry.state != DAMAGED
