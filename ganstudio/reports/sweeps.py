"""A sweep's runs as numbers with their protocol, and mean and spread over seeds as a table: lines, CSV or JSON."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ganstudio.catalog.best import LEADING
from ganstudio.catalog.measures import MEASURES
from ganstudio.core.measurement import Measurement, way
from ganstudio.core.numbers import whole
from ganstudio.core.run_list import RunEntry
from ganstudio.core.sweep_values import value_text
from ganstudio.core.sweeps import (
    Column,
    Group,
    Sample,
    Spread,
    axes_of,
    axis_names,
    columns_of,
    grouped,
    last_report,
    titles_of,
)
from ganstudio.reports.figures import better_words, title_of

TIME = Column("seconds", "Training time", "seconds of training, pauses left out")
LAST = "the last report of each run"
OF_THE_LOSS = ("loss/", "score/")
FEW = ("loss/generator", "loss/discriminator", "score/real", "score/fake")
"""Scalars that a narrow table shows."""


def sample_of(entry: RunEntry) -> Sample:
    """A run with all its numbers: the newest measurements, the scalars of its last report, the time it took."""
    report = last_report(entry.path)
    numbers = {column_of(m): m.value for m in entry.measurements}
    if math.isfinite(report.seconds):
        numbers[TIME] = report.seconds
    loss = str(entry.settings.get("objective.loss", ""))
    numbers |= {scalar(name, loss): value for name, value in report.values.items()}
    settings = dict(entry.settings)
    if entry.steps:  # a run that went on beyond its plan
        settings["steps"] = max(entry.steps, entry.step)
    return Sample(settings, numbers, entry)


def samples_of(entries: Iterable[RunEntry]) -> list[Sample]:
    """The runs that can be read; reads the end of each run's series."""
    return [sample_of(entry) for entry in entries if entry.settings]


def scalar(name: str, loss: str = "") -> Column:
    """The column of a scalar of the last report. Losses and scores of one objective say nothing beside another's."""
    if name.startswith(OF_THE_LOSS):
        return Column(name, name, f"{LAST}; {loss} loss", loss, loss)
    return Column(name, name, LAST)


def column_of(measurement: Measurement) -> Column:
    """The column of a measurement: numbers found in another way stand in another one."""
    p = measurement.protocol
    against = f"against {whole(p.reference_samples)} of {p.reference}" if p.reference_samples else p.reference
    parts = (
        f"{whole(p.samples)} samples", against, p.rules, p.feature_net, "" if p.resize == "none" else p.resize,
        f"truncation {p.truncation:g}" if p.truncation != 1 else "", better_words(measurement.metric),
    )  # fmt: skip
    how = ", ".join(part for part in parts if part)
    tag = f"{whole(p.samples)} of {p.reference}"
    return Column(measurement.metric, title_of(measurement.metric), how, way(measurement), tag)


def ordered(columns: Sequence[Column]) -> list[Column]:
    """Measurements before the time and the scalars, those that lead first."""
    return sorted(columns, key=_rank)


def _rank(column: Column) -> tuple[int, int, str]:
    if column.name in MEASURES:
        leading = LEADING.index(column.name) if column.name in LEADING else len(LEADING)
        return 0, leading, column.name
    if column == TIME:
        return 2, 0, ""
    return 1, FEW.index(column.name) if column.name in FEW else len(FEW), column.name


def narrow(columns: Sequence[Column]) -> list[Column]:
    """What a terminal has room for: all that was measured, else the scalars that matter most, and the time."""
    measured = [column for column in columns if column.name in MEASURES]
    few = [column for column in columns if column.name in FEW]
    return ordered([*(measured or few), *(column for column in columns if column == TIME)])


@dataclass(frozen=True, eq=False)
class SpreadTable:
    """Everything a table of a sweep shows: a row for each group, a :class:`Spread` for each column in it.

    ``names`` and ``titles`` are what axes and columns are called beside each other.
    """

    samples: tuple[Sample, ...] = ()
    axes: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict[str, str])
    columns: tuple[Column, ...] = ()
    titles: Mapping[Column, str] = field(default_factory=dict[Column, str])
    groups: tuple[Group, ...] = ()
    spreads: tuple[tuple[Spread, ...], ...] = ()


def tabulated(samples: Sequence[Sample]) -> SpreadTable:
    """Group samples by the settings that differ, over seeds."""
    axes, columns = axes_of(samples), tuple(ordered(columns_of(samples)))
    groups = tuple(grouped(samples, axes))
    spreads = tuple(tuple(group.spread(column) for column in columns) for group in groups)
    names, titles = axis_names(axes, samples), titles_of(columns)
    return SpreadTable(tuple(samples), axes, names, columns, titles, groups, spreads)


# ---------------------------------------------------------------- as lines, CSV, JSON


def lines(samples: Sequence[Sample], axes: Sequence[str]) -> list[str]:
    """Mean ± standard deviation for every combination of values, as lines of equal columns."""
    columns = narrow(columns_of(samples))
    names, titles = axis_names(axes, samples), titles_of(columns)
    rows = [[*(names[axis] for axis in axes), "runs", *(titles[column] for column in columns)]]
    for group in grouped(samples, axes):
        spreads = [group.spread(column) for column in columns]
        figures = [_counted(spread, len(group.samples)) for spread in spreads]
        rows.append([*map(value_text, group.values), str(len(group.samples)), *figures])
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]


def _counted(found: Spread, runs: int) -> str:
    """A mean over fewer runs than there are says over how many."""
    return found.text() if found.count in (0, runs) else f"{found.text()} (of {found.count})"


SPREAD = ("n", "missing", "mean", "standard deviation", "min", "max", "95 % interval, half width")


def _figures(found: Spread) -> tuple[float, ...]:
    return (found.count, found.missing, found.mean, found.deviation, found.low, found.high, found.half)


def to_csv(table: SpreadTable) -> str:
    """A line for each combination of values and each number, with all there is to say of its spread."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*table.axes, "number", "protocol", *SPREAD])
    for group, spreads in zip(table.groups, table.spreads, strict=True):
        for column, found in zip(table.columns, spreads, strict=True):
            figures = ["" if math.isnan(value) else repr(value) for value in _figures(found)]
            writer.writerow([*map(value_text, group.values), column.name, column.how, *figures])
    return out.getvalue()


def to_records(samples: Sequence[Sample], axes: Sequence[str]) -> list[dict[str, Any]]:
    """As JSON takes it: one record for each combination of values."""
    columns = ordered(columns_of(samples))
    return [
        {
            "settings": dict(zip(axes, group.values, strict=True)),
            "runs": len(group.samples),
            "numbers": [_record(column, group.spread(column)) for column in columns],
        }
        for group in grouped(samples, axes)
    ]


def _record(column: Column, found: Spread) -> dict[str, Any]:
    return {
        "name": column.name, "protocol": column.how, "n": found.count, "missing": found.missing, "mean": found.mean,
        "standard_deviation": found.deviation, "min": found.low, "max": found.high, "half_interval_95": found.half,
    }  # fmt: skip
