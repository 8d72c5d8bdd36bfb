"""The plane of a map: pictures or dots where latents lie, the way of the timeline, and where we are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganstudio.window.explore.views.map_colours import Scale
from ganstudio.window.theme import theme

MARGIN, DOT, HEIGHT, FRAME = 18.0, 3.0, 26, 2.0
CASING, LINE = 4.5, 2.0
"""Px of the way's line and of the dark one beneath it, without which it is lost among the pictures."""

Places = NDArray[np.float32]
NOWHERE: Places = np.zeros((0, 2), np.float32)


class MapCanvas(QWidget):
    """Points or thumbnails in the plane, from -1 to 1. ``pointed`` carries the index nearest to the pointer."""

    pointed = Signal(int)
    released = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._at: NDArray[np.float32] = np.zeros((0, 2), np.float32)
        self._shade: NDArray[np.float32] = np.zeros(0, np.float32)
        self._scale = Scale()
        self._images: list[QImage] = []
        self._thumbnails = True
        self._current = -1
        self._here: Places = NOWHERE
        self._way, self._keys = NOWHERE, NOWHERE
        self._drag = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(QSize(160, 120))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Map of latents")
        self.set_nearness("")
        theme().changed.connect(self.update)

    def set_points(
        self, at: NDArray[np.float32], shade: NDArray[np.float32], scale: Scale, images: list[QImage]
    ) -> None:
        """Points (N, 2) within [-1, 1], their shades (N,) on a scale, their pictures."""
        self._at, self._shade, self._scale, self._images = at, shade, scale, images
        self.setAccessibleName(f"Map of {len(at):,} latents")
        self.update()

    def set_nearness(self, words: str) -> None:
        """What lies side by side, in a sentence."""
        tip = "Click or drag to show what lies there; arrow keys go to the neighbour on that side."
        self.setToolTip(f"{words}\n{tip}".strip())

    def set_thumbnails(self, on: bool) -> None:
        """Pictures instead of dots."""
        self._thumbnails = on
        self.update()

    def set_current(self, index: int) -> None:
        """Which point is shown now; -1 for none."""
        self._current = index
        self.update()

    def set_way(self, way: Places, keys: Places, here: Places) -> None:
        """Where the timeline leads (N, 2), where its keys lie (K, 2), and where we are, (1, 2) or (0, 2)."""
        self._way, self._keys, self._here = way, keys, here
        self.update()

    def way(self) -> tuple[Places, Places, Places]:
        """The way, its keys, and where we are beside the points."""
        return self._way, self._keys, self._here

    def point(self, index: int) -> QPointF:
        """Where a point is painted."""
        return self.place(self._at[index])

    def place(self, at: Places) -> QPointF:
        """Where a place (2,) of the map is painted."""
        x, y = at
        across, down = self.width() / 2 - MARGIN, self.height() / 2 - MARGIN
        return QPointF(self.width() / 2 + float(x) * across, self.height() / 2 - float(y) * down)

    def nearest(self, place: QPointF) -> int:
        """The point nearest to a place; -1 where there is none."""
        if not len(self._at):
            return -1
        across, down = self.width() / 2 - MARGIN, self.height() / 2 - MARGIN
        x = (place.x() - self.width() / 2) / max(across, 1.0)
        y = (self.height() / 2 - place.y()) / max(down, 1.0)
        away = (self._at - np.array([x, y], np.float32)) * np.array([across, down], np.float32)
        return int((away**2).sum(axis=1).argmin())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Dots or thumbnails, the way of the timeline, and where we are."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._thumbnails and self._images and not self._images[0].isNull():
            self._paint_pictures(painter)
        else:
            self._paint_dots(painter)
        if len(self._way) > 1:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            line = QPolygonF([self.place(at) for at in self._way])
            for token, width in (("card", CASING), ("text", LINE)):
                painter.setPen(QPen(theme().color(token), width))
                painter.drawPolyline(line)
        painter.setPen(QPen(theme().color("card"), 1.5))
        painter.setBrush(theme().color("text"))
        for key in self._keys:
            painter.drawEllipse(self.place(key), 4, 4)
        painter.setBrush(theme().color("accent"))
        if 0 <= self._current < len(self._at):
            painter.drawEllipse(self.point(self._current), 6, 6)
        for at in self._here:
            painter.drawEllipse(self.place(at), 6, 6)

    def _paint_dots(self, painter: QPainter) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        for index, shade in enumerate(self._shade.tolist()):
            painter.setBrush(self._scale.color(shade))
            painter.drawEllipse(self.point(index), DOT, DOT)

    def _paint_pictures(self, painter: QPainter) -> None:
        """Each where there is room, framed in its colour: of those that would overlap the first is painted."""
        taken: set[tuple[int, int]] = set()
        for index, image in enumerate(self._images):
            middle = self.point(index)
            cell = (int(middle.x() // HEIGHT), int(middle.y() // HEIGHT))
            if cell not in taken:
                taken.add(cell)
                box = QRectF(cell[0] * HEIGHT, cell[1] * HEIGHT, HEIGHT - 1, HEIGHT - 1)
                painter.fillRect(box, self._scale.color(float(self._shade[index])))
                painter.drawImage(box.adjusted(FRAME, FRAME, -FRAME, -FRAME), image)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Show what lies there."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._drag = True
            self._point_at(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on while the button is held."""
        if self._drag:
            self._point_at(event.position())

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """The drag is over."""
        if self._drag:
            self._drag = False
            self.released.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """To the neighbour on a side."""
        ways = {
            Qt.Key.Key_Left: (-1.0, 0.0),
            Qt.Key.Key_Right: (1.0, 0.0),
            Qt.Key.Key_Up: (0.0, 1.0),
            Qt.Key.Key_Down: (0.0, -1.0),
        }
        way = ways.get(Qt.Key(event.key()))
        if way is None or not len(self._at):
            super().keyPressEvent(event)
            return
        here = self._at[self._current] if self._current >= 0 else np.zeros(2, np.float32)
        apart = self._at - here
        along = apart @ np.array(way, np.float32)
        cost = np.where(along > 1e-4, (apart**2).sum(axis=1) / np.maximum(along, 1e-4), np.inf)
        if np.isfinite(cost).any():
            self.pointed.emit(int(cost.argmin()))

    def _point_at(self, place: QPointF) -> None:
        index = self.nearest(place)
        if index >= 0 and index != self._current:
            self.pointed.emit(index)
