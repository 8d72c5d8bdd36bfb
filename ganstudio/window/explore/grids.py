"""Grids of pictures to pick from: a click or Enter picks, and cells can be marked."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ganstudio.window.theme import theme
from ganstudio.window.widgets.grid_canvas import GridCanvas


class PickGrid(GridCanvas):
    """A grid whose cells are picked instead of enlarged. ``marks`` writes a sign into the corner of a cell."""

    picked = Signal(int)

    def __init__(self, title: str, tip: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self._tip = tip
        self._marks: dict[int, str] = {}
        self.outlined: int | None = None
        """A cell that is always outlined."""
        self.setToolTip(tip)

    def set_marks(self, marks: dict[int, str]) -> None:
        """The signs of the cells."""
        self._marks = dict(marks)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click picks."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        index = self.cell_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and index is not None:
            self.picked.emit(index)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Outline what is under the pointer; the tooltip says what a click does."""
        super().mouseMoveEvent(event)
        self.setToolTip(self._tip)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter picks the selected cell."""
        chosen = self.selected()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and chosen is not None:
            self.picked.emit(chosen)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The grid, the outlined cell, the marks."""
        super().paintEvent(event)
        if self.images() is None:
            return
        painter = QPainter(self)
        if self.outlined is not None:
            self._outline(painter, self.cell_box(self.outlined), "accent")
        painter.setFont(theme().font("title"))
        for index, sign in self._marks.items():
            box = self.cell_box(index)
            self._outline(painter, box, "real" if sign == "+" else "generator")
            painter.fillRect(QRectF(box.left() + 2, box.top() + 2, 14, 14), theme().color("card"))
            painter.setPen(theme().color("text"))
            painter.drawText(QPointF(box.left() + 5, box.top() + 14), sign)
