"""What a chart draws, worked out from store, spec and options. Knows no Qt."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ganstudio.core.numbers import duration, significant, whole
from ganstudio.core.numbers import step as step_words
from ganstudio.core.scales import forward, forward_one
from ganstudio.window.model.curves import Smoother, decimate, limits, present, smooth_rare
from ganstudio.window.model.series import Series, SeriesStore
from ganstudio.window.widgets.charts.spec import ChartOptions, ChartSpec, Curve

Array = NDArray[np.float64]
EXTRA_TOKENS = ("accent-text", "generator", "discriminator", "real", "warning")
EXTRA_DASHES = ("solid", "dash", "dot")
ACTORS = {
    "generator": ("generator", "generator"),
    "discriminator": ("discriminator", "discriminator"),
    "real": ("real", "real"),
    "fake": ("generated", "generator"),
}
"""Series that belong to one of the actors: label and colour token."""


@dataclass(frozen=True)
class Drawn:
    """One curve ready to draw, in axis positions: the raw trace and the smoothed line."""

    curve: Curve
    raw: tuple[Array, Array]
    smooth: tuple[Array, Array]


@dataclass
class _Kept:
    """The smoothed complete rows of one scalar, and the smoother that stands after them."""

    key: tuple[int, int, float]
    smoother: Smoother
    values: Array
    rows: int = 0

    def extend(self, series: Series) -> Array:
        """Smooth the rows that have come since; the last one, if it is not complete, only for now."""
        length = len(series)
        done = length if series.fill == series.stride else length - 1
        if length > len(self.values):
            grown = np.full(max(2 * len(self.values), length, 1024), np.nan)
            grown[: self.rows] = self.values[: self.rows]
            self.values = grown
        if done > self.rows:
            self.values[self.rows : done] = self.smoother.take(series.mean[self.rows : done])
            self.rows = done
        if done < length:
            self.values[done] = self.smoother.peek(float(series.mean[done]), series.fill)
        return self.values[:length]


@dataclass
class Smoothed:
    """Smoothed series over all data, kept and extended from one report to the next."""

    _kept: dict[str, _Kept] = field(default_factory=dict)

    def of(self, store: SeriesStore, name: str, weight: float) -> Array:
        """The smoothed values of a scalar, one for each row. The last row has the newest, if that is recent."""
        key, series = (id(store), store.epoch, weight), store.series(name)
        if not isinstance(present(series.mean), slice):
            return smooth_rare(series.mean, weight, series.stride)
        if name not in self._kept or self._kept[name].key != key:
            self._kept[name] = _Kept(key, Smoother(weight, series.stride), np.empty(0))
        return self._kept[name].extend(series)


def curves_of(spec: ChartSpec, store: SeriesStore) -> list[Curve]:
    """The spec's curves that have data, and one for each further scalar with the spec's prefix."""
    found = [curve for curve in spec.curves if curve.name in store]
    if spec.prefix:
        listed = {curve.name for curve in spec.curves}
        extra = [n for n in store.names() if n.startswith(spec.prefix) and n not in listed]
        found += [_extra(name, spec.prefix, i) for i, name in enumerate(extra)]
    return found


def _extra(name: str, prefix: str, index: int) -> Curve:
    label = name.removeprefix(prefix).replace("_", " ").replace("-", " ")
    if label in ACTORS:
        return Curve(name, *ACTORS[label])
    dash = EXTRA_DASHES[index // len(EXTRA_TOKENS) % len(EXTRA_DASHES)]
    return Curve(name, label, EXTRA_TOKENS[index % len(EXTRA_TOKENS)], dash)


def draw(
    curve: Curve,
    series: Series,
    smoothed: Array,
    options: ChartOptions,
    view: tuple[float, float],
    columns: int,
) -> Drawn:
    """Decimate one series for a view of so many pixel columns."""
    rows = present(series.mean)
    x = series.x(options.x)[rows]
    low = forward(series.low[rows], options.y)
    high = low if series.high is series.low else forward(series.high[rows], options.y)
    line = forward(smoothed[rows], options.y)
    return Drawn(curve, decimate(x, low, high, *view, columns), decimate(x, line, line, *view, columns))


def x_range(series: list[Series], unit: str) -> tuple[float, float]:
    """From the first to the last report."""
    ends = [(float(s.x(unit)[0]), float(s.x(unit)[-1])) for s in series if len(s)]
    if not ends:
        return 0.0, 1.0
    left, right = min(e[0] for e in ends), max(e[1] for e in ends)
    left = 0.0 if left <= 0.05 * right else left
    return (left, right) if right > left else (left, left + 1.0)


def y_range(
    drawn: list[Drawn], options: ChartOptions, spec: ChartSpec, theory: Mapping[str, float]
) -> tuple[float, float] | None:
    """The range of positions that shows the curves and the theory's lines; ``None`` without data."""
    if spec.bounds and options.y == "linear" and not options.ignore_outliers:
        within = limits([d.raw[1] for d in drawn])
        if within is not None and (within[0] >= spec.bounds[0] and within[1] <= spec.bounds[1]):
            return spec.bounds
    found = limits([d.raw[1] for d in drawn], options.ignore_outliers)
    smooth_range = limits([d.smooth[1] for d in drawn]) if options.ignore_outliers else None
    if found is None:
        return None
    values = [*found, *(smooth_range or ())]
    lines = (forward_one(theory[d.curve.name], options.y) for d in drawn if d.curve.name in theory)
    values += [v for v in lines if math.isfinite(v)]
    return min(values), max(values)


NAMES = {
    2 * math.log(2): "2 ln 2",
    math.log(2): "ln 2",
    -math.log(2): "−ln 2",
    -math.log(4): "−ln 4",
    0.5: "½",
}


def theory_name(value: float) -> str:
    """How theory writes a value: ``2 ln 2``, ``½``, or the number."""
    return next((name for known, name in NAMES.items() if math.isclose(known, value)), significant(value))


def theory_lines(drawn: list[Curve], theory: Mapping[str, float]) -> list[tuple[float, str]]:
    """The distinct values with their words; whose it is, is said where the curves differ."""
    known = [(curve, theory[curve.name]) for curve in drawn if curve.name in theory]
    values = sorted({value for _, value in known})
    if len(values) == 1:
        return [(values[0], f"{theory_name(values[0])} equilibrium")]
    owners = {v: " and ".join(curve.label for curve, value in known if value == v) for v in values}
    return [(v, f"{theory_name(v)} {owners[v]}") for v in values]


def x_words(step: int, store: SeriesStore, unit: str) -> str:
    """The place of a step on the axis, in words: ``step 1,440``, ``92,160 images``, ``1 min 24 s``."""
    row = row_of(step, store)
    if unit == "step" or row is None:
        return step_words(step)
    series = store.series(store.names()[0])
    return (
        f"{whole(series.images[row])}\u00a0images"
        if unit == "images"
        else duration(float(series.seconds[row]))
    )


def row_of(step: int, store: SeriesStore) -> int | None:
    """The row that holds a step, the last one for a later step; ``None`` in an empty store."""
    if not len(store):
        return None
    return min(int(np.searchsorted(store.steps(), step)), len(store) - 1)


def x_of_step(step: int, store: SeriesStore, unit: str) -> float:
    """A step's place on the axis."""
    row = row_of(step, store)
    if unit == "step" or row is None or not store.names():
        return float(step)
    return float(store.series(store.names()[0]).x(unit)[row])


def step_at(position: float, store: SeriesStore, unit: str) -> int | None:
    """The step of the report nearest to a place on the axis."""
    if not len(store) or not store.names():
        return None
    x = store.series(store.names()[0]).x(unit)
    row = min(int(np.searchsorted(x, position)), len(x) - 1)
    if row > 0 and abs(x[row - 1] - position) < abs(x[row] - position):
        row -= 1
    return int(store.steps()[row])
