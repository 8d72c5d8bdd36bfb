"""The centre of the Train workspace: samples or points, with their time slider."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from ganstudio.window.widgets.basic import Card
from ganstudio.window.widgets.cloud_view import CloudView
from ganstudio.window.widgets.codes_panel import CodesPanel
from ganstudio.window.widgets.sample_grid import SampleGrid
from ganstudio.window.widgets.segmented import SegmentedControl
from ganstudio.window.widgets.time_slider import TimeSlider

MODES = (
    ("generated", "Generated", "What the generator makes from the same latent vectors each time"),
    ("real", "Real", "Some of the real data"),
    ("both", "Both", "Real beside generated. R switches."),
)


class SampleStage(Card):
    """A card with the Generated/Real/Both control, a stack of sample grid and cloud view, codes and the slider.

    Parts: ``grid``, ``cloud``, ``codes``, ``slider``, ``modes``. R anywhere in it toggles the real ones.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Samples", "", parent)
        # widgets
        self.modes = SegmentedControl(MODES, "Shown")
        self.grid = SampleGrid()
        self.cloud = CloudView()
        self.codes = CodesPanel()
        self.slider = TimeSlider()
        self._stack = QStackedWidget()
        # connections
        self.modes.chosen.connect(self.set_mode)
        self.grid.mode_changed.connect(self._mode_changed)
        self.cloud.mode_changed.connect(self._mode_changed)
        # assembly
        self.add_control(self.modes)
        self._stack.addWidget(self.grid)
        self._stack.addWidget(self.cloud)
        self.body.addWidget(self._stack, 1)
        self.body.addWidget(self.slider)
        self.body.addWidget(self.codes)
        self.show_grid()

    def show_grid(self) -> None:
        """Pictures."""
        self._stack.setCurrentWidget(self.grid)
        self.set_title("Samples")
        self.modes.set_value(self.grid.mode())

    def show_cloud(self) -> None:
        """Points or densities."""
        self._stack.setCurrentWidget(self.cloud)
        self.set_title("Points")
        self.modes.set_value(self.cloud.mode())

    def shown(self) -> SampleGrid | CloudView:
        """The one that is shown."""
        return self.cloud if self._stack.currentWidget() is self.cloud else self.grid

    def mode(self) -> str:
        """ "generated", "real" or "both"."""
        return self.shown().mode()

    @Slot(str)
    def set_mode(self, mode: str) -> None:
        """ "generated", "real" or "both", for whichever is shown."""
        self.shown().set_mode(mode)
        self.modes.set_value(mode)

    def set_empty(self, title: str, text: str, button: str = "", tooltip: str = "") -> None:
        """The words shown in grid and cloud while there is nothing; the button emits their ``action_requested``."""
        self.grid.set_empty(title, text, button, tooltip)
        self.cloud.set_empty(title, text, button, tooltip)

    def clear(self) -> None:
        """Nothing to show."""
        self.grid.clear()
        self.cloud.clear()
        self.slider.set_playing(False)
        self.slider.set_steps(())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """R toggles the real ones beside the generated ones."""
        if event.key() == Qt.Key.Key_R and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self.set_mode("generated" if self.mode() == "both" else "both")
        else:
            super().keyPressEvent(event)

    @Slot(str)
    def _mode_changed(self, mode: str) -> None:
        if self.sender() is self.shown():
            self.modes.set_value(mode)
