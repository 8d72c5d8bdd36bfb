"""A drawing area for many curves: bands and dots besides, and its picture is kept while only the cursor moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QWidget

from ganstudio.window.theme import theme
from ganstudio.window.widgets.charts.furniture import Layer
from ganstudio.window.widgets.charts.plot import Plot

Array = NDArray[np.float64]
BAND_OPACITY = 0.22
CAP, DOT = 3.0, 3.6


@dataclass(frozen=True, eq=False)
class Band:
    """The room between two curves, in axis positions, coloured by a token."""

    x: Array
    low: Array
    high: Array
    token: str


@dataclass(frozen=True, eq=False)
class Dots:
    """Single points in axis positions; a bar from ``low`` to ``high`` where both are finite. ``dash`` is the shape."""

    x: Array
    y: Array
    low: Array
    high: Array
    token: str
    dash: str = "solid"
    size: float = DOT


class _Bands(Layer):
    """Bands, under the curves."""

    def __init__(self, plot: KeptPlot, depth: float) -> None:
        super().__init__(plot, depth)
        self.bands: Sequence[Band] = ()

    def paint(self, painter: QPainter, _option: object, _widget: QWidget | None = None) -> None:
        """Each as one translucent polygon."""
        painter.save()
        painter.setClipRect(self.plot.inner())
        painter.setPen(Qt.PenStyle.NoPen)
        for band in self.bands:
            color = QColor(theme().color(band.token))
            color.setAlphaF(BAND_OPACITY)
            painter.setBrush(color)
            painter.drawPolygon(self._outline(band))
        painter.restore()

    def _outline(self, band: Band) -> QPolygonF:
        known = np.isfinite(band.low) & np.isfinite(band.high)
        x = self.plot.x_of(band.x[known])
        low, high = self.plot.y_of(band.low[known]), self.plot.y_of(band.high[known])
        across, down = np.concatenate([x, x[::-1]]), np.concatenate([low, high[::-1]])
        return QPolygonF([QPointF(a, b) for a, b in zip(across.tolist(), down.tolist(), strict=True)])


class _Dots(Layer):
    """Points and their bars, over the curves."""

    def __init__(self, plot: KeptPlot, depth: float) -> None:
        super().__init__(plot, depth)
        self.dots: Sequence[Dots] = ()

    def paint(self, painter: QPainter, _option: object, _widget: QWidget | None = None) -> None:
        """Bars first, so that no dot lies under one."""
        painter.save()
        painter.setClipRect(self.plot.inner().adjusted(-DOT, -DOT, DOT, DOT))
        for dots in self.dots:
            self._paint_bars(painter, dots)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for dots in self.dots:
            known, color = np.isfinite(dots.x) & np.isfinite(dots.y), theme().color(dots.token)
            across, down = self.plot.x_of(dots.x[known]).tolist(), self.plot.y_of(dots.y[known]).tolist()
            for x, y in zip(across, down, strict=True):
                paint_dot(painter, QPointF(x, y), color, dots.dash, dots.size)
        painter.restore()

    def _paint_bars(self, painter: QPainter, dots: Dots) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(theme().color(dots.token), 1))
        known = np.isfinite(dots.x) & np.isfinite(dots.low) & np.isfinite(dots.high)
        across = np.round(self.plot.x_of(dots.x[known])).tolist()
        ends = (self.plot.y_of(part[known]).tolist() for part in (dots.high, dots.low))
        for at, top, bottom in zip(across, *ends, strict=True):
            painter.drawLine(QPointF(at, top), QPointF(at, bottom))
            for end in (top, bottom):
                painter.drawLine(QPointF(at - CAP, end), QPointF(at + CAP, end))


def paint_dot(painter: QPainter, at: QPointF, color: QColor, dash: str, size: float) -> None:
    """A disc, a ring or a square, each with an edge of card so that two that touch stay two."""
    painter.setPen(QPen(theme().color("card"), 1))
    painter.setBrush(color)
    if dash == "dot":
        painter.drawRect(QRectF(at.x() - size, at.y() - size, 2 * size, 2 * size))
        return
    painter.drawEllipse(at, size, size)
    if dash == "dash":
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color("card"))
        painter.drawEllipse(at, size - 2, size - 2)


class KeptPlot(Plot):
    """A :class:`Plot` whose picture is made by :meth:`redraw` alone: moving the cursor costs one copy of it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._picture = QPixmap()
        super().__init__(parent)
        self._bands, self._dots = _Bands(self, -5), _Dots(self, 5)
        for layer in (self._bands, self._dots):
            self.add_layer(layer)

    def set_bands(self, bands: Sequence[Band]) -> None:
        """All bands, shown by the next :meth:`redraw`."""
        self._bands.bands = tuple(bands)

    def bands(self) -> tuple[Band, ...]:
        """All bands."""
        return tuple(self._bands.bands)

    def set_dots(self, dots: Sequence[Dots]) -> None:
        """All dots, shown by the next :meth:`redraw`."""
        self._dots.dots = tuple(dots)

    def dots(self) -> tuple[Dots, ...]:
        """All dots."""
        return tuple(self._dots.dots)

    def set_cursor(self, position: float | None, label: str = "") -> None:
        """Move the cursor over the kept picture."""
        self.furniture.cursor, self.furniture.cursor_label = position, label
        self.viewport().update()

    def redraw(self) -> None:
        """Make the picture anew, if it can be seen."""
        self._picture = self._photograph() if self.isVisible() else QPixmap()
        self.viewport().update()

    def _photograph(self) -> QPixmap:
        ratio, area = self.devicePixelRatioF(), self.viewport().rect()
        picture = QPixmap(area.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(theme().color("card"))
        cursor, self.furniture.cursor = self.furniture.cursor, None
        painter = QPainter(picture)
        self.render(painter, QRectF(area), area)
        painter.end()
        self.furniture.cursor = cursor
        return picture

    def paintEvent(self, event: QPaintEvent) -> None:
        """The picture, stretched until it is made for a new size, and the cursor on it."""
        if self._picture.isNull():
            super().paintEvent(event)
            return
        painter = QPainter(self.viewport())
        painter.drawPixmap(self.viewport().rect(), self._picture)
        if self.furniture.cursor is not None:
            painter.setFont(theme().font("small-figure"))
            self._overlay.paint_cursor(
                painter, self.inner(), self.furniture.cursor, self.furniture.cursor_label
            )
