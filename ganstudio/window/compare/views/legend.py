"""The names of the chosen runs with their colours, above every view; a press hides a run's lines or shows them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QMenu, QSizePolicy, QWidget

from ganstudio.window.compare.views.strands import Strand
from ganstudio.window.theme import theme
from ganstudio.window.widgets.painting import swatch

HEIGHT, SQUARE, PAD, GAP, WIDEST = 22, 10, 6, 4, 260


class StrandButton(QAbstractButton):
    """One line's name. Checked: it is shown."""

    open_wanted = Signal(object)

    def __init__(self, strand: Strand, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.strand = strand
        self.setCheckable(True)
        self.setChecked(True)
        self.setText(strand.label)
        self.setFont(theme().font("caption"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(strand.title)
        where = "\n".join(str(path) for path in strand.runs)
        self.setToolTip(
            f"{strand.title}\n{where}\nPress to hide or show its lines; a double click opens the run"
        )
        theme().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Square and name."""
        text = self.fontMetrics().horizontalAdvance(self.text())
        return QSize(min(SQUARE + 3 * PAD + text, WIDEST), HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """It cannot be squeezed; the strip wraps instead."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A quiet pill; hollow and muted while its lines are hidden."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse() or self.hasFocus():
            painter.setPen(theme().color("focus") if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(theme().color("hover"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        mark = QRectF(PAD, (self.height() - SQUARE) / 2, SQUARE, SQUARE)
        token = self.strand.color if self.isChecked() else "disabled"
        swatch(painter, mark, theme().color(token), self.strand.dash)
        painter.setPen(theme().color("text" if self.isChecked() else "disabled"))
        room = QRectF(SQUARE + 2 * PAD, 0, self.width() - SQUARE - 3 * PAD, self.height())
        words = self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideMiddle, int(room.width()) + 1
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the run; the two presses have left its lines as they were."""
        super().mouseDoubleClickEvent(event)
        self.open_wanted.emit(self.strand.runs[0])

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Open any of its runs."""
        menu = QMenu(self)
        for path in self.strand.runs:
            menu.addAction(f"Open {path.name}", partial(self.open_wanted.emit, path))
        menu.exec(event.globalPos())
        menu.deleteLater()


class LegendStrip(QWidget):
    """All names; wraps to more lines where it is narrow."""

    hidden_changed = Signal()
    open_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons: list[StrandButton] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Chosen runs")

    def set_strands(self, strands: Sequence[Strand]) -> None:
        """What is named; runs that were hidden stay so."""
        if [b.strand for b in self.buttons] == list(strands):
            return
        hidden = self.hidden()
        for button in self.buttons:
            button.hide()
            button.deleteLater()
        self.buttons = [StrandButton(strand, self) for strand in strands]
        for button in self.buttons:
            button.setChecked(not all(path in hidden for path in button.strand.runs))
            button.toggled.connect(self._toggled)
            button.open_wanted.connect(self.open_wanted)
            button.show()
        self._fit()

    def hidden(self) -> frozenset[Path]:
        """The runs whose lines are hidden."""
        return frozenset(
            path for button in self.buttons if not button.isChecked() for path in button.strand.runs
        )

    def _toggled(self, _on: bool) -> None:
        self.hidden_changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap anew."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        x, y = 0, 0
        for button in self.buttons:
            size = button.sizeHint()
            if x and x + size.width() > self.width():
                x, y = 0, y + HEIGHT
            button.setGeometry(x, y, min(size.width(), max(self.width(), 40)), size.height())
            x += size.width() + GAP
        self.setFixedHeight(y + HEIGHT if self.buttons else 0)

    def minimumSizeHint(self) -> QSize:
        """Room for one name."""
        return QSize(80, HEIGHT if self.buttons else 0)
