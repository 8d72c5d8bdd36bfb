"""A drawing area with notches at its upper edge where settings were changed; those that are lit have a line."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QWidget

from ganstudio.window.compare.views.changes import Notch
from ganstudio.window.theme import theme
from ganstudio.window.widgets.charts.furniture import Layer
from ganstudio.window.widgets.charts.kept_plot import KeptPlot
from ganstudio.window.widgets.painting import pen

HALF, DEEP = 4.0, 6.0
"""Half the width of a notch, and its depth, in pixels."""
REACH = 6.0
"""Pixels from the pointer within which a notch is told."""


class _Notches(Layer):
    """Small triangles, over curves and words."""

    def __init__(self, plot: KeptPlot, depth: float) -> None:
        super().__init__(plot, depth)
        self.notches: Sequence[Notch] = ()

    def paint(self, painter: QPainter, _option: object, _widget: QWidget | None = None) -> None:
        """Each in the colour of its run."""
        box = self.plot.inner()
        for notch in self.notches:
            x = float(self.plot.x_of(notch.x))
            if box.left() <= x <= box.right():
                paint_notch(painter, QPointF(x, box.top() - 2), theme().color(notch.color))


def paint_notch(painter: QPainter, top: QPointF, color: QColor) -> None:
    """A triangle that points down from ``top``, with an edge of card so that two that touch stay two."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(pen(theme().color("card")))
    painter.setBrush(color)
    left, right = top - QPointF(HALF, 0), top + QPointF(HALF, 0)
    painter.drawPolygon(QPolygonF([left, right, top + QPointF(0, DEEP)]))
    painter.restore()


class MarkedPlot(KeptPlot):
    """A :class:`KeptPlot` that marks changes without hiding a curve: lines appear only while somebody asks for them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._notches = _Notches(self, 11)
        self._lit: frozenset[Path] = frozenset()
        self._near: tuple[Notch, ...] = ()
        self.add_layer(self._notches)

    def set_notches(self, notches: Sequence[Notch]) -> None:
        """All of them, shown by the next :meth:`redraw`."""
        self._notches.notches, self._near = tuple(notches), ()

    def crossed(self, place: QRectF) -> bool:
        """Words keep clear of notches, too."""
        top = self.inner().top() - 2
        marks = (QRectF(float(self.x_of(n.x)) - HALF, top, 2 * HALF, DEEP) for n in self.notches())
        return super().crossed(place) or any(mark.intersects(place) for mark in marks)

    def notches(self) -> tuple[Notch, ...]:
        """All of them."""
        return tuple(self._notches.notches)

    def light(self, runs: Collection[Path]) -> None:
        """Draw a line at every change of these runs; none for the others."""
        if frozenset(runs) != self._lit:
            self._lit = frozenset(runs)
            self.viewport().update()

    def touch(self, place: float | None) -> tuple[Notch, ...]:
        """Those near the pointer, which have a line, too; ``None``: it is elsewhere."""
        at = None if place is None else float(self.x_of(place))
        near = tuple(n for n in self.notches() if at is not None and abs(self.x_of(n.x) - at) <= REACH)
        if near != self._near:
            self._near = near
            self.viewport().update()
        return near

    def lit(self) -> list[Notch]:
        """Those that have a line now."""
        return [n for n in self.notches() if n.run in self._lit or n in self._near]

    def paintEvent(self, event: QPaintEvent) -> None:
        """The picture, and over it the lines."""
        super().paintEvent(event)
        if lit := self.lit():
            painter = QPainter(self.viewport())
            painter.setClipRect(self.inner())
            for notch in lit:
                self._paint_line(painter, self.inner(), notch)

    def _paint_line(self, painter: QPainter, box: QRectF, notch: Notch) -> None:
        x = round(float(self.x_of(notch.x)))
        line = pen(theme().color(notch.color), "dot")
        line.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(line)
        painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()))
