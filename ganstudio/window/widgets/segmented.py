"""A row of words of which one is chosen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from ganstudio.window.theme import theme

PADDING, HEIGHT, INSET = 10, 26, 2


class SegmentedControl(QWidget):
    """One of a few values, each given as (value, label, tooltip). Left and right keys move the choice."""

    chosen = Signal(str)

    def __init__(
        self, choices: Sequence[tuple[str, str, str]], name: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._choices = list(choices)
        self._off: dict[str, str] = {}
        self._value = self._choices[0][0]
        self._hover = -1
        self._name = name
        self.setFont(theme().font("caption"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._tell()
        theme().changed.connect(self.update)

    # ------------------------------------------------------------ value

    def value(self) -> str:
        """The chosen value."""
        return self._value

    def set_value(self, value: str) -> None:
        """Choose without a signal; ``ValueError`` for an unknown value."""
        if value not in self.values():
            raise ValueError(f"{value!r} is not one of {', '.join(self.values())}")
        self._value = value
        self._tell()
        self.update()

    def values(self) -> tuple[str, ...]:
        """All values, in order."""
        return tuple(value for value, _, _ in self._choices)

    def set_enabled(self, value: str, enabled: bool, why: str = "") -> None:
        """Switch one choice off, with the reason as its tooltip."""
        self._off.pop(value, None)
        if not enabled:
            self._off[value] = why
        self.update()

    def _choose(self, index: int) -> None:
        value = self._choices[index][0]
        if value != self._value and value not in self._off:
            self.set_value(value)
            self.chosen.emit(value)

    def _tell(self) -> None:
        label = next(label for value, label, _ in self._choices if value == self._value)
        self.setAccessibleName(f"{self._name}: {label}" if self._name else label)

    # ------------------------------------------------------------ geometry

    def _widths(self) -> list[int]:
        metrics = self.fontMetrics()
        return [metrics.horizontalAdvance(label) + 2 * PADDING for _, label, _ in self._choices]

    def segment_rect(self, index: int) -> QRectF:
        """Where a choice is drawn."""
        widths = self._widths()
        return QRectF(INSET + sum(widths[:index]), INSET, widths[index], self.height() - 2 * INSET)

    def _at(self, event: QMouseEvent) -> int:
        point = event.position()
        hits = (i for i in range(len(self._choices)) if self.segment_rect(i).contains(point))
        return next(hits, -1)

    def sizeHint(self) -> QSize:
        """Room for all labels."""
        return QSize(sum(self._widths()) + 2 * INSET, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """It cannot be squeezed."""
        return self.sizeHint()

    # ------------------------------------------------------------ events

    def event(self, event: QEvent) -> bool:
        """Tooltips by segment."""
        if event.type() == QEvent.Type.ToolTip and self._hover >= 0:
            value, _, tip = self._choices[self._hover]
            QToolTip.showText(event.globalPos(), self._off.get(value) or tip, self)  # type: ignore[attr-defined]
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose what is under the pointer."""
        index = self._at(event)
        if event.button() == Qt.MouseButton.LeftButton and index >= 0:
            self._choose(index)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the pointer."""
        index = self._at(event)
        if index != self._hover:
            self._hover = index
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """No hover any more."""
        self._hover = -1
        self.update()
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right, home and end."""
        here = self.values().index(self._value)
        target = {
            Qt.Key.Key_Left: here - 1,
            Qt.Key.Key_Right: here + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: len(self._choices) - 1,
        }.get(Qt.Key(event.key()))
        if target is None:
            super().keyPressEvent(event)
            return
        self._choose(min(max(target, 0), len(self._choices) - 1))

    # ------------------------------------------------------------ painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A track, and the chosen segment raised on it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme().color("focus") if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(theme().color("button"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        for index, (value, label, _) in enumerate(self._choices):
            self._paint_segment(painter, index, value, label)

    def _paint_segment(self, painter: QPainter, index: int, value: str, label: str) -> None:
        box, chosen = self.segment_rect(index), value == self._value
        painter.setPen(Qt.PenStyle.NoPen)
        if chosen:
            painter.setBrush(theme().color("card" if theme().name == "light" else "window"))
            painter.drawRoundedRect(box, 5, 5)
        off = value in self._off or not self.isEnabled()
        lit = chosen or index == self._hover
        painter.setPen(theme().color("disabled" if off else "text" if lit else "muted"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, label)
