"""A switch with a label."""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractButton, QWidget


class ToggleSwitch(QAbstractButton):
    """On or off, drawn as a switch, with its label at the right; ``toggled(bool)`` as in Qt. Space toggles."""

    def __init__(self, label: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
