"""A slider that moves by factors, with the number beside it."""

from __future__ import annotations

import math

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QSlider, QWidget

from ganstudio.core.schema import plain
from ganstudio.window.theme import theme
from ganstudio.window.widgets.basic import Caption, ElidedLabel
from ganstudio.window.widgets.mark import Mark

TICKS = 1000


class LogSlider(QWidget):
    """Label, slider, editable number, unit, and a dot that puts back the default when the value differs.

    ``low`` and ``high`` bound the slider (more than 0); typed numbers may lie between ``minimum`` and
    ``maximum``. ``actor`` ("generator", "discriminator" or "") colours the slider. Slider positions are
    rounded to two significant digits; what is typed is taken as it is.
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
        if not 0 < low < high:
            raise ValueError(f"a slider by factors needs 0 < low < high, not {low} and {high}")
        self._low, self._high = low, high
        self._minimum = low if minimum is None else minimum
        self._maximum = high if maximum is None else maximum
        self._default = self._value = default
        # widgets
        self._label = ElidedLabel(label)
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._field = QLineEdit()
        self._unit = Caption(unit)
        self._dot = Mark()
        self._recipe = ""
        self._dress(label, help, actor, unit)
        # connections
        self._slider.valueChanged.connect(self._slid)
        self._slider.sliderReleased.connect(self._released)
        self._field.editingFinished.connect(self._typed)
        self._field.textEdited.connect(self._editing)
        self._dot.clicked.connect(self.reset)
        self._assemble()
        self._show()

    def _dress(self, label: str, help: str, actor: str, unit: str) -> None:
        self._slider.setRange(0, TICKS)
        self._slider.setSingleStep(TICKS // 100)
        self._slider.setPageStep(TICKS // 10)
        self._slider.setMinimumWidth(48)
        self._slider.setProperty("actor", actor)
        self._field.setFixedWidth(60)
        self._field.setFont(theme().font("figure"))
        self._field.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._unit.setVisible(bool(unit))
        self._tip = help
        for part in (self._slider, self._field):
            part.setToolTip(help)
            part.setAccessibleName(label)
        self.setFocusProxy(self._field)
        self._label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def _assemble(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self._label)
        layout.addWidget(self._slider, 1)
        layout.addWidget(self._dot)
        layout.addWidget(self._field)
        layout.addWidget(self._unit)

    # ------------------------------------------------------------ value

    def value(self) -> float:
        """The value."""
        return self._value

    def set_value(self, value: float) -> None:
        """Show a value without a signal."""
        self._value = float(value)
        self._show()

    def set_default(self, default: float, recipe: str = "") -> None:
        """The value that the dot puts back; ``recipe`` names whose recipe has it."""
        self._default, self._recipe = float(default), recipe
        self._show()

    def is_changed(self) -> bool:
        """Whether the value differs from the default."""
        return not math.isclose(self._value, self._default, rel_tol=1e-9)

    @Slot()
    def reset(self) -> None:
        """Put back the default, with signals."""
        self._accept(self._default, committed=True)

    def _accept(self, value: float, *, committed: bool) -> None:
        changed = value != self._value
        self._value = value
        self._show()
        if changed:
            self.value_changed.emit(value)
        if committed:
            self.value_committed.emit(value)

    def _show(self) -> None:
        with QSignalBlocker(self._slider):
            self._slider.setValue(self._position(self._value))
        self._field.setText(plain(self._value))
        self._mark_valid(True)
        name = self._slider.accessibleName()
        self._dot.tell(self.is_changed(), name, plain(self._default), recipe=self._recipe)

    def _position(self, value: float) -> int:
        bounded = min(max(value, self._low), self._high)
        return round(TICKS * math.log(bounded / self._low) / math.log(self._high / self._low))

    # ------------------------------------------------------------ slots

    @Slot(int)
    def _slid(self, position: int) -> None:
        exact = self._low * (self._high / self._low) ** (position / TICKS)
        self._accept(float(f"{exact:.1e}"), committed=not self._slider.isSliderDown())

    @Slot()
    def _released(self) -> None:
        self.value_committed.emit(self._value)

    @Slot()
    def _typed(self) -> None:
        value = self._read()
        if value is None:
            self._show()
        elif value != self._value:
            self._accept(value, committed=True)

    @Slot(str)
    def _editing(self, _text: str) -> None:
        self._mark_valid(self._read() is not None)

    def _read(self) -> float | None:
        try:
            value = float(self._field.text().strip().replace("−", "-").replace(",", "."))
        except ValueError:
            return None
        return value if math.isfinite(value) and self._minimum <= value <= self._maximum else None

    def _mark_valid(self, valid: bool) -> None:
        bounds = f"A number from {plain(self._minimum)} to {plain(self._maximum)}"
        self._field.setToolTip(f"{self._tip}\n{bounds}".strip() if valid else bounds)
        if bool(self._field.property("invalid")) == valid:
            self._field.setProperty("invalid", not valid)
            self._field.style().unpolish(self._field)
            self._field.style().polish(self._field)

    @property
    def label(self) -> QLabel:
        """The label, for a mark or a context menu."""
        return self._label
