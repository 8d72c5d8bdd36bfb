"""The menu that chooses columns; it stays open while they are switched."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QMenu, QWidget

from ganstudio.window.compare.columns import NEVER_HIDDEN, Column


class ColumnMenu(QMenu):
    """One entry for each column; ``switched`` carries a column's key."""

    switched = Signal(str)

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
            action.setToolTip(column.tip)
            if column.key in NEVER_HIDDEN:
                action.setEnabled(False)
                action.setToolTip("The name stands in every row.")
            action.triggered.connect(self._on_triggered)

    @Slot()
    def _on_triggered(self) -> None:
        sender = self.sender()
        if isinstance(sender, QAction):
            self.switched.emit(str(sender.data()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click switches and leaves the menu open."""
        action = self.actionAt(event.position().toPoint())
        if action is not None and action.isEnabled():
            action.trigger()
        else:
            super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space and Enter switch, Esc closes."""
        action = self.activeAction()
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter) and action is not None:
            if action.isEnabled():
                action.trigger()
        else:
            super().keyPressEvent(event)
