"""A part of the status strip: what is being measured, how far it is, and a way to end it."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QSizePolicy, QWidget

from ganstudio.window.measuring.measurer import Job, Measurer, title_of
from ganstudio.window.theme import theme
from ganstudio.window.theme.style import set_role
from ganstudio.window.widgets.basic import ElidedLabel
from ganstudio.window.widgets.charts.tools import tool

BAR = 48


class MeasuringLine(QWidget):
    """Hidden while nothing is measured."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._measurer: Measurer | None = None
        self.words = ElidedLabel()
        self.words.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.words.setFont(theme().font("small-figure"))
        set_role(self.words, "caption")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(BAR)
        self.bar.setAccessibleName("Progress of measuring")
        self.stop = tool("close", "End measuring; what has been measured stays")
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        for widget in (self.words, self.bar, self.stop):
            line.addWidget(widget)
        self.hide()

    def follow(self, measurer: Measurer) -> None:
        """Show what a measurer does."""
        self._measurer = measurer
        measurer.changed.connect(self.refresh)
        self.stop.clicked.connect(measurer.cancel)

    @Slot()
    def refresh(self) -> None:
        """Bring the words in line."""
        job = self._measurer.job if self._measurer is not None else None
        if job is not None:
            self._show(job)
        self.setVisible(job is not None)

    def _show(self, job: Job) -> None:
        words = title_of(job) if job.scheduled else "Measuring" if job.run is not None else job.what
        if words != self.words.text():
            self.words.setText(words)
        self.setToolTip(f"{job.what}\n{title_of(job)}")
        self.bar.setRange(0, 0 if job.done < 0 else 1000)
        if job.done >= 0:
            self.bar.setValue(round(1000 * job.done))
