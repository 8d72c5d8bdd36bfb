"""How often each class occurs: a row for every class with its name, a bar and the number."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from ganstudio.core.numbers import percent, whole
from ganstudio.window.theme import theme

ROW, GAP, BAR = 20, 8, 8
"""Height of a row, room between its parts, height of a bar, in logical pixels."""
NAME_SHARE = 0.42
"""The part of the width that a name may take at the most."""


class ClassBars(QWidget):
    """Painted by itself: only the rows in sight cost anything, so a thousand classes are no trouble."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: tuple[str, ...] = ()
        self._counts: tuple[int, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self.update)

    def show_counts(self, names: Sequence[str], counts: Sequence[int]) -> None:
        """Show other classes; none empties the chart."""
        self._names, self._counts = tuple(names), tuple(counts)
        told = ", ".join(f"{n} {whole(c)}" for n, c in list(zip(names, counts, strict=True))[:20])
        self.setAccessibleName("Samples in each class")
        self.setAccessibleDescription(told)
        self.updateGeometry()
        self.resize(self.width(), self.sizeHint().height())
        self.update()

    def names(self) -> tuple[str, ...]:
        """The classes shown."""
        return self._names

    def counts(self) -> tuple[int, ...]:
        """Their counts."""
        return self._counts

    def sizeHint(self) -> QSize:
        """A row for every class."""
        return QSize(200, max(ROW * len(self._names), 1))

    def minimumSizeHint(self) -> QSize:
        """As tall as all rows, since it scrolls."""
        return QSize(120, self.sizeHint().height())

    def row_text(self, row: int) -> str:
        """All about one class: name, number, share."""
        total = max(sum(self._counts), 1)
        return f"{self._names[row]}: {whole(self._counts[row])} ({percent(self._counts[row] / total)})"

    def event(self, event: QEvent) -> bool:
        """The tooltip tells name, number and share."""
        if isinstance(event, QHelpEvent):
            row = event.pos().y() // ROW
            known = 0 <= row < len(self._names)
            QToolTip.showText(event.globalPos(), self.row_text(row) if known else "", self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows in sight."""
        if not self._names:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        letters = QFontMetrics(theme().font("caption"))
        figures = QFontMetrics(theme().font("small-figure"))
        widest = max(letters.horizontalAdvance(name) for name in self._names[:200]) + 2
        named = min(widest, round(self.width() * NAME_SHARE))
        counted = max(figures.horizontalAdvance(whole(count)) for count in self._counts) + 2
        first, last = event.rect().top() // ROW, event.rect().bottom() // ROW
        for row in range(max(first, 0), min(last + 1, len(self._names))):
            self._paint_row(painter, row, named, counted)

    def _paint_row(self, painter: QPainter, row: int, named: int, counted: int) -> None:
        top, right = row * ROW, self.width()
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(theme().font("caption"))
        painter.setPen(theme().color("text"))
        name = painter.fontMetrics().elidedText(self._names[row], Qt.TextElideMode.ElideRight, named)
        painter.drawText(QRect(0, top, named, ROW), middle | Qt.AlignmentFlag.AlignLeft, name)
        painter.setFont(theme().font("small-figure"))
        painter.setPen(theme().color("muted"))
        number = whole(self._counts[row])
        painter.drawText(
            QRect(right - counted, top, counted, ROW), middle | Qt.AlignmentFlag.AlignRight, number
        )
        room = right - counted - named - 2 * GAP
        length = room * self._counts[row] / max(*self._counts, 1)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color("real"))
        painter.drawRoundedRect(
            QRectF(named + GAP, top + (ROW - BAR) / 2, max(length, 1.0 if self._counts[row] else 0.0), BAR),
            2,
            2,
        )
