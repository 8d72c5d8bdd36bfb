"""Paints a sweep: every run as a ring, means joined by lines, bars for their spread."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganstudio.core.run_colors import run_color
from ganstudio.core.scales import Tick, value_ticks
from ganstudio.window.compare.sweeps.drawing import DEVIATION, Bar, Drawing
from ganstudio.window.theme import theme
from ganstudio.window.widgets.charts.export import png_bytes, to_image, to_svg, write
from ganstudio.window.widgets.painting import pen, swatch
from ganstudio.window.widgets.saving import export_size

LEFT, TOP, RIGHT, BOTTOM = 60, 34, 16, 42
CAP, DOT, RING, APART, NEAR = 4.0, 4.0, 3.0, 9.0, 16.0
"""Pixels: half a bar's cap, radius of a mean and of a run, between two lines at one value, reach of the pointer."""
MOST_NAMES = 6


class SweepChart(QWidget):
    """``pointed`` carries the words of the mean under the pointer or chosen by the arrow keys; empty for none."""

    pointed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.drawing = Drawing()
        self.title = self.bars = ""
        self._low, self._high = self.drawing.y_range(self.bars)
        self._at = -1
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(QSize(240, 110))
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setToolTip("The arrow keys go from mean to mean")
        theme().changed.connect(self.update)

    def show_drawing(self, drawing: Drawing, title: str, bars: str = DEVIATION) -> None:
        """Draw something else; ``bars`` is what they show: "deviation", "interval" or "range"."""
        self.drawing, self.title, self.bars = drawing, title, bars
        self._low, self._high = drawing.y_range(bars)
        self._at = -1
        count = sum(len(line.bars) for line in drawing.lines)
        self.setAccessibleName(f"{title} against {drawing.x_title}, {count} means")
        self.update()

    # ------------------------------------------------------------ places

    def inner(self) -> QRectF:
        """Where means are drawn."""
        return QRectF(LEFT, TOP, max(self.width() - LEFT - RIGHT, 1), max(self.height() - TOP - BOTTOM, 1))

    def _x(self, box: QRectF, position: float) -> float:
        low, high = self.drawing.x_range
        return box.left() + (position - low) / (high - low) * box.width()

    def _y(self, box: QRectF, value: float) -> float:
        return box.bottom() - (value - self._low) / (self._high - self._low) * box.height()

    def _placed(self, box: QRectF) -> Iterator[tuple[int, Bar, QPointF]]:
        """Every mean with the number of its line and its place; lines stand a little apart."""
        lines = self.drawing.lines
        for number, line in enumerate(lines):
            aside = (number - (len(lines) - 1) / 2) * min(APART, 40.0 / len(lines))
            for bar in line.bars:
                yield number, bar, QPointF(self._x(box, bar.x) + aside, self._y(box, bar.spread.mean))

    def color(self, number: int) -> tuple[QColor, str]:
        """Colour and dash of a line; of a single one that of measurements."""
        if len(self.drawing.lines) == 1:
            return theme().color("accent-text"), "solid"
        token, dash = run_color(number)
        return theme().color(token), dash

    # ------------------------------------------------------------ painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The chart on its card."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(pen(theme().color("focus" if self.hasFocus() else "line")))
        painter.setBrush(theme().color("card"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        self.paint(painter)

    def paint(self, painter: QPainter) -> None:
        """Axes, then runs, bars and means."""
        box = self.inner()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setFont(theme().font("small-figure"))
        self._paint_axes(painter, box)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        placed = list(self._placed(box))
        for number in range(len(self.drawing.lines)):
            color, dash = self.color(number)
            ends = [place for line, _, place in placed if line == number]
            if self.drawing.numeric and len(ends) > 1:
                painter.setPen(pen(color, dash))
                painter.drawPolyline(ends)
        for index, (number, bar, place) in enumerate(placed):
            self._paint_bar(painter, box, bar, place, self.color(number)[0], index == self._at)
        self._paint_names(painter)

    def _paint_axes(self, painter: QPainter, box: QRectF) -> None:
        height = painter.fontMetrics().height()
        for tick in value_ticks(self._low, self._high, "linear", max(int(box.height() / 40), 2)):
            y = round(self._y(box, tick.position))
            painter.setPen(pen(theme().color("grid")))
            painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))
            painter.setPen(theme().color("axis"))
            room = QRectF(0, y - height / 2, box.left() - 8, height)
            painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, tick.label)
        free = -1e9
        for tick in self.drawing.x_ticks:
            free = self._paint_x_tick(painter, box, tick, free)
        painter.setPen(theme().color("muted"))
        below = QRectF(box.left(), self.height() - height - 5, box.width(), height)
        log = " (logarithmic)" if self.drawing.log else ""
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, f"{self.drawing.x_title}{log}")

    def _paint_x_tick(self, painter: QPainter, box: QRectF, tick: Tick, free: float) -> float:
        """A label where there is room right of ``free``; returns where it ends."""
        metrics, x = painter.fontMetrics(), self._x(box, tick.position)
        width = metrics.horizontalAdvance(tick.label) + 4
        if not box.left() - 1 <= x <= box.right() + 1 or x - width / 2 < free:
            return free
        painter.setPen(theme().color("axis"))
        room = QRectF(x - width / 2, box.bottom() + 3, width, metrics.height())
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, tick.label)
        return x + width / 2 + 4

    def _paint_bar(
        self, painter: QPainter, box: QRectF, bar: Bar, at: QPointF, color: QColor, chosen: bool
    ) -> None:
        faint = QColor(color)
        faint.setAlphaF(0.65)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(pen(faint))
        for value in bar.points:
            painter.drawEllipse(QPointF(at.x(), self._y(box, value)), RING, RING)
        low, high = (self._y(box, value) for value in bar.ends(self.bars))
        painter.setPen(pen(color, "solid", 1.5))
        painter.drawLine(QPointF(at.x(), low), QPointF(at.x(), high))
        for y in (low, high):
            if abs(y - at.y()) > 0.5:
                painter.drawLine(QPointF(at.x() - CAP, y), QPointF(at.x() + CAP, y))
        painter.setPen(pen(theme().color("text" if chosen else "card"), "solid", 1.5))
        painter.setBrush(color)
        radius = DOT + 1.5 if chosen else DOT
        painter.drawEllipse(at, radius, radius)

    def _paint_names(self, painter: QPainter) -> None:
        """The number at the left, the lines beside it as far as there is room."""
        painter.setFont(theme().font("caption"))
        metrics = painter.fontMetrics()
        painter.setPen(theme().color("muted"))
        x, y, height = 12.0, 8.0, metrics.height()
        width = metrics.horizontalAdvance(self.title)
        painter.drawText(QRectF(x, y, width + 2, height), Qt.AlignmentFlag.AlignLeft, self.title)
        x += width + 20
        lines = self.drawing.lines if len(self.drawing.lines) > 1 else ()
        for number, line in enumerate(lines):
            width = metrics.horizontalAdvance(line.label)
            if number == MOST_NAMES or x + width + 60 > self.width():
                painter.setPen(theme().color("muted"))
                rest = f"and {len(lines) - number} more"
                painter.drawText(QRectF(x, y, 90, height), Qt.AlignmentFlag.AlignLeft, rest)
                return
            color, dash = self.color(number)
            swatch(painter, QRectF(x, y + height / 2 - 4, 8, 8), color, dash)
            painter.setPen(theme().color("text"))
            painter.drawText(QRectF(x + 13, y, width + 2, height), Qt.AlignmentFlag.AlignLeft, line.label)
            x += width + 13 + 16

    # ------------------------------------------------------------ pointer and keys

    def point_at(self, index: int) -> None:
        """Choose a mean by its number; -1 for none."""
        if index == self._at:
            return
        self._at = index
        self.pointed.emit(self.words(index))
        self.update()

    def words(self, index: int) -> str:
        """What there is to say of a mean."""
        placed = list(self._placed(self.inner()))
        if not 0 <= index < len(placed):
            return ""
        number, bar, _ = placed[index]
        parts = (self.drawing.lines[number].label, bar.label)
        return f"{' '.join(part for part in parts if part)}: {bar.spread.words()}"

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The nearest mean, if there is one."""
        placed = list(enumerate(self._placed(self.inner())))
        near = [((place - event.position()).manhattanLength(), i) for i, (_, _, place) in placed]
        away, index = min(near, default=(NEAR + 1, -1))
        self.point_at(index if away <= NEAR else -1)
        self.setToolTip(self.words(self._at) or "The arrow keys go from mean to mean")

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer is gone."""
        super().leaveEvent(event)
        self.point_at(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """From mean to mean."""
        count = sum(len(line.bars) for line in self.drawing.lines)
        move = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if move is None or not count:
            super().keyPressEvent(event)
            return
        self.point_at(min(max(self._at + move, 0), count - 1))

    # ------------------------------------------------------------ taking it home

    def png(self) -> bytes:
        """The chart as a picture."""
        return png_bytes(to_image(self.paint, export_size(self.size())))

    def svg(self) -> bytes:
        """The chart as a drawing."""
        return to_svg(self.paint, export_size(self.size()), self.title)

    def save_png(self) -> Path | None:
        """Ask where, and write the picture."""
        return write(self, "Save chart", "sweep", ".png", self.png)

    def save_svg(self) -> Path | None:
        """Ask where, and write the drawing."""
        return write(self, "Save chart", "sweep", ".svg", self.svg)
