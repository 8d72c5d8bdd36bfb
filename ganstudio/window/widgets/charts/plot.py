"""The drawing area of a chart: pyqtgraph's view and curves, with our own axes, marks and cursor around them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from ganstudio.core.scales import Tick
from ganstudio.window.theme import theme
from ganstudio.window.widgets.painting import curve_pen, pen

pg.setConfigOptions(imageAxisOrder="row-major", antialias=False)

LEFT, TOP, RIGHT, BOTTOM = 38, 6, 6, 16
MARKS = {"change": "accent-text", "resume": "axis", "finding": "warning"}
"""Kind of a vertical line -> colour token."""
TINT = 28
"""Opacity, of 255, of the band over what a finding is about."""
Array = NDArray[np.float64]


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


class _Axes(Layer):
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
        self._paint_x(painter, box, height)

    def _paint_evidence(self, painter: QPainter, box: QRectF) -> None:
        """A band from where something wrong began to the end."""
        begun = [mark.x for mark in self.plot.furniture.uprights if mark.kind == "finding"]
        if begun:
            left = max(box.left(), self.plot.x_of(min(begun)))
            tint = QColor(theme().color(MARKS["finding"]))
            tint.setAlpha(TINT)
            if left < box.right():
                painter.fillRect(QRectF(left, box.top(), box.right() - left, box.height()), tint)

    def _paint_x(self, painter: QPainter, box: QRectF, height: int) -> None:
        plot, free = self.plot, box.left() - 100
        painter.setPen(theme().color("axis"))
        for tick in plot.furniture.x_ticks:
            width = painter.fontMetrics().horizontalAdvance(tick.label) + 2
            left = min(max(plot.x_of(tick.position) - width / 2, box.left() - 4), box.right() + 4 - width)
            if left < free:
                continue
            free = left + width + 8
            room = QRectF(left, box.bottom() + 1, width, height)
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, tick.label)


class _Overlay(Layer):
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
        self._words(painter, QRectF(left, box.bottom() + 2, width, height), label, "text")


class _View(pg.ViewBox):
    """Pan by dragging, zoom with Ctrl and wheel, only along x; a double click shows everything again."""

    def __init__(self) -> None:
        super().__init__(enableMenu=False, defaultPadding=0)
        self.setMouseEnabled(x=True, y=False)
        self.disableAutoRange()


class Plot(pg.GraphicsView):
    """One drawing area. Positions on both axes are already transformed (logarithm taken, unit chosen)."""

    hovered = Signal(object)
    """float or None: the x under the pointer."""
    picked = Signal(float)
    """A click: the x there."""
    moved = Signal(float, float)
    """The person panned or zoomed: the new x range."""
    fit_requested = Signal()
    resized = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        self.furniture = Furniture()
        self._box = QRectF(LEFT, TOP, 1, 1)
        self._layers: list[Layer] = []
        self._left = LEFT
        super().__init__(parent, useOpenGL=False)
        self._curves: dict[str, pg.PlotCurveItem] = {}
        self._pressed: QPointF | None = None
        # painted once for each redraw; the scene's own bookkeeping of changes would paint twice
        self.setViewportUpdateMode(pg.GraphicsView.ViewportUpdateMode.NoViewportUpdate)
        self._view = _View()
        self._margins = pg.GraphicsLayout()
        self._margins.setContentsMargins(LEFT, TOP, RIGHT, BOTTOM)
        self._margins.addItem(self._view)
        self.setCentralItem(self._margins)
        self._overlay = _Overlay(self, 10)
        for layer in (_Axes(self, -10), self._overlay):
            self.add_layer(layer)
        self._view.sigRangeChangedManually.connect(self._range_moved)
        theme().changed.connect(self._recolour)
        self._recolour()

    # ------------------------------------------------------------ geometry

    def inner(self) -> QRectF:
        """The box of the curves, in pixels."""
        return self._box

    def columns(self) -> int:
        """How many columns of logical pixels the curves have: a curve is one of those wide."""
        return max(int(self.inner().width()), 1)

    def x_of(self, position: Any) -> Any:
        """The pixel of an x, or of an array of them."""
        left, right, _, _ = self.furniture.range
        box = self.inner()
        return box.left() + (position - left) / ((right - left) or 1.0) * box.width()

    def y_of(self, position: Any) -> Any:
        """The pixel of a y, or of an array of them."""
        _, _, low, high = self.furniture.range
        box = self.inner()
        return box.bottom() - (position - low) / ((high - low) or 1.0) * box.height()

    def crossed(self, place: QRectF) -> bool:
        """Whether a smoothed curve or a theory line runs through a piece of the drawing."""
        left, right = self.position_of(place.left()), self.position_of(place.right())
        for line in self.furniture.lines:
            if place.top() < self.y_of(line.position) < place.bottom():
                return True
        for key, curve in self._curves.items():
            x, y = curve.getData()
            if x is None or key.startswith("raw:"):
                continue
            first, last = np.searchsorted(x, [left, right])
            part = y[first : last + 1]
            pixels = self.y_of(part[np.isfinite(part)])
            if np.any((pixels > place.top() - 1) & (pixels < place.bottom() + 1)):
                return True
        return False

    def position_of(self, pixel: float) -> float:
        """The x of a pixel."""
        left, right, _, _ = self.furniture.range
        box = self.inner()
        return left + (pixel - box.left()) / max(box.width(), 1.0) * (right - left)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """The box of the curves follows."""
        super().resizeEvent(event)
        self._place_box()
        self.resized.emit()

    def set_left(self, room: int) -> None:
        """The room for the words of the vertical axis, in pixels."""
        if room != self._left:
            self._left = room
            self._margins.setContentsMargins(room, TOP, RIGHT, BOTTOM)
            self._place_box()

    def _place_box(self) -> None:
        self._box = QRectF(self.viewport().rect()).adjusted(self._left, TOP, -RIGHT, -BOTTOM)
        for layer in self._layers:
            layer.resized()

    # ------------------------------------------------------------ content

    def add_layer(self, layer: Layer) -> None:
        """Draw something more; it is as large as the drawing area from now on."""
        self._layers.append(layer)
        self.scene().addItem(layer)

    def set_range(self, left: float, right: float, low: float, high: float) -> None:
        """What part of the world is shown."""
        if self.furniture.range != (left, right, low, high):
            self.furniture.range = (left, right, low, high)
            self._view.setRange(xRange=(left, right), yRange=(low, high), padding=0, update=True)

    def set_curve(
        self, key: str, x: Array, y: Array, token: str, dash: str = "solid", depth: float = 0
    ) -> None:
        """Draw one curve, or draw it anew; ``token`` colours it."""
        curve = self._curves.get(key)
        if curve is None:
            curve = self._curves[key] = pg.PlotCurveItem(antialias=False)
            curve.setZValue(depth)
            self._view.addItem(curve, ignoreBounds=True)
        self._dress(curve, token, dash)
        curve.setData(x, y, connect="finite", skipFiniteCheck=False)

    def _dress(self, curve: pg.PlotCurveItem, token: str, dash: str) -> None:
        """Give a curve its pen, if theme or screen ask for another one."""
        look = (token, dash, theme().name, self.devicePixelRatioF())
        if curve.opts.get("look") != look:
            curve.opts["look"] = look
            curve.setPen(curve_pen(theme().color(token), dash, look[3]))

    def keep_only(self, keys: set[str]) -> None:
        """Take away all other curves."""
        for key in self._curves.keys() - keys:
            self._view.removeItem(self._curves.pop(key))

    def redraw(self) -> None:
        """Paint everything anew."""
        self.viewport().update()

    def curve(self, key: str) -> tuple[Array, Array]:
        """The points of a drawn curve."""
        x, y = self._curves[key].getData()
        return np.asarray(x), np.asarray(y)

    @Slot()
    def _recolour(self) -> None:
        self.setBackground(theme().color("card"))
        for curve in self._curves.values():
            self._dress(curve, *curve.opts["look"][:2])
        self.redraw()

    # ------------------------------------------------------------ pointer

    @Slot()
    def _range_moved(self) -> None:
        (left, right), (low, high) = self._view.viewRange()
        self.furniture.range = (left, right, low, high)
        self.moved.emit(left, right)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom with Ctrl; without it the column scrolls."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().wheelEvent(event)
        else:
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where, to tell a click from a drag."""
        self._pressed = event.position() if event.button() == Qt.MouseButton.LeftButton else None
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click picks a place."""
        super().mouseReleaseEvent(event)
        pressed, self._pressed = self._pressed, None
        if pressed is not None and (event.position() - pressed).manhattanLength() < 4:
            self.picked.emit(self.position_of(event.position().x()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Everything again."""
        self._pressed = None
        self.fit_requested.emit()
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell where the pointer is."""
        super().mouseMoveEvent(event)
        x = event.position().x()
        inside = self.inner().left() <= x <= self.inner().right()
        self.hovered.emit(self.position_of(x) if inside else None)

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer is gone."""
        super().leaveEvent(event)
        self.hovered.emit(None)
