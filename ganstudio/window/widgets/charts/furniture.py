"""What stands around the curves of a chart: axes, dashed and dotted lines with their names, cursor, message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QWidget

from ganstudio.core.scales import Tick
from ganstudio.window.theme import theme
from ganstudio.window.widgets.painting import pen

if TYPE_CHECKING:
    from ganstudio.window.widgets.charts.plot import Plot

MARKS = {"change": "accent-text", "resume": "axis", "finding": "warning"}
"""Kind of a vertical line -> colour token."""
TINT = 28
"""Opacity, of 255, of the band over what a finding is about."""


@dataclass(frozen=True)
class Line:
    """A horizontal dashed line at a position, with its name."""

    position: float
    label: str


@dataclass(frozen=True)
class Upright:
    """A vertical dotted line at an x, with its label."""

    x: float
    label: str
    kind: str = "change"


@dataclass
class Furniture:
    """All that is drawn around the curves, in axis positions."""

    x_ticks: Sequence[Tick] = ()
    y_ticks: Sequence[Tick] = ()
    lines: Sequence[Line] = ()
    uprights: Sequence[Upright] = ()
    cursor: float | None = None
    cursor_label: str = ""
    message: str = ""
    range: tuple[float, float, float, float] = field(default=(0.0, 1.0, 0.0, 1.0))


class Layer(pg.GraphicsObject):
    """A scene item as large as the whole drawing area."""

    def __init__(self, plot: Plot, depth: float) -> None:
        super().__init__()
        self.plot = plot
        self.setZValue(depth)

    def boundingRect(self) -> QRectF:
        """The drawing area."""
        return QRectF(self.plot.viewport().rect())

    def resized(self) -> None:
        """The drawing area has another size."""
        self.prepareGeometryChange()


class Axes(Layer):
    """Grid lines and tick labels, under the curves."""

    def paint(self, painter: QPainter, _option: object, _widget: QWidget | None = None) -> None:
        """Quiet horizontal lines, muted figures; the part of the run that a finding is about is tinted."""
        plot, box = self.plot, self.plot.inner()
        self._paint_evidence(painter, box)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setFont(theme().font("small-figure"))
        height = painter.fontMetrics().height()
        for tick in plot.furniture.y_ticks:
            y = round(plot.y_of(tick.position))
            painter.setPen(pen(theme().color("grid")))
            painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))
            painter.setPen(theme().color("axis"))
            room = QRectF(0, y - height / 2, box.left() - 6, height)
            painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, tick.label)
        painter.setPen(theme().color("axis"))
        for room, label in below(plot, painter.fontMetrics()):
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, label)

    def _paint_evidence(self, painter: QPainter, box: QRectF) -> None:
        """A band from where something wrong began to the end."""
        begun = [mark.x for mark in self.plot.furniture.uprights if mark.kind == "finding"]
        if begun:
            left = max(box.left(), self.plot.x_of(min(begun)))
            tint = QColor(theme().color(MARKS["finding"]))
            tint.setAlpha(TINT)
            if left < box.right():
                painter.fillRect(QRectF(left, box.top(), box.right() - left, box.height()), tint)


class Overlay(Layer):
    """Theory lines, marks, cursor and message, over the curves."""

    def paint(self, painter: QPainter, _option: object, _widget: QWidget | None = None) -> None:
        """Lines first, words on top."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setFont(theme().font("small-figure"))
        plot, box = self.plot, self.plot.inner()
        if plot.furniture.message:
            painter.setPen(theme().color("muted"))
            painter.drawText(
                box, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, plot.furniture.message
            )
            return
        for line in plot.furniture.lines:
            self._paint_line(painter, box, line)
        for mark in plot.furniture.uprights:
            x = round(plot.x_of(mark.x))
            if box.left() <= x <= box.right():
                painter.setPen(pen(theme().color(MARKS[mark.kind]), "dot"))
                painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()))
        if plot.furniture.cursor is not None:
            self.paint_cursor(painter, box, plot.furniture.cursor, plot.furniture.cursor_label)
        self._label_all(painter, box)

    def _words(self, painter: QPainter, room: QRectF, words: str, token: str = "muted") -> None:
        """Text on a piece of card, so that no line runs through it."""
        painter.fillRect(room, theme().color("card"))
        painter.setPen(theme().color(token))
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, words)

    def _paint_line(self, painter: QPainter, box: QRectF, line: Line) -> None:
        y = round(self.plot.y_of(line.position))
        if box.top() - 1 <= y <= box.bottom() + 1:
            painter.setPen(pen(theme().color("axis"), "dash"))
            painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))

    def _label_all(self, painter: QPainter, box: QRectF) -> None:
        """Names where neither a curve nor another name is; a mark's name is left out where there is no room."""
        metrics, taken = painter.fontMetrics(), list[QRectF]()
        height = metrics.height() - 2
        for mark in self.plot.furniture.uprights:
            x, width = round(self.plot.x_of(mark.x)), metrics.horizontalAdvance(mark.label) + 6
            if box.left() <= x <= box.right():
                tops = (box.top() - 2, box.bottom() - height)
                places = [QRectF(left, top, width, height) for top in tops for left in (x + 3, x - 3 - width)]
                self._label(painter, box, mark.label, places, taken, needed=False)
        for line in self.plot.furniture.lines:
            y, width = round(self.plot.y_of(line.position)), metrics.horizontalAdvance(line.label) + 6
            if box.top() - 1 <= y <= box.bottom() + 1:
                lefts = (box.right() - width, box.left() + 4, box.center().x() - width / 2)
                places = [
                    QRectF(left, top, width, height) for left in lefts for top in (y - height - 1, y + 2)
                ]
                self._label(painter, box, line.label, places, taken, needed=True)

    def _label(
        self,
        painter: QPainter,
        box: QRectF,
        words: str,
        places: list[QRectF],
        taken: list[QRectF],
        *,
        needed: bool,
    ) -> None:
        """Write words at the first place that is free, else (if ``needed``) where only curves are in the way."""
        room = box.adjusted(-2, -4, 2, 2)
        open_places = [p for p in places if room.contains(p) and not any(p.intersects(t) for t in taken)]
        free = [place for place in open_places if not self.plot.crossed(place)]
        chosen = free[0] if free else open_places[0] if open_places and needed else None
        if chosen is not None:
            self._words(painter, chosen, words)
            taken.append(chosen)

    def paint_cursor(self, painter: QPainter, box: QRectF, at: float, label: str) -> None:
        """The cursor's line with its words below."""
        x = round(self.plot.x_of(at))
        if not box.left() - 1 <= x <= box.right() + 1:
            return
        painter.setPen(pen(theme().color("cursor")))
        painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()))
        metrics = painter.fontMetrics()
        width, height = metrics.horizontalAdvance(label) + 8, metrics.height() - 1
        left = min(max(x - width / 2, box.left() - 4), box.right() + 4 - width)
        room = QRectF(left, box.bottom() + 2, width, height)
        for tick, _ in below(self.plot, metrics):
            if tick.intersects(room):  # no half of a figure looks out from behind
                painter.fillRect(tick, theme().color("card"))
        self._words(painter, room, label, "text")


def below(plot: Plot, metrics: QFontMetrics) -> list[tuple[QRectF, str]]:
    """The labels of the x axis and where they stand; one that would touch its neighbour is left out."""
    box, found = plot.inner(), list[tuple[QRectF, str]]()
    free = box.left() - 100
    for tick in plot.furniture.x_ticks:
        width = metrics.horizontalAdvance(tick.label) + 2
        left = min(max(plot.x_of(tick.position) - width / 2, box.left() - 4), box.right() + 4 - width)
        if left >= free:
            free = left + width + 8
            found.append((QRectF(left, box.bottom() + 1, width, metrics.height()), tick.label))
    return found
