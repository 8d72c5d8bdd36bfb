"""Measured numbers of several runs in one chart, by one metric and one protocol."""

from __future__ import annotations

from ganstudio.core.measurement import Measurement
from ganstudio.reports.figures import spread_words, value_words
from ganstudio.window.compare.views.legends import ManyLines
from ganstudio.window.compare.views.measured import is_mean
from ganstudio.window.widgets.charts.header import Entry
from ganstudio.window.widgets.charts.measured import MeasuredPanel


class RunsMeasured(ManyLines, MeasuredPanel):
    """A :class:`MeasuredPanel` whose small legend tells values alone, of a mean with the spread between its runs."""

    def _show_values(self) -> None:
        points = [(curve, curve.at(self._cursor)) for curve in self.measured]
        self.show_entries([Entry(c.label, _words(p), c.color, c.dash) for c, p in points])


def _words(point: Measurement | None) -> str:
    if point is None:
        return "–"
    return f"{value_words(point)} ({spread_words(point)})" if is_mean(point) else value_words(point)
