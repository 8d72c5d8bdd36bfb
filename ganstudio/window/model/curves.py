"""From series to what a chart draws: smoothing on all data, then one column of pixels at a time. Knows no Qt."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
CHUNK = 256
LARGEST_POWER = 200.0
"""Weights to the power of a chunk stay above 10^-200, well inside double precision."""


def smooth(values: Array, weight: float, stride: int = 1, fill: int = 1) -> Array:
    """The exponential moving average of ``values`` with its start bias removed.

    After the k-th value it is sum_i w^(k-i) y_i / sum_i w^(k-i): the first value counts fully, and a weight of
    0 is no smoothing. Values that are not finite are left out and stay NaN. Where a row is the mean of ``stride``
    reports (the last row: of ``fill``), it counts as that many equal ones.
    """
    result = np.full(len(values), np.nan)
    finite = np.flatnonzero(np.isfinite(values))
    if not 0 < weight < 1 or len(finite) == 0:
        result[finite] = values[finite]
        return result
    decay = weight**stride
    result[finite] = _debiased(values[finite], decay)
    if fill != stride and finite[-1] == len(values) - 1:
        result[-1] = _last(values[finite], decay, weight**fill)
    return result


def _debiased(values: Array, decay: float) -> Array:
    """The average over finite values, chunk by chunk: within one by a cumulative sum, between them by a carry."""
    if decay < 1e-12:
        return values.copy()
    chunk = max(1, min(CHUNK, int(LARGEST_POWER / -math.log10(decay)), len(values)))
    padded = np.zeros(-(-len(values) // chunk) * chunk)
    padded[: len(values)] = values
    powers = decay ** np.arange(1, chunk + 1)
    rows = padded.reshape(-1, chunk)
    local = np.cumsum(rows / powers, axis=1) * powers * (1 - decay)
    carry, total = np.zeros(len(rows)), 0.0
    for i, end in enumerate(local[:, -1].tolist()):
        carry[i] = total
        total = total * float(powers[-1]) + end
    summed = (local + carry[:, None] * powers).reshape(-1)[: len(values)]
    return summed / -np.expm1(np.arange(1, len(values) + 1) * math.log(decay))


def _last(values: Array, decay: float, last_decay: float) -> float:
    """The average after a last row of fewer reports than the others."""
    if len(values) == 1:
        return float(values[0])
    before = float(_debiased(values[:-1], decay)[-1])
    mass = -math.expm1((len(values) - 1) * math.log(decay)) if decay > 0 else 1.0
    share = 1 - last_decay
    return (before * mass * last_decay + float(values[-1]) * share) / (mass * last_decay + share)


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
    width = (right - left) / columns
    if width <= 0:
        return _as_they_are(x[-1:], low[-1:], high[-1:])
    column = np.clip(np.floor((x - left) / width), -1, columns).astype(np.int64)
    starts = np.flatnonzero(np.diff(column, prepend=column[0] - 1))
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
