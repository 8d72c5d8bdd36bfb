"""Where the curves of a chart lie on paper: paths, ticks and lines as numbers, for SVG and PDF alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ganstudio.core.scales import rounded, value_ticks, x_ticks
from ganstudio.reports.curves import Chart, Thinned

Array = NDArray[np.float64]
Points = list[tuple[float, float]]
"""A curve from value to value: reports without one (a penalty that comes every fourth step) are passed over."""


@dataclass(frozen=True)
class Frame:
    """The place of a chart's axes: the range of values and steps, and the rectangle they fill, y downwards."""

    left: float
    top: float
    width: float
    height: float
    steps: tuple[float, float]
    values: tuple[float, float]

    def x(self, step: float) -> float:
        """A step's place from the left."""
        low, high = self.steps
        return self.left + (step - low) / max(high - low, 1e-12) * self.width

    def y(self, value: float) -> float:
        """A value's place from the top; what lies outside stays at the edge."""
        low, high = self.values
        share = (value - low) / max(high - low, 1e-300)
        return self.top + (1 - min(max(share, 0.0), 1.0)) * self.height


def frame_of(chart: Chart, left: float, top: float, width: float, height: float) -> Frame:
    """A frame into which all finite values of a chart fit, widened to whole ticks."""
    parts = [part for line in chart.lines for part in (line.values.low, line.values.high)]
    finite = np.concatenate([part[np.isfinite(part)] for part in parts])
    low, high = chart.bounds or rounded(float(finite.min()), float(finite.max()), "linear", 4)
    steps = np.concatenate([line.values.step for line in chart.lines]).astype(np.float64)
    first, last = min(0.0, float(steps.min())), float(steps.max())
    return Frame(left, top, width, height, (first, last if last > first else first + 1), (low, high))


def raw(values: Thinned, frame: Frame) -> Points:
    """The series itself; a row of several reports as a stroke from its minimum to its maximum."""
    if values.stride == 1:
        return _points(values.step, values.mean, frame)
    step = np.repeat(values.step, 2)
    ends = np.empty(len(step))
    ends[0::2], ends[1::2] = values.low, values.high
    return _points(step, ends, frame)


def bars(values: Thinned, frame: Frame) -> list[tuple[float, float, float, float]]:
    """Of each row: x, and y of its minimum, its value and its maximum."""
    rows = zip(
        values.step.tolist(), values.low.tolist(), values.mean.tolist(), values.high.tolist(), strict=True
    )
    return [(frame.x(step), frame.y(low), frame.y(mean), frame.y(high)) for step, low, mean, high in rows]


def smooth(values: Thinned, frame: Frame) -> Points:
    """The smoothed series."""
    return _points(values.step, values.smoothed(), frame)


def _points(step: NDArray[np.int64], values: Array, frame: Frame) -> Points:
    kept = np.isfinite(values)
    pairs = zip(step[kept].tolist(), values[kept].tolist(), strict=True)
    return [(frame.x(at), frame.y(value)) for at, value in pairs]


def ticks(frame: Frame) -> tuple[list[tuple[float, str]], list[tuple[float, str]]]:
    """Places and words along the steps and along the values."""
    across = [(frame.x(t.position), t.label) for t in x_ticks(*frame.steps, "step", 5)]
    up = [(frame.y(t.position), t.label) for t in value_ticks(*frame.values, "linear", 4)]
    return across, up
