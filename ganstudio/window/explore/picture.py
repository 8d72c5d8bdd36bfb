"""The one large picture: whole zoom, and a drag on it travels through the latent space."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganstudio.window.model.tiles import zoom_for
from ganstudio.window.theme import theme

STEP = 0.05
"""How far an arrow key travels: a twentieth of the way to the next seed."""


class PictureView(QWidget):
    """A picture. ``travelled`` carries how far a drag or key went, in widths and heights of the picture."""

    travelled = Signal(float, float)
    released = Signal()
    menu_requested = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None, *, travels: bool = True) -> None:
        super().__init__(parent)
        self._image = QImage()
        self._from: QPointF | None = None
        self._travels = travels
        self._name = name
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(QSize(120, 120))
        self.setAccessibleName(name)
        if travels:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setCursor(Qt.CursorShape.OpenHandCursor)
            self.setToolTip(
                "Drag to travel: right to the next seed, down to the one a hundred on. Arrow keys do, too."
            )
        theme().changed.connect(self.update)

    def set_image(self, image: QImage) -> None:
        """Show a picture; an empty one shows nothing."""
        self._image = image
        self.update()

    def image(self) -> QImage:
        """The picture, one pixel per pixel."""
        return self._image

    def picture_box(self) -> QRectF:
        """Where it is painted, in the middle, on whole device pixels."""
        if self._image.isNull():
            return QRectF()
        ratio = self.devicePixelRatioF()
        room = (self.width() * ratio, self.height() * ratio)
        zoom = zoom_for((self._image.width(), self._image.height()), room)
        width, height = self._image.width() * zoom / ratio, self._image.height() * zoom / ratio
        left = round((self.width() - width) / 2 * ratio) / ratio
        top = round((self.height() - height) / 2 * ratio) / ratio
        return QRectF(left, top, width, height)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The picture, enlarged without smoothing, reduced with it."""
        if self._image.isNull():
            return
        painter, box = QPainter(self), self.picture_box()
        smooth = box.width() * self.devicePixelRatioF() < self._image.width()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        painter.drawImage(box, self._image)
        if self.hasFocus() and self._travels:
            painter.setPen(theme().color("focus"))
            painter.drawRect(box.adjusted(-1, -1, 0, 0))

    # ------------------------------------------------------------ travelling

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A drag begins."""
        if self._travels and event.button() == Qt.MouseButton.LeftButton and not self._image.isNull():
            self._from = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """As far as the pointer went."""
        if self._from is None:
            return
        box, way = self.picture_box(), event.position() - self._from
        self._from = event.position()
        self.travelled.emit(way.x() / max(box.width(), 1.0), way.y() / max(box.height(), 1.0))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The drag is over."""
        if self._from is not None and event.button() == Qt.MouseButton.LeftButton:
            self._from = None
            self.setCursor(Qt.CursorShape.OpenHandCursor)
            self.released.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys travel a little."""
        ways = {
            Qt.Key.Key_Left: (-STEP, 0.0),
            Qt.Key.Key_Right: (STEP, 0.0),
            Qt.Key.Key_Up: (0.0, -STEP),
            Qt.Key.Key_Down: (0.0, STEP),
        }
        way = ways.get(Qt.Key(event.key())) if self._travels else None
        if way is None:
            super().keyPressEvent(event)
        else:
            self.travelled.emit(*way)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask the owner for a menu."""
        self.menu_requested.emit(event.globalPos())
