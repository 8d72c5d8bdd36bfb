"""Curves of several runs over one axis: each by itself, or the mean over seeds with its spread. Knows no Qt."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ganstudio.core.numbers import duration, significant, whole
from ganstudio.core.numbers import step as step_words
from ganstudio.core.scales import forward
from ganstudio.window.model.curves import decimate, present
from ganstudio.window.model.series import Series

Array = NDArray[np.float64]
RANGE, DEVIATION = "range", "deviation"
SPREADS = {RANGE: "minimum to maximum", DEVIATION: "± standard deviation"}
"""What a band around a mean shows -> in words."""


@dataclass(frozen=True, eq=False)
class Course:
    """One run's series over an axis: rising places ``x``, smoothed values, and the lowest and highest of each row."""

    x: Array
    value: Array
    low: Array
    high: Array

    def at(self, place: float | None) -> float:
        """The value nearest to a place within its reach, or its last one; NaN beyond its ends."""
        if not len(self.x) or (place is not None and not self.x[0] <= place <= self.x[-1]):
            return math.nan
        value = float(self.value[-1 if place is None else _nearest(self.x, place)])
        if math.isfinite(value):
            return value
        known = np.flatnonzero(np.isfinite(self.value))
        if not len(known) or (place is not None and not self.x[known[0]] <= place <= self.x[known[-1]]):
            return math.nan
        return float(self.value[known[-1 if place is None else _nearest(self.x[known], place)]])


@dataclass(frozen=True, eq=False)
class Mean:
    """The mean of ``count`` courses at common places, and the spread around it."""

    x: Array
    value: Array
    low: Array
    high: Array
    count: int

    def words(self, place: float | None, spread: str) -> str:
        """The value at a place for a legend: ``0.693 ± 0.01``, or ``0.693 (0.68 to 0.71)``."""
        value, low, high = self.at(place)
        if math.isnan(value):
            return ""
        if spread == DEVIATION:
            return f"{significant(value)} ± {significant(high - value, 2)}"
        return f"{significant(value)} ({significant(low)} to {significant(high)})"

    def at(self, place: float | None) -> tuple[float, float, float]:
        """Mean, low and high at the nearest place, or at the last one; NaN beyond its ends."""
        if not len(self.x) or (place is not None and not self.x[0] <= place <= self.x[-1]):
            return math.nan, math.nan, math.nan
        row = len(self.x) - 1 if place is None else _nearest(self.x, place)
        return float(self.value[row]), float(self.low[row]), float(self.high[row])


def _nearest(x: Array, place: float) -> int:
    """The row of a rising axis that is nearest to a place."""
    row = min(int(np.searchsorted(x, place)), len(x) - 1)
    return row - 1 if row > 0 and abs(x[row - 1] - place) < abs(x[row] - place) else row


def course_of(series: Series, smoothed: Array, unit: str) -> Course:
    """A series over "step", "images" or "time", with its smoothed values; of a rare one the rows that have any."""
    rows = present(series.mean)
    low = series.low[rows]
    high = low if series.high is series.low else series.high[rows]
    return Course(series.x(unit)[rows], smoothed[rows], low, high)


def mean_of(courses: Sequence[Course], spread: str, points: int) -> Mean | None:
    """The mean over several runs where all of them have values, at no more than so many places.

    Each course is interpolated linearly between its own values and nowhere beyond them. ``spread`` is
    :data:`RANGE`, or :data:`DEVIATION`: the standard deviation of the sample, with n - 1. ``None`` where the
    courses have no place in common.
    """
    known = [(c.x[np.isfinite(c.value)], c.value[np.isfinite(c.value)]) for c in courses]
    if not known or any(not len(x) for x, _ in known):
        return None
    left, right = max(float(x[0]) for x, _ in known), min(float(x[-1]) for x, _ in known)
    if left > right:
        return None
    common = _common([x for x, _ in known], left, right, points)
    table = np.stack([np.interp(common, x, value) for x, value in known])
    middle = table.mean(axis=0)
    if spread == RANGE or len(table) < 2:
        return Mean(common, middle, table.min(axis=0), table.max(axis=0), len(table))
    deviation = table.std(axis=0, ddof=1)
    return Mean(common, middle, middle - deviation, middle + deviation, len(table))


def _common(axes: Sequence[Array], left: float, right: float, points: int) -> Array:
    """The places of all runs from ``left`` to ``right``, or evenly spread ones where those would be too many."""
    inside = [x[np.searchsorted(x, left) : np.searchsorted(x, right, side="right")] for x in axes]
    if max(map(len, inside)) <= points:
        every = np.unique(np.concatenate(inside))
        if 0 < len(every) <= points:
            return every
    return np.linspace(left, right, points)


@dataclass(frozen=True, eq=False)
class Sight:
    """What part of the axes is drawn: from ``left`` to ``right`` in so many ``columns``, on a ``scale``."""

    left: float
    right: float
    columns: int
    scale: str

    def line(self, x: Array, value: Array) -> tuple[Array, Array]:
        """A line in axis positions, at most two points for each column."""
        y = forward(value, self.scale)
        return decimate(x, y, y, self.left, self.right, self.columns)

    def trace(self, course: Course) -> tuple[Array, Array]:
        """The raw reports in axis positions."""
        low = forward(course.low, self.scale)
        high = low if course.high is course.low else forward(course.high, self.scale)
        return decimate(course.x, low, high, self.left, self.right, self.columns)

    def band(self, mean: Mean) -> tuple[Array, Array, Array]:
        """The spread in axis positions, one place for each column; on a logarithmic axis what would lie below zero
        ends at the mean."""
        middle = forward(mean.value, self.scale)
        low, high = forward(mean.low, self.scale), forward(mean.high, self.scale)
        low, high = np.where(np.isfinite(low), low, middle), np.where(np.isfinite(high), high, middle)
        first = max(int(np.searchsorted(mean.x, self.left)) - 1, 0)
        last = min(int(np.searchsorted(mean.x, self.right)) + 1, len(mean.x))
        x, low, high = mean.x[first:last], low[first:last], high[first:last]
        if len(x) <= self.columns:
            return x, low, high
        starts = np.unique(np.linspace(0, len(x) - 1, max(self.columns // 2, 1)).astype(np.intp))
        return x[starts], np.fmin.reduceat(low, starts), np.fmax.reduceat(high, starts)


def span_of(courses: Sequence[Course]) -> tuple[float, float]:
    """From the first to the last report of all runs; from zero where they begin near it."""
    ends = [(float(c.x[0]), float(c.x[-1])) for c in courses if len(c.x)]
    if not ends:
        return 0.0, 1.0
    left, right = min(e[0] for e in ends), max(e[1] for e in ends)
    left = 0.0 if left <= 0.05 * right else left
    return (left, right) if right > left else (left, left + 1.0)


def place_words(place: float, unit: str) -> str:
    """A place on the axis in words: ``step 1,440``, ``92,160 images``, ``1 min 24 s``."""
    if unit == "step":
        return step_words(round(place))
    return f"{whole(place)}\u00a0images" if unit == "images" else duration(place)


def value_words(value: float) -> str:
    """A value for a legend; nothing for NaN."""
    return "" if math.isnan(value) else significant(value)


def to_csv(runs: Sequence[tuple[str, Series]], name: str) -> str:
    """Every row of one series of several runs, one below the other. Where rows stand for several reports, mean,
    minimum and maximum are given."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    merged = any(series.stride > 1 for _, series in runs)
    suffixes = ("", "/min", "/max") if merged else ("",)
    writer.writerow(["run", "step", "images", "seconds", *(name + suffix for suffix in suffixes)])
    for title, series in runs:
        parts = (series.mean, series.low, series.high)[: len(suffixes)]
        for row in range(len(series)):
            values = ["" if math.isnan(v := float(part[row])) else repr(v) for part in parts]
            fixed = [int(series.step[row]), int(series.images[row]), repr(float(series.seconds[row]))]
            writer.writerow([title, *fixed, *values])
    return out.getvalue()
