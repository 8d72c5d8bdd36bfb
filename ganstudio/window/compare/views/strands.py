"""Which chosen runs are drawn as one line, in which colour, under which name. Knows no Qt."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ganstudio.core.run_colors import run_color
from ganstudio.core.run_list import RunEntry

MOST = 12
"""Runs that are drawn at once."""
WIDEST = 24
STAMP = re.compile(r"^\d{8}-\d{6}-(?=.)")
"""Date and time before the name of a run's folder."""
FREE = frozenset({"seed", "name"})
"""Settings in which runs of one kind may differ."""


@dataclass(frozen=True)
class Strand:
    """One line of every chart: a run, or several that differ only in their seed. ``title`` is the whole name."""

    runs: tuple[Path, ...]
    label: str
    title: str
    color: str
    dash: str = "solid"


def strands(entries: Sequence[RunEntry], together: bool = False) -> tuple[Strand, ...]:
    """A line for each run; ``together``: one for all runs that differ only in their seed, in the first one's colour."""
    singles = [
        Strand((entry.path,), label, entry.title, *run_color(place))
        for place, (entry, label) in enumerate(zip(entries, labels(entries), strict=True))
    ]
    if not together:
        return tuple(singles)
    groups: dict[object, list[int]] = {}
    for place, entry in enumerate(entries):
        groups.setdefault(kind_of(entry), []).append(place)
    return tuple(_joined([singles[i] for i in places]) for places in groups.values())


def _joined(alike: Sequence[Strand]) -> Strand:
    first = alike[0]
    if len(alike) == 1:
        return first
    title = "Mean of " + ", ".join(strand.title for strand in alike)
    label = re.sub(r", seed \d+$", "", first.label)
    told = f"{len(alike)} runs"
    return Strand(
        tuple(path for strand in alike for path in strand.runs),
        f"{label}, {told}",
        title,
        first.color,
        first.dash,
    )


def kind_of(entry: RunEntry) -> object:
    """Equal for runs that differ only in their seed; a run without settings is like no other."""
    if not entry.settings:
        return entry.path
    return tuple(sorted((key, repr(value)) for key, value in entry.settings.items() if key not in FREE))


def labels(entries: Sequence[RunEntry]) -> list[str]:
    """A short name for each run, no two alike: without date, shortened in the middle, with its seed if need be."""
    names = [_elided(STAMP.sub("", entry.title)) for entry in entries]
    twice = {name for name, count in Counter(names).items() if count > 1}
    names = [
        f"{name}, seed {e.seed}" if name in twice else name for name, e in zip(names, entries, strict=True)
    ]
    taken: set[str] = set()
    for place, name in enumerate(names):
        number, fresh = 2, name
        while fresh in taken:
            fresh, number = f"{name} ({number})", number + 1
        names[place] = fresh
        taken.add(fresh)
    return names


def _elided(text: str) -> str:
    text = " ".join(text.split())
    if len(text) <= WIDEST:
        return text
    kept = WIDEST - 1
    return f"{text[: kept - kept // 2]}…{text[-(kept // 2) :]}"


def can_join(entries: Sequence[RunEntry]) -> bool:
    """Whether any two of the runs differ only in their seed."""
    kinds = [kind_of(entry) for entry in entries]
    return len(set(kinds)) < len(kinds)
