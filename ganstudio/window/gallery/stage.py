"""The middle of the gallery: pictures, points, work under way, or what has to be done first."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QProgressBar, QPushButton, QStackedLayout, QVBoxLayout, QWidget

from ganstudio.core.messages import Previewed
from ganstudio.window.widgets.basic import EmptyState, Title
from ganstudio.window.widgets.cloud_view import CloudView
from ganstudio.window.widgets.grid_canvas import GridCanvas

STEPS = 1000
"""Positions of the progress bar."""


class PreviewCanvas(GridCanvas):
    """A grid whose cells are called by their class."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Samples", parent)
        self._classes: tuple[str, ...] = ()

    def show_previewed(self, found: Previewed) -> None:
        """Pictures and what they show."""
        self._classes = ()
        if found.labels is not None and found.class_names:
            self._classes = tuple(found.class_names[label] for label in found.labels.tolist())
        self.enlarge(None)
        self.select(None)
        self.set_images(found.samples)

    def cell_name(self, index: int) -> str:
        """The class, or the number of the picture."""
        return self._classes[index] if index < len(self._classes) else f"picture {index + 1}"


class Busy(QWidget):
    """What is being done, how far it is, and a button that stops it."""

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.what = Title()
        self.what.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.what.setWordWrap(True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(320)
        self.bar.setAccessibleName("Progress")
        self.cancel = QPushButton("Cancel")
        self.cancel.setToolTip("Stop; what has been downloaded is kept and taken up again the next time")
        self.cancel.clicked.connect(self.cancelled)
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addStretch(1)
        column.addWidget(self.what)
        column.addWidget(self.bar, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.cancel, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)

    def tell(self, what: str, done: float) -> None:
        """Show work; ``done`` is 0 to 1, or negative where nobody knows."""
        self.what.setText(what)
        self.bar.setRange(0, STEPS if done >= 0 else 0)
        self.bar.setValue(round(done * STEPS) if done >= 0 else 0)


class PreviewStage(QWidget):
    """Shows one of the four; ``wanted`` comes from the button of the empty state."""

    wanted = Signal()
    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.empty = EmptyState()
        self.busy = Busy()
        self.pictures = PreviewCanvas()
        self.points = CloudView()
        self.points.set_mode("real")
        self._stack = QStackedLayout(self)
        for widget in (self.empty, self.busy, self.pictures, self.points):
            self._stack.addWidget(widget)
        self.empty.activated.connect(self.wanted)
        self.busy.cancelled.connect(self.cancelled)
        self.setMinimumSize(240, 240)

    def current(self) -> QWidget:
        """The one that is shown."""
        return self._stack.currentWidget()

    def show_text(self, title: str, text: str, button: str = "", tooltip: str = "") -> None:
        """Words, and a button where something can be done."""
        self._stack.setCurrentWidget(self.empty)  # first: its words are wrapped to the room it has
        self.empty.set_content(title, text, button, tooltip)

    def show_busy(self, what: str, done: float = -1.0) -> None:
        """Work under way."""
        self.busy.tell(what, done)
        self._stack.setCurrentWidget(self.busy)

    def show_previewed(self, found: Previewed) -> None:
        """Samples."""
        if found.samples.ndim == 4:
            self.pictures.show_previewed(found)
            self._stack.setCurrentWidget(self.pictures)
        else:
            self.points.set_real(found.samples)
            self._stack.setCurrentWidget(self.points)
