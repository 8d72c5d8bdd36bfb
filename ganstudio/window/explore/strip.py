"""A row of small pictures with words below: history, checkpoints, frames of a film, steps along a direction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganstudio.window.theme import theme

GAP, CAPTION = 4, 16
FADED = 0.35


@dataclass(frozen=True)
class Thumb:
    """One picture (``None`` while it is awaited), its words, and whether it lies aside of the way that led here."""

    image: QImage | None
    caption: str = ""
    faded: bool = False
    branch: bool = False
    """Whether a new branch begins here."""
    tip: str = ""


class ThumbStrip(QWidget):
    """Pictures of one height. Arrow keys move, Enter or a click picks; the wheel scrolls where there are more.

    With ``fit`` they are made so small that all of them are shown.
    """

    picked = Signal(int)
    menu_requested = Signal(int, object)

    def __init__(
        self,
        name: str,
        side: int,
        *,
        captions: bool = False,
        fit: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._name, self._side, self._captions, self._fit = name, side, captions, fit
        self._thumbs: tuple[Thumb, ...] = ()
        self._current = -1
        self._hover = -1
        self._offset = 0.0
        self._words = self._tip = ""
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._fit_height()
        theme().changed.connect(self.update)

    # ------------------------------------------------------------ content

    def set_thumbs(self, thumbs: Sequence[Thumb], current: int = -1) -> None:
        """Show pictures; the ``current`` one is outlined and scrolled to."""
        grown = len(thumbs) != len(self._thumbs) or current != self._current
        self._thumbs, self._current = tuple(thumbs), current
        self.setAccessibleName(f"{self._name}: {len(thumbs)}")
        self._fit_height()
        if grown:
            self._reveal()
        self.update()

    def set_image(self, index: int, image: QImage) -> None:
        """The picture of one place that was awaited."""
        if 0 <= index < len(self._thumbs):
            old = self._thumbs[index]
            new = Thumb(image, old.caption, old.faded, old.branch, old.tip)
            self._thumbs = (*self._thumbs[:index], new, *self._thumbs[index + 1 :])
            self.update()

    def set_current(self, index: int) -> None:
        """Outline another one."""
        if index != self._current:
            self._current = index
            self._reveal()
            self.update()

    def setToolTip(self, tip: str) -> None:
        """What the row is for; below the pointer the words of a picture come before it."""
        self._tip = tip
        super().setToolTip(tip)

    def set_words(self, words: str) -> None:
        """What is written while there is no picture."""
        self._words = words
        self.update()

    def thumbs(self) -> tuple[Thumb, ...]:
        """What is shown."""
        return self._thumbs

    def current(self) -> int:
        """The outlined one; -1 for none."""
        return self._current

    # ------------------------------------------------------------ geometry

    def _pitch(self) -> float:
        if self._fit and self._thumbs:
            return min(self._side + GAP, (self.width() - 2) / len(self._thumbs))
        return float(self._side + GAP)

    def box(self, index: int) -> QRectF:
        """Where a picture is painted."""
        pitch = self._pitch()
        side = max(pitch - GAP, 4.0) if self._fit else float(self._side)
        return QRectF(2 + index * pitch - self._offset, 2, side, side)

    def _fit_height(self) -> None:
        """As high as the pictures are, which are small where many of them share a line."""
        side = min(self.box(0).height(), self._side) if self._thumbs else self._side
        self.setFixedHeight(round(side) + 4 + (CAPTION if self._captions else 0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Less width, smaller pictures."""
        super().resizeEvent(event)
        self._fit_height()

    def _reveal(self) -> None:
        most = max(0.0, len(self._thumbs) * self._pitch() + 2 - self.width())
        if self._current >= 0:
            left = self._current * self._pitch()
            self._offset = min(max(self._offset, left + self._side + 6 - self.width()), left)
        self._offset = min(max(self._offset, 0.0), most)

    def index_at(self, point: QPointF) -> int:
        """The picture under a point; -1 for none."""
        index = int((point.x() - 2 + self._offset) // self._pitch())
        return index if 0 <= index < len(self._thumbs) and point.x() >= 0 else -1

    def sizeHint(self) -> QSize:
        """Some pictures wide."""
        return QSize(4 * (self._side + GAP), self.height())

    def minimumSizeHint(self) -> QSize:
        """Two pictures."""
        return QSize(self._side, self.height())

    # ------------------------------------------------------------ painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        """What can be seen of the row."""
        painter = QPainter(self)
        painter.setFont(theme().font("caption"))
        if not self._thumbs:
            painter.setPen(theme().color("muted"))
            painter.drawText(
                self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self._words
            )
            return
        for index, thumb in enumerate(self._thumbs):
            box = self.box(index)
            if box.right() >= 0 and box.left() <= self.width():
                self._paint(painter, index, thumb, box)

    def _paint(self, painter: QPainter, index: int, thumb: Thumb, box: QRectF) -> None:
        painter.setOpacity(FADED if thumb.faded else 1.0)
        if thumb.image is None:
            painter.fillRect(box, theme().color("button"))
        else:
            image = thumb.image
            smooth = image.width() > box.width() * self.devicePixelRatioF()
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
            painter.drawImage(_inside(box, image), image)
        painter.setOpacity(1.0)
        if thumb.branch:
            painter.fillRect(QRectF(box.left() - 3, box.top(), 2, box.height()), theme().color("accent"))
        if index in (self._current, self._hover):
            pen = QPen(theme().color("accent" if index == self._current else "muted"), 2)
            pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(box.adjusted(-1, -1, 1, 1))
        if self._captions and thumb.caption:
            painter.setPen(theme().color("text" if index == self._current else "muted"))
            place = QRectF(box.left() - 2, box.bottom() + 1, box.width() + 4, CAPTION)
            words = painter.fontMetrics().elidedText(
                thumb.caption, Qt.TextElideMode.ElideRight, int(place.width())
            )
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, words)

    # ------------------------------------------------------------ events

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Outline and name what is under the pointer."""
        index = self.index_at(event.position())
        if index != self._hover:
            self._hover = index
            thumb = self._thumbs[index] if index >= 0 else Thumb(None)
            words = (thumb.tip or thumb.caption, self._tip or self._name)
            super().setToolTip("\n".join(word for word in words if word))
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """No outline any more."""
        self._hover = -1
        self.update()
        super().leaveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click picks."""
        index = self.index_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and index >= 0:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self.picked.emit(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys, Home, End and Enter."""
        last = len(self._thumbs) - 1
        target = {
            Qt.Key.Key_Left: self._current - 1,
            Qt.Key.Key_Right: self._current + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
            Qt.Key.Key_Return: self._current,
        }.get(Qt.Key(event.key()))
        if target is None or last < 0:
            super().keyPressEvent(event)
            return
        self.picked.emit(min(max(target, 0), last))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll where there is more than fits; otherwise leave the wheel to what lies around."""
        most = max(0.0, len(self._thumbs) * self._pitch() + 2 - self.width())
        if not most:
            event.ignore()
            return
        delta = event.angleDelta()
        self._offset = min(max(self._offset - (delta.x() or delta.y()) / 2, 0.0), most)
        self.update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask the owner for a menu."""
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        self.menu_requested.emit(
            self._current if by_key else self.index_at(QPointF(event.pos())), event.globalPos()
        )


def _inside(box: QRectF, image: QImage) -> QRectF:
    """The largest box of the picture's shape in the middle of another."""
    scale = min(box.width() / max(image.width(), 1), box.height() / max(image.height(), 1))
    width, height = image.width() * scale, image.height() * scale
    return QRectF(
        box.left() + (box.width() - width) / 2, box.top() + (box.height() - height) / 2, width, height
    )
