"""A tree view one of whose columns stays at the left edge when the others scroll away.

Qt has no such column; a second view over the same rows would have to share hovering, editing, groups and keys with
the first. Here the column is painted once more where it stays, and every question of place is answered accordingly.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QPointF, QRect, Qt, Slot
from PySide6.QtGui import QCursor, QHelpEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyle, QStyleOptionViewItem, QTreeView, QWidget

from ganstudio.window.theme import theme

WIDEST_SHARE = 0.6
"""Of a view that is narrower than what stays the rest would be out of reach: then it scrolls with the others."""
GRIP = 4
"""Pixels beyond the edge that belong to it."""
Index = QModelIndex | QPersistentModelIndex


class StickyHeader(QHeaderView):
    """The heads: that of the column ``stays`` (a logical index, or -1) is painted and clicked where it stays."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.stays = -1
        self._held: int | None = None
        self._drawn_at: int | None = None  # where the edge of what stays was taken hold of, from that edge

    def shift(self) -> int:
        """How far right of its own place the column stands, in pixels; 0 while it is in sight anyway."""
        if not 0 <= self.stays < self.count() or self.isSectionHidden(self.stays):
            return 0
        if self.sectionSize(self.stays) > WIDEST_SHARE * self.viewport().width():
            return 0
        return max(0, -self.sectionViewportPosition(self.stays))

    def covers(self, x: float) -> bool:
        """Whether a place belongs to the column that stays, and others lie beneath."""
        return bool(self.shift()) and x < self.sectionSize(self.stays)

    def paintEvent(self, event: QPaintEvent) -> None:
        """All heads, then the one that stays."""
        super().paintEvent(event)
        if self.shift():
            painter = QPainter(self.viewport())
            area = QRect(0, 0, self.sectionSize(self.stays), self.height())
            self.paintSection(painter, area, self.stays)
            paint_edge(painter, area)

    # ------------------------------------------------------------ pointer

    def _reach(self, x: float) -> int:
        """By how much an event at a place must be moved to meet the head that is seen there."""
        if self._held is not None:
            return self._held
        return self.shift() if self.covers(x - GRIP) else 0

    def _moved(self, event: QMouseEvent) -> QMouseEvent:
        by = self._reach(event.position().x())
        if not by:
            return event
        place = event.position() - QPointF(by, 0)
        return QMouseEvent(event.type(), place, event.scenePosition(), event.globalPosition(), event.button(),
                           event.buttons(), event.modifiers(), event.pointingDevice())  # fmt: skip

    def _at_edge(self, x: float) -> bool:
        return bool(self.shift()) and abs(x - self.sectionSize(self.stays)) <= GRIP

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A column that stays can be sorted by and made wider, and is not moved: it would land beneath itself."""
        x = event.position().x()
        if self._at_edge(x) and event.button() == Qt.MouseButton.LeftButton:
            self._drawn_at = self.sectionSize(self.stays) - round(x)
            return
        by = self._reach(x)
        event, self._held = self._moved(event), by
        self.setSectionsMovable(not by)
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Where it is seen. Qt draws no edge whose own place is out of sight."""
        x = event.position().x()
        if self._drawn_at is not None:
            width = round(x) + self._drawn_at
            self.resizeSection(
                self.stays, min(max(width, self.minimumSectionSize()), self.maximumSectionSize())
            )
        elif self._at_edge(x) and not event.buttons():
            self.setCursor(Qt.CursorShape.SplitHCursor)
        else:
            if self.covers(x) and self._held is None:
                self.unsetCursor()
            super().mouseMoveEvent(self._moved(event))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Where it was pressed."""
        if self._drawn_at is None:
            super().mouseReleaseEvent(self._moved(event))
        self._held = self._drawn_at = None
        self.setSectionsMovable(True)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Where it is seen."""
        super().mouseDoubleClickEvent(self._moved(event))

    def viewportEvent(self, event: QEvent) -> bool:
        """The tooltip of the head that is seen."""
        if isinstance(event, QHelpEvent) and (by := self._reach(event.pos().x())):
            return super().viewportEvent(
                QHelpEvent(event.type(), event.pos() - QPoint(by, 0), event.globalPos())
            )
        return super().viewportEvent(event)


class StickyTree(QTreeView):
    """The rows. Rows are selected as wholes, so that nothing but the keyboard's place is at stake in a cell."""

    def set_heads(self, header: StickyHeader) -> None:
        """Use a header, which says what stays."""
        self.heads = header
        self.setHeader(header)
        self.horizontalScrollBar().valueChanged.connect(self._scrolled)

    @Slot()
    def _scrolled(self) -> None:
        """Qt moves the pixels it has; what stays must be painted anew, and what is being typed moves with it."""
        self.viewport().update()
        self.heads.viewport().update()
        if self.state() == QAbstractItemView.State.EditingState:
            self.updateEditorGeometries()

    def visualRect(self, index: Index) -> QRect:
        """Where a cell is seen."""
        area = super().visualRect(index)
        if index.isValid() and index.column() == self.heads.stays:
            area.translate(self.heads.shift(), 0)
        return area

    def indexAt(self, point: QPoint) -> QModelIndex:
        """The cell that is seen at a place."""
        index = super().indexAt(point)
        if index.isValid() and self.heads.covers(point.x()):
            return index.siblingAtColumn(self.heads.stays)
        return index

    def scrollTo(
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        """Up and down only while the name stays in sight: a row is found by it."""
        bar = self.horizontalScrollBar()
        across, stays = bar.value(), bool(self.heads.shift())
        super().scrollTo(index, hint)
        if stays:
            bar.setValue(across)

    def drawRow(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The row, and over it the cell that stays."""
        super().drawRow(painter, option, index)
        if not self.heads.shift():
            return
        cell = index.siblingAtColumn(self.heads.stays)
        row: QRect = option.rect  # type: ignore[attr-defined]
        own = QStyleOptionViewItem(option)
        own.rect = QRect(0, row.top(), self.heads.sectionSize(self.heads.stays), row.height())  # type: ignore[attr-defined]
        own.state = self._state_of(cell, row)  # type: ignore[attr-defined]
        painter.save()
        painter.setClipRect(own.rect)  # type: ignore[attr-defined]
        painter.fillRect(own.rect, theme().color("card"))  # type: ignore[attr-defined]
        self.itemDelegate().paint(painter, own, cell)
        if self.has_edge(index):
            paint_edge(painter, own.rect)  # type: ignore[attr-defined]
        painter.restore()

    def has_edge(self, _index: Index) -> bool:
        """Whether a row shows where the others disappear."""
        return True

    def _state_of(self, cell: QModelIndex, row: QRect) -> QStyle.StateFlag:
        """Whether the row is selected, and whether the pointer is over it."""
        state = QStyle.StateFlag.State_Enabled
        if self.selectionModel().isSelected(cell):
            state |= QStyle.StateFlag.State_Selected
        pointer = self.viewport().mapFromGlobal(QCursor.pos())
        if self.viewport().underMouse() and row.top() <= pointer.y() <= row.bottom():
            state |= QStyle.StateFlag.State_MouseOver
        return state


def paint_edge(painter: QPainter, area: QRect) -> None:
    """The line at which the others disappear."""
    painter.fillRect(QRect(area.right(), area.top(), 1, area.height()), theme().color("line"))
