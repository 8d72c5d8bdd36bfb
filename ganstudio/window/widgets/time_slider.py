"""A slider through every saved grid, with a play button and a live end."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget


class TimeSlider(QWidget):
    """Steps that have a saved grid, in order, and at the right end "live": follow the newest.

    A position is a step number or ``None`` for live.
    """

    step_chosen = Signal(object)
    """int or None: the person (or playing) moved to a saved step, or to the live end."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)

    def set_steps(self, steps: Sequence[int]) -> None:
        """All saved steps, in rising order; the position is kept where it can be."""

    def add_step(self, step: int) -> None:
        """A newly saved step."""

    def set_live_step(self, step: int) -> None:
        """The step of the newest picture, shown while at the live end."""

    def steps(self) -> tuple[int, ...]:
        """The saved steps."""
        ...

    def position(self) -> int | None:
        """The chosen step, ``None`` for live."""
        ...

    def set_position(self, step: int | None) -> None:
        """Move to the nearest saved step or to the live end, without a signal."""

    def set_playing(self, playing: bool) -> None:
        """Play through the saved steps, or stop."""

    def is_playing(self) -> bool:
        """Whether it plays."""
        ...
