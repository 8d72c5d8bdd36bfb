"""Measured numbers of several runs in one chart, by one metric and one protocol."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from PySide6.QtCore import Slot

from ganstudio.core.measurement import Measurement
from ganstudio.reports.figures import spread_words, value_words
from ganstudio.window.compare.views.changes import Notch
from ganstudio.window.compare.views.legends import ManyLines
from ganstudio.window.compare.views.marked_plot import MarkedPlot
from ganstudio.window.compare.views.measured import is_mean
from ganstudio.window.widgets.charts.header import Entry
from ganstudio.window.widgets.charts.measured import MeasuredPanel


class RunsMeasured(ManyLines, MeasuredPanel):
    """A :class:`MeasuredPanel` whose small legend tells values alone, of a mean with the spread between its runs."""

    area = MarkedPlot
    _notches: tuple[Notch, ...] = ()

    def set_notches(self, notches: Sequence[Notch]) -> None:
        """Where settings were changed, drawn from the next refresh on."""
        if tuple(notches) != self._notches:
            self._notches, self._shown = tuple(notches), None

    def light(self, runs: Collection[Path]) -> None:
        """Draw a line where the settings of these runs were changed."""
        self.plot.light(runs)

    def _draw(self) -> None:
        self.plot.set_notches(self._notches)
        super()._draw()

    @Slot(object)
    def _hovered(self, position: float | None) -> None:
        """The points under the pointer, and what was changed there."""
        super()._hovered(position)
        told = [notch.words for notch in self.plot.touch(position)]
        self.plot.setToolTip("\n\n".join(part for part in (self.plot.toolTip(), "\n".join(told)) if part))

    def _show_values(self) -> None:
        points = [(curve, curve.at(self._cursor)) for curve in self.measured]
        self.show_entries([Entry(c.label, _words(p), c.color, c.dash) for c, p in points])


def _words(point: Measurement | None) -> str:
    if point is None:
        return "–"
    return f"{value_words(point)} ({spread_words(point)})" if is_mean(point) else value_words(point)
