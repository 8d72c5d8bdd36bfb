"""Measured numbers of several runs in one chart, by one metric and one protocol."""

from __future__ import annotations

from ganstudio.reports.figures import value_words
from ganstudio.window.compare.views.legends import ManyLines
from ganstudio.window.widgets.charts.header import Entry
from ganstudio.window.widgets.charts.measured import MeasuredPanel


class RunsMeasured(ManyLines, MeasuredPanel):
    """A :class:`MeasuredPanel` whose small legend tells values alone."""

    def _show_values(self) -> None:
        points = [(curve, curve.at(self._cursor)) for curve in self.measured]
        self.show_entries(
            [Entry(c.label, value_words(p) if p is not None else "–", c.color, c.dash) for c, p in points]
        )
