"""What can stand on an axis of the scatter, or colour it: numbers, metrics with their protocol, settings. No Qt."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from ganstudio.catalog.datasets import DATASETS
from ganstudio.catalog.measures import HIGHER, LOWER, MEASURES
from ganstudio.catalog.variants import VARIANTS
from ganstudio.core.measurement import Measurement, way
from ganstudio.core.numbers import significant, whole
from ganstudio.core.run_list import DAMAGED, RunEntry
from ganstudio.reports.figures import better_words, protocol_words, title_of
from ganstudio.reports.settings import in_words
from ganstudio.window.compare.views.differences import label_of
from ganstudio.window.compare.views.strands import labels

Value = float | str | None
GROUPS = 8
"""So many groups of colour at the most; numbers of more values are parted into ranges."""
RANGES = 5
NONE = "none"


@dataclass(frozen=True, eq=False)
class Column:
    """One property of runs. ``better`` is "lower" or "higher" where one side is; ``section`` is where it is listed.
    ``as_chosen``: its words stand in the order of the runs, so that a run has the colour that other views give it."""

    key: str
    title: str
    section: str
    value: Callable[[RunEntry], Value]
    help: str = ""
    better: str = ""
    words: Callable[[float], str] = significant
    as_chosen: bool = False
    interval: Callable[[RunEntry], tuple[float, float]] | None = None

    def numeric(self, entries: Sequence[RunEntry]) -> bool:
        """Whether every run that has a value has a number."""
        values = [value for entry in entries if (value := self.value(entry)) is not None]
        return bool(values) and all(isinstance(value, float) for value in values)


def columns_of(entries: Sequence[RunEntry]) -> list[Column]:
    """All that tells the runs apart: what was measured, what they cost, the settings in which they differ, words."""
    return [*_metrics(entries), *_costs(), *_settings(entries), *_words(entries)]


def _metrics(entries: Sequence[RunEntry]) -> list[Column]:
    found: dict[tuple[object, ...], Measurement] = {}
    for entry in entries:
        for m in entry.measurements:
            if math.isfinite(m.value):
                found.setdefault(way(m), m)
    twice = [m.metric for m in found.values()]
    return [_metric(key, m, twice.count(m.metric) > 1) for key, m in found.items()]


def _metric(key: tuple[object, ...], example: Measurement, told: bool) -> Column:
    """A metric by one protocol, which its title tells where there is another one."""
    protocol, measure = example.protocol, MEASURES.get(example.metric)
    detail = f", {whole(protocol.samples)} samples against {protocol.reference}" if told else ""

    def measured(entry: RunEntry) -> Measurement | None:
        return next((m for m in entry.measurements if way(m) == key and math.isfinite(m.value)), None)

    def value(entry: RunEntry) -> Value:
        m = measured(entry)
        return None if m is None else float(m.value)

    def interval(entry: RunEntry) -> tuple[float, float]:
        m = measured(entry)
        return (math.nan, math.nan) if m is None else (m.low, m.high)

    lines = [better_words(example.metric).capitalize(), *protocol_words(example)]
    return Column(
        f"metric {key!r}",
        title_of(example.metric) + detail,
        "Measured",
        value,
        "\n".join(line for line in lines if line),
        measure.better if measure and measure.better in (LOWER, HIGHER) else "",
        interval=interval,
    )


def _costs() -> list[Column]:
    return [
        Column("step", "Steps trained", "Numbers", lambda e: _count(e, e.step), "Generator updates", LOWER, whole),
        Column("images", "Images seen", "Numbers", lambda e: _count(e, e.images), "Real images seen", LOWER, whole),
        Column("seconds", "Time trained in s", "Numbers", lambda e: _finite(e.seconds), "Time spent training", LOWER),
    ]  # fmt: skip


def _count(entry: RunEntry, value: int) -> Value:
    """Of a damaged run nobody knows."""
    return None if entry.state == DAMAGED else float(value)


def _finite(value: float) -> Value:
    return float(value) if math.isfinite(value) else None


def _settings(entries: Sequence[RunEntry]) -> list[Column]:
    """The settings that are not the same in all of the runs."""
    keys = dict.fromkeys(key for entry in entries for key in entry.settings)
    told = {"variant", "data.source", "name"}
    differing = [
        key
        for key in keys
        if key not in told and len({repr(e.settings.get(key)) for e in entries if e.settings}) > 1
    ]
    return [
        Column(f"setting {key}", label_of(key, None), "Settings", _setting(key), key, words=in_words)
        for key in differing
    ]


def _setting(key: str) -> Callable[[RunEntry], Value]:
    def value(entry: RunEntry) -> Value:
        if not entry.settings:
            return None
        return plain_value(entry.settings.get(key))

    return value


def plain_value(value: Any) -> Value:
    """A setting as a number or as words; a setting that a run has not got is a word too."""
    if value is None:
        return NONE
    if isinstance(value, bool):
        return "on" if value else "off"
    return float(value) if isinstance(value, int | float) else in_words(value)


def _words(entries: Sequence[RunEntry]) -> list[Column]:
    names = {entry.path: label for entry, label in zip(entries, labels(entries), strict=True)}
    found = [
        Column("variant", "Variant", "Words", _variant),
        Column("source", "Data", "Words", _source),
        Column("state", "State", "Words", lambda e: e.state),
        Column("run", "Run", "Words", lambda e: names.get(e.path), as_chosen=True),
    ]
    if any(entry.notes.sweep for entry in entries):
        found.append(Column("sweep", "Sweep", "Words", lambda e: e.notes.sweep or NONE))
    if any(entry.notes.tags for entry in entries):
        found.append(Column("tags", "Tags", "Words", lambda e: ", ".join(sorted(e.notes.tags)) or NONE))
    return found


def _variant(entry: RunEntry) -> Value:
    known = VARIANTS.get(entry.variant)
    return known.title if known is not None else entry.variant or None


def _source(entry: RunEntry) -> Value:
    known = DATASETS.get(entry.source)
    return (known.title if known is not None else "") or entry.source or None


# ---------------------------------------------------------------- axes


@dataclass(frozen=True)
class Axis:
    """Where the runs stand: a place for each, NaN without a value; the names of whole places where it has words."""

    places: tuple[float, ...]
    names: tuple[str, ...] = ()

    @property
    def positive(self) -> bool:
        """Whether a logarithm can be taken of every number."""
        known = [place for place in self.places if math.isfinite(place)]
        return not self.names and bool(known) and min(known) > 0

    @property
    def whole(self) -> bool:
        """Whether there are whole numbers alone."""
        return not self.names and all(place.is_integer() for place in self.places if math.isfinite(place))


def axis_of(column: Column, entries: Sequence[RunEntry]) -> Axis:
    """The places of the runs: numbers as they are, words in the order of the alphabet, or of the runs."""
    values = [column.value(entry) for entry in entries]
    if column.numeric(entries):
        return Axis(tuple(math.nan if v is None else float(v) for v in values))
    words = [None if v is None else v if isinstance(v, str) else column.words(v) for v in values]
    names = tuple(dict.fromkeys(word for word in words if word is not None))
    names = names if column.as_chosen else tuple(sorted(names, key=_order))
    return Axis(tuple(math.nan if word is None else float(names.index(word)) for word in words), names)


def _order(word: str) -> tuple[bool, str]:
    return word == NONE, word.lower()


def groups_of(column: Column, entries: Sequence[RunEntry]) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """A group of colour for each run, -1 without a value, and the groups' names; many numbers are parted into ranges
    with about as many runs in each."""
    axis = axis_of(column, entries)
    known = sorted({place for place in axis.places if math.isfinite(place)})
    if axis.names or len(known) <= GROUPS:
        names = axis.names or tuple(column.words(place) for place in known)
        levels = [float(i) for i in range(len(axis.names))] if axis.names else known
        return tuple(levels.index(p) if math.isfinite(p) else -1 for p in axis.places), names
    edges = [known[round(i * (len(known) - 1) / RANGES)] for i in range(RANGES + 1)]
    names = tuple(f"{column.words(a)} to {column.words(b)}" for a, b in pairwise(edges))
    return tuple(_range_of(place, edges) for place in axis.places), names


def _range_of(place: float, edges: Sequence[float]) -> int:
    if not math.isfinite(place):
        return -1
    return next(i for i, end in enumerate(edges[1:]) if place <= end)


def pareto(points: Mapping[int, tuple[float, float]], better_x: str, better_y: str) -> list[int]:
    """The points that no other one beats: as good in one of the two and better in the other. By rising x."""
    signs = tuple(1.0 if better == LOWER else -1.0 for better in (better_x, better_y))
    costs = {i: (signs[0] * x, signs[1] * y) for i, (x, y) in points.items()}
    front: list[int] = []
    best = math.inf
    for index in sorted(costs, key=lambda i: costs[i]):
        equal = bool(front) and costs[index] == costs[front[-1]]
        if costs[index][1] < best or equal:
            front.append(index)
            best = min(best, costs[index][1])
    return sorted(front, key=lambda i: points[i])
