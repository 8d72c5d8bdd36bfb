"""Sweeps in the main window: the actions that plan and queue runs, and the question about what waited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ganstudio.catalog.sweeping import SweepPlan
from ganstudio.core.config import RunConfig
from ganstudio.core.messages import Failed
from ganstudio.window.compare.sweeps.queue import RunQueue
from ganstudio.window.compare.sweeps.roster import Wish
from ganstudio.window.theme import theme
from ganstudio.window.theme.style import set_role

if TYPE_CHECKING:
    from ganstudio.window.main_window import MainWindow


class SweepDoor(QObject):
    """Owns the window's queue, which works whatever workspace is in front."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.queue = RunQueue(window.controller, window.settings, self)
        self.queue.told.connect(self._on_told)
        self.queue.starting.connect(self._on_starting)

    def begin(self) -> None:
        """Tell what waited when the window was last closed, and ask whether it is to go on."""
        if self.queue.notice:
            self._window.problem("The queue is not complete", self.queue.notice)
        if self.queue.waiting:
            dialog = WaitingDialog(len(self.queue.waiting), self._window)
            dialog.wanted.connect(self.queue.go_on)
            dialog.open()

    def add_one(self) -> None:
        """Queue what the form says."""
        config = self._form()
        if config is not None:
            self.queue.add([Wish(config)])
            self._tell_added(1)

    def plan(self, config: RunConfig | None = None) -> None:
        """The dialog that plans a sweep over a config, or over what the form says."""
        from ganstudio.window.compare.sweeps.dialog import SweepDialog

        config = config or self._form()
        if config is not None:
            compare = self._window.switcher.compare
            dialog = SweepDialog(config, self._window, compare.known_tags() if compare is not None else ())
            dialog.queued.connect(self._on_queued)
            dialog.open()

    def _form(self) -> RunConfig | None:
        """The form's config; ``None``, with the reason told, where something in it cannot be used."""
        found = self._window.form_model.examined
        if found.sound:
            return found.config
        self._window.train.form.show_first_problem()
        self._window.status.tell("A setting cannot be used yet: it is marked in the form.")
        return None

    @Slot(object)
    def _on_queued(self, plan: SweepPlan) -> None:
        self.queue.add([Wish(run.config, plan.name, plan.tags) for run in plan.runs])
        self._tell_added(len(plan.runs))

    def _tell_added(self, count: int) -> None:
        runs = "1 run" if count == 1 else f"{count:,} runs"
        if self.queue.held:
            when = "The queue is paused: press Go on in the Compare workspace."
        elif self._window.model.active:
            when = (
                "They begin when the run under way has ended."
                if count > 1
                else "It begins after the run under way."
            )
        else:
            when = "The first begins now." if count > 1 else "It begins now."
        self._window.status.tell(f"Queued {runs}. {when}")

    def takes(self, failed: Failed) -> bool:
        """Whether a failure belongs to a run of the queue: it is told without a dialog that others would wait for."""
        if not self.queue.owns(failed):
            return False
        self._window.status.tell(f"A run of the queue failed: {failed.problem}")
        return True

    def shut_down(self) -> None:
        """What is left stays on the disk."""
        self.queue.shut_down()

    @Slot(str)
    def _on_told(self, words: str) -> None:
        self._window.status.tell(words)

    @Slot(object)
    def _on_starting(self, config: RunConfig) -> None:
        """What the form says now can be had back by undo."""
        self._window.form_model.load(config, f"Take {config.name} from the queue")


class WaitingDialog(QDialog):
    """Asks whether runs that waited when the window closed are to be trained now."""

    wanted = Signal()

    def __init__(self, count: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Queue")
        runs = "1 run is waiting" if count == 1 else f"{count:,} runs are waiting"
        title = QLabel(f"{runs}: go on?")
        title.setFont(theme().font("heading"))
        text = QLabel(
            "They were queued when the window closed. An interrupted run goes on from its last checkpoint. "
            "Otherwise they stay in the queue of the Compare workspace."
        )
        text.setWordWrap(True)
        self.go_on, self.later = QPushButton("Go on"), QPushButton("Not now")
        self.go_on.setToolTip("Train them now, one after the other")
        self.later.setToolTip("Leave them in the queue until you press Go on there")
        set_role(self.go_on, "primary")
        self.go_on.setDefault(True)
        self.go_on.clicked.connect(self._on_go_on)
        self.later.clicked.connect(self.reject)
        feet = QHBoxLayout()
        feet.addStretch(1)
        feet.addWidget(self.later)
        feet.addWidget(self.go_on)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(10)
        column.addWidget(title)
        column.addWidget(text)
        column.addSpacing(6)
        column.addLayout(feet)

    @Slot()
    def _on_go_on(self) -> None:
        self.accept()
        self.wanted.emit()
