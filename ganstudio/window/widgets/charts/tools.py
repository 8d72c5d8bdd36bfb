"""The two buttons at the head of a chart: larger, and more."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QToolButton, QWidget

from ganstudio.window.theme import icon
from ganstudio.window.theme.style import set_role


def tool(name: str, tooltip: str, parent: QWidget | None = None) -> QToolButton:
    """A quiet square button with an icon."""
    button = QToolButton(parent)
    button.setIcon(icon(name, "muted"))
    button.setIconSize(QSize(12, 12))
    button.setFixedSize(20, 20)
    button.setToolTip(tooltip)
    button.setAccessibleName(tooltip)
    set_role(button, "tool")
    return button
