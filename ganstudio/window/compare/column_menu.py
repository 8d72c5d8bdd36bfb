"""The menu that chooses columns and moves them; it stays open meanwhile."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QMenu, QWidget

from ganstudio.window.compare.columns import NEVER_HIDDEN, Column


class ColumnMenu(QMenu):
    """One entry for each column; ``switched`` carries a column's key, ``moved`` how far to the right it goes, too."""

    switched = Signal(str)
    moved = Signal(str, int)
    reset_wanted = Signal()

    def __init__(
        self, columns: Sequence[Column], hidden: Collection[str], parent: QWidget | None = None
    ) -> None:
        super().__init__("Columns", parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setToolTipsVisible(True)
        for column in columns:
            words = " · ".join(
                part for part in (column.title or column.key.capitalize(), column.caption) if part
            )
            action = self.addAction(words)
            action.setCheckable(True)
            action.setChecked(column.key not in hidden)
            action.setData(column.key)
            action.setToolTip(f"{column.tip}\nAlt+Up and Alt+Down move the column")
            if column.key in NEVER_HIDDEN:
                action.setEnabled(False)
                action.setToolTip("The name stands in every row.")
            action.triggered.connect(self._on_triggered)
        self.addSeparator()
        self.reset = self.addAction("As at first")
        self.reset.triggered.connect(self.reset_wanted)
        self.reset.setToolTip("Show the usual columns in their usual order and widths")

    @Slot()
    def _on_triggered(self) -> None:
        sender = self.sender()
        if isinstance(sender, QAction):
            self.switched.emit(str(sender.data()))

    def _move(self, action: QAction | None, by: int) -> None:
        """The entry, and the column with it, among those that are shown."""
        shown = [other for other in self.actions() if other.isChecked()]
        if action is None or action not in shown or not 0 <= shown.index(action) + by < len(shown):
            return
        self.moved.emit(str(action.data()), by)
        other = shown[shown.index(action) + by]
        every = self.actions()
        self.insertAction(other if by < 0 else every[every.index(other) + 1], action)
        self.setActiveAction(action)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click switches and leaves the menu open."""
        action = self.actionAt(event.position().toPoint())
        if action is not None and action.isEnabled() and action is not self.reset:
            action.trigger()
        else:
            super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space and Enter switch, Alt with Up and Down moves, Esc closes."""
        action = self.activeAction()
        by = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if event.key() == Qt.Key.Key_Alt:
            event.accept()  # by itself it would close the menu
        elif by is not None and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self._move(action, by)
        elif action is self.reset:
            super().keyPressEvent(event)
        elif event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter) and action is not None:
            if action.isEnabled():
                action.trigger()
        else:
            super().keyPressEvent(event)
