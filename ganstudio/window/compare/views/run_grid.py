"""One run's saved grid among others: cells of a given size, selected and enlarged together with the other runs'."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganstudio.window.model.tiles import GAP, Images, Tiles, compose
from ganstudio.window.widgets.grid_canvas import GridCanvas, to_qimage


def resized(images: Images, height: int, width: int) -> Images:
    """Pictures (N, H, W, C) in another size, each pixel the nearest one of before: nothing is smoothed."""
    rows = np.arange(height) * images.shape[1] // height
    columns = np.arange(width) * images.shape[2] // width
    return images[:, rows][:, :, columns]


class RunGrid(GridCanvas):
    """Cells of ``side`` device pixels, as the owner says; where that is less than a picture has, it is smoothed."""

    selected_changed = Signal(int)
    """The outlined cell, -1 for none."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        self._side = 1
        super().__init__(title, parent)
        self.setMinimumSize(QSize(40, 40))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_side(self, side: int) -> None:
        """How large a cell is, in device pixels."""
        if side != self._side:
            self._side, self._painted = side, None
            self.update()

    def side(self) -> int:
        """How large a cell is, in device pixels."""
        return self._side

    def cells(self) -> tuple[int, int]:
        """Cells across and down."""
        tiles = self.tiles()
        return (tiles.columns, tiles.rows) if tiles is not None else (1, 1)

    def pixels(self) -> int:
        """The larger side of a picture, in its own pixels."""
        images = self.images()
        return 1 if images is None else max(images.shape[1:3])

    def _cell(self, images: Images) -> tuple[int, int]:
        """Height and width of a cell in the painted image: never smaller than the picture."""
        height, width = images.shape[1:3]
        scale = max(self._side / max(height, width), 1.0)
        return round(height * scale), round(width * scale)

    def tiles(self) -> Tiles | None:
        """Where the cells lie in the painted image."""
        images = self.images()
        if images is None:
            return None
        return Tiles(len(images), *self._cell(images), self._gap(), self._columns)

    def _gap(self) -> int:
        return round(GAP * self.devicePixelRatioF())

    def _zoomed(self, images: Images) -> QImage:
        """The grid with cells of the side, made once for each."""
        if self._painted is None or self._painted[:2] != (self._side, self._gap()):
            picture = compose(resized(images, *self._cell(images)), gap=self._gap(), columns=self._columns)
            self._painted = (self._side, self._gap(), to_qimage(picture))
        return self._painted[2]

    def picture_box(self) -> QRectF:
        """Where the grid is painted: at the top left, right of the names of its rows."""
        tiles = self.tiles()
        if tiles is None:
            return QRectF()
        width, height = tiles.size
        shrink, room = min(self._side / self.pixels(), 1.0), self.room()
        box = self._centred(width * shrink, height * shrink, room)
        box.moveTopLeft(room.topLeft())
        return box

    def select(self, index: int | None) -> None:
        """Outline a cell, and tell the others."""
        before = self.selected()
        super().select(index)
        if index != before:
            self.selected_changed.emit(-1 if index is None else index)

    def needed(self) -> QSize:
        """The room that the grid takes at its side, in logical pixels."""
        tiles, ratio = self.tiles(), self.devicePixelRatioF()
        if tiles is None:
            return QSize(120, 120)
        shrink = min(self._side / self.pixels(), 1.0)
        return QSize(
            round(tiles.size[0] * shrink / ratio) + self.names_width(), round(tiles.size[1] * shrink / ratio)
        )
