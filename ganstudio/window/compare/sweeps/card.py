"""The queue on the screen: what waits, trains and has ended, how long it takes, and what can be done about it."""

from __future__ import annotations

import math
from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QMenu,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QStackedLayout,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from ganstudio.core import numbers
from ganstudio.window.compare.sweeps.queue import RunQueue
from ganstudio.window.compare.sweeps.queue_model import QueueModel
from ganstudio.window.compare.sweeps.store import ENDED, ItemState, QueueItem
from ganstudio.window.theme.style import set_role
from ganstudio.window.widgets.basic import Caption, Card, EmptyState

STEPS = 1000
UNDOING = ("undo", "redo")


class QueueList(QTreeView):
    """Rows of runs; Delete, Enter and Alt with the arrows are told, not done."""

    keyed = Signal(str)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys that do something to the chosen runs."""
        wish = key_wish(event)
        if wish:
            self.keyed.emit(wish)
        else:
            super().keyPressEvent(event)


def key_wish(event: QKeyEvent) -> str:
    """The name of what a key asks for; empty for a key that means nothing here."""
    alt = event.modifiers() & Qt.KeyboardModifier.AltModifier
    key = event.key()
    if alt and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
        return "earlier" if key == Qt.Key.Key_Up else "later"
    if key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
        return "remove"
    return "open" if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) else ""


class QueueCard(Card):
    """``open_wanted`` carries the folder of a run that the person wants to see, ``action_wanted`` an action's id."""

    open_wanted = Signal(object)
    action_wanted = Signal(str)

    def __init__(self, queue: RunQueue, parent: QWidget | None = None) -> None:
        super().__init__("Queue", "", parent)
        self.queue = queue
        self.rows = QueueModel(queue, self)
        # widgets
        self.list = QueueList()
        self.list.setModel(self.rows)
        self.bar = QProgressBar()
        self.notice = Caption(wrap=True)
        self.hold = QPushButton()
        self.empty = EmptyState(
            "Nothing is queued",
            "Runs that wait for their turn stand here. A sweep trains several values of a setting and several seeds.",
            "Sweep …",
        )
        self.buttons = {name: self._button(name, *words) for name, words in BUTTONS.items()}
        self._dress()
        self._assemble()
        # connections
        self.hold.clicked.connect(self._on_hold)
        self.empty.activated.connect(self._on_sweep)
        self.list.keyed.connect(self.do)
        self.list.doubleClicked.connect(self._on_open)
        self.list.customContextMenuRequested.connect(self._open_menu)
        self.list.selectionModel().selectionChanged.connect(self._show_buttons)
        queue.changed.connect(self.refresh)
        queue.progressed.connect(self.show_progress)
        self.refresh()

    def _button(self, name: str, words: str, tip: str) -> QPushButton:
        button = QPushButton(words)
        button.setObjectName(name)
        button.setToolTip(tip)
        set_role(button, "quiet")
        button.clicked.connect(self._on_button)
        return button

    def _dress(self) -> None:
        view = self.list
        view.setAccessibleName("Runs of the queue")
        view.setToolTip("Enter opens a run, Delete takes it off, Alt with the arrows moves it")
        view.setRootIsDecorated(False)
        view.setUniformRowHeights(True)
        view.setAllColumnsShowFocus(True)
        view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        view.header().setSectionsMovable(False)
        view.header().setStretchLastSection(False)
        view.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in (1, 2):
            view.header().setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self.bar.setRange(0, STEPS)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress of the queue")
        self.bar.setToolTip("All runs of the queue together")
        self.notice.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def _assemble(self) -> None:
        self.add_control(self.hold)
        feet = QHBoxLayout()
        feet.setSpacing(2)
        for name, button in self.buttons.items():
            if name == "undo":
                feet.addStretch(1)
            feet.addWidget(button)
        full = QWidget()
        column = QVBoxLayout(full)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.bar)
        column.addWidget(self.notice)
        column.addWidget(self.list, 1)
        column.addLayout(feet)
        self._full = full
        self._stack = QStackedLayout()
        self.body.addLayout(self._stack, 1)  # first: without a parent the stack shows its widgets as windows
        self._stack.addWidget(self.empty)
        self._stack.addWidget(full)

    # ------------------------------------------------------------ showing

    @Slot()
    def refresh(self) -> None:
        """What the queue says now."""
        items, held = self.queue.items, self.queue.held
        self._stack.setCurrentWidget(self._full if items or any(self.queue.undo_words()) else self.empty)
        self.hold.setVisible(bool(self.queue.waiting))
        self.hold.setText("Go on" if held else "Pause queue")
        self.hold.setToolTip(
            "Begin with the runs that wait" if held else "Begin no more runs; the one that trains goes on"
        )
        set_role(self.hold, "primary" if held else "")
        self.notice.setText((held if self.queue.waiting else "") or self.queue.notice)
        self.notice.setVisible(bool(self.notice.text()) and bool(items))
        set_role(self.notice, "warning")
        self.show_progress()
        self._show_buttons()

    @Slot()
    def show_progress(self) -> None:
        """How far everything is; nothing is reckoned while nobody looks."""
        if not self.isVisible():
            return
        items = self.queue.items
        ended = sum(item.state in ENDED for item in items)
        left = self.queue.seconds_left()
        parts = [f"{ended:,} of {len(items):,} ended"] if items else []
        if self.queue.waiting or self.queue.running is not None:
            parts.append(numbers.time_left(math.nan if left is None else left))
        self.set_caption(" · ".join(parts))
        self.bar.setValue(round(STEPS * self.queue.progress()))
        self.rows.show_step(self.queue.step)

    def showEvent(self, event: QShowEvent) -> None:
        """Bring it up to date."""
        super().showEvent(event)
        self.show_progress()

    @Slot()
    def _show_buttons(self) -> None:
        for name, button in self.buttons.items():
            why = self.why_not(name)
            button.setEnabled(not why)
            tip = BUTTONS[name][1]
            button.setToolTip(f"{tip}\n{why}" if why else tip)
        for name, words in zip(UNDOING, self.queue.undo_words(), strict=True):
            if words:
                word, _, keys = BUTTONS[name][1].rpartition(" (")
                self.buttons[name].setToolTip(f"{word}: {words} ({keys}")

    # ------------------------------------------------------------ doing

    def chosen(self) -> list[QueueItem]:
        """The runs that are selected, in their order."""
        rows = sorted({index.row() for index in self.list.selectionModel().selectedRows()})
        return [self.rows.item(row) for row in rows]

    def why_not(self, name: str) -> str:
        """Why something cannot be done now; empty where it can."""
        some, items = self.chosen(), self.queue.items
        if name in UNDOING:
            nothing = f"There is nothing to {'take back' if name == 'undo' else 'do again'}."
            return "" if self.queue.undo_words()[UNDOING.index(name)] else nothing
        if name == "clear":
            return (
                "" if any(i.state is not ItemState.RUNNING for i in items) else "There is nothing to clear."
            )
        if not some:
            return "Choose a run first."
        if name in ("earlier", "later"):
            waits = any(item.state is ItemState.WAITING for item in some)
            return "" if waits else "Only runs that wait can be moved."
        if name == "again":
            return "" if any(item.state in ENDED for item in some) else "It has not ended."
        if name == "open":
            return "" if any(item.folder for item in some) else "It has not begun."
        trains = all(item.state is ItemState.RUNNING for item in some)
        return "Stop the run first (Ctrl+.)." if trains else ""

    @Slot(str)
    def do(self, name: str) -> None:
        """Do something with the chosen runs, if it can be done."""
        if self.why_not(name):
            return
        some = self.chosen()
        ids = [item.id for item in some]
        if name == "open":
            self.open_wanted.emit(Path(next(item.folder for item in some if item.folder)))
        elif name in ("earlier", "later"):
            self.queue.move(ids, -1 if name == "earlier" else 1)
            self.select(ids)
        elif name == "again":
            self.queue.try_again(ids)
        elif name == "remove":
            self.queue.remove(ids)
        else:
            getattr(self.queue, name)()

    def select(self, ids: list[int]) -> None:
        """Choose runs."""
        model, flags = self.list.selectionModel(), QItemSelectionModel.SelectionFlag
        model.clear()
        for row, item in enumerate(self.queue.items):
            if item.id in ids:
                index = self.rows.index(row, 0)
                model.select(index, flags.Select | flags.Rows)
                model.setCurrentIndex(index, flags.NoUpdate)

    @Slot()
    def _on_button(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.do(sender.objectName())

    @Slot()
    def _on_open(self) -> None:
        self.do("open")

    @Slot()
    def _on_hold(self) -> None:
        self.queue.go_on() if self.queue.held else self.queue.hold()

    @Slot()
    def _on_sweep(self) -> None:
        self.action_wanted.emit("run.sweep")

    @Slot(QPoint)
    def _open_menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        for name, (words, tip) in BUTTONS.items():
            action = menu.addAction(words)
            action.setObjectName(name)
            action.setToolTip(self.why_not(name) or tip)
            action.setEnabled(not self.why_not(name))
            action.triggered.connect(self._on_button)
        menu.popup(self.list.viewport().mapToGlobal(at))


BUTTONS = {
    "earlier": ("Earlier", "Train the chosen runs one place earlier (Alt+Up)"),
    "later": ("Later", "Train the chosen runs one place later (Alt+Down)"),
    "open": ("Open", "Show the chosen run in the Train workspace (Enter)"),
    "again": ("Try again", "Queue the chosen runs that ended once more; they go on from their checkpoints"),
    "remove": ("Remove", "Take the chosen runs off the list; their folders stay (Delete)"),
    "undo": ("Undo", "Take the last change of the list back (Ctrl+Z)"),
    "redo": ("Redo", "Do the change of the list again that was taken back (Ctrl+Shift+Z)"),
    "clear": ("Clear", "Take off all runs but the one that trains; their folders stay"),
}
"""What can be done -> the word on its button, and its tooltip."""
