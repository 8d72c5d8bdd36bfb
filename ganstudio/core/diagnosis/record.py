"""The series that a diagnosis reads: bounded memory, gaps left out."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Steps = NDArray[np.int64]
Values = NDArray[np.float64]
LIMIT = 4096
"""Values of one series that are kept; beyond, every second one of the older half goes."""


class Stretch:
    """Neighbouring values of one series: ``steps`` (N,) rising, ``values`` (N,) finite."""

    def __init__(self, steps: Steps, values: Values) -> None:
        self.steps, self.values = steps, values

    def __len__(self) -> int:
        return len(self.steps)

    @property
    def span(self) -> int:
        """Steps from the first value to the last; 0 without values."""
        return int(self.steps[-1] - self.steps[0]) if len(self) else 0

    @property
    def median(self) -> float:
        """The middle value; NaN without values."""
        return float(np.median(self.values)) if len(self) else float("nan")

    def smoothed(self, width: int) -> Stretch:
        """The running median over ``width`` values (odd), shorter by ``width`` - 1."""
        if len(self) < width:
            return Stretch(self.steps[:0], self.values[:0])
        windows = np.lib.stride_tricks.sliding_window_view(self.values, width)
        half = width // 2
        return Stretch(self.steps[half : len(self) - half], np.median(windows, axis=1))

    def latest(self, span: int, count: int) -> Stretch | None:
        """The newest values that reach over at least ``span`` steps and are at least ``count``; ``None`` if too few."""
        if len(self) < count or self.span < span:
            return None
        first = min(int(np.searchsorted(self.steps, self.steps[-1] - span, "right")) - 1, len(self) - count)
        return Stretch(self.steps[max(first, 0) :], self.values[max(first, 0) :])

    def before(self, later: Stretch) -> Stretch:
        """The values before another stretch of the same series."""
        end = len(self) - len(later)
        return Stretch(self.steps[:end], self.values[:end])

    def parts(self, count: int) -> list[Stretch]:
        """``count`` neighbouring parts of about equal numbers of values."""
        pieces = zip(np.array_split(self.steps, count), np.array_split(self.values, count), strict=True)
        return [Stretch(steps, values) for steps, values in pieces]

    def shifted(self, by: float) -> Stretch:
        """With a number added to every value."""
        return Stretch(self.steps, self.values + by)


class Record:
    """All series of one run. What lies before ``start`` (a changed setting, a resumption) counts no more."""

    def __init__(self, start: int = 0) -> None:
        self.start = start
        self._series: dict[str, tuple[list[int], list[float]]] = {}

    def add(self, step: int, values: dict[str, float]) -> None:
        """One report. Values that are not finite are left out; a step that was there already replaces what followed."""
        if self.step >= step:
            self.rewind(step)
        for name, value in values.items():
            if np.isfinite(value):
                steps, kept = self._series.setdefault(name, ([], []))
                steps.append(step)
                kept.append(float(value))
                if len(steps) > LIMIT:
                    _thin(steps)
                    _thin(kept)

    def rewind(self, step: int) -> None:
        """Forget everything from a step on."""
        for steps, values in self._series.values():
            while steps and steps[-1] >= step:
                steps.pop()
                values.pop()
        self.start = min(self.start, step)

    @property
    def step(self) -> int:
        """The newest step; -1 without reports."""
        return max((steps[-1] for steps, _ in self._series.values() if steps), default=-1)

    @property
    def length(self) -> int:
        """Steps since the start."""
        return max(0, self.step - self.start)

    def names(self, prefix: str = "") -> Iterable[str]:
        """The series whose names begin so, in order."""
        return sorted(name for name in self._series if name.startswith(prefix))

    def __getitem__(self, name: str) -> Stretch:
        """A series since the start; empty if nothing was measured."""
        steps, values = self._series.get(name, ([], []))
        at = np.array(steps, dtype=np.int64)
        first = int(np.searchsorted(at, self.start))
        return Stretch(at[first:], np.array(values[first:], dtype=np.float64))


def _thin(values: list[int] | list[float]) -> None:
    """Drop every second value of the older half."""
    half = len(values) // 2
    del values[1:half:2]
