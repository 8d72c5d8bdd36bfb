"""What came of a sweep: runs grouped by the settings that differ, and mean and spread of every number over seeds."""

from __future__ import annotations

import itertools
import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from ganstudio.core.numbers import MINUS, significant
from ganstudio.core.run_list import records_from_end
from ganstudio.core.student import quantile
from ganstudio.core.sweep_values import short_names, value_text

LEVEL = 0.95
"""Confidence of the interval around a mean."""
SEED = "seed"
NO_AXES = frozenset({SEED, "name"})
FIRST = ("variant", "data.source")
"""What decides much else, and so comes first among the settings that differ."""
KIND_NAMES = frozenset({"kind", "source", "network", "loss", "by"})


@dataclass(frozen=True)
class Column:
    """A number that runs have; equal columns may be compared.

    ``how`` is its protocol in words, ``tag`` that in a word or two, ``way`` what has to be equal.
    """

    name: str
    title: str
    how: str = ""
    way: Hashable = ()
    tag: str = ""


@dataclass(frozen=True, eq=False)
class Sample:
    """One run of a sweep: its settings by dotted key, and its numbers. ``what`` is whatever it stands for."""

    settings: Mapping[str, Any]
    numbers: Mapping[Column, float]
    what: Any = None


@dataclass(frozen=True)
class Spread:
    """Mean and spread of a number over runs.

    ``deviation`` is the sample standard deviation (n - 1 below the line), NaN for fewer than two numbers. ``half``
    is half the width of the 95 % interval of the mean by Student's t distribution: t * deviation / sqrt(n).
    ``missing`` runs have no such number, or none that is finite.
    """

    count: int
    missing: int
    mean: float
    deviation: float
    low: float
    high: float
    half: float

    def text(self) -> str:
        """Mean ± standard deviation, with the digits that the spread leaves meaning: ``0.812 ± 0.013``."""
        if not self.count:
            return "–"
        return significant(self.mean) if self.count < 2 else plus_minus(self.mean, self.deviation)

    def words(self) -> str:
        """Everything, in one line."""
        if not self.count:
            return f"no number in {_runs(self.missing)}"
        parts = [f"mean {significant(self.mean, 4)} over {_runs(self.count)}"]
        if self.count > 1:
            parts += [
                f"standard deviation {significant(self.deviation)}",
                f"{significant(self.low, 4)} to {significant(self.high, 4)}",
                f"95 % interval of the mean ± {significant(self.half)} (Student's t)",
            ]
        if self.missing:
            parts.append(f"missing in {_runs(self.missing)}")
        return "; ".join(parts)


def _runs(count: int) -> str:
    return "1 run" if count == 1 else f"{count} runs"


def spread(values: Sequence[float | None]) -> Spread:
    """Mean and spread of what is there."""
    found = [float(value) for value in values if value is not None and math.isfinite(value)]
    missing, count = len(values) - len(found), len(found)
    if not found:
        return Spread(0, missing, math.nan, math.nan, math.nan, math.nan, math.nan)
    scale = max(map(abs, found)) or 1.0  # so that no square is beyond all limits
    mean = math.fsum(value / scale for value in found) / count
    squares = math.fsum((value / scale - mean) ** 2 for value in found)
    deviation = math.sqrt(squares / (count - 1)) * scale if count > 1 else math.nan
    half = quantile(LEVEL, count - 1) * deviation / math.sqrt(count) if count > 1 else math.nan
    return Spread(count, missing, mean * scale, deviation, min(found), max(found), half)


def plus_minus(mean: float, deviation: float) -> str:
    """A mean and its spread with the same decimals, two significant digits of the spread: ``12.31 ± 0.45``."""
    small = deviation == 0 or not math.isfinite(deviation) or not 1e-4 <= abs(deviation) < 1e6
    if small or abs(mean) >= 1e6:
        return f"{significant(mean)} ± {significant(deviation, 2)}"
    decimals = max(1 - math.floor(math.log10(deviation)), 0)
    return f"{mean:,.{decimals}f} ± {deviation:,.{decimals}f}".replace("-", MINUS)


# ---------------------------------------------------------------- groups


@dataclass(frozen=True, eq=False)
class Group:
    """Runs that agree in the values of all axes."""

    values: tuple[Any, ...]
    samples: tuple[Sample, ...]

    def spread(self, column: Column) -> Spread:
        """A number over the runs of the group."""
        return spread([sample.numbers.get(column) for sample in self.samples])


def axes_of(samples: Sequence[Sample]) -> tuple[str, ...]:
    """The settings that tell the samples apart, seed left aside.

    A setting that follows from those found before, as a network follows from the variant, is none of them.
    """
    chosen: list[str] = []
    places: list[Hashable] = [()] * len(samples)
    for key in sorted((key for key in keys_of(samples) if key not in NO_AXES), key=_rank):
        found = [sample.settings.get(key) for sample in samples]
        if all(value is found[0] or (value == found[0] and type(value) is type(found[0])) for value in found):
            continue  # as nearly all are; freezing them would take its time
        values = [_frozen(value) for value in found]
        if any(value != values[0] for value in values) and not (chosen and _follows(values, places)):
            chosen.append(key)
            places = list(zip(places, values, strict=True))
    return tuple(chosen)


def keys_of(samples: Sequence[Sample]) -> list[str]:
    """Every setting that a sample has, in the order in which they are met."""
    found: dict[str, None] = {}
    for sample in samples:
        if not sample.settings.keys() <= found.keys():
            found |= dict.fromkeys(sample.settings)
    return list(found)


def _rank(key: str) -> int:
    """What decides others comes before them."""
    if key in FIRST:
        return FIRST.index(key)
    if key.rpartition(".")[2] in KIND_NAMES or (key.startswith("stabilizers.") and key.count(".") == 1):
        return len(FIRST)
    return len(FIRST) + 1


def _follows(values: Sequence[Hashable], places: Sequence[Hashable]) -> bool:
    """Whether a value is the same wherever the place is."""
    known: dict[Hashable, Hashable] = {}
    return all(known.setdefault(place, value) == value for place, value in zip(places, values, strict=True))


def grouped(samples: Sequence[Sample], axes: Sequence[str]) -> list[Group]:
    """The samples by the values of some settings, in rising order; what a run does not have comes first."""
    found: dict[tuple[Hashable, ...], list[Sample]] = {}
    for sample in samples:
        found.setdefault(tuple(_frozen(sample.settings.get(axis)) for axis in axes), []).append(sample)
    groups = [
        Group(tuple(some[0].settings.get(axis) for axis in axes), tuple(some)) for some in found.values()
    ]
    return sorted(groups, key=lambda group: [order(value) for value in group.values])


def order(value: Any) -> tuple[int, float, str]:
    """Where a value stands among others: nothing, switches, numbers, words."""
    if value is None:
        return 0, 0.0, ""
    if isinstance(value, bool):
        return 1, float(value), ""
    if isinstance(value, int | float):
        return 2, float(value), ""
    return 3, 0.0, value_text(value)


def columns_of(samples: Sequence[Sample]) -> list[Column]:
    """Every number that at least one sample has, in the order in which they are met."""
    return list(dict.fromkeys(column for sample in samples for column in sample.numbers))


def titles_of(columns: Sequence[Column]) -> dict[Column, str]:
    """A title for each; where several have one title, with what tells them apart."""
    titles = [column.title for column in columns]
    return {c: f"{c.title} ({c.tag})" if titles.count(c.title) > 1 and c.tag else c.title for c in columns}


def axis_names(axes: Sequence[str], samples: Sequence[Sample]) -> dict[str, str]:
    """Short names of the axes: ``generator.lr``."""
    return short_names(axes, keys_of(samples))


def log_spaced(values: Sequence[float]) -> bool:
    """Whether values belong on a logarithmic axis: all positive, and more evenly apart by factors than by distances."""
    apart = sorted({float(value) for value in values})
    if len(apart) < 2 or apart[0] <= 0 or not math.isfinite(apart[-1]):
        return False
    if len(apart) == 2:
        return apart[1] / apart[0] >= 10
    pairs = list(itertools.pairwise(apart))
    return _unevenness([math.log(b / a) for a, b in pairs]) < _unevenness([b - a for a, b in pairs])


def _unevenness(gaps: Sequence[float]) -> float:
    mean = sum(gaps) / len(gaps)
    return max(abs(gap - mean) for gap in gaps) / mean


def _frozen(value: Any) -> Hashable:
    """A value that can be told from others: ``True`` is not 1, a list is what it holds."""
    if isinstance(value, list | tuple):
        return tuple(_frozen(item) for item in cast("Sequence[Any]", value))
    return (isinstance(value, bool), value)


# ---------------------------------------------------------------- what a run's folder says last


@dataclass(frozen=True)
class LastReport:
    """The last whole line of ``metrics.jsonl``: step, seconds, and its named values."""

    step: int = 0
    seconds: float = math.nan
    values: Mapping[str, float] = field(default_factory=dict[str, float])


def last_report(path: Path) -> LastReport:
    """The last report in a run's folder, read from the end of the file; an empty one where there is none."""
    for record in records_from_end(path / "metrics.jsonl"):
        if type(record.get("step")) is int:
            return _as_report(record)
    return LastReport()


def _as_report(record: dict[str, Any]) -> LastReport:
    numbers = {
        name: float(value)
        for name, value in record.items()
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e300
    }
    step = int(numbers.pop("step", 0))
    numbers.pop("images", None)
    return LastReport(step, numbers.pop("seconds", math.nan), numbers)
