"""Toy data: points in the plane or densities on the line, real against generated."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ganstudio.core.messages import Density

Points = NDArray[np.float32]


class CloudView(QWidget):
    """Real and generated points, float (N, 1) or (N, 2), in a range fixed by the real ones.

    Key R toggles the real ones, as in the sample grid.
    """

    mode_changed = Signal(str)
    action_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)

    def set_density(self, density: Density | None) -> None:
        """The exact density of one-dimensional data."""

    def set_real(self, points: Points | None) -> None:
        """The real points, which also fix the range."""

    def set_generated(self, points: Points | None, step: int | None = None) -> None:
        """The generated points."""

    def set_mode(self, mode: str) -> None:
        """Show "generated", "real" or "both"."""

    def mode(self) -> str:
        """What is shown."""
        ...

    def set_empty(self, title: str, text: str, button: str = "", tooltip: str = "") -> None:
        """The words shown while there is no point."""

    def save_picture(self) -> None:
        """Ask where and save the view as PNG or SVG."""

    def copy_picture(self) -> None:
        """Put the view on the clipboard."""
