"""The names of the chosen runs with their colours, above every view; a press hides a run's lines or shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QMenu, QSizePolicy, QWidget

from ganstudio.window.compare.views.marked_plot import paint_notch
from ganstudio.window.compare.views.strands import Strand
from ganstudio.window.theme import theme
from ganstudio.window.widgets.painting import swatch

HEIGHT, SQUARE, PAD, GAP, WIDEST = 22, 10, 6, 4, 260


class StrandButton(QAbstractButton):
    """One line's name. Checked: it is shown."""

    open_wanted = Signal(object)
    pointed = Signal(bool)
    """The pointer or the keyboard has come, or gone."""

    def __init__(self, strand: Strand, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.strand = strand
        self._changes = ""
        self.setCheckable(True)
        self.setChecked(True)
        self.setText(strand.label)
        self.setFont(theme().font("caption"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(strand.title)
        self._tell()
        theme().changed.connect(self.update)

    def set_changes(self, changes: str) -> None:
        """What was changed while its runs trained, in some lines; empty for nothing."""
        if changes != self._changes:
            self._changes = changes
            self._tell()
            self.updateGeometry()

    def _tell(self) -> None:
        where = "\n".join(str(path) for path in self.strand.runs)
        use = "Press to hide or show its lines; a double click opens the run"
        self.setToolTip("\n".join(part for part in (self.strand.title, where, self._changes, use) if part))

    def sizeHint(self) -> QSize:
        """Square, name, and a notch where something was changed."""
        text = self.fontMetrics().horizontalAdvance(self.text())
        return QSize(min(SQUARE + 3 * PAD + text + self._notched, WIDEST), HEIGHT)

    @property
    def _notched(self) -> int:
        return 2 * PAD if self._changes else 0

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
        room = QRectF(SQUARE + 2 * PAD, 0, self.width() - SQUARE - 3 * PAD - self._notched, self.height())
        words = self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideMiddle, int(room.width()) + 1
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)
        if self._changes:
            paint_notch(
                painter, QPointF(self.width() - 1.5 * PAD, self.height() / 2 - 3), theme().color(token)
            )

    def event(self, event: QEvent) -> bool:
        """Told when the pointer or the keyboard comes and goes."""
        if event.type() in (QEvent.Type.Enter, QEvent.Type.FocusIn):
            self.pointed.emit(True)
        elif event.type() in (QEvent.Type.Leave, QEvent.Type.FocusOut):
            self.pointed.emit(False)
        return super().event(event)

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
    pointed = Signal(object)
    """The runs whose name is under the pointer or has the keyboard; an empty tuple for none."""
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
        self.pointed.emit(())  # a name that goes while the pointer is on it says nothing more
        for button in self.buttons:
            button.pointed.disconnect(self._on_pointed)
            button.hide()
            button.deleteLater()
        self.buttons = [StrandButton(strand, self) for strand in strands]
        for button in self.buttons:
            button.setChecked(not all(path in hidden for path in button.strand.runs))
            button.toggled.connect(self._toggled)
            button.open_wanted.connect(self.open_wanted)
            button.pointed.connect(self._on_pointed)
            button.show()
        self._fit()

    def hidden(self) -> frozenset[Path]:
        """The runs whose lines are hidden."""
        return frozenset(
            path for button in self.buttons if not button.isChecked() for path in button.strand.runs
        )

    def set_changes(self, changes: Mapping[Path, str]) -> None:
        """What was changed while runs trained; those without a change are left out."""
        for button in self.buttons:
            button.set_changes("\n".join(changes[path] for path in button.strand.runs if path in changes))
        self._fit()

    @Slot(bool)
    def _on_pointed(self, here: bool) -> None:
        button = self.sender()
        self.pointed.emit(button.strand.runs if here and isinstance(button, StrandButton) else ())

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
