"""The heads of the table of runs: two lines, and a sign where the table is sorted."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QWidget

from ganstudio.window.compare.columns import Column
from ganstudio.window.compare.painting import PADDING
from ganstudio.window.compare.sticky import StickyHeader
from ganstudio.window.compare.table_model import COLUMN
from ganstudio.window.theme import pixmap, theme
from ganstudio.window.theme.style import set_role

HEADER_HEIGHT, NARROWEST, WIDEST = 42, 30, 900


class RunHeader(StickyHeader):
    """Two lines: the title, and below it a metric's protocol; a sign where the table is sorted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(NARROWEST)
        self.setMaximumSectionSize(WIDEST)
        self.setFixedHeight(HEADER_HEIGHT)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setMouseTracking(True)
        self.sort_key, self.descending = "", False
        set_role(self, "flush")
        theme().changed.connect(self.viewport().update)

    def paintSection(self, painter: QPainter, area: QRect, section: int) -> None:
        """Title, protocol, and which way it is sorted."""
        column: Column | None = self.model().headerData(section, Qt.Orientation.Horizontal, COLUMN)
        painter.save()
        painter.fillRect(area, theme().color("panel"))
        painter.fillRect(QRect(area.left(), area.bottom(), area.width(), 1), theme().color("line"))
        if column is not None:
            room = area.adjusted(PADDING, 0, -PADDING, 0)
            if column.key == self.sort_key:
                room = self._sign(painter, room, column)
            top = room.adjusted(0, 5, 0, -room.height() // 2 + 1) if column.caption else room
            self._line(
                painter, top, column.title, "text" if column.key == self.sort_key else "muted", column.right
            )
            if column.caption:
                below = room.adjusted(0, room.height() // 2 - 1, 0, -4)
                self._line(painter, below, column.caption, "muted", column.right)
        painter.restore()

    def _sign(self, painter: QPainter, room: QRect, column: Column) -> QRect:
        sign = pixmap("chevron-down" if self.descending else "chevron-up", theme().tokens["accent-text"], 10,
                      self.devicePixelRatioF())  # fmt: skip
        titled = bool(column.title)
        x = (
            room.right() - 9
            if titled and not column.right
            else room.left()
            if titled
            else room.center().x() - 4
        )
        painter.drawPixmap(x, room.center().y() - 4, sign)
        if not titled:
            return room
        return room.adjusted(14, 0, 0, 0) if column.right else room.adjusted(0, 0, -14, 0)

    @staticmethod
    def _line(painter: QPainter, area: QRect, text: str, token: str, right: bool) -> None:
        font = theme().font("caption")
        painter.setFont(font)
        painter.setPen(theme().color(token))
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, side | Qt.AlignmentFlag.AlignVCenter, shown)
