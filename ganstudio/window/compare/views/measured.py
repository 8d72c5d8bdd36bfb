"""What was measured of several runs, by metric and protocol: points of each run, or of the mean over seeds. No Qt."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from ganstudio.core.measurement import Measurement
from ganstudio.window.compare.views.overlay import DEVIATION, SPREADS
from ganstudio.window.compare.views.strands import Strand
from ganstudio.window.model.series import SeriesStore
from ganstudio.window.widgets.charts.measures import MeasuredCurve, Way

Points = tuple[Measurement, ...]
Courses = Mapping[Path, Mapping[Way, Points]]
"""What was measured of each run, by metric and protocol, in the order of steps (see ``measures.courses``)."""


MEAN_OF = "mean of"
"""How a number that stands for several runs begins to say how it was found."""


def is_mean(measurement: Measurement) -> bool:
    """Whether a number stands for several runs."""
    return measurement.how.startswith(MEAN_OF)


def ways_of(measured: Courses) -> dict[Way, Measurement]:
    """Every metric and protocol by which any run was measured at a step, with one number found in that way."""
    found: dict[Way, Measurement] = {}
    for table in measured.values():
        for key, course in table.items():
            found.setdefault(key, course[0])
    return found


def curves_of(
    key: Way,
    strands: Sequence[Strand],
    measured: Courses,
    stores: Mapping[Path, SeriesStore],
    spread: str,
    unit: str = "step",
) -> list[MeasuredCurve]:
    """The curves of one chart: the numbers that the runs of each strand have found in this way, or their mean.

    Where the axis is in images or time (``unit``), a run without series has no place. Over time there is no mean: at
    the same step each run has a time of its own.
    """
    curves: list[MeasuredCurve] = []
    for strand in strands:
        parts = {path: measured.get(path, {}).get(key, ()) for path in strand.runs}
        parts = {path: points for path, points in parts.items() if points}
        joined = _mean(list(parts.values()), spread) if len(parts) > 1 and unit != "time" else ()
        if joined:
            parts = {strand.runs[0]: joined}
        for path, points in parts.items():
            store = stores.get(path)
            known = store if store is not None and len(store) else None
            if known is None and unit != "step":
                continue
            curves.append(MeasuredCurve(strand.label, strand.color, points, strand.dash, None, known))
    return curves


def _mean(parts: Sequence[Points], spread: str) -> Points:
    """The mean of several runs at the steps that all of them were measured at, with the spread between them."""
    tables = [{m.step: m for m in points} for points in parts]
    common = sorted(set.intersection(*(set(table) for table in tables)), key=_place)
    return tuple(_joined([table[step] for table in tables], spread) for step in common)


def _place(step: int | None) -> int:
    return step or 0


def _joined(numbers: Sequence[Measurement], spread: str) -> Measurement:
    values = [m.value for m in numbers]
    middle, low, high = math.fsum(values) / len(values), min(values), max(values)
    deviation = statistics.stdev(values)
    if spread == DEVIATION:
        low, high = middle - deviation, middle + deviation
    how = f"{MEAN_OF} {len(values)} runs that differ in their seed, {SPREADS[spread]}"
    return replace(numbers[0], value=middle, spread=deviation, low=low, high=high, how=how, warnings=())
