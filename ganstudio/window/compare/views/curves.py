"""Curves of the chosen runs: a chart for every series and every way of measuring, all with the same axes and cursor."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from ganstudio.core.run_list import RunEntry
from ganstudio.window.compare.views import measured, overlay
from ganstudio.window.compare.views.changes import Changed, changed_of, expected_of, notches_of
from ganstudio.window.compare.views.library import Library
from ganstudio.window.compare.views.measured_chart import RunsMeasured
from ganstudio.window.compare.views.readings import SettingsReading
from ganstudio.window.compare.views.run_chart import RunChart
from ganstudio.window.compare.views.series_specs import names_of, spec_of
from ganstudio.window.compare.views.strands import Strand, can_join, strands
from ganstudio.window.model.series import SeriesStore
from ganstudio.window.theme import theme
from ganstudio.window.theme.style import set_role
from ganstudio.window.widgets.basic import Caption, EmptyState
from ganstudio.window.widgets.charts.controls import ChartControls
from ganstudio.window.widgets.charts.frame import ChartFrame
from ganstudio.window.widgets.charts.measured import spec_of as measured_spec
from ganstudio.window.widgets.charts.measures import MeasuredCurve, Way
from ganstudio.window.widgets.charts.spec import ChartOptions
from ganstudio.window.widgets.segmented import SegmentedControl
from ganstudio.window.widgets.toggle import ToggleSwitch

NARROWEST = 360
"""A chart is at least so wide where two stand beside each other."""
AT_ONCE = 0.012
"""Seconds of work after which the event loop gets its turn."""
SPREAD_CHOICES = (
    (overlay.RANGE, "Min to max", "The band reaches from the lowest to the highest of the runs"),
    (
        overlay.DEVIATION,
        "± deviation",
        "The band is one standard deviation of the runs to either side of the mean",
    ),
)


class CurvesView(QWidget):
    """Every series of the chosen runs. Charts are made and drawn one at a time, so that the window never waits."""

    arranged = Signal()
    """Other charts are shown."""
    strands_changed = Signal()
    """Runs have been joined into means, or parted."""

    def __init__(self, library: Library, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._entries: tuple[RunEntry, ...] = ()
        self._strands: tuple[Strand, ...] = ()
        self._hidden: frozenset[Path] = frozenset()
        self.charts: dict[str, RunChart] = {}
        self.measured: dict[Way, RunsMeasured] = {}
        self._maximised: ChartFrame | None = None
        self._placed: object = None
        self._changed = False
        self._work = QTimer(self)
        # widgets
        self.controls = ChartControls()
        self.together = ToggleSwitch("Mean over seeds")
        self.spread = SegmentedControl(SPREAD_CHOICES, "Band")
        self.problems = Caption(wrap=True)
        self.empty = EmptyState("Reading the runs", "")
        self._inside = QWidget()
        self._scroll = QScrollArea()
        self._dress()
        # connections
        self.controls.changed.connect(self._options_chosen)
        self.together.toggled.connect(self._join)
        self.spread.chosen.connect(self._spread_chosen)
        self._work.timeout.connect(self._do_some)
        self._scroll.verticalScrollBar().valueChanged.connect(self.wake)
        theme().changed.connect(self.wake)
        library.changed.connect(self._on_changed)
        self._assemble()

    def _dress(self) -> None:
        self._work.setSingleShot(True)
        self._work.setInterval(0)
        self.together.setFont(theme().font("caption"))
        self.together.setToolTip(
            "Draw runs that differ only in their seed as one line, with a band around it"
        )
        self.spread.setVisible(False)
        set_role(self._inside, "scrolled")
        self._scroll.setWidget(self._inside)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("Curves of the chosen runs")

    def _assemble(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(12)
        self.controls.setMaximumWidth(420)
        row.addWidget(self.controls, 1)
        row.addWidget(self.together)
        row.addWidget(self.spread)
        row.addStretch(1)
        self._grid = QGridLayout(self._inside)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(8)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(row)
        layout.addWidget(self.problems)
        layout.addWidget(self.empty, 1)
        layout.addWidget(self._scroll, 1)
        self._scroll.hide()
        self.problems.hide()

    # ------------------------------------------------------------ content

    def show_runs(self, entries: Sequence[RunEntry], hidden: frozenset[Path] = frozenset()) -> None:
        """The runs to be drawn; those in ``hidden`` keep their colour and are left out."""
        self._entries, self._hidden = tuple(entries), hidden
        alike = can_join(self._entries)
        self.together.setEnabled(alike)
        self.together.setToolTip(
            "Draw runs that differ only in their seed as one line, with a band around it"
            if alike
            else "No two of the chosen runs differ only in their seed"
        )
        self._strands = strands(self._entries, self.joined())
        if self.isVisible():
            self._want()
        self._tell_empty()
        self._renew()

    def joined(self) -> bool:
        """Whether runs that differ only in their seed are drawn as one."""
        return self.together.isChecked() and can_join(self._entries)

    def changed(self) -> Changed:
        """Where the settings of the chosen runs were changed while they trained, as far as is known."""
        return changed_of(self._readings())

    def light(self, runs: Collection[Path]) -> None:
        """Show in every chart where the settings of these runs were changed."""
        for chart in (*self.charts.values(), *self.measured.values()):
            chart.light(runs)

    def _readings(self) -> dict[Path, SettingsReading | None]:
        return {entry.path: self._library.book(entry.path).settings for entry in self._entries}

    def strands(self) -> tuple[Strand, ...]:
        """The lines as drawn, hidden ones too."""
        return self._strands

    def _shown_strands(self) -> tuple[Strand, ...]:
        kept = []
        for strand in self._strands:
            runs = tuple(path for path in strand.runs if path not in self._hidden)
            if runs:
                kept.append(Strand(runs, strand.label, strand.title, strand.color, strand.dash))
        return tuple(kept)

    def shown(self) -> list[ChartFrame]:
        """The charts that stand there, in their order."""
        return [chart for chart in self._in_order() if not chart.isHidden()]

    def _stores(self) -> list[tuple[Path, SeriesStore]]:
        books = [(entry.path, self._library.book(entry.path).store) for entry in self._entries]
        return [(path, store) for path, store in books if store is not None]

    # ------------------------------------------------------------ one piece at a time

    @Slot()
    def wake(self) -> None:
        """Something may have to be made or drawn."""
        if self.isVisible():
            self._work.start()

    @Slot()
    def _renew(self) -> None:
        """What is drawn may be something else."""
        self._changed = True
        self.wake()

    def is_busy(self) -> bool:
        """Whether charts are still to be made or drawn."""
        return self._work.isActive()

    @Slot()
    def _do_some(self) -> None:
        """Make and draw charts for a moment, and come again while there is more."""
        end = time.perf_counter() + AT_ONCE
        while self.isVisible():
            if self._changed:
                self._changed = self._make_one() or self._feed()
            elif not self._draw_one():
                return
            if time.perf_counter() > end:
                self._work.start()
                return

    def _make_one(self) -> bool:
        stores = self._stores()
        name = next((n for n in names_of(store for _, store in stores) if n not in self.charts), None)
        if name is not None:
            chart = self.charts[name] = RunChart(spec_of(name), name)
            chart.pointed.connect(self._pointed)
            self._take_in(chart)
            return True
        found = measured.ways_of(self._measured())
        key = next((key for key in found if key not in self.measured), None)
        if key is not None:
            panel = self.measured[key] = RunsMeasured(
                measured_spec(found[key], f"measured-{len(self.measured)}")
            )
            panel.cursor_moved.connect(self._pointed)
            self._take_in(panel)
            return True
        return False

    def _take_in(self, chart: ChartFrame) -> None:
        chart.set_options(self.controls.options())
        chart.maximise_toggled.connect(self._maximise_toggled)
        chart.fold_toggled.connect(self.wake)
        chart.resized.connect(self.wake)
        chart.hide()
        self._grid.addWidget(chart, self._grid.rowCount(), 0)
        self._placed = None

    def _feed(self) -> bool:
        """Give every chart what it draws; then nothing is left to be made."""
        shown, stores, spread = self._shown_strands(), self._stores(), self.spread.value()
        readings = self._readings()
        expected, changed = expected_of(readings), changed_of(readings)
        for chart in self.charts.values():
            chart.set_runs(shown, stores, spread)
            chart.set_known(expected, changed)
        known, unit = self._measured(), self.controls.options().x
        for key, panel in self.measured.items():
            curves = measured.curves_of(key, shown, known, dict(stores), spread, unit)
            if list(map(_told, curves)) != list(map(_told, panel.measured)):
                panel.show_curves(curves)
            there = {curve.label for curve in curves}
            drawn = [strand for strand in shown if strand.label in there]
            panel.set_notches(notches_of(drawn, changed, dict(stores), unit))
        self._arrange()
        return False

    def _measured(self) -> measured.Courses:
        return {entry.path: self._library.book(entry.path).measured for entry in self._entries}

    def _draw_one(self) -> bool:
        stale = next((chart for chart in self._in_order() if chart.stale()), None)
        return stale is not None and stale.refresh(force=True)

    def _in_order(self) -> list[ChartFrame]:
        names = [n for n in names_of(store for _, store in self._stores()) if n in self.charts]
        return [*self.measured.values(), *(self.charts[name] for name in names)]

    # ------------------------------------------------------------ places

    def _arrange(self) -> None:
        """One chart alone while it is enlarged; otherwise all that have data, in as many columns as there is room."""
        wanted = [c for c in self._in_order() if c.has_data()]
        if self._maximised is not None and self._maximised in wanted:
            wanted = [self._maximised]
        columns = 1 if self._maximised is not None else max(1, self.width() // NARROWEST)
        for chart in (*self.measured.values(), *self.charts.values()):
            if chart not in wanted:
                chart.hide()
        key = (columns, tuple(map(id, wanted)))
        again = key != self._placed
        if again:
            self._placed = key
            self._place(wanted, columns)
        self._scroll.setVisible(bool(wanted))
        self.empty.setVisible(not wanted)
        self.problems.setText(" ".join(self._problems()))
        self.problems.setVisible(bool(wanted and self._problems()))
        self._tell_empty()
        if again:
            self.arranged.emit()

    def _problems(self) -> list[str]:
        """A sentence for each run whose series cannot be drawn."""
        return [p for entry in self._entries if (p := self._library.book(entry.path).problem)]

    def _place(self, wanted: Sequence[ChartFrame], columns: int) -> None:
        top = Qt.AlignmentFlag.AlignTop if self._maximised is None else Qt.AlignmentFlag(0)
        for place, chart in enumerate(wanted):
            self._grid.addWidget(chart, place // columns, place % columns, top)
            chart.show()
        for column in range(self._grid.columnCount()):
            self._grid.setColumnStretch(column, int(column < columns))
        last = -(-len(wanted) // columns)
        for row in range(self._grid.rowCount()):
            self._grid.setRowStretch(row, int(row == (0 if self._maximised is not None else last)))
        if self._maximised is None:
            self._grid.setRowStretch(last, 1)

    def _tell_empty(self) -> None:
        waiting = self._library.waiting("series")
        if waiting or not self.isVisible():
            self.empty.set_content("Reading the runs", "Their curves appear one after another.")
            return
        problems = self._problems()
        self.empty.set_content(
            "No curves", " ".join(problems) or "The chosen runs have reported nothing yet."
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many columns as fit."""
        super().resizeEvent(event)
        self._renew()

    def showEvent(self, event: QEvent) -> None:
        """Read what is not known yet."""
        super().showEvent(event)  # type: ignore[arg-type]
        self._want()
        self._renew()

    def _want(self) -> None:
        """Numbers first; what theory and the settings have to say of them can come later."""
        self._library.want_series()
        self._library.want_settings()

    # ------------------------------------------------------------ slots

    @Slot(object)
    def _on_changed(self, path: Path) -> None:
        if any(entry.path == path for entry in self._entries):
            self._renew()

    @Slot(object)
    def _pointed(self, place: float | None) -> None:
        """One cursor through all charts; measured points follow it where the axis counts steps."""
        for chart in self.charts.values():
            chart.set_cursor(None if place is None else float(place))
        steps = place is not None and self.controls.options().x == "step"
        for panel in self.measured.values():
            panel.set_cursor(round(place or 0) if steps else None)

    @Slot(object)
    def _options_chosen(self, options: ChartOptions) -> None:
        for chart in (*self.charts.values(), *self.measured.values()):
            chart.set_options(options)
        self._pointed(None)
        self._renew()

    @Slot(bool)
    def _join(self, _on: bool) -> None:
        self.spread.setVisible(self.joined())
        self._strands = strands(self._entries, self.joined())
        self.strands_changed.emit()
        self._renew()

    @Slot(str)
    def _spread_chosen(self, _spread: str) -> None:
        self._renew()

    @Slot(bool)
    def _maximise_toggled(self, maximised: bool) -> None:
        panel = self.sender()
        if self._maximised is not None and self._maximised is not panel:
            self._maximised.set_maximised(False)
        self._maximised = panel if maximised and isinstance(panel, ChartFrame) else None
        self._renew()


def _told(curve: MeasuredCurve) -> tuple[object, ...]:
    """Equal for two curves that look alike."""
    return curve.label, curve.color, curve.points, curve.store is None
