"""A chart of measured numbers: points with intervals over the steps of one run or of several, the best in a ring."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from ganstudio.core.measurement import Measurement
from ganstudio.core.numbers import step as step_words
from ganstudio.core.scales import rounded, value_ticks, x_ticks
from ganstudio.reports.figures import title_of, value_words
from ganstudio.window.model.series import SeriesStore
from ganstudio.window.widgets.charts import measures
from ganstudio.window.widgets.charts.furniture import Upright
from ganstudio.window.widgets.charts.header import Entry
from ganstudio.window.widgets.charts.measures import MeasuredCurve, Placed
from ganstudio.window.widgets.charts.panel import ChartPanel
from ganstudio.window.widgets.charts.points import PointsLayer
from ganstudio.window.widgets.charts.spec import ChartSpec, Curve

REACH = 12.0
"""Pixels from the pointer within which a point is told."""


class MeasuredPanel(ChartPanel):
    """Numbers of one metric and one protocol: each curve is one run, never two protocols.

    Used like any :class:`ChartPanel`; :meth:`show_curves` says what it shows. With the series of a run as ``store``
    its axis and cursor are those of the other charts of that run; over several runs the store stays empty, the axis
    then spans all of them and the cursor counts steps.
    """

    def __init__(
        self, spec: ChartSpec, store: SeriesStore | None = None, parent: QWidget | None = None
    ) -> None:
        self._measured: tuple[MeasuredCurve, ...] = ()
        self._placed: list[Placed] = []
        super().__init__(spec, SeriesStore() if store is None else store, parent)
        self._points = PointsLayer(self.plot)
        self.plot.add_layer(self._points)
        self.plot.setAccessibleName(f"{spec.title}, measured points")

    def show_curves(self, curves: Sequence[MeasuredCurve]) -> None:
        """What is drawn from the next refresh on; a tooltip of the title tells the protocol of the first."""
        self._measured = tuple(curve for curve in curves if curve.points)
        if self._measured:
            self.header.setToolTip(measures.help_words(self._measured[0].points[0]))
        self._shown = None

    @property
    def measured(self) -> tuple[MeasuredCurve, ...]:
        """What is drawn."""
        return self._measured

    def has_data(self) -> bool:
        """Whether anything was measured."""
        return bool(self._measured)

    def curves(self) -> list[Curve]:
        """One for each run, by the name of the metric."""
        return [Curve(c.points[0].metric, c.label, c.color, c.dash) for c in self._measured]

    # ------------------------------------------------------------ drawing

    def _draw(self) -> None:
        options = self._options
        self._placed = [measures.place(curve, options.x, options.y) for curve in self._measured]
        view = self._view or measures.x_range(self._placed, options.x)
        furniture = self.plot.furniture
        found = measures.y_range(self._placed, options.ignore_outliers)
        count = max(2, int(self.plot.inner().height() / 28))
        low, high = rounded(*(found or (0.0, 1.0)), options.y, count)
        self.plot.set_range(*view, low, high)
        across = max(2, int(self.plot.inner().width() / 80))
        furniture.message = "" if found else self._empty_words(bool(self._measured))
        furniture.y_ticks = value_ticks(low, high, options.y, count) if found else ()
        furniture.x_ticks = x_ticks(*view, options.x, across) if found else ()
        furniture.uprights = [
            Upright(self._x_of_step(m.step), m.label, m.kind) for m in self._marks if not m.series
        ]
        self._points.placed = self._placed if found else ()
        self._place_cursor()
        self._show_values()
        self.plot.redraw()

    def _empty_words(self, has_rows: bool) -> str:
        if has_rows:
            return super()._empty_words(True)
        return "Points appear when a checkpoint is measured."

    def _x_of_step(self, step: int) -> float:
        return measures.x_in(self._store, step, self._options.x)

    def _place_cursor(self) -> None:
        if len(self._store):
            super()._place_cursor()
            return
        known = self._cursor is not None and self._options.x == "step"
        self.plot.furniture.cursor = float(self._cursor or 0) if known else None
        self.plot.furniture.cursor_label = step_words(self._cursor or 0)

    def _show_values(self) -> None:
        entries: list[Entry] = []
        for curve in self._measured:
            point = curve.at(self._cursor)
            words = value_words(point) if point is not None else ""
            entries.append(Entry(curve.label, words, curve.color, curve.dash))
        self.header.set_entries(entries)

    # ------------------------------------------------------------ pointer

    @Slot(object)
    def _hovered(self, position: float | None) -> None:
        """Tell the points under the pointer, and move the cursor of all charts."""
        told: list[tuple[MeasuredCurve, Measurement]] = []
        if position is not None:
            left, right, _, _ = self.plot.furniture.range
            reach = REACH * (right - left) / max(self.plot.inner().width(), 1.0)
            told = measures.nearest_point(self._placed, position, reach)
        self.plot.setToolTip("\n\n".join(measures.point_words(*one) for one in told))
        if len(self._store):
            super()._hovered(position)
        else:
            on_steps = position is not None and self._options.x == "step"
            self.cursor_moved.emit(max(0, round(position or 0.0)) if on_steps else None)

    @Slot(float)
    def _picked(self, position: float) -> None:
        if len(self._store):
            super()._picked(position)
        elif self._options.x == "step":
            self.step_picked.emit(max(0, round(position)))

    def _csv(self) -> bytes:
        return measures.to_csv(self._measured).encode("utf-8")


def spec_of(measurement: Measurement, key: str = "", collapsed: bool = False) -> ChartSpec:
    """The chart of numbers such as this one; ``key`` has to differ between protocols where several are shown."""
    title, help_ = title_of(measurement.metric), measures.help_words(measurement)
    return ChartSpec(key or measurement.metric, title, help=help_, optional=True, collapsed=collapsed)
