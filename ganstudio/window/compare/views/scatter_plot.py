"""The drawing area of the scatter: dots under the pointer, a chosen one, a front of the best."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ganstudio.window.theme import theme
from ganstudio.window.widgets.charts.kept_plot import KeptPlot
from ganstudio.window.widgets.painting import pen

REACH, RING = 10.0, 8.0
"""Pixels within which a dot is under the pointer, and the radius of the ring around the chosen one."""


class ScatterPlot(KeptPlot):
    """Points by index, in axis positions (N, 2). Arrow keys go to the next one across, Enter opens it."""

    touched = Signal(object)
    """The indices under the pointer, nearest first; empty beside all dots."""
    chosen = Signal(int)
    opened = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        self.places = np.zeros((0, 2))
        self.current = -1
        super().__init__(parent)
        self._view.setMouseEnabled(x=False, y=False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def set_places(self, places: np.ndarray) -> None:
        """Where the points are, NaN for those that are not drawn."""
        self.places = places

    def set_current(self, index: int) -> None:
        """Ring a point; -1 for none."""
        self.current = index
        self.viewport().update()

    def pixel(self, index: int) -> QPointF:
        """Where a point is painted."""
        x, y = self.places[index]
        return QPointF(self.x_of(float(x)), float(self.y_of(float(y))))

    def near(self, at: QPointF) -> list[int]:
        """The points within reach of a place, nearest first."""
        if not len(self.places):
            return []
        across, down = self.x_of(self.places[:, 0]) - at.x(), self.y_of(self.places[:, 1]) - at.y()
        away = np.hypot(across, down)
        within: list[int] = np.flatnonzero(away <= REACH).tolist()
        return sorted(within, key=away.__getitem__)

    # ------------------------------------------------------------ events

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell what is under the pointer."""
        self.touched.emit(self.near(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing any more."""
        super().leaveEvent(event)
        self.touched.emit([])

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose what is under the pointer."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if event.button() == Qt.MouseButton.LeftButton:
            found = self.near(event.position())
            self.chosen.emit(found[0] if found else -1)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A press has done everything."""
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open what is under the pointer."""
        found = self.near(event.position())
        if found:
            self.opened.emit(found[0])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right along the axis, Enter opens, Escape chooses none."""
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._step(1 if key == Qt.Key.Key_Right else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current >= 0:
            self.opened.emit(self.current)
        elif key == Qt.Key.Key_Escape and self.current >= 0:
            self.chosen.emit(-1)
        else:
            super().keyPressEvent(event)

    def _step(self, by: int) -> None:
        drawn = np.flatnonzero(np.isfinite(self.places).all(axis=1)) if len(self.places) else np.zeros(0, int)
        order = sorted(drawn.tolist(), key=lambda i: tuple(self.places[i]))
        if not order:
            return
        here = order.index(self.current) if self.current in order else -1 if by > 0 else len(order)
        self.chosen.emit(order[min(max(here + by, 0), len(order) - 1)])

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The chosen point is ringed in the colour of the focus."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Quiet again."""
        super().focusOutEvent(event)
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The kept picture, and the ring."""
        super().paintEvent(event)
        if 0 <= self.current < len(self.places) and np.isfinite(self.places[self.current]).all():
            painter = QPainter(self.viewport())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(pen(theme().color("focus" if self.hasFocus() else "text"), "solid", 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            at = self.pixel(self.current)
            painter.drawEllipse(QRectF(at.x() - RING, at.y() - RING, 2 * RING, 2 * RING))
