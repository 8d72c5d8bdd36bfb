"""A row of words of which one is chosen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget


class SegmentedControl(QWidget):
    """One of a few values, each given as (value, label, tooltip). Left and right keys move the choice."""

    chosen = Signal(str)

    def __init__(
        self, choices: Sequence[tuple[str, str, str]], name: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)

    def value(self) -> str:
        """The chosen value."""
        ...

    def set_value(self, value: str) -> None:
        """Choose without a signal; ``ValueError`` for an unknown value."""

    def set_enabled(self, value: str, enabled: bool, why: str = "") -> None:
        """Switch one choice off, with the reason as its tooltip."""
