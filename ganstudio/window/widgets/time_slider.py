"""A slider through every saved grid, with a play button and a live end."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from ganstudio.core.numbers import step as step_words
from ganstudio.window.theme import icon, theme
from ganstudio.window.theme.style import set_role

FRAME_MS = 125
KNOB, SIDE, LIVE_ROOM, CLOSEST_TICKS = 6.0, 8.0, 18.0, 5.0


class _Track(QWidget):
    """The line, its ticks and the knob. Positions are indices into the steps; one past the last is live."""

    moved = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.steps: list[int] = []
        self.index = 0
        self.newest = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumSize(QSize(80, 24))
        self.setToolTip(
            "Go back to any saved grid. Left and right keys move, Home is the first, End follows the newest."
        )
        theme().changed.connect(self.update)

    def last_index(self) -> int:
        """The live end."""
        return len(self.steps)

    def x_of(self, index: int) -> float:
        """The pixel of a position: steps in proportion, the live end apart at the right."""
        right = self.width() - SIDE
        if index >= len(self.steps):
            return right
        span = max(right - LIVE_ROOM - SIDE, 1.0)
        return SIDE + span * self.steps[index] / max(self.steps[-1], self.newest, 1)

    def index_at(self, x: float) -> int:
        """The position nearest to a pixel."""
        last, right = self.last_index(), self.width() - SIDE
        if last == 0 or x > right - LIVE_ROOM / 2:
            return last
        places = [self.x_of(i) for i in range(last)]
        after = bisect_left(places, x)
        if after == 0:
            return 0
        if after == last:
            return last - 1
        return after if places[after] - x < x - places[after - 1] else after - 1

    # ------------------------------------------------------------ painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Line, part gone, ticks, live ring, knob."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        active = self.isEnabled() and bool(self.steps)
        middle, knob = self.height() / 2, self.x_of(self.index)
        right = self.width() - SIDE
        painter.setBrush(theme().color("track"))
        painter.drawRoundedRect(QRectF(SIDE, middle - 2, right - SIDE, 4), 2, 2)
        if active:
            painter.setBrush(theme().color("accent"))
            painter.drawRoundedRect(QRectF(SIDE, middle - 2, max(knob - SIDE, 4), 4), 2, 2)
        self._paint_ticks(painter, middle, knob)
        painter.setBrush(theme().color("text" if active else "disabled"))
        painter.drawEllipse(QPointF(knob, middle), KNOB, KNOB)
        if self.index >= self.last_index() and active:
            painter.setBrush(theme().color("accent"))
            painter.drawEllipse(QPointF(knob, middle), KNOB - 3, KNOB - 3)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(theme().color("focus"))
            painter.drawEllipse(QPointF(knob, middle), KNOB + 1.5, KNOB + 1.5)

    def _paint_ticks(self, painter: QPainter, middle: float, knob: float) -> None:
        """One per saved grid, fewer where they would touch; a ring where live is."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        last_x = -100.0
        for index in range(len(self.steps)):
            x = round(self.x_of(index))
            if x - last_x < CLOSEST_TICKS:
                continue
            last_x = x
            painter.fillRect(QRectF(x, middle - 5, 1, 10), theme().color("accent" if x <= knob else "muted"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.index < self.last_index():
            painter.setBrush(theme().color("card"))
            painter.setPen(theme().color("muted"))
            painter.drawEllipse(QPointF(self.width() - SIDE, middle), 4, 4)
            painter.setPen(Qt.PenStyle.NoPen)

    # ------------------------------------------------------------ events

    def _go(self, index: int) -> None:
        index = min(max(index, 0), self.last_index())
        if index != self.index:
            self.moved.emit(index)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the nearest saved grid."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._go(self.index_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go(self.index_at(event.position().x()))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """One grid for each notch."""
        delta = event.angleDelta().y() or event.angleDelta().x()
        if delta:
            self._go(self.index + (1 if delta < 0 else -1))
            event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left, right, page up and down, home, end."""
        page = max(1, len(self.steps) // 10)
        target = {
            Qt.Key.Key_Left: self.index - 1,
            Qt.Key.Key_Right: self.index + 1,
            Qt.Key.Key_PageUp: self.index - page,
            Qt.Key.Key_PageDown: self.index + page,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: self.last_index(),
        }.get(Qt.Key(event.key()))
        if target is None:
            super().keyPressEvent(event)
        else:
            self._go(target)


class TimeSlider(QWidget):
    """Steps that have a saved grid, in order, and at the right end "live": follow the newest.

    A position is a step number or ``None`` for live; ``end`` is what that is called.
    """

    step_chosen = Signal(object)
    """int or None: the person (or playing) moved to a saved step, or to the live end."""

    def __init__(self, parent: QWidget | None = None, end: str = "live") -> None:
        super().__init__(parent)
        self._end = end
        # widgets
        self.track = _Track()
        self.play_button = QToolButton()
        self._label = QLabel()
        self._timer = QTimer(self)
        self._timer.setInterval(FRAME_MS)
        self.play_button.setFixedSize(24, 24)
        set_role(self.play_button, "tool")
        self._label.setFont(theme().font("figure"))
        self._label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._label.setMinimumWidth(self._label.fontMetrics().horizontalAdvance(f"{end} · step 0,000"))
        self.setFocusProxy(self.track)
        # connections
        self.track.moved.connect(self._moved)
        self.play_button.clicked.connect(self._toggle)
        self._timer.timeout.connect(self._next_frame)
        # assembly
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.play_button)
        layout.addWidget(self.track, 1)
        layout.addWidget(self._label)
        self._show()

    # ------------------------------------------------------------ content

    def set_steps(self, steps: Sequence[int]) -> None:
        """All saved steps, in rising order; the position is kept where it can be."""
        here = self.position()
        self.track.steps = sorted(set(steps))
        self.track.newest = max(self.track.steps, default=0)
        self.set_position(here)

    def add_step(self, step: int) -> None:
        """A newly saved step."""
        if step in self.track.steps[-1:]:
            return
        here = self.position()
        if step not in self.track.steps:
            insort(self.track.steps, step)
        self.track.newest = max(self.track.newest, step)
        self.set_position(here)

    def set_live_step(self, step: int) -> None:
        """The step of the newest picture, shown while at the live end."""
        self.track.newest = step
        self._show()

    def steps(self) -> tuple[int, ...]:
        """The saved steps."""
        return tuple(self.track.steps)

    # ------------------------------------------------------------ position

    def position(self) -> int | None:
        """The chosen step, ``None`` for live."""
        index = self.track.index
        return self.track.steps[index] if index < len(self.track.steps) else None

    def set_position(self, step: int | None) -> None:
        """Move to the nearest saved step or to the live end, without a signal."""
        steps = self.track.steps
        if step is None or not steps:
            self.track.index = self.track.last_index()
        else:
            after = bisect_left(steps, step)
            near = [i for i in (after - 1, after) if 0 <= i < len(steps)]
            self.track.index = min(near, key=[abs(s - step) for s in steps].__getitem__)
        self._show()

    def text(self) -> str:
        """The words beside the track."""
        here = self.position()
        if here is not None:
            return step_words(here)
        if not self.track.steps and not self.track.newest:
            return self._end
        return f"{self._end} · {step_words(self.track.newest)}"

    def _show(self) -> None:
        self._label.setText(self.text())
        self.track.setAccessibleName(f"Saved grids: {self.text()}")
        enough = len(self.track.steps) > 1
        self.play_button.setEnabled(enough)
        playing = self.is_playing()
        self.play_button.setIcon(icon("pause" if playing else "play"))
        words = (
            "Stop playing"
            if playing
            else "Play all saved grids"
            if enough
            else "Plays once two grids are saved"
        )
        self.play_button.setToolTip(words)
        self.play_button.setAccessibleName(words)
        self.track.update()

    # ------------------------------------------------------------ playing

    def is_playing(self) -> bool:
        """Whether it plays."""
        return self._timer.isActive()

    def set_playing(self, playing: bool) -> None:
        """Play through the saved steps, or stop."""
        if playing and len(self.track.steps) > 1:
            if self.position() in (None, self.track.steps[-1]):
                self._moved_to(0)
            self._timer.start()
        else:
            self._timer.stop()
        self._show()

    @Slot()
    def _toggle(self) -> None:
        self.set_playing(not self.is_playing())

    @Slot()
    def _next_frame(self) -> None:
        """The next saved grid; at the last one, back to live."""
        if self.track.index >= len(self.track.steps) - 1:
            self._timer.stop()
            self._moved_to(self.track.last_index())
        else:
            self._moved_to(self.track.index + 1)

    @Slot(int)
    def _moved(self, index: int) -> None:
        self._timer.stop()
        self._moved_to(index)

    def _moved_to(self, index: int) -> None:
        self.track.index = index
        self._show()
        self.step_chosen.emit(self.position())
