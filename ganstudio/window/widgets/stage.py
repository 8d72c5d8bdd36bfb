"""The centre of the Train workspace: samples or points, with their time slider."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from ganstudio.window.widgets.basic import Card
from ganstudio.window.widgets.cloud_view import CloudView
from ganstudio.window.widgets.sample_grid import SampleGrid
from ganstudio.window.widgets.time_slider import TimeSlider


class SampleStage(Card):
    """A card with the Generated/Real/Both control, a stack of sample grid and cloud view, and the slider.

    Parts: ``grid``, ``cloud``, ``slider``, ``modes``.
    """

    grid: SampleGrid
    cloud: CloudView
    slider: TimeSlider

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Samples", "", parent)

    def show_grid(self) -> None:
        """Pictures."""

    def show_cloud(self) -> None:
        """Points or densities."""

    def set_mode(self, mode: str) -> None:
        """ "generated", "real" or "both", for whichever is shown."""

    def set_empty(self, title: str, text: str, button: str = "", tooltip: str = "") -> None:
        """The words shown in grid and cloud while there is nothing; the button emits their ``action_requested``."""
