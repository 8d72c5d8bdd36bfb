"""Points with intervals in a chart: a layer over the curves, painted in pixels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPolygonF
from PySide6.QtWidgets import QWidget

from ganstudio.window.theme import theme
from ganstudio.window.widgets.charts.furniture import Layer
from ganstudio.window.widgets.charts.measures import Placed
from ganstudio.window.widgets.charts.plot import Plot
from ganstudio.window.widgets.painting import pen

DOT, RING, CAP = 2.75, 6.0, 3.0
"""Radius of a point and of the ring around the best one, half the width of an interval's ends, in pixels."""
DEPTH = 5.0


class PointsLayer(Layer):
    """Intervals, points, and a thin line from point to point of each curve. ``placed`` is what it shows."""

    def __init__(self, plot: Plot) -> None:
        super().__init__(plot, DEPTH)
        self.placed: Sequence[Placed] = ()

    def paint(self, painter: QPainter, _option: object, _widget: QWidget | None = None) -> None:
        """One curve after the other, the later on top."""
        painter.save()
        painter.setClipRect(self.plot.inner().adjusted(-RING, -2, RING, 2))
        for placed in self.placed:
            self._paint(painter, placed)
        painter.restore()

    def _paint(self, painter: QPainter, placed: Placed) -> None:
        plot, color = self.plot, colour(placed.curve.color)
        known = np.isfinite(placed.y)
        xs = [plot.x_of(float(x)) for x in placed.x[known]]
        heights = [plot.y_of(part[known]) for part in (placed.y, placed.low, placed.high)]
        rows = list(zip(xs, *(map(float, part) for part in heights), strict=True))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(pen(color, placed.curve.dash))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y, _, _ in rows]))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(pen(color))
        for x, _, low, high in rows:
            _paint_interval(painter, round(x), low, high)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        best = int(known[: placed.best].sum()) if placed.best >= 0 and known[placed.best] else -1
        for index, (x, y, _, _) in enumerate(rows):
            _paint_point(painter, QPointF(round(x), y), color, index == best)


def _paint_interval(painter: QPainter, x: float, low: float, high: float) -> None:
    """An upright with ends, unless the point would hide it."""
    if low - high <= 2 * DOT + 2:
        return
    painter.drawLine(QPointF(x, low), QPointF(x, high))
    for y in (low, high):
        painter.drawLine(QPointF(x - CAP, y), QPointF(x + CAP, y))


def _paint_point(painter: QPainter, at: QPointF, color: QColor, best: bool) -> None:
    """A dot on a piece of card; the best one in a ring."""
    painter.setPen(pen(theme().color("card")))
    painter.setBrush(color)
    painter.drawEllipse(at, DOT + 0.5, DOT + 0.5)
    if best:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(pen(theme().color("text"), "solid", 1.5))
        painter.drawEllipse(QRectF(at.x() - RING, at.y() - RING, 2 * RING, 2 * RING))


def colour(token: str) -> QColor:
    """The colour of a token, or a colour that is told itself (``#rrggbb``)."""
    return QColor(token) if token.startswith("#") else theme().color(token)
