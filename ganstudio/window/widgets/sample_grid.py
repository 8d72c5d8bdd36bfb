"""The grid of samples: pictures painted as one image, one of them enlarged on a click."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

Images = NDArray[np.uint8]


class SampleGrid(QWidget):
    """Generated pictures, real ones, or both side by side: uint8 (N, H, W, C) with C 1 or 3.

    Keys: arrows move, Enter enlarges, Esc goes back, R toggles the real pictures beside the generated ones.
    """

    cell_enlarged = Signal(int)
    """The index of the enlarged generated picture, -1 when the grid is back."""
    mode_changed = Signal(str)
    """"generated", "real" or "both"."""
    action_requested = Signal()
    """The button of the empty state was pressed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)

    def set_generated(self, images: Images | None, step: int | None = None) -> None:
        """Show generated pictures; ``None`` empties. ``step`` names saved files and the enlarged view."""

    def set_real(self, images: Images | None) -> None:
        """The real pictures beside them."""

    def set_seeds(self, seeds: Sequence[int]) -> None:
        """The seed of each generated picture, shown when enlarged; 0, 1, 2, ... unless told."""

    def set_mode(self, mode: str) -> None:
        """Show "generated", "real" or "both"."""

    def mode(self) -> str:
        """What is shown."""
        ...

    def set_empty(self, title: str, text: str, button: str = "", tooltip: str = "") -> None:
        """The words shown while there is no picture."""

    def enlarge(self, index: int | None) -> None:
        """Enlarge one picture, or ``None`` to go back to the grid."""

    def image(self) -> Images | None:
        """The grid as one picture, (H, W, C) uint8, 2 px between cells and around, one pixel per pixel."""
        ...

    def save_grid(self) -> None:
        """Ask where and save the grid as PNG."""

    def copy_grid(self) -> None:
        """Put the grid on the clipboard."""
