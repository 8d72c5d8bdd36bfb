"""The strip at the bottom: state, step, progress, rate, time left; what was saved, device and memory."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QSizePolicy, QWidget

from ganstudio.core import numbers
from ganstudio.core.lifecycle import State
from ganstudio.window.measuring.line import MeasuringLine
from ganstudio.window.measuring.measurer import Measurer
from ganstudio.window.run_model import RunModel
from ganstudio.window.theme import theme
from ganstudio.window.theme.style import set_role
from ganstudio.window.widgets.basic import ElidedLabel

COLOURS = {
    State.RUNNING: "real",
    State.STARTING: "accent",
    State.STOPPING: "accent",
    State.PAUSED: "warning",
    State.FAILED: "generator",
}


class StateDot(QWidget):
    """A dot in the colour of the state."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._token = "muted"
        self.setFixedSize(8, 8)
        theme().changed.connect(self.update)

    def set_token(self, token: str) -> None:
        """Another colour."""
        self._token = token
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """One dot."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color(self._token))
        painter.drawEllipse(self.rect())


class StatusStrip(QWidget):
    """Reads the model; keeps nothing of its own but a notice that is due."""

    def __init__(self, model: RunModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._notice = ""
        self.dot = StateDot()
        self.state, self.step, self.rate, self.left = (self._label() for _ in range(4))
        self.saved, self.device, self.memory = (self._label() for _ in range(3))
        self.notice = ElidedLabel()
        self.notice.setFont(theme().font("caption"))
        set_role(self.notice, "caption")
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(160)
        self.bar.setAccessibleName("Progress")
        self.measuring = MeasuringLine()
        self._assemble()
        model.state_changed.connect(self.refresh)
        model.run_changed.connect(self.refresh)
        model.progress_changed.connect(self.refresh)
        self.refresh()

    def _label(self) -> QLabel:
        label = QLabel()
        label.setFont(theme().font("small-figure"))
        label.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Preferred)
        set_role(label, "caption")
        return label

    def _assemble(self) -> None:
        set_role(self, "bar")
        self.setObjectName("status")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 5, 12, 5)
        line.setSpacing(16)
        dot = QHBoxLayout()
        dot.setSpacing(8)
        dot.addWidget(self.dot)
        dot.addWidget(self.state)
        line.addLayout(dot)
        for widget in (self.step, self.bar, self.rate, self.left):
            line.addWidget(widget)
        line.addWidget(self.notice, 1)
        line.addWidget(self.measuring)
        for widget in (self.saved, self.device, self.memory):
            line.addWidget(widget)

    def follow(self, measurer: Measurer) -> None:
        """Show what is being measured, with a way to end it."""
        self.measuring.follow(measurer)

    def tell(self, notice: str) -> None:
        """A short word that stays until the state changes or another one comes."""
        self._notice = notice
        self.notice.setText(notice)

    @Slot()
    def refresh(self) -> None:
        """Show what the model says."""
        model = self._model
        self.dot.set_token(COLOURS.get(model.state, "muted"))
        has_run = model.config is not None
        opened = model.state is State.IDLE and model.stored is not None
        self.state.setText("Opened" if opened else model.state.value)
        self._set(
            self.step, f"step {numbers.whole(model.step)} of {numbers.whole(model.total_steps)}", has_run
        )
        share = self._share()
        self.bar.setVisible(has_run)
        self.bar.setRange(0, 0 if share is None else 1000)
        if share is not None:
            self.bar.setValue(round(1000 * share))
        rate = model.value("rate/images_per_second") if model.state is State.RUNNING else None
        self._set(self.rate, numbers.with_unit(rate or 0.0, "img/s"), rate is not None)
        left = model.seconds_left if model.state is State.RUNNING else None
        self._set(self.left, numbers.time_left(left if left is not None else math.nan), left is not None)
        self._set(
            self.saved, f"saved at {numbers.whole(model.saved_step or 0)}", model.saved_step is not None
        )
        self._set(self.device, model.started.device if model.started else "", model.started is not None)
        self._set(self.memory, self._memory_text(), model.last is not None and model.last.memory > 0)

    @staticmethod
    def _set(label: QLabel, text: str, visible: bool) -> None:
        if label.text() != text:
            label.setText(text)
        label.setVisible(visible)

    def _share(self) -> float | None:
        """Progress from 0 to 1, ``None`` where nobody knows how long it takes."""
        model = self._model
        if model.state is State.STARTING:
            known = model.preparing is not None and model.preparing.done >= 0
            return model.preparing.done if known and model.preparing else None
        return min(1.0, model.step / model.total_steps) if model.total_steps else 0.0

    def _memory_text(self) -> str:
        model = self._model
        if model.last is None:
            return ""
        total = model.memory_total
        return f"memory {numbers.size_of(model.last.memory, total) if total else numbers.size(model.last.memory)}"
