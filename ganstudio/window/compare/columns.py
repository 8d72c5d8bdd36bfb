"""The columns of the table of runs: what each shows, sorts by and says of itself. Knows no Qt."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from ganstudio.catalog.datasets import DATASETS
from ganstudio.catalog.measures import MEASURES
from ganstudio.catalog.variants import VARIANTS
from ganstudio.core.measurement import Measurement, way
from ganstudio.core.numbers import duration, significant, whole
from ganstudio.core.run_list import STATES, RunEntry
from ganstudio.reports.figures import BETTER, title_of, value_words

Value = str | float | None
"""What a cell sorts by; ``None`` and NaN where there is nothing."""
STAR, PICTURE, TEXT, TAGS, STATE, PROGRESS, NUMBER, METRIC = (
    "star", "picture", "text", "tags", "state", "progress", "number", "metric",
)  # fmt: skip
NOTE_LETTERS = 120


@dataclass(frozen=True, eq=False)
class Column:
    """One column. ``kind`` decides how it is painted; ``value`` is what it sorts by, ``text`` what it shows.

    ``caption`` is the second line of the header: a metric's protocol in short. ``way`` tells metrics apart.
    """

    key: str
    title: str
    tip: str
    kind: str
    width: int
    value: Callable[[RunEntry], Value]
    text: Callable[[RunEntry], str]
    caption: str = ""
    way: tuple[object, ...] = ()
    hidden: bool = False
    """Whether it is left out until somebody asks for it."""

    @property
    def right(self) -> bool:
        """Whether figures stand at the right, one below the other."""
        return self.kind in (NUMBER, METRIC, PROGRESS)


def title_of_variant(name: str) -> str:
    """The title of a variant; its name where the catalogue has none of that name."""
    return VARIANTS[name].title if name in VARIANTS else name


def title_of_source(name: str) -> str:
    """The title of a data source; its name where the catalogue has none of that name."""
    return (DATASETS[name].title or name) if name in DATASETS else name


def _text(
    key: str, title: str, tip: str, width: int, text: Callable[[RunEntry], str], **more: bool
) -> Column:
    return Column(key, title, tip, TEXT, width, text, text, **more)


def _progress(entry: RunEntry) -> str:
    return f"{whole(entry.step)} of {whole(entry.steps)}" if entry.steps else whole(entry.step)


def _share(entry: RunEntry) -> Value:
    return float(entry.step) if entry.step or entry.steps else None


def _created(entry: RunEntry) -> str:
    try:
        return f"{datetime.fromtimestamp(entry.created):%Y-%m-%d %H:%M}" if entry.created else ""
    except (OverflowError, OSError, ValueError):
        return ""


def _note(entry: RunEntry) -> str:
    return " ".join(entry.notes.text[: 2 * NOTE_LETTERS].split())[:NOTE_LETTERS]


def _tags(entry: RunEntry) -> str:
    return ", ".join(entry.notes.tags)


FIRST: tuple[Column, ...] = (
    Column("star", "", "Starred runs (S)", STAR, 30, lambda e: float(e.notes.starred),
           lambda e: "starred" if e.notes.starred else ""),
    Column("picture", "", "The first samples of the newest grid", PICTURE, 52,
           lambda e: None, lambda e: ""),
    _text("title", "Run", "The run's name, or that of its folder (F2 renames)", 220, lambda e: e.title),
    _text("variant", "Variant", "The GAN it trains", 90, lambda e: title_of_variant(e.variant)),
    _text("data", "Data", "What it learns to imitate", 140, lambda e: title_of_source(e.source)),
    Column("state", "State", "Whether it trains, has ended, or was broken off", STATE, 116,
           lambda e: float(STATES.index(e.state)) if e.state in STATES else None, lambda e: e.state),
    Column("step", "Step", "Steps trained, of the steps of the whole run", PROGRESS, 118, _share, _progress),
)  # fmt: skip
LAST: tuple[Column, ...] = (
    Column("time", "Time", "Time spent training", NUMBER, 104, lambda e: e.seconds,
           lambda e: duration(e.seconds) if math.isfinite(e.seconds) else ""),
    Column("images", "Images", "Real images seen", NUMBER, 88, lambda e: float(e.images) if e.images else None,
           lambda e: whole(e.images) if e.images else ""),
    Column("seed", "Seed", "Where its random numbers start", NUMBER, 58,
           lambda e: float(e.seed) if e.settings else None, lambda e: str(e.seed) if e.settings else ""),
    Column("created", "Started", "When it was started, in local time", TEXT, 142,
           lambda e: e.created or None, _created),
    Column("tags", "Tags", "Words that you gave it (T)", TAGS, 130, lambda e: _tags(e) or None, _tags),
    Column("note", "Note", "What you wrote of it (N)", TEXT, 180, lambda e: _note(e) or None, _note),
    _text("sweep", "Sweep", "The sweep it belongs to", 110, lambda e: e.notes.sweep, hidden=True),
    _text("folder", "Folder", "Where it lies", 240, lambda e: str(e.path), hidden=True),
)  # fmt: skip
NEVER_HIDDEN = ("title",)


def columns_for(entries: Iterable[RunEntry]) -> tuple[Column, ...]:
    """All columns; one for each metric and way of measuring that any entry has."""
    found: dict[tuple[object, ...], Measurement] = {}
    for entry in entries:
        for key, measurement in _by_way(entry).items():
            found.setdefault(key, measurement)
    order = {name: place for place, name in enumerate(MEASURES)}
    ways = sorted(found.values(), key=lambda m: (order.get(m.metric, len(order)), m.metric, repr(way(m))))
    return (*FIRST, *(metric_column(m, ways) for m in ways), *LAST)


def metric_column(measurement: Measurement, others: Sequence[Measurement]) -> Column:
    """The column of all numbers found in the same way as this one."""
    key = way(measurement)

    def find(entry: RunEntry) -> Measurement | None:
        return found_in(entry, key)

    def value(entry: RunEntry) -> Value:
        found = find(entry)
        return found.value if found else None

    def text(entry: RunEntry) -> str:
        found = find(entry)
        return number_words(found) if found else ""

    caption = protocol_in_short(measurement, [m for m in others if m.metric == measurement.metric])
    name = "metric:" + "|".join(str(part) for part in key)
    title, _, own = title_of(measurement.metric).partition(", own")
    caption += " · own" if own else ""
    return Column(name, title, metric_tip(measurement), METRIC, 136, value, text, caption, key)


def found_in(entry: RunEntry, key: tuple[object, ...]) -> Measurement | None:
    """The number of an entry that was found in this way."""
    return _by_way(entry).get(key)


@lru_cache(maxsize=4096)
def _by_way(entry: RunEntry) -> dict[tuple[object, ...], Measurement]:
    """An entry's numbers by their way: cells ask for them at every painting, sorting asks all runs at once."""
    return {way(m): m for m in entry.measurements}


def number_words(measurement: Measurement) -> str:
    """The number with its spread, or half of its interval: ``40.5 ± 0.5``."""
    spread = measurement.spread
    if not math.isfinite(spread):
        spread = (measurement.high - measurement.low) / 2
    told = value_words(measurement)
    return f"{told} ± {significant(spread, 2)}" if math.isfinite(spread) and spread > 0 else told


def protocol_in_short(measurement: Measurement, alike: Sequence[Measurement]) -> str:
    """How many samples, and whatever else tells it from other ways of measuring the same metric."""
    p, others = measurement.protocol, [m.protocol for m in alike]
    parts = [f"{whole(p.samples)} samples"]
    if any(o.reference != p.reference for o in others):
        parts.append(p.reference)
    if any(o.reference_samples != p.reference_samples for o in others):
        parts.append(f"{whole(p.reference_samples)} real")
    for name in ("feature_net", "resize", "rules"):
        if any(getattr(o, name) != getattr(p, name) for o in others):
            parts.append(getattr(p, name) or f"no {name.replace('_', ' ')}")
    if p.truncation != 1 or any(o.truncation != p.truncation for o in others):
        parts.append(f"truncation {p.truncation:g}")
    return " · ".join(parts)


def metric_tip(measurement: Measurement) -> str:
    """What a metric is, which side is better, and the whole protocol."""
    measure, p = MEASURES.get(measurement.metric), measurement.protocol
    lines = [f"{title_of(measurement.metric)} ({measurement.metric})"]
    if measure is not None:
        lines.append(" ".join(part for part in (measure.idea, _better(measure.better)) if part))
    told = (
        f"{whole(p.samples)} samples against {p.reference or 'nothing'}"
        + (f" ({whole(p.reference_samples)} samples)" if p.reference_samples else ""),
        p.rules, p.feature_net, "" if p.resize == "none" else p.resize, f"truncation {p.truncation:g}",
    )  # fmt: skip
    lines.append("Protocol: " + "; ".join(part for part in told if part) + ".")
    return "\n".join(lines)


def _better(side: str) -> str:
    return f"{BETTER[side].capitalize()}." if side in BETTER else ""


def is_missing(value: Value) -> bool:
    """Whether there is nothing to sort by."""
    return value is None or value == "" or (isinstance(value, float) and math.isnan(value))


def in_order(entries: Sequence[RunEntry], column: Column, descending: bool = False) -> list[RunEntry]:
    """Sorted by a column: stable, words whatever their case, what is missing last in both directions."""
    there = [e for e in entries if not is_missing(column.value(e))]
    gone = [e for e in entries if is_missing(column.value(e))]

    def key(entry: RunEntry) -> str | float:
        value = column.value(entry)
        return value.casefold() if isinstance(value, str) else value or 0.0

    return [*sorted(there, key=key, reverse=descending), *gone]
