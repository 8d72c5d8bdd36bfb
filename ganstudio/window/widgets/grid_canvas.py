"""One grid of pictures on the screen: painted as one image, cells hovered, selected, enlarged."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFontMetrics,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganstudio.core.numbers import whole
from ganstudio.window.model.tiles import GAP, Images, Tiles, compose, grid_zoom, tiles_of, zoom_for
from ganstudio.window.theme import theme

LABEL = 24
NAMES_WIDEST, NAMES_GAP = 110, 8
"""Room for the names of the rows at the left, and between them and the pictures."""


def to_qimage(picture: Images) -> QImage:
    """A picture, (H, W, C) uint8 with C 1 or 3, as an image that owns its pixels."""
    height, width, channels = picture.shape
    form = QImage.Format.Format_Grayscale8 if channels == 1 else QImage.Format.Format_RGB888
    data = np.ascontiguousarray(picture)
    return QImage(data.data, width, height, width * channels, form).copy()


class GridCanvas(QWidget):
    """A grid, or one of its cells enlarged. ``title`` is written above it where there are two."""

    enlarged_changed = Signal(int)
    """The enlarged cell, -1 for none."""
    menu_requested = Signal(int, object)
    """A context menu on a cell (-1: beside the cells), at a global QPoint."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = title
        self.captioned = False
        self._images: Images | None = None
        self._whole = QImage()
        self._painted: tuple[int, int, QImage] | None = None  # zoom, gap and the grid at that zoom
        self._small: tuple[tuple[int, int, int], QImage] | None = None
        self._seeds: Sequence[int] | None = None
        self._columns = 0
        self._rows: tuple[str, ...] = ()
        self._selected: int | None = None
        self._hover: int | None = None
        self._enlarged: int | None = None
        self._kind = "seed"
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(QSize(120, 120))
        theme().changed.connect(self.update)

    # ------------------------------------------------------------ content

    def set_images(self, images: Images | None, columns: int = 0, rows: Sequence[str] = ()) -> None:
        """Show pictures in so many columns (0: as square as can be), rows with their names.

        Selection and enlargement stay where they are, if there still is such a cell.
        """
        self._images, self._columns, self._rows = images, columns, tuple(rows)
        self._whole = to_qimage(compose(images, columns=columns)) if images is not None else QImage()
        self._painted = None
        count = 0 if images is None else len(images)
        if self._enlarged is not None and self._enlarged >= count:
            self.enlarge(None)
        if self._selected is not None and self._selected >= count:
            self._selected = None
        self.setAccessibleName(f"{self.title}: {whole(count)} pictures")
        self.update()

    def set_seeds(self, seeds: Sequence[int] | None, kind: str = "seed") -> None:
        """The number of each cell and what it is called."""
        self._seeds, self._kind = seeds, kind

    def images(self) -> Images | None:
        """The pictures, (N, H, W, C)."""
        return self._images

    def whole_image(self) -> QImage:
        """The grid as one image, one pixel per pixel."""
        return self._whole

    def cell_image(self, index: int) -> QImage:
        """One picture, one pixel per pixel."""
        if self._images is None:
            return QImage()
        return to_qimage(self._images[index])

    def cell_name(self, index: int) -> str:
        """What a cell is called: "seed 12", or "seed 3, cat" where rows have names and columns share a seed."""
        number, _ = self.cell_seed(index)
        row = self.row_name(index // self._columns) if self._columns else ""
        return f"{self._kind} {whole(number)}" + (f", {row}" if row else "")

    def cell_seed(self, index: int) -> tuple[int, int]:
        """The seed of a cell, and its row where rows have names, else -1."""
        named = bool(self._rows and self._columns)
        place = index % self._columns if named else index
        known = self._seeds is not None and place < len(self._seeds)
        number = self._seeds[place] if known and self._seeds is not None else place
        return number, index // self._columns if named else -1

    def rows(self) -> tuple[str, ...]:
        """The names of the rows; empty where they have none."""
        return self._rows

    def row_name(self, row: int) -> str:
        """The name of a row, or nothing."""
        return self._rows[row] if 0 <= row < len(self._rows) else ""

    def tiles(self) -> Tiles | None:
        """Where the cells lie in the painted image, in device pixels."""
        if self._images is None:
            return None
        return tiles_of(self._images, *self._zoom_and_gap(self._images), self._columns)

    def _zoom_and_gap(self, images: Images) -> tuple[int, int]:
        """The whole zoom in device pixels, and the gap, which does not grow with it."""
        ratio, room = self.devicePixelRatioF(), self.room()
        gap = round(GAP * ratio)
        return grid_zoom(images, (room.width() * ratio, room.height() * ratio), gap, self._columns), gap

    def _zoomed(self, images: Images) -> QImage:
        """The grid at its zoom, made once for each size."""
        zoom, gap = self._zoom_and_gap(images)
        if self._painted is None or self._painted[:2] != (zoom, gap):
            self._painted = (zoom, gap, to_qimage(compose(images, zoom=zoom, gap=gap, columns=self._columns)))
        return self._painted[2]

    # ------------------------------------------------------------ state

    def selected(self) -> int | None:
        """The outlined cell."""
        return self._selected

    def enlarged(self) -> int | None:
        """The enlarged cell."""
        return self._enlarged

    def select(self, index: int | None) -> None:
        """Outline a cell, and show it if one is enlarged."""
        self._selected = index
        if self._enlarged is not None and index is not None:
            self.enlarge(index)
        if index is not None:
            self.setAccessibleDescription(self.cell_name(index))
        self.update()

    def enlarge(self, index: int | None) -> None:
        """Show one cell alone, or the grid again."""
        if index == self._enlarged:
            return
        self._enlarged = index
        if index is not None:
            self._selected = index
        self.update()
        self.enlarged_changed.emit(-1 if index is None else index)

    # ------------------------------------------------------------ geometry

    def room(self) -> QRectF:
        """Where pictures may be painted."""
        top = LABEL if self.captioned else 0
        left = 0 if self._enlarged is not None else self.names_width()
        return QRectF(self.rect()).adjusted(left, top, 0, 0)

    def names_width(self) -> int:
        """The room that the names of the rows take at the left."""
        if not self._rows:
            return 0
        metrics = QFontMetrics(theme().font("caption"))
        widest = max(metrics.horizontalAdvance(name) for name in self._rows)
        return min(widest + 1, NAMES_WIDEST, self.width() // 3) + NAMES_GAP

    def name_box(self, row: int) -> QRectF:
        """Where the name of a row is written: right beside its first picture."""
        cell, width = self.cell_box(row * max(self._columns, 1)), self.names_width()
        return QRectF(self.picture_box().left() - width, cell.top(), width - NAMES_GAP, cell.height())

    def row_at(self, point: QPointF) -> int | None:
        """The row whose name is under a point."""
        found = [row for row in range(len(self._rows)) if self.name_box(row).contains(point)]
        return found[0] if found and self._images is not None else None

    def picture_box(self) -> QRectF:
        """Where the grid is painted, in the middle. Zoom is whole in device pixels, so cells stay even."""
        tiles = self.tiles()
        if tiles is None:
            return QRectF()
        width, height = tiles.size
        ratio, room = self.devicePixelRatioF(), self.room()
        shrink = min(room.width() * ratio / width, room.height() * ratio / height, 1.0)
        return self._centred(width * shrink, height * shrink, room)

    def _fit(self, width: int, height: int, room: QRectF) -> QRectF:
        ratio = self.devicePixelRatioF()
        zoom = (
            zoom_for((max(width, 1), max(height, 1)), (room.width() * ratio, room.height() * ratio)) / ratio
        )
        return self._centred(width * zoom * ratio, height * zoom * ratio, room)

    def _centred(self, width: float, height: float, room: QRectF) -> QRectF:
        """A box of so many device pixels in the middle of a room, on whole device pixels."""
        ratio = self.devicePixelRatioF()
        width, height = max(width, 1.0) / ratio, max(height, 1.0) / ratio
        left = round((room.left() + (room.width() - width) / 2) * ratio) / ratio
        top = round((room.top() + (room.height() - height) / 2) * ratio) / ratio
        return QRectF(left, top, width, height)

    def cell_box(self, index: int) -> QRectF:
        """Where a cell is painted."""
        tiles, box = self.tiles(), self.picture_box()
        if tiles is None:
            return QRectF()
        scale, (left, top) = box.width() / tiles.size[0], tiles.corner(index)
        return QRectF(
            box.left() + left * scale, box.top() + top * scale, tiles.width * scale, tiles.height * scale
        )

    def cell_at(self, point: QPointF) -> int | None:
        """The cell under a point."""
        tiles, box = self.tiles(), self.picture_box()
        if tiles is None or not box.contains(point):
            return None
        scale = tiles.size[0] / box.width()
        return tiles.at((point.x() - box.left()) * scale, (point.y() - box.top()) * scale)

    # ------------------------------------------------------------ painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The grid and its outlines, or one picture and its name."""
        painter = QPainter(self)
        if self.captioned:
            self._paint_title(painter)
        if self._images is None:
            return
        if self._enlarged is not None:
            self._paint_enlarged(painter, self._enlarged)
            return
        self._paint_image(painter, self.picture_box(), self._zoomed(self._images))
        self._paint_names(painter)
        for index, token in ((self._hover, "muted"), (self._selected, "accent")):
            if index is not None and (token == "muted" or self.hasFocus()):
                self._outline(painter, self.cell_box(index), token)

    def _paint_title(self, painter: QPainter) -> None:
        """Right above the picture."""
        top = 0.0 if self._enlarged is not None else max(self.picture_box().top() - LABEL, 0.0)
        painter.setFont(theme().font("caption"))
        painter.setPen(theme().color("muted"))
        painter.drawText(QRectF(0, top, self.width(), LABEL - 4), Qt.AlignmentFlag.AlignCenter, self.title)

    def _paint_names(self, painter: QPainter) -> None:
        """The rows' names, shortened to their room; where rows are lower than letters, only every so-many-th."""
        painter.setFont(theme().font("caption"))
        painter.setPen(theme().color("muted"))
        metrics = painter.fontMetrics()
        pitch = max(self.name_box(0).height(), 1.0) if self._rows else 1.0
        every = max(1, math.ceil((metrics.height() - 2) / pitch))
        for row in range(0, len(self._rows), every):
            box = self.name_box(row)
            grown = box.adjusted(0, -metrics.height(), 0, metrics.height())
            shown = metrics.elidedText(self._rows[row], Qt.TextElideMode.ElideRight, int(box.width()))
            painter.drawText(grown, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, shown)

    def _paint_image(self, painter: QPainter, box: QRectF, image: QImage) -> None:
        """Enlarged by whole numbers without smoothing; reduced with smoothing, in one step."""
        ratio = self.devicePixelRatioF()
        wanted = QSize(round(box.width() * ratio), round(box.height() * ratio))
        if wanted.width() < image.width():
            painter.drawImage(box, self._reduced(image, wanted))
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        painter.drawImage(box, image)

    def _reduced(self, image: QImage, size: QSize) -> QImage:
        """A smaller copy, made once for each picture and size: hovering must not cost it again."""
        key = (image.cacheKey(), size.width(), size.height())
        if self._small is None or self._small[0] != key:
            smooth, free = Qt.TransformationMode.SmoothTransformation, Qt.AspectRatioMode.IgnoreAspectRatio
            full = image.convertToFormat(QImage.Format.Format_RGB32)
            self._small = (key, full.scaled(size, free, smooth))
        return self._small[1]

    def _outline(self, painter: QPainter, box: QRectF, token: str) -> None:
        pen = QPen(theme().color(token), 2)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(box.adjusted(-1, -1, 1, 1))

    def _paint_enlarged(self, painter: QPainter, index: int) -> None:
        room = self.room().adjusted(0, 0, 0, -LABEL)
        image = self.cell_image(index)
        box = self._fit(image.width(), image.height(), room)
        self._paint_image(painter, box, image)
        painter.setFont(theme().font("caption"))
        foot = QRectF(0, self.height() - LABEL, self.width(), LABEL)
        name = self.cell_name(index)
        name = name[:1].upper() + name[1:]
        words = f"{name} · {image.width()} × {image.height()} px · arrow keys move, Esc goes back"
        painter.setPen(theme().color("muted"))
        shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(foot.width()))
        painter.drawText(foot, Qt.AlignmentFlag.AlignCenter, shown)

    # ------------------------------------------------------------ events

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click enlarges a cell; a click on the enlarged one goes back."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if self._enlarged is not None:
            self.enlarge(None)
            return
        index = self.cell_at(event.position())
        if index is not None:
            self.enlarge(index)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Outline what is under the pointer and name it."""
        index = None if self._enlarged is not None else self.cell_at(event.position())
        name = "" if index is None else self.cell_name(index)
        row = self.row_at(event.position()) if self._enlarged is None and index is None else None
        tip = self.row_name(row) if row is not None else ""
        self.setToolTip(f"{name[:1].upper()}{name[1:]}. Click to enlarge." if name else tip)
        if index != self._hover:
            self._hover = index
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """No outline any more."""
        self._hover = None
        self.update()
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move, Enter enlarges, Esc goes back."""
        moves = {
            Qt.Key.Key_Left: (-1, 0),
            Qt.Key.Key_Right: (1, 0),
            Qt.Key.Key_Up: (0, -1),
            Qt.Key.Key_Down: (0, 1),
        }
        tiles, key = self.tiles(), Qt.Key(event.key())
        if tiles is not None and key in moves:
            self.select(0 if self._selected is None else tiles.moved(self._selected, *moves[key]))
        elif (
            tiles is not None and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._selected is not None
        ):
            self.enlarge(None if self._enlarged is not None else self._selected)
        elif key == Qt.Key.Key_Escape and self._enlarged is not None:
            self.enlarge(None)
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask the owner for a menu."""
        under = self._enlarged
        if under is None:
            by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
            under = self._selected if by_key else self.cell_at(QPointF(event.pos()))
        self.menu_requested.emit(-1 if under is None else under, event.globalPos())
