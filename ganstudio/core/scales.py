"""Axes: how a value becomes a height, and where the ticks go. Knows no Qt."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ganstudio.core.numbers import duration, short, significant

Array = NDArray[np.float64]
SYMLOG_UNIT = 1.0
"""Below this the symmetric logarithm is about linear."""
SMALLEST = 1e-300


@dataclass(frozen=True)
class Tick:
    """A place on an axis, in the axis's own (transformed) coordinate, and its words."""

    position: float
    label: str


def forward(values: Array, scale: str) -> Array:
    """Values as positions on an axis: "linear", "log" (base 10; what is not positive becomes NaN) or "symlog"."""
    if scale == "log":
        positive = values > 0
        return np.where(positive, np.log10(np.where(positive, values, 1.0)), np.nan)
    if scale == "symlog":
        return np.sign(values) * np.log10(1 + np.abs(values) / SYMLOG_UNIT)
    return values


def forward_one(value: float, scale: str) -> float:
    """:func:`forward` for one number."""
    return float(forward(np.array([value]), scale)[0])


def backward(position: float, scale: str) -> float:
    """The value at a position."""
    if scale == "log":
        return 10.0 ** min(position, 300.0)
    if scale == "symlog":
        return math.copysign(SYMLOG_UNIT * (10.0 ** min(abs(position), 300.0) - 1), position)
    return position


def nice_step(span: float, count: int) -> float:
    """The step of 1, 2 or 5 times a power of ten that gives at most about ``count`` ticks over ``span``."""
    raw = max(span, SMALLEST) / max(count, 1)
    power = 10.0 ** math.floor(math.log10(raw))
    factor = next(f for f in (1, 2, 5, 10) if raw <= f * power * (1 + 1e-9))
    return factor * power


def rounded(low: float, high: float, scale: str, count: int) -> tuple[float, float]:
    """A range of positions widened to whole ticks, so that an axis does not tremble with its data."""
    if high - low < 1e-9 * max(abs(low), abs(high), 1e-6):
        pad = max(abs(high) * 0.1, 0.01)  # finer ticks would have labels too long for the room beside an axis
        low, high = low - pad, high + pad
    if scale != "linear":
        pad = 0.04 * (high - low)
        return low - pad, high + pad
    step = nice_step(high - low, count)
    return math.floor(low / step + 1e-6) * step, math.ceil(high / step - 1e-6) * step


def value_ticks(low: float, high: float, scale: str, count: int) -> list[Tick]:
    """The ticks of a value axis over a range of positions."""
    if scale == "log":
        return _log_ticks(low, high, count)
    if scale == "symlog":
        return _symlog_ticks(low, high, count)
    step = nice_step(high - low, count)
    digits = max(0, -math.floor(math.log10(step) + 1e-9))
    return [Tick(v, _linear_label(v, step, digits)) for v in _multiples(low, high, step)]


def _multiples(low: float, high: float, step: float) -> list[float]:
    first, last = math.ceil(low / step - 1e-6), math.floor(high / step + 1e-6)
    return [i * step for i in range(first, min(last, first + 200) + 1)]


def _linear_label(value: float, step: float, digits: int) -> str:
    if abs(value) < step * 1e-6:
        value = 0.0
    if digits > 3 or abs(value) >= 1e4 or step >= 1e4:
        return short(value)
    return f"{value:,.{digits}f}".replace("-", "−")


def _log_ticks(low: float, high: float, count: int) -> list[Tick]:
    decades = high - low
    parts = (1, 2, 5) if decades < count / 2 else (1,)
    every = max(1, math.ceil(decades / max(count, 1)))
    ticks = [
        Tick(p + math.log10(part), short(part * 10.0**p))
        for p in range(math.floor(low), math.ceil(high) + 1)
        if p % every == 0
        for part in parts
        if abs(p) < 300
    ]
    inside = [tick for tick in ticks if low <= tick.position <= high]
    if len(inside) >= 2:
        return inside
    values = (low, (low + high) / 2, high)
    return [Tick(v, significant(backward(v, "log"), 2)) for v in values]


def _symlog_ticks(low: float, high: float, count: int) -> list[Tick]:
    reach = math.ceil(max(abs(low), abs(high)))
    every = max(1, math.ceil(2 * reach / max(count, 1) / 2))
    sizes = [10.0**p for p in range(0, reach + 1, every)]
    if reach <= 1:
        sizes = [0.2, 0.5, 1.0, 2.0, 5.0]
    values = sorted([-s for s in sizes] + [0.0] + sizes)
    ticks = [Tick(forward_one(v, "symlog"), short(v)) for v in values]
    return [tick for tick in ticks if low <= tick.position <= high]


TIME_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400)


def x_ticks(low: float, high: float, unit: str, count: int) -> list[Tick]:
    """The ticks of a horizontal axis over steps, images or seconds."""
    if unit == "time":
        raw = (high - low) / max(count, 1)
        step: float = next((s for s in TIME_STEPS if s >= raw), nice_step(high - low, count))
        return [Tick(v, _time_label(v, step)) for v in _multiples(low, high, step)]
    step = max(nice_step(high - low, count), 1.0)
    return [Tick(v, short(v)) for v in _multiples(low, high, step)]


def _time_label(seconds: float, step: float) -> str:
    if seconds == 0:
        return "0"
    if step >= 3600 and seconds % 3600 == 0:
        return f"{seconds / 3600:.0f}\u00a0h"
    if step >= 60 and seconds < 3600 and seconds % 60 == 0:
        return f"{seconds / 60:.0f}\u00a0min"
    return f"{seconds:.0f}\u00a0s" if seconds < 60 else duration(seconds)
