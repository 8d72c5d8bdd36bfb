"""What the chart of a sweep draws: means with their bars and the single runs, against one setting. Knows no Qt."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ganstudio.core.numbers import short
from ganstudio.core.scales import Tick, rounded, value_ticks
from ganstudio.core.sweep_values import value_text
from ganstudio.core.sweeps import Column, Group, Sample, Spread, axis_names, grouped, log_spaced, order

DEVIATION, INTERVAL, RANGE = "deviation", "interval", "range"
FEW_VALUES = 9
"""So many values of a setting have a tick each."""
ALL = "all runs"


@dataclass(frozen=True)
class Bar:
    """One combination of values: where it stands, its spread, every run's number, and its words."""

    x: float
    spread: Spread
    points: tuple[float, ...]
    label: str

    def ends(self, what: str) -> tuple[float, float]:
        """From where to where the bar reaches; its mean twice where there is no spread."""
        if what == RANGE:
            return self.spread.low, self.spread.high
        half = self.spread.half if what == INTERVAL else self.spread.deviation
        reach = half if math.isfinite(half) else 0.0
        return self.spread.mean - reach, self.spread.mean + reach


@dataclass(frozen=True)
class Line:
    """The bars that agree in all settings but that of the axis."""

    label: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Drawing:
    """All lines, in positions: logarithms where ``log``, places 0, 1, 2, ... where the values are no numbers."""

    lines: tuple[Line, ...] = ()
    x_ticks: tuple[Tick, ...] = ()
    x_range: tuple[float, float] = (0.0, 1.0)
    x_title: str = ""
    log: bool = False
    numeric: bool = False

    def y_range(self, what: str) -> tuple[float, float]:
        """The range that shows every bar and every run, widened to whole ticks."""
        bars = [bar for line in self.lines for bar in line.bars]
        values = [value for bar in bars for value in (*bar.points, *bar.ends(what))]
        return rounded(min(values), max(values), "linear", 5) if values else (0.0, 1.0)


def is_numeric(values: Sequence[Any]) -> bool:
    """Whether all values are numbers, so that their distances mean something."""
    return bool(values) and all(isinstance(v, int | float) and not isinstance(v, bool) for v in values)


def fits_log(samples: Sequence[Sample], axis: str) -> bool:
    """Whether a logarithmic axis can show a setting: numbers, all above 0."""
    values = [sample.settings.get(axis) for sample in samples]
    return is_numeric(values) and all(value > 0 for value in values)


def drawing_of(
    samples: Sequence[Sample], axes: Sequence[str], axis: str, column: Column, log: bool | None = None
) -> Drawing:
    """A number against a setting (``""``: none differs). ``log`` is chosen by how the values lie unless it is said."""
    values = sorted({_key(s.settings.get(axis)): s.settings.get(axis) for s in samples}.values(), key=order)
    numeric = bool(axis) and is_numeric(values)
    logarithmic = log_spaced(values) if log is None and numeric else bool(log)
    logarithmic = logarithmic and numeric and all(value > 0 for value in values)
    places = {_key(v): _place(v, i, numeric, logarithmic) for i, v in enumerate(values)}
    names = axis_names(axes, samples)
    others = [other for other in axes if other != axis]
    lines: dict[str, list[Bar]] = {}
    for group in grouped(samples, [*others, *([axis] if axis else [])]):
        label = " ".join(f"{names[o]}={value_text(v)}" for o, v in zip(others, group.values, strict=False))
        bar = _bar(group, places[_key(group.values[-1])] if axis else 0.0, column, names.get(axis, ""))
        if bar.points:
            lines.setdefault(label, []).append(bar)
    drawn = tuple(Line(label, tuple(bars)) for label, bars in lines.items())
    ticks = _ticks(values if axis else [], places, numeric, logarithmic)
    return Drawing(drawn, ticks, _range(places, numeric), names.get(axis, ALL), logarithmic, numeric)


def _bar(group: Group, x: float, column: Column, name: str) -> Bar:
    numbers = [sample.numbers.get(column) for sample in group.samples]
    points = tuple(n for n in numbers if n is not None and math.isfinite(n))
    label = f"{name}={value_text(group.values[-1])}" if name else ALL
    return Bar(x, group.spread(column), points, label)


def _key(value: Any) -> str:
    return f"{type(value) is bool} {value_text(value)}"


def _place(value: Any, index: int, numeric: bool, log: bool) -> float:
    if not numeric:
        return float(index)
    return math.log10(value) if log else float(value)


def _range(places: dict[str, float], numeric: bool) -> tuple[float, float]:
    low, high = min(places.values(), default=0.0), max(places.values(), default=0.0)
    pad = 0.08 * (high - low) if numeric and high > low else 0.5
    return low - pad, high + pad


def _ticks(values: list[Any], places: dict[str, float], numeric: bool, log: bool) -> tuple[Tick, ...]:
    """One for each value where they are few, else as on any axis."""
    if not values:
        return (Tick(0.0, ALL),)
    if not numeric or len(values) <= FEW_VALUES:
        return tuple(Tick(places[_key(v)], short(v) if numeric else value_text(v)) for v in values)
    low, high = _range(places, numeric)
    return tuple(value_ticks(low, high, "log" if log else "linear", 6))
