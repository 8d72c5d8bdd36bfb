"""The drawing area of a chart: pyqtgraph's view and curves, with our own furniture around them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QMouseEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from ganstudio.window.theme import theme
from ganstudio.window.widgets.charts.furniture import Axes, Furniture, Layer, Overlay
from ganstudio.window.widgets.painting import curve_pen

pg.setConfigOptions(imageAxisOrder="row-major", antialias=False)

LEFT, TOP, RIGHT, BOTTOM = 38, 6, 6, 16
Array = NDArray[np.float64]


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
        self._overlay = Overlay(self, 10)
        for layer in (Axes(self, -10), self._overlay):
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
