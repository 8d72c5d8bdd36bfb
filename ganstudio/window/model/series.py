"""The series of a run in memory: appended ten times a second, read by the charts. Knows no Qt.

Memory is bounded. Up to ``limit`` reports every one is kept. Beyond, neighbouring rows are merged two by two,
so that each row stands for ``stride`` reports (a power of two, the same for the whole run) and keeps their
minimum, maximum and mean: no spike is ever lost, and only detail finer than ``stride`` reports is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ganstudio.core.messages import Scalars
from ganstudio.core.runs import Metrics

Array = NDArray[np.float64]
LIMIT = 1 << 16
START = 1 << 10
LOOK_BACK = 128
"""Rows in which the value of a scalar is looked for that not every report has."""


@dataclass(frozen=True)
class Series:
    """One scalar over the run, as views into the store: valid until the store changes.

    ``low``, ``high`` and ``mean`` are over the ``stride`` reports of a row (the last row: ``fill`` reports) and
    NaN where a report lacked the scalar. ``step``, ``images``, ``seconds`` are those of the row's last report.
    """

    step: NDArray[np.int64]
    images: NDArray[np.int64]
    seconds: Array
    low: Array
    high: Array
    mean: Array
    stride: int
    fill: int

    def __len__(self) -> int:
        return len(self.step)

    def x(self, unit: str) -> Array:
        """The horizontal axis as floats: "step", "images" or "time" (seconds)."""
        column = {"step": self.step, "images": self.images, "time": self.seconds}[unit]
        return column.astype(np.float64)


class _Column:
    """The values of one scalar; ``low`` and ``high`` are ``mean`` itself until rows are first merged."""

    def __init__(self, capacity: int, merged: bool) -> None:
        self.mean: Array = np.full(capacity, np.nan)
        self.low = self.mean.copy() if merged else self.mean
        self.high = self.mean.copy() if merged else self.mean
        self.count = 0  # finite values in the open row

    def parts(self) -> tuple[Array, ...]:
        return (self.mean,) if self.low is self.mean else (self.mean, self.low, self.high)

    def grow(self, capacity: int) -> None:
        grown = [np.concatenate([part, np.full(capacity - len(part), np.nan)]) for part in self.parts()]
        self.mean = grown[0]
        self.low, self.high = (grown[1], grown[2]) if len(grown) == 3 else (self.mean, self.mean)

    def merge_pairs(self, rows: int) -> None:
        half = rows // 2
        low, high, mean = np.full_like(self.mean, np.nan), np.full_like(self.mean, np.nan), self.mean.copy()
        low[:half] = np.fmin(self.low[0:rows:2], self.low[1:rows:2])
        high[:half] = np.fmax(self.high[0:rows:2], self.high[1:rows:2])
        left, right = self.mean[0:rows:2], self.mean[1:rows:2]
        mean[:half] = np.where(np.isnan(left), right, np.where(np.isnan(right), left, left / 2 + right / 2))
        mean[half:] = np.nan
        self.low, self.high, self.mean = low, high, mean

    def put(self, row: int, value: float) -> None:
        for part in self.parts():
            part[row] = value
        self.count = 0 if value != value else 1

    def merge(self, row: int, value: float) -> None:
        if value != value:
            return
        self.count += 1
        self.low[row] = np.fmin(self.low[row], value)
        self.high[row] = np.fmax(self.high[row], value)
        before = 0.0 if self.count == 1 else self.mean[row]
        self.mean[row] = before + (value - before) / self.count

    def cut(self, rows: int) -> None:
        for part in self.parts():
            part[rows:] = np.nan


def _loaded(values: Array, starts: NDArray[np.intp], capacity: int, merged: bool) -> _Column:
    """A column from all its values, each row the values from one of ``starts`` to the next."""
    column, rows = _Column(capacity, merged), len(starts)
    if not merged:
        column.mean[:rows] = values
        return column
    finite = ~np.isnan(values)
    counts = np.add.reduceat(finite.astype(np.float64), starts)
    column.low[:rows] = np.fmin.reduceat(values, starts)
    column.high[:rows] = np.fmax.reduceat(values, starts)
    sums = np.add.reduceat(np.where(finite, values, 0.0), starts)
    column.mean[:rows] = np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)
    column.count = int(counts[-1])
    return column


class SeriesStore:
    """Named scalars over steps, with bounded memory.

    ``version`` grows with every change, ``epoch`` with those that touch rows that were complete before.
    """

    def __init__(self, limit: int = LIMIT) -> None:
        if limit < 4 or limit % 2:
            raise ValueError(f"the limit of rows must be even and at least 4, not {limit}")
        self.limit = limit
        self.version = 0
        self.epoch = 0
        self._start()

    def _start(self) -> None:
        self.epoch += 1
        self._capacity = min(START, self.limit)
        self._rows, self._fill, self._stride = 0, 0, 1
        self._step: NDArray[np.int64] = np.zeros(self._capacity, dtype=np.int64)
        self._images: NDArray[np.int64] = np.zeros(self._capacity, dtype=np.int64)
        self._seconds: Array = np.zeros(self._capacity)
        self._columns: dict[str, _Column] = {}

    # ------------------------------------------------------------ writing

    def append(self, report: Scalars) -> None:
        """One report; a step that was there already (after a resume or a roll-back) replaces what followed it."""
        self._rewind(report.step)
        self._put(report.step, report.images, report.seconds, report.values)
        self.version += 1

    def load(self, metrics: Metrics) -> None:
        """Replace everything by a run's metrics."""
        self._start()
        self.version += 1
        count = len(metrics)
        if count == 0:
            return
        while count > self._stride * self.limit:
            self._stride *= 2
        starts = np.arange(0, count, self._stride)
        ends = np.append(starts[1:], count) - 1
        self._rows, self._fill = len(starts), int(count - starts[-1])
        self._grow(max(self._rows, self._capacity))
        for part, column in ((self._step, metrics.step), (self._images, metrics.images)):
            part[: self._rows] = column[ends]
        self._seconds[: self._rows] = metrics.seconds[ends]
        for name, values in metrics.values.items():
            self._columns[name] = _loaded(values, starts, self._capacity, self._stride > 1)

    def clear(self) -> None:
        """Forget everything."""
        self._start()
        self.version += 1

    def _put(self, step: int, images: int, seconds: float, values: dict[str, float]) -> None:
        opens = self._fill in (0, self._stride)
        if opens:
            self._make_room()
            opens = self._fill in (0, self._stride)
        if opens:
            self._rows, self._fill = self._rows + 1, 0
        row = self._rows - 1
        self._step[row], self._images[row], self._seconds[row] = step, images, seconds
        for name in values.keys() - self._columns.keys():
            self._columns[name] = _Column(self._capacity, self._stride > 1)
        for name, column in self._columns.items():
            value = float(values.get(name, np.nan))
            if opens:
                column.put(row, value)
            else:
                column.merge(row, value)
        self._fill += 1

    def _make_room(self) -> None:
        if self._rows < self._capacity:
            return
        if self._capacity < self.limit:
            self._grow(min(2 * self._capacity, self.limit))
            return
        half = self._rows // 2
        for part in (self._step, self._images, self._seconds):
            part[:half] = part[1 : self._rows : 2].copy()
        for column in self._columns.values():
            column.merge_pairs(self._rows)
        self.epoch += 1
        self._rows, self._stride = half, 2 * self._stride
        self._fill = self._stride

    def _grow(self, capacity: int) -> None:
        more = capacity - self._capacity
        self._step = np.concatenate([self._step, np.zeros(more, dtype=np.int64)])
        self._images = np.concatenate([self._images, np.zeros(more, dtype=np.int64)])
        self._seconds = np.concatenate([self._seconds, np.zeros(more)])
        for column in self._columns.values():
            column.grow(capacity)
        self._capacity = capacity

    def _rewind(self, step: int) -> None:
        if self._rows == 0 or self._step[self._rows - 1] < step:
            return
        self.epoch += 1
        self._rows = int(np.searchsorted(self._step[: self._rows], step))
        self._fill = self._stride if self._rows else 0
        for column in self._columns.values():
            column.cut(self._rows)

    # ------------------------------------------------------------ reading

    def __len__(self) -> int:
        return self._rows

    @property
    def stride(self) -> int:
        """How many reports a row stands for."""
        return self._stride

    def names(self) -> tuple[str, ...]:
        """All scalar names so far, sorted."""
        return tuple(sorted(self._columns))

    def __contains__(self, name: str) -> bool:
        return name in self._columns

    def series(self, name: str) -> Series:
        """One scalar over the run; ``KeyError`` for an unknown name."""
        column, rows = self._columns[name], self._rows
        return Series(
            self._step[:rows],
            self._images[:rows],
            self._seconds[:rows],
            column.low[:rows],
            column.high[:rows],
            column.mean[:rows],
            self._stride,
            self._fill,
        )

    def last(self, name: str) -> float:
        """The newest value, NaN if there is none."""
        return self.at(name, None)

    def at(self, name: str, step: int | None) -> float:
        """The value of the row that holds ``step``, or the newest; NaN if there is none.

        Where that row has none, since not every report has every scalar, it is the value shortly before.
        """
        if name not in self._columns or not self._rows:
            return float("nan")
        row = self._rows - 1 if step is None else int(np.searchsorted(self._step[: self._rows], step))
        row = min(row, self._rows - 1)
        nearby = self._columns[name].mean[max(0, row - LOOK_BACK) : row + 1]
        known = np.flatnonzero(np.isfinite(nearby))
        return float(nearby[known[-1]]) if len(known) else float("nan")

    def steps(self) -> NDArray[np.int64]:
        """The last step of each row."""
        return self._step[: self._rows]

    def bytes(self) -> int:
        """The memory of all arrays."""
        x = self._step.nbytes + self._images.nbytes + self._seconds.nbytes
        return x + sum(part.nbytes for column in self._columns.values() for part in column.parts())
