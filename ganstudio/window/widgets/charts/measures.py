"""Measured numbers as curves of points with intervals: one chart for each metric and protocol. Knows no Qt."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ganstudio.catalog.measures import MEASURES
from ganstudio.core.measurement import Measurement, newest, way
from ganstudio.core.numbers import step as step_words
from ganstudio.core.numbers import whole
from ganstudio.core.scales import forward
from ganstudio.reports.figures import better_words, protocol_words, spread_words, title_of, value_words
from ganstudio.window.model.curves import limits
from ganstudio.window.model.series import SeriesStore
from ganstudio.window.widgets.charts import compose

Array = NDArray[np.float64]
Way = tuple[object, ...]


@dataclass(frozen=True, eq=False)
class MeasuredCurve:
    """The numbers of one run by one metric and protocol, in the order of their steps.

    ``color`` is a colour token, ``dash`` "solid", "dash" or "dot". ``best`` is the step whose point is marked,
    ``store`` the run's series, by which steps become images or time; without it the axis counts steps.
    """

    label: str
    color: str
    points: tuple[Measurement, ...]
    dash: str = "solid"
    best: int | None = None
    store: SeriesStore | None = None

    def x(self, unit: str) -> Array:
        """Where the points stand on the axis."""
        return np.array([x_in(self.store, m.step or 0, unit) for m in self.points], dtype=np.float64)

    def values(self) -> tuple[Array, Array, Array]:
        """Value, low and high end of the interval; where there is no interval both ends are the value."""
        rows = [(m.value, *interval(m)) for m in self.points]
        columns = np.array(rows, dtype=np.float64).reshape(-1, 3).T
        return columns[0], columns[1], columns[2]

    def at(self, step: int | None) -> Measurement | None:
        """The last point at or before a step; the last of all without one."""
        before = [m for m in self.points if step is None or (m.step or 0) <= step]
        return before[-1] if before else None


@dataclass(frozen=True, eq=False)
class Placed:
    """One curve ready to draw, in axis positions; ``best`` is the index of the marked point, -1 for none."""

    curve: MeasuredCurve
    x: Array
    y: Array
    low: Array
    high: Array
    best: int = -1


def interval(measurement: Measurement) -> tuple[float, float]:
    """The interval of a number: from low to high, or as far as its spread, or the number itself."""
    low, high = measurement.low, measurement.high
    if math.isfinite(low) and math.isfinite(high):
        return low, high
    spread = measurement.spread if math.isfinite(measurement.spread) else 0.0
    return measurement.value - spread, measurement.value + spread


def courses(measurements: Iterable[Measurement]) -> dict[Way, tuple[Measurement, ...]]:
    """What was measured of one run's checkpoints: by metric and protocol, in the order of first measuring."""
    found: dict[Way, list[Measurement]] = {}
    for m in newest(measurements):
        if m.step is not None and math.isfinite(m.value):
            found.setdefault(way(m), []).append(m)
    return {key: tuple(sorted(course, key=lambda m: m.step or 0)) for key, course in found.items()}


def x_in(store: SeriesStore | None, step: int, unit: str) -> float:
    """A step's place on the axis; in steps where there are no series to translate by."""
    return float(step) if store is None else compose.x_of_step(step, store, unit)


def ordered(
    found: dict[Way, tuple[Measurement, ...]], first: str
) -> list[tuple[Way, tuple[Measurement, ...]]]:
    """The courses as they are shown: of the metric ``first``, then as the catalogue has them."""
    names = [first, *MEASURES]
    places = {name: names.index(name) for name in reversed(names)}
    return sorted(found.items(), key=lambda item: places.get(item[1][0].metric, len(names)))


def labels(found: Sequence[tuple[Way, tuple[Measurement, ...]]]) -> dict[Way, str]:
    """What tells the courses of one metric apart: the samples, or else a number; empty where there is one alone."""
    result: dict[Way, str] = {}
    for key, course in found:
        alike = [(k, c) for k, c in found if c[0].metric == course[0].metric]
        words = [f"{whole(c[0].protocol.samples)} samples" for _, c in alike]
        if len(set(words)) < len(words):
            words = [f"{word}, protocol {number}" for number, word in enumerate(words, 1)]
        result[key] = dict(zip([k for k, _ in alike], words, strict=True))[key] if len(alike) > 1 else ""
    return result


def place(curve: MeasuredCurve, unit: str, scale: str) -> Placed:
    """Positions on the axes: ``unit`` "step", "images" or "time", ``scale`` "linear", "log" or "symlog"."""
    y, low, high = (forward(part, scale) for part in curve.values())
    low = np.where(np.isfinite(low), low, y)  # on a logarithmic axis an interval may reach below zero
    steps = [m.step for m in curve.points]
    best = steps.index(curve.best) if curve.best in steps else -1
    return Placed(curve, curve.x(unit), y, low, high, best)


def x_range(placed: Sequence[Placed], unit: str) -> tuple[float, float]:
    """From zero, or the first report, to the last: of the points, and of the series of their runs."""
    ends = [float(x) for p in placed for x in (*p.x, *_ends(p.curve.store, unit))]
    if not ends:
        return 0.0, 1.0
    left, right = min(ends), max(ends)
    left = 0.0 if left <= 0.5 * right else left
    return (left, right) if right > left else (left - 1.0, left + 1.0)


def _ends(store: SeriesStore | None, unit: str) -> tuple[float, ...]:
    if store is None or not len(store) or not store.names():
        return ()
    x = store.series(store.names()[0]).x(unit)
    return float(x[0]), float(x[-1])


def y_range(placed: Sequence[Placed], ignore_outliers: bool) -> tuple[float, float] | None:
    """The range of positions that shows all points and, unless outliers are ignored, all intervals."""
    if ignore_outliers:
        return limits([p.y for p in placed])
    return limits([part for p in placed for part in (p.low, p.y, p.high)])


def nearest_point(
    placed: Sequence[Placed], x: float, reach: float
) -> list[tuple[MeasuredCurve, Measurement]]:
    """The nearest point of every curve that lies within ``reach`` of a place on the axis."""
    found: list[tuple[MeasuredCurve, Measurement]] = []
    for p in placed:
        if len(p.x):
            row = int(np.argmin(np.abs(p.x - x)))
            if abs(p.x[row] - x) <= reach:
                found.append((p.curve, p.curve.points[row]))
    return found


def point_words(curve: MeasuredCurve, measurement: Measurement) -> str:
    """A point in a few lines: number with interval, step, protocol, warnings."""
    spread = spread_words(measurement)
    number = f"{title_of(measurement.metric)}: {value_words(measurement)}" + (
        f" ({spread})" if spread else ""
    )
    best = ", the best" if curve.best is not None and measurement.step == curve.best else ""
    lines = [
        f"{number} at {step_words(measurement.step or 0)}{best}", f"{curve.label}" if curve.label else "",
        *protocol_words(measurement), *measurement.warnings,
    ]  # fmt: skip
    return "\n".join(line for line in lines if line)


def help_words(measurement: Measurement) -> str:
    """What a chart of such numbers shows and how they were found, for its title."""
    measure = MEASURES.get(measurement.metric)
    lines = [measure.idea if measure else "", better_words(measurement.metric).capitalize()]
    return "\n".join([line for line in lines if line] + ["", *protocol_words(measurement)])


def to_csv(curves: Sequence[MeasuredCurve]) -> str:
    """All points: run, metric, step, value, interval, and how they were found."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["run", "metric", "step", "value", "low", "high", "samples", "seed", "protocol"])
    for curve in curves:
        for m in curve.points:
            low, high = interval(m)
            how = "; ".join(protocol_words(m))
            numbers = [repr(value) for value in (m.value, low, high)]
            writer.writerow(
                [curve.label, m.metric, m.step, *numbers, m.protocol.samples, m.protocol.seed, how]
            )
    return out.getvalue()
