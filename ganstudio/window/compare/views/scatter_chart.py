"""A dot for each run over two of its properties, coloured by a third."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QMenu, QWidget

from ganstudio.core.run_colors import run_color
from ganstudio.core.run_list import RunEntry
from ganstudio.core.scales import Tick, forward, rounded, value_ticks, x_ticks
from ganstudio.window.compare.views.columns import Axis, Column, axis_of, groups_of, pareto
from ganstudio.window.compare.views.scatter_plot import ScatterPlot
from ganstudio.window.theme import theme
from ganstudio.window.widgets.charts.frame import ChartFrame
from ganstudio.window.widgets.charts.header import Entry
from ganstudio.window.widgets.charts.kept_plot import Dots
from ganstudio.window.widgets.charts.spec import ChartSpec

LEAST_LEFT, MOST_LEFT = 44, 150
MOST_NAMED = 6
"""Runs that one tooltip names."""


class ScatterChart(ChartFrame):
    """Runs over ``x`` and ``y``, see :meth:`show_columns`. ``left_out`` is how many lack one of the two."""

    chosen = Signal(int)
    opened = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        self._entries: tuple[RunEntry, ...] = ()
        self._columns: tuple[Column, Column, Column] | None = None
        self._axes = (Axis(()), Axis(()))
        self._groups: tuple[tuple[int, ...], tuple[str, ...]] = ((), ())
        self._logs = (False, False)
        self._best = False
        self._number = 0
        self.left_out = 0
        super().__init__(ChartSpec("scatter", "Scatter"), ScatterPlot(), parent)
        self.set_maximised(True)
        self.maximise_button.hide()
        self.header.set_foldable(False)
        self.menu_button.setToolTip("Export")
        self.menu_button.setAccessibleName("Export")
        self.plot.setAccessibleName("Runs as dots")
        self.plot.setToolTip("Point at a dot to see which run it is; a double click opens it")
        self.plot.touched.connect(self._touched)
        self.plot.chosen.connect(self._choose)
        self.plot.opened.connect(self.opened)

    # ------------------------------------------------------------ content

    def show_columns(
        self,
        entries: Sequence[RunEntry],
        columns: tuple[Column, Column, Column],
        logs: tuple[bool, bool] = (False, False),
        best: bool = False,
    ) -> None:
        """Runs over two columns, coloured by the third; logarithmic axes; a line through those no other run beats."""
        if tuple(entries) != self._entries:
            self.plot.set_current(-1)
        self._entries, self._columns, self._best = tuple(entries), columns, best
        self._axes = axis_of(columns[0], entries), axis_of(columns[1], entries)
        self._groups = groups_of(columns[2], entries)
        self._logs = tuple(log and axis.positive for log, axis in zip(logs, self._axes, strict=True))
        self.header.set_title(
            f"{columns[1].title} against {columns[0].title[:1].lower()}{columns[0].title[1:]}"
        )
        self._number += 1

    def can_log(self) -> tuple[bool, bool]:
        """Of which axes a logarithm can be taken."""
        return self._axes[0].positive, self._axes[1].positive

    def has_data(self) -> bool:
        """Whether any run has both values."""
        return bool(len(self._places()) and np.isfinite(self._places()).all(axis=1).any())

    def front(self) -> list[int]:
        """The runs that no other one beats, where both columns have a better side."""
        if self._columns is None or not (self._columns[0].better and self._columns[1].better):
            return []
        x, y = (axis.places for axis in self._axes)
        points = {i: (x[i], y[i]) for i in range(len(x)) if math.isfinite(x[i]) and math.isfinite(y[i])}
        return pareto(points, self._columns[0].better, self._columns[1].better)

    def _state(self) -> object:
        return self._number

    def _places(self) -> np.ndarray:
        x, y = (
            forward(np.array(axis.places, dtype=np.float64), "log" if log else "linear")
            for axis, log in zip(self._axes, self._logs, strict=True)
        )
        return np.stack([x, y], axis=1)

    # ------------------------------------------------------------ drawing

    def _draw(self) -> None:
        places = self._places()
        known = np.isfinite(places).all(axis=1)
        places[~known] = math.nan
        self.left_out = int((~known).sum())
        self.plot.set_places(places)
        self._frame(places[known])
        self.plot.set_dots(self._dots(places))
        self._draw_front(places)
        self._show_values()
        self.plot.redraw()

    def _frame(self, places: np.ndarray) -> None:
        furniture = self.plot.furniture
        furniture.message = "" if len(places) else "No chosen run has both values."
        furniture.x_ticks = furniture.y_ticks = ()
        self.plot.set_left(self._room_for_names())
        if not len(places):
            return
        inner = self.plot.inner()
        left, right = self._range(0, places[:, 0], inner.width() / 90)
        low, high = self._range(1, self._heights(places[:, 1]), inner.height() / 40)
        self.plot.set_range(left, right, low, high)
        furniture.x_ticks = self._ticks(0, left, right, max(2, int(inner.width() / 90)))
        furniture.y_ticks = self._ticks(1, low, high, max(2, int(inner.height() / 40)))

    def _heights(self, y: np.ndarray) -> np.ndarray:
        """The places across and the ends of their intervals."""
        ends = [end for low, high in self._intervals() for end in (low, high) if math.isfinite(end)]
        return np.concatenate([y, forward(np.array(ends), "log" if self._logs[1] else "linear")])

    def _range(self, which: int, places: np.ndarray, count: float) -> tuple[float, float]:
        axis = self._axes[which]
        if axis.names:
            return -0.5, len(axis.names) - 0.5
        known = places[np.isfinite(places)]
        scale = "log" if self._logs[which] else "linear"
        low, high = rounded(float(known.min()), float(known.max()), scale, max(2, int(count)))
        pad = 0.03 * (high - low)
        return low - pad, high + pad

    def _ticks(self, which: int, low: float, high: float, count: int) -> list[Tick]:
        axis = self._axes[which]
        if not axis.names:
            if axis.whole and not self._logs[which]:
                return x_ticks(low, high, "step", count)
            return value_ticks(low, high, "log" if self._logs[which] else "linear", count + 2)
        metrics = QFontMetrics(theme().font("small-figure"))
        room = self.plot.inner().width() / len(axis.names) - 8 if which == 0 else self._room_for_names() - 10
        names = [
            metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, max(int(room), 24)) for name in axis.names
        ]
        return [Tick(float(place), name) for place, name in enumerate(names)]

    def _room_for_names(self) -> int:
        names = self._axes[1].names
        if not names:
            return LEAST_LEFT
        metrics = QFontMetrics(theme().font("small-figure"))
        widest = max(metrics.horizontalAdvance(name) for name in names) + 12
        return min(max(widest, LEAST_LEFT), MOST_LEFT, max(self.plot.width() // 3, LEAST_LEFT))

    def _intervals(self) -> list[tuple[float, float]]:
        column = self._columns[1] if self._columns else None
        if column is None or column.interval is None or self._axes[1].names:
            return []
        return [column.interval(entry) for entry in self._entries]

    def _dots(self, places: np.ndarray) -> list[Dots]:
        """The runs that can be drawn, those of each group of colour together."""
        bars = self._intervals() or [(math.nan, math.nan)] * len(places)
        ends = forward(np.array(bars, dtype=np.float64).reshape(-1, 2), "log" if self._logs[1] else "linear")
        groups, known = np.array(self._groups[0]), np.isfinite(places).all(axis=1)
        found: list[Dots] = []
        for group in range(-1, len(self._groups[1])):
            rows = known & (groups == group)
            if rows.any():
                columns = (*places[rows].T, *ends[rows].T)
                found.append(Dots(*columns, *self._look(group), size=4.5))
        return found

    @staticmethod
    def _look(group: int) -> tuple[str, str]:
        return run_color(group) if group >= 0 else ("disabled", "dash")

    def _draw_front(self, places: np.ndarray) -> None:
        front = self.front() if self._best else []
        self.plot.keep_only({"front"} if len(front) > 1 else set())
        if len(front) > 1:
            self.plot.set_curve("front", places[front, 0], places[front, 1], "muted", "dash", depth=1)

    def _show_values(self) -> None:
        counts = [self._groups[0].count(group) for group in range(len(self._groups[1]))]
        entries = [
            Entry(name, f"({count})" if count > 1 else "", *run_color(group))
            for group, (name, count) in enumerate(zip(self._groups[1], counts, strict=True))
            if count
        ]
        self.header.set_entries(entries)

    # ------------------------------------------------------------ pointer

    def words_of(self, index: int) -> str:
        """A run's name and its values."""
        entry = self._entries[index]
        lines = [entry.title]
        for column in dict.fromkeys(self._columns or ()):
            value = column.value(entry)
            told = column.words(value) if isinstance(value, float) else value or "–"
            lines.append(f"{column.title}: {told}")
        return "\n".join(lines)

    @Slot(object)
    def _touched(self, indices: list[int]) -> None:
        named = [self.words_of(i) for i in indices[:MOST_NAMED]]
        more = [f"and {len(indices) - MOST_NAMED} more"] if len(indices) > MOST_NAMED else []
        self.plot.setToolTip("\n\n".join(named + more))

    @Slot(int)
    def _choose(self, index: int) -> None:
        self.plot.set_current(index)
        if index >= 0:
            self.plot.setAccessibleDescription(self.words_of(index))
        self.chosen.emit(index)

    # ------------------------------------------------------------ export

    def build_menu(self) -> QMenu:
        """What can be taken away."""
        menu = QMenu(self)
        self.add_exports(menu)
        return menu

    def _csv(self) -> bytes:
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        columns = list(dict.fromkeys(self._columns or ()))
        writer.writerow(["run", "folder", *(column.title for column in columns)])
        for entry in self._entries:
            values = [column.value(entry) for column in columns]
            writer.writerow([entry.title, entry.path.name, *("" if v is None else v for v in values)])
        return out.getvalue().encode("utf-8")
