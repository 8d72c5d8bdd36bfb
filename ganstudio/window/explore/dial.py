"""A labelled slider with its number and a dot that puts it back: what every knob of the Explore workspace is."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QSlider, QWidget

from ganstudio.core.numbers import MINUS
from ganstudio.window.theme import theme
from ganstudio.window.theme.style import set_role
from ganstudio.window.widgets.basic import ElidedLabel
from ganstudio.window.widgets.mark import Mark

TICKS = 200
LABEL_WIDTH, FIELD_WIDTH = 72, 46


class Dial(QWidget):
    """A number from ``low`` to ``high``, shown with ``digits`` after the point; ``sign`` shows + too."""

    moved = Signal(float)
    """At every move."""
    released = Signal()
    """A drag or an entry is over."""

    def __init__(
        self,
        label: str,
        low: float,
        high: float,
        neutral: float,
        tip: str,
        *,
        digits: int = 2,
        sign: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._low, self._high, self._neutral = low, high, neutral
        self._digits, self._sign, self._value, self._tip = digits, sign, neutral, tip
        self.label = ElidedLabel(label)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.field = QLineEdit()
        self.mark = Mark()
        self._dress()
        self.slider.valueChanged.connect(self._on_slid)
        self.slider.sliderPressed.connect(self.released)  # what keys did before is over
        self.slider.sliderReleased.connect(self.released)
        self.field.editingFinished.connect(self._on_typed)
        self.mark.clicked.connect(self._on_put_back)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        line.addWidget(self.label)
        line.addWidget(self.slider, 1)
        line.addWidget(self.mark)
        line.addWidget(self.field)
        self._show()

    def _dress(self) -> None:
        self.label.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.label.setFixedWidth(LABEL_WIDTH)
        self.slider.setRange(0, TICKS)
        self.slider.setSingleStep(max(1, TICKS // 100))
        self.slider.setPageStep(TICKS // 10)
        self.slider.setMinimumWidth(48)
        self.field.setFixedWidth(FIELD_WIDTH)
        self.field.setFont(theme().font("figure"))
        self.field.setAlignment(Qt.AlignmentFlag.AlignRight)
        set_role(self.field, "figure")
        self._name()
        self.set_why("")

    def _name(self) -> None:
        for part in (self.slider, self.field):
            part.setAccessibleName(self.label.text())

    def set_label(self, label: str) -> None:
        """Another name."""
        self.label.setText(label)
        self._name()

    def set_why(self, why: str) -> None:
        """Grey it with a reason; an empty one lets it be moved."""
        text = f"{self._tip}\n{why}" if why else self._tip
        self.setToolTip(text)
        for part in (self.slider, self.field):
            part.setToolTip(text)
            part.setEnabled(not why)
        self.label.setEnabled(not why)

    def set_tip(self, tip: str) -> None:
        """Another explanation; :meth:`set_why` shows it."""
        self._tip = tip

    def set_range(self, low: float, high: float, neutral: float) -> None:
        """Other bounds."""
        self._low, self._high, self._neutral = low, high, neutral
        self._show()

    def value(self) -> float:
        """The number."""
        return self._value

    def set_value(self, value: float) -> None:
        """Show a number without a signal."""
        if value != self._value:
            self._value = value
            self._show()

    def _show(self) -> None:
        span = self._high - self._low
        share = (min(max(self._value, self._low), self._high) - self._low) / span if span else 0.0
        with QSignalBlocker(self.slider):
            self.slider.setValue(round(share * TICKS))
        if not (self.field.hasFocus() and self.field.isModified()):
            self.field.setText(self._text(self._value))
        changed = abs(self._value - self._neutral) > 0.5 * 10**-self._digits
        self.mark.tell(changed, self.label.text(), self._text(self._neutral))

    def _text(self, value: float) -> str:
        form = f"{value:{'+' if self._sign and value else ''}.{self._digits}f}"
        return form.replace("-", MINUS)

    @Slot(int)
    def _on_slid(self, position: int) -> None:
        exact = self._low + (self._high - self._low) * position / TICKS
        self._take(round(exact, self._digits))

    @Slot()
    def _on_typed(self) -> None:
        try:
            value = float(self.field.text().strip().replace(MINUS, "-").replace(",", "."))
        except ValueError:
            value = self._value
        self.field.setModified(False)
        value = min(max(value, self._low), self._high)  # nan compares false and ends as one of the bounds
        if abs(value - self._value) > 0.5 * 10**-self._digits:
            self._take(value)
            self.released.emit()
        self.field.setText(self._text(self._value))

    @Slot()
    def _on_put_back(self) -> None:
        self._take(self._neutral)
        self.released.emit()

    def _take(self, value: float) -> None:
        if value != self._value:
            self._value = value
            self._show()
            self.moved.emit(value)


class Heading(QLabel):
    """A muted heading of a section in the column."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setFont(theme().font("title"))
        set_role(self, "caption")
