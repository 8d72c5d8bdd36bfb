"""Faults of PySide6 that the version pins keep out; when these pass with a newer version, a pin can go."""

from __future__ import annotations

import sys

from PySide6.QtCore import QLineF, QPointF
from PySide6.QtGui import QColor, QImage, QPainter, QPen

PAINTS = 5000


def test_painting_does_not_lose_references_to_none(qapp):
    """PySide6 6.12.0 loses one with each of these calls, until the interpreter aborts."""
    image = QImage(16, 16, QImage.Format.Format_ARGB32)
    painter = QPainter(image)
    pen, line, point = QPen(QColor("red")), QLineF(0, 0, 8, 8), QPointF(0, 0)
    before = sys.getrefcount(None)
    for _ in range(PAINTS):
        painter.setPen(pen)
        painter.drawLine(line)
        painter.translate(point)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    lost = before - sys.getrefcount(None)
    painter.end()
    assert lost < PAINTS // 10
