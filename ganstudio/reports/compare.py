"""Several runs beside each other: overlaid curves, differing settings, samples of the same step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ganstudio.core.measurement import Measurement
from ganstudio.core.numbers import duration, whole
from ganstudio.core.run_colors import run_color
from ganstudio.reports.curves import Chart, Line, Thinned, bounds_of, entry_of, numbered, slug, thin
from ganstudio.reports.data import ReportData
from ganstudio.reports.figures import newest, title_of, value_words, way
from ganstudio.reports.pictures import Shot, last_shot, read_shot
from ganstudio.reports.settings import Difference, differences
from ganstudio.reports.words import state

SIDE_STEPS = 4
NAMED = 4
"""Settings that the summary names at the most."""
FIRST = ("loss/generator", "loss/discriminator", "score/real", "score/fake")


@dataclass(frozen=True)
class Column:
    """A metric measured in one way, and each run's number at its latest step; ``None`` where a run has none."""

    title: str
    values: tuple[Measurement | None, ...]


def overlaid(reports: Sequence[ReportData]) -> tuple[Chart, ...]:
    """A chart for every series, with one curve for each run that has it."""
    names = dict.fromkeys(n for n in FIRST if any(n in r.metrics.values for r in reports))
    names |= dict.fromkeys(sorted({n for r in reports for n in r.metrics.values}))
    charts: list[Chart] = []
    for name in names:
        lines = tuple(
            Line(name, report.name, *_style(place, thin(report.metrics.step, report.metrics.values[name])))
            for place, report in enumerate(reports)
            if name in report.metrics.values and np.isfinite(report.metrics.values[name]).any()
        )
        if lines:
            entry = entry_of(name)
            charts.append(
                Chart(slug(name), _title(name), entry.idea if entry else "", lines, bounds_of(lines, entry))
            )
    return numbered(charts)


def _title(name: str) -> str:
    """A series in words: where one entry stands for many series, with what tells this one from the others."""
    entry = entry_of(name)
    if entry is None:
        return name
    return f"{entry.title}: {name.partition('/')[2]}" if "<" in entry.name else entry.title


def _style(place: int, values: Thinned) -> tuple[str, Thinned, str]:
    color, dash = run_color(place)
    return color, values, dash


def facts(report: ReportData) -> list[tuple[str, str]]:
    """What the table of runs says of one: title and text."""
    return [
        ("Variant", report.variant.title),
        ("Data", report.source),
        ("State", state(report)),
        ("Steps", whole(report.step)),
        ("Images", whole(report.images)),
        ("Time", duration(report.seconds)),
    ]


def columns(reports: Sequence[ReportData]) -> list[Column]:
    """Every metric by the way it was measured: numbers of another protocol stand in another column.

    A run's own data is its reference, so that runs on equal data share a column.
    """
    tables = [{way(m): m for m in sorted(newest(r.measurements), key=_step)} for r in reports]
    ways = dict.fromkeys(key for table in tables for key in table)
    found: list[Column] = []
    for key in ways:
        values = tuple(table.get(key) for table in tables)
        first = next(m for m in values if m is not None)
        found.append(
            Column(
                f"{title_of(first.metric)} ({first.metric}, {whole(first.protocol.samples)} samples)", values
            )
        )
    return found


def _step(measurement: Measurement) -> int:
    return -1 if measurement.step is None else measurement.step


def number(measurement: Measurement | None) -> str:
    """A cell of the table of runs; a dash where nothing was measured."""
    if measurement is None:
        return "–"
    step = "" if measurement.step is None else f", step {whole(measurement.step)}"
    return f"{value_words(measurement)}{step}"


def summary(reports: Sequence[ReportData]) -> str:
    """What is compared, and in what the runs differ, in a few words."""
    kinds = {(r.variant.title, r.source) for r in reports}
    title, source = next(iter(kinds))
    what = f"{len(reports)} runs of {title} on {source}" if len(kinds) == 1 else f"{len(reports)} runs"
    rows = differing(reports)
    if not rows:
        return f"{what}, all with the same settings."
    keys = ", ".join(row.key for row in rows[:NAMED])
    more = f" and {len(rows) - NAMED} more" if len(rows) > NAMED else ""
    return (
        f"{what}. They differ in {'1 setting' if len(rows) == 1 else f'{len(rows)} settings'}: {keys}{more}."
    )


def differing(reports: Sequence[ReportData]) -> list[Difference]:
    """The settings in which the runs are not all equal."""
    return differences(*(report.config for report in reports))


def side_by_side(reports: Sequence[ReportData]) -> list[list[Shot | None]]:
    """Rows of grids, one for each run: at steps that all runs saved, or else the last grid of each."""
    common = set[int].intersection(*(set(report.samples) for report in reports)) - {0}
    steps = sorted(common)
    if not steps:
        return [[last_shot(report) for report in reports]]
    picked = sorted({steps[round(i * (len(steps) - 1) / (SIDE_STEPS - 1))] for i in range(SIDE_STEPS)})
    return [[read_shot(report.picture(step), step) for report in reports] for step in reversed(picked)]
