"""From series to what a chart draws: smoothing on all data, then one column of pixels at a time. Knows no Qt."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
CHUNK = 256
NO_MEMORY = 1e-12
LARGEST_POWER = 200.0
"""Weights to the power of a chunk stay above 10^-200, well inside double precision."""
OFTEN = 0.9
"""Share of values that follow one another without a gap in a series that nearly every report has."""
LONG_GAP = 5
"""Times the usual distance of two values, beyond which a rare series has ceased and begun again."""


class Smoother:
    """The exponential moving average with its start bias removed, taken up where the last values ended.

    After the k-th value it is sum_i w^(k-i) y_i / sum_i w^(k-i): the first value counts fully, and a weight of
    0 is no smoothing. Values that are not finite are left out and stay NaN. Where a row is the mean of ``stride``
    reports it counts as that many equal ones.
    """

    def __init__(self, weight: float, stride: int = 1) -> None:
        self._weight = weight
        self._decay = weight**stride if 0 < weight < 1 else 0.0
        self._total, self._count = 0.0, 0

    def take(self, values: Array) -> Array:
        """Smooth the next rows, each of ``stride`` reports."""
        result = np.full(len(values), np.nan)
        finite = np.flatnonzero(np.isfinite(values))
        if len(finite) == 0:
            return result
        if self._decay < NO_MEMORY:
            result[finite] = values[finite]
            self._total, self._count = float(values[finite[-1]]), self._count + len(finite)
            return result
        sums = _sums(values[finite], self._decay, self._total)
        counts = np.arange(self._count + 1, self._count + len(finite) + 1)
        result[finite] = sums / -np.expm1(counts * math.log(self._decay))
        self._total, self._count = float(sums[-1]), self._count + len(finite)
        return result

    def peek(self, value: float, fill: int) -> float:
        """What a row of only ``fill`` reports would give, without taking it."""
        if not math.isfinite(value) or self._count == 0 or self._decay < NO_MEMORY:
            return value if math.isfinite(value) else math.nan
        kept = self._weight**fill
        mass = -math.expm1(self._count * math.log(self._decay)) * kept + 1 - kept
        return (self._total * kept + value * (1 - kept)) / mass


def smooth(values: Array, weight: float, stride: int = 1, fill: int = 1) -> Array:
    """All rows at once by a :class:`Smoother`; the last one stands for ``fill`` reports."""
    smoother = Smoother(weight, stride)
    if fill == stride or len(values) == 0:
        return smoother.take(values)
    return np.append(smoother.take(values[:-1]), smoother.peek(float(values[-1]), fill))


def _sums(values: Array, decay: float, total: float) -> Array:
    """(1 - w) sum_i w^(k-i) y_i after each value, going on from ``total``: within a chunk by a cumulative sum,
    between chunks by a carry, so that no power leaves double precision."""
    chunk = max(1, min(CHUNK, int(LARGEST_POWER / -math.log10(decay)), len(values)))
    padded = np.zeros(-(-len(values) // chunk) * chunk)
    padded[: len(values)] = values
    powers = decay ** np.arange(1, chunk + 1)
    local = np.cumsum(padded.reshape(-1, chunk) / powers, axis=1) * powers * (1 - decay)
    carry = np.zeros(len(local))
    for i, end in enumerate(local[:, -1].tolist()):
        carry[i] = total
        total = total * float(powers[-1]) + end
    return (local + carry[:, None] * powers).reshape(-1)[: len(values)]


def present(values: Array) -> NDArray[np.bool_] | slice:
    """The rows to draw: all of a series that nearly every report has; of a rarer one those with a value, such as a
    penalty that is worked out at every fourth step only.

    Of a rarer series that had ceased for unusually long, one row without a value stays as well, so that there is a gap.
    """
    there = np.isfinite(values)
    rows = np.flatnonzero(there)
    if len(rows) < 2:
        return slice(None)
    gaps = np.diff(rows)
    if np.quantile(gaps, OFTEN) <= 1:
        return slice(None)
    usual = float(np.median(gaps))
    there[rows[:-1][gaps > LONG_GAP * usual] + 1] = True
    return there


def smooth_rare(values: Array, weight: float, stride: int = 1) -> Array:
    """Smooth a series that few reports have, each value counting for as many reports as usually lie between two.

    Rows (N,) without a value stay NaN, but for the last one: it has the newest smoothed value, if that is recent.
    """
    rows = np.flatnonzero(np.isfinite(values))
    gap = float(np.median(np.diff(rows)))
    result = np.full(len(values), np.nan)
    result[rows] = smooth(values[rows], weight ** (gap * stride))
    if len(values) - rows[-1] <= LONG_GAP * gap:
        result[-1] = result[rows[-1]]
    return result


def decimate(
    x: Array, low: Array, high: Array, left: float, right: float, columns: int
) -> tuple[Array, Array]:
    """At most two points per column of pixels between ``left`` and ``right``: its minimum and its maximum.

    ``x`` rises. One point beyond each edge is kept so that the curve runs out of the view. A column without a
    finite value gives NaN, a gap. With few points they come back as they are.
    """
    if len(x) == 0 or columns < 1:
        return np.empty(0), np.empty(0)
    first = max(int(np.searchsorted(x, left, side="left")) - 1, 0)
    last = min(int(np.searchsorted(x, right, side="right")) + 1, len(x))
    x, low, high = x[first:last], low[first:last], high[first:last]
    if len(x) <= 2 * columns:
        return _as_they_are(x, low, high)
    if not right > left:
        return _as_they_are(x[-1:], low[-1:], high[-1:])
    edges = np.searchsorted(x, np.linspace(left, right, columns + 1))
    starts = np.unique(np.append(edges[edges < len(x)], 0))
    ends = np.append(starts[1:], len(x)) - 1
    bottom, top = np.fmin.reduceat(low, starts), np.fmax.reduceat(high, starts)
    rising = low[starts] <= high[ends]
    xs = np.repeat((x[starts] + x[ends]) / 2, 2)
    ys = np.empty(2 * len(starts))
    ys[0::2], ys[1::2] = np.where(rising, bottom, top), np.where(rising, top, bottom)
    return xs, ys


def _as_they_are(x: Array, low: Array, high: Array) -> tuple[Array, Array]:
    if low is high or np.array_equal(low, high, equal_nan=True):
        return x.copy(), low.copy()
    ys = np.empty(2 * len(x))
    ys[0::2], ys[1::2] = low, high
    return np.repeat(x, 2), ys


def limits(values: list[Array], ignore_outliers: bool = False) -> tuple[float, float] | None:
    """The range of all finite values, or their 1 to 99 % quantiles; ``None`` without any."""
    kept = [part[np.isfinite(part)] for part in values]
    kept = [part for part in kept if len(part)]
    if not kept:
        return None
    joined = np.concatenate(kept)
    if ignore_outliers:
        low, high = np.quantile(joined, [0.01, 0.99])
        return float(low), float(high)
    return float(joined.min()), float(joined.max())
