"""A slider that moves by factors, with the number beside it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget


class LogSlider(QWidget):
    """Label, slider, editable number, unit, and a dot that puts back the default when the value differs.

    ``low`` and ``high`` bound the slider (more than 0); typed numbers may lie between ``minimum`` and
    ``maximum``. ``actor`` ("generator", "discriminator" or "") colours the slider.
    """

    value_changed = Signal(float)
    """While dragging, at every move."""
    value_committed = Signal(float)
    """Once a drag or an entry is done."""

    def __init__(
        self,
        label: str,
        low: float,
        high: float,
        default: float,
        *,
        unit: str = "",
        help: str = "",
        actor: str = "",
        minimum: float | None = None,
        maximum: float | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)

    def value(self) -> float:
        """The value."""
        ...

    def set_value(self, value: float) -> None:
        """Show a value without a signal."""

    def set_default(self, default: float) -> None:
        """The value that the dot puts back."""

    def reset(self) -> None:
        """Put back the default, with signals."""
