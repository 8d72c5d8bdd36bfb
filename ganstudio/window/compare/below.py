"""What stands below the table: the selected runs beside each other, mean and spread of a sweep, the queue."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QApplication, QMenuBar, QTabWidget, QVBoxLayout, QWidget

from ganstudio.core.run_list import RunEntry
from ganstudio.window.background import Background
from ganstudio.window.chart_export import Chart
from ganstudio.window.compare.sweeps.card import QueueCard
from ganstudio.window.compare.sweeps.queue import RunQueue
from ganstudio.window.compare.sweeps.store import ENDED
from ganstudio.window.compare.sweeps.view import SweepView
from ganstudio.window.compare.views.pane import ComparePane
from ganstudio.window.theme.style import set_role

PLACES = ("runs", "sweep", "queue")


class Below(QTabWidget):
    """Parts: ``pane``, ``sweep``, ``queue``. Only the one in front is given runs; it reads with a thread of its own."""

    told = Signal(str)
    open_wanted = Signal(object)
    """The path of a run that is to be opened."""
    action_wanted = Signal(str)
    changed = Signal()
    """Something that decides which actions can be done: the chart that is shown, whose steps undo takes back."""

    def __init__(self, queue: RunQueue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._background = Background(self)
        self._chosen: tuple[RunEntry, ...] = ()
        self._shown: tuple[RunEntry, ...] = ()
        self.pane = ComparePane(self._background)
        self.sweep = SweepView(self._background)
        self.queue = QueueCard(queue)
        self._queue, self._entered = queue, False
        for widget, title, tip in (
            (self.pane, "Selected runs", "Curves, settings, samples and scatter of the selected runs (Ctrl+Alt+1)"),
            (self.sweep, "Mean and spread", "What a setting does on average over seeds; of all runs that are shown "
             "where none is selected (Ctrl+Alt+2)"),
            (self.queue, "Queue", "Runs that wait for their turn (Ctrl+Alt+3)"),
        ):  # fmt: skip
            self.setTabToolTip(self.addTab(_padded(widget), title), tip)
        self.setDocumentMode(True)
        self.tabBar().setDrawBase(False)
        self.setMinimumHeight(150)
        self.tabBar().setAccessibleName("Below the table")
        self.tabBar().setToolTip("What is shown below the table")
        self.currentChanged.connect(self._show)
        for part in (self.pane, self.sweep):
            part.told.connect(self.told)
            part.drawn.connect(self.changed)
        for part in (self.pane, self.queue):
            part.open_wanted.connect(self.open_wanted)
        self.queue.action_wanted.connect(self.action_wanted)
        queue.changed.connect(self._count)
        queue.changed.connect(self.changed)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus)
        self._count()

    def show_runs(self, chosen: Sequence[RunEntry], shown: Sequence[RunEntry]) -> None:
        """The selected runs, and all that the table shows."""
        self._chosen, self._shown = tuple(chosen), tuple(shown)
        self._show()

    def bring(self, place: str) -> None:
        """Bring one of :data:`PLACES` to the front."""
        self.setCurrentIndex(PLACES.index(place))

    @property
    def in_queue(self) -> bool:
        """Whether the keyboard is, or was last, in the queue that is in front: then undo is about its list."""
        return self._entered and PLACES[self.currentIndex()] == "queue"

    @Slot(QWidget, QWidget)
    def _on_focus(self, _before: QWidget | None, now: QWidget | None) -> None:
        """The menu bar and other windows change nothing."""
        if now is None or now.window() is not self.window() or isinstance(now, QMenuBar):
            return
        if (entered := self.queue.isAncestorOf(now)) != self._entered:
            self._entered = entered
            self.changed.emit()

    def chart(self) -> Chart | None:
        """The chart in front that can be taken home: the one that has the focus, else the first."""
        place = PLACES[self.currentIndex()]
        if place == "sweep":
            return self.sweep if self.sweep.has_chart() else None
        return self.pane.chart() if place == "runs" else None

    @Slot()
    def _show(self) -> None:
        place = PLACES[self.currentIndex()]
        if place == "runs":
            self.pane.show_runs(self._chosen)
        elif place == "sweep":
            self.sweep.show_runs(self._chosen or self._shown)
        self.changed.emit()

    def waiting(self) -> int:
        """How many runs of the queue have not ended yet."""
        return sum(item.state not in ENDED for item in self._queue.items)

    @Slot()
    def _count(self) -> None:
        left = self.waiting()
        self.setTabText(PLACES.index("queue"), f"Queue ({left:,})" if left else "Queue")

    def shut_down(self) -> None:
        """No timer and no thread is left."""
        self.pane.shut_down()
        self._background.close()


def _padded(widget: QWidget) -> QWidget:
    frame = QWidget()
    set_role(frame, "window")
    inside = QVBoxLayout(frame)
    inside.setContentsMargins(0, 8, 0, 0)
    inside.addWidget(widget)
    return frame
