"""Small helpers for widgets that paint themselves."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

DASHES = {"solid": None, "dash": [5.0, 3.0], "dot": [1.5, 2.5]}


def pen(color: QColor, dash: str = "solid", width: float = 1.0) -> QPen:
    """A pen for a widget's own lines, ``width`` in logical pixels."""
    result = QPen(color, width)
    pattern = DASHES[dash]
    if pattern is not None:
        result.setDashPattern(pattern)
    return result


def curve_pen(color: QColor, dash: str, ratio: float) -> QPen:
    """An opaque pen for curves, whose view scales them: one logical pixel, since thicker ones are slow."""
    result = pen(color, dash, max(1.0, round(ratio)))
    result.setCosmetic(True)
    return result


def swatch(painter: QPainter, box: QRectF, color: QColor, dash: str = "solid") -> None:
    """The sign of a series in a legend: a square for a solid line, a piece of the line for another."""
    painter.save()
    if dash == "solid":
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawRoundedRect(box, 2, 2)
    else:
        line = pen(color, "solid", 2)
        line.setDashPattern([2.0, 1.5])
        painter.setPen(line)
        y = round(box.center().y())
        painter.drawLine(QPointF(box.left() - 1, y), QPointF(box.right() + 1, y))
    painter.restore()
