"""A switch with a label."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from ganstudio.window.theme import theme

TRACK_WIDTH, TRACK_HEIGHT, GAP, KNOB = 26, 14, 8, 10
INDENT = TRACK_WIDTH + GAP + 2
"""Where the label begins."""


class ToggleSwitch(QAbstractButton):
    """On or off, drawn as a switch, with its label at the right; ``toggled(bool)`` as in Qt. Space toggles."""

    def __init__(self, label: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(label)
        self.setAccessibleName(label)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """The track and the label."""
        text = self.fontMetrics().horizontalAdvance(self.text())
        width = TRACK_WIDTH + 4 + (GAP + text if text else 0)
        return QSize(width, max(self.fontMetrics().height(), TRACK_HEIGHT) + 6)

    def minimumSizeHint(self) -> QSize:
        """The track alone; a long label is shortened."""
        return QSize(TRACK_WIDTH + 4, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Track, knob, label."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        track = QRectF(2, (self.height() - TRACK_HEIGHT) / 2, TRACK_WIDTH, TRACK_HEIGHT)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color(self._track_token()))
        painter.drawRoundedRect(track, TRACK_HEIGHT / 2, TRACK_HEIGHT / 2)
        x = track.right() - TRACK_HEIGHT / 2 if self.isChecked() else track.left() + TRACK_HEIGHT / 2
        painter.setBrush(theme().color(self._knob_token()))
        painter.drawEllipse(QPointF(x, track.center().y()), KNOB / 2, KNOB / 2)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(theme().color("text" if self.isChecked() else "focus"))
            painter.drawRoundedRect(track.adjusted(-1.5, -1.5, 1.5, 1.5), 8.5, 8.5)
        self._paint_label(painter, track.right() + GAP)

    def _paint_label(self, painter: QPainter, left: float) -> None:
        room = QRectF(left, 0, self.width() - left, self.height())
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, int(room.width()))
        painter.setPen(theme().color("text" if self.isEnabled() else "disabled"))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)

    def _track_token(self) -> str:
        if not self.isEnabled():
            return "button"
        return "accent" if self.isChecked() else "track"

    def _knob_token(self) -> str:
        if not self.isEnabled():
            return "disabled"
        if self.isChecked():
            return "card" if theme().name == "light" else "text"
        return "muted"
