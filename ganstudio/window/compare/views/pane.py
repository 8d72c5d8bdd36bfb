"""The chosen runs beside each other, in four views: curves, settings, samples, scatter."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ganstudio.core.numbers import whole
from ganstudio.core.run_list import TRAINING, RunEntry
from ganstudio.window.background import Background
from ganstudio.window.chart_export import meant
from ganstudio.window.compare.views.changes import told
from ganstudio.window.compare.views.curves import CurvesView
from ganstudio.window.compare.views.legend import LegendStrip
from ganstudio.window.compare.views.library import Library
from ganstudio.window.compare.views.samples_view import SamplesView
from ganstudio.window.compare.views.scatter_view import ScatterView
from ganstudio.window.compare.views.settings_view import SettingsView
from ganstudio.window.compare.views.strands import MOST, strands
from ganstudio.window.widgets.basic import Caption, EmptyState
from ganstudio.window.widgets.charts.frame import ChartFrame
from ganstudio.window.widgets.segmented import SegmentedControl

VIEWS = (
    ("curves", "Curves", "Every series and every measurement of the chosen runs over the same axes"),
    ("settings", "Settings", "In which settings the chosen runs differ"),
    ("samples", "Samples", "What the chosen runs make of the same seeds, side by side"),
    ("scatter", "Scatter", "Any two properties of the chosen runs against each other"),
)


NARROW = 760
"""Below so many pixels the names have rows of their own."""
FOLLOW_MS = 2000
"""How often runs that are being trained are looked at."""
NAMED = ("curves", "settings")
"""Views below the names of the runs, by which they can be hidden; the others name runs themselves."""


class ComparePane(QWidget):
    """Shows the runs that are chosen elsewhere, see :meth:`show_runs`. Everything is read in ``background``."""

    drawn = Signal()
    """Another chart, or none, is shown."""
    told = Signal(str)
    """A sentence for the person."""
    open_wanted = Signal(object)
    """The path of a run that is to be opened."""

    def __init__(self, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.library = Library(background, self)
        # widgets
        self.switch = SegmentedControl(VIEWS, "Compare by")
        self.legend = LegendStrip()
        self.note = Caption(wrap=True)
        self.curves = CurvesView(self.library)
        self.settings = SettingsView(self.library)
        self.samples = SamplesView(self.library)
        self.scatter = ScatterView()
        self.views = {
            "curves": self.curves,
            "settings": self.settings,
            "samples": self.samples,
            "scatter": self.scatter,
        }
        self._following = QTimer(self)
        self._said: set[str] = set()
        self.empty = EmptyState("No runs are chosen", "Select runs in the table, and they are compared here.")
        self._stack = QStackedWidget()
        # connections
        self.switch.chosen.connect(self.set_view)
        self.legend.hidden_changed.connect(self._hide)
        self.legend.open_wanted.connect(self.open_wanted)
        self.legend.pointed.connect(self.curves.light)
        self.curves.strands_changed.connect(self._name_runs)
        self.samples.open_wanted.connect(self.open_wanted)
        self.scatter.open_wanted.connect(self.open_wanted)
        self.curves.arranged.connect(self.drawn)
        self.scatter.drawn.connect(self.drawn)
        self.library.changed.connect(self._on_changed)
        self._following.timeout.connect(self._follow)
        # assembly
        self._following.setInterval(FOLLOW_MS)
        self._assemble()
        self.show_runs(())

    def _assemble(self) -> None:
        for view in (self.empty, *self.views.values()):
            self._stack.addWidget(view)
        self._head = row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        row.setSpacing(12)
        row.addWidget(self.switch, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        row.addWidget(self.legend, 1, Qt.AlignmentFlag.AlignVCenter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(row)
        layout.addWidget(self.note)
        layout.addWidget(self._stack, 1)
        self.setAccessibleName("Comparison of the chosen runs")

    # ------------------------------------------------------------ content

    def show_runs(self, entries: Sequence[RunEntry]) -> None:
        """The chosen runs, of which at most twelve are drawn; the scatter shows all. Only what has changed is read."""
        self._entries = tuple(entries)
        self.library.choose([entry.path for entry in self._drawn()])
        self._show()

    def _drawn(self) -> tuple[RunEntry, ...]:
        return self._entries[:MOST]

    def _show(self) -> None:
        """Give the view in front what it shows; the others get it when they come to the front."""
        view, front = self.view(), self.views[self.view()]
        self._stack.setCurrentWidget(front if self._entries else self.empty)
        entries = self._entries if view == "scatter" else self._drawn()
        self._name_runs()
        if entries:
            front.show_runs(entries, self.legend.hidden() if view in NAMED else frozenset())
            self._name_runs()
        count = len(self._entries)
        some = count > MOST and view != "scatter"
        self.note.setText(f"The first {MOST} of {whole(count)} chosen runs are shown." if some else "")
        self.note.setVisible(some)
        self._follow_if_needed()
        self.drawn.emit()

    @Slot()
    def _name_runs(self) -> None:
        """The names above: those of the lines, or of the runs."""
        joined = self.view() == "curves" and self.curves.strands()
        self.legend.set_strands(joined or strands(self._drawn()))
        self.legend.set_changes({run: told(changes) for run, changes in self.curves.changed().items()})
        self.legend.setVisible(bool(self._entries) and self.view() in NAMED)

    @Slot()
    def _hide(self) -> None:
        self._show()

    # ------------------------------------------------------------ runs that go on

    @Slot()
    def _follow(self) -> None:
        """Read what has come since; a file that has not changed is not opened."""
        if not self.library.is_busy():
            self.library.want_series()
            self.library.want_settings()
            if self.view() == "samples":
                self.library.want_steps()

    def _follow_if_needed(self) -> None:
        """Only while a shown run is being trained, and somebody can see it."""
        trains = any(entry.state == TRAINING for entry in self._drawn())
        if trains and self.isVisible() and self.view() in ("curves", "samples"):
            self._following.start()
        else:
            self._following.stop()

    def showEvent(self, event: QEvent) -> None:
        """Follow runs that are being trained."""
        super().showEvent(event)  # type: ignore[arg-type]
        self._follow_if_needed()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The names stand beside the switch, or below it where that is narrow."""
        super().resizeEvent(event)
        wide, ways = self.width() >= NARROW, QBoxLayout.Direction
        self._head.setDirection(ways.LeftToRight if wide else ways.TopToBottom)
        self._head.setSpacing(12 if wide else 4)

    def hideEvent(self, event: QEvent) -> None:
        """Read nothing unseen."""
        super().hideEvent(event)  # type: ignore[arg-type]
        self._following.stop()

    @Slot(object)
    def _on_changed(self, path: Path) -> None:
        """Say once what cannot be read; the views say it in its place, too. The names tell of changes."""
        self._name_runs()
        problem = self.library.book(path).problem
        if problem and problem not in self._said:
            self._said.add(problem)
            self.told.emit(problem)

    # ------------------------------------------------------------ views

    def view(self) -> str:
        """Which view is in front."""
        return self.switch.value()

    @Slot(str)
    def set_view(self, view: str) -> None:
        """Bring a view to the front."""
        self.switch.set_value(view)
        self._show()

    def chart(self) -> ChartFrame | None:
        """The chart of the view in front that can be taken home: the one that has the focus, else the first."""
        if not self._entries or self.view() not in ("curves", "scatter"):
            return None
        return meant(self.curves.shown() if self.view() == "curves" else [self.scatter.chart])

    def is_busy(self) -> bool:
        """Whether something is still being read or drawn."""
        return self.library.is_busy() or self.curves.is_busy() or self.scatter.is_busy()

    def shut_down(self) -> None:
        """Give up what is being read."""
        self._following.stop()
        self.samples.slider.set_playing(False)
        self.library.shut_down()
