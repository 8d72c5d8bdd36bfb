"""Dials for what a generator is told: a choice for each categorical code, a slider for each continuous one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from ganstudio.core.numbers import MINUS
from ganstudio.window.theme import theme
from ganstudio.window.theme.style import set_role
from ganstudio.window.widgets.basic import Caption, ElidedLabel, Title
from ganstudio.window.widgets.mark import Mark

TICKS = 100
COLUMNS, TALLEST, NAME_WIDTH, FIGURE_WIDTH = 2, 104, 64, 52
WAIT_MS = 60
"""Between a dial's move and what is asked of the engine: a drag asks for some pictures, not for hundreds."""
AS_DRAWN = "as drawn"
Codes = tuple[float | None, ...]


class Choice(QComboBox):
    """A code or label with several values, the first being "as drawn"; the wheel scrolls what lies around it."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Only a focused box takes the wheel."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def value(self) -> int | None:
        """The chosen value from 0 on, ``None`` for as drawn."""
        return None if self.currentIndex() <= 0 else self.currentIndex() - 1

    def put_back(self) -> None:
        """As drawn, without a signal."""
        with QSignalBlocker(self):
            self.setCurrentIndex(0)


class Dial(QWidget):
    """A continuous code: a slider from -1 to 1, its value, and a mark that puts it back to as drawn."""

    moved = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._on = False
        self._name = name
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.figure = Caption(AS_DRAWN)
        self.mark = Mark()
        self._dress()
        self.slider.valueChanged.connect(self._on_moved)
        self.mark.clicked.connect(self._on_put_back)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        line.addWidget(self.slider, 1)
        line.addWidget(self.figure)
        line.addWidget(self.mark)

    def _dress(self) -> None:
        self.slider.setRange(-TICKS, TICKS)
        self.slider.setSingleStep(5)
        self.slider.setPageStep(25)
        self.slider.setMinimumWidth(60)
        self.slider.setAccessibleName(self._name)
        self.slider.setToolTip(f"{self._name}, from {MINUS}1 to 1. Arrow keys move it; a move sets the code.")
        self.figure.setFont(theme().font("small-figure"))
        self.figure.setFixedWidth(FIGURE_WIDTH)
        self.figure.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def value(self) -> float | None:
        """From -1 to 1, ``None`` for as drawn."""
        return self.slider.value() / TICKS if self._on else None

    def set_value(self, value: float | None) -> None:
        """Show a value from -1 to 1, or as drawn, without a signal."""
        self._on = value is not None
        with QSignalBlocker(self.slider):
            self.slider.setValue(round((value or 0.0) * TICKS))
        self._show()

    def put_back(self) -> None:
        """As drawn, without a signal."""
        self.set_value(None)

    def _show(self) -> None:
        value = self.value()
        self.figure.setText(AS_DRAWN if value is None else f"{value:+.2f}".replace("-", MINUS))
        self.mark.tell(self._on, self._name, AS_DRAWN)

    @Slot()
    def _on_moved(self) -> None:
        self._on = True
        self._show()
        self.moved.emit()

    @Slot()
    def _on_put_back(self) -> None:
        self.put_back()
        self.moved.emit()


class CodesPanel(QWidget):
    """The dials of one run. ``looked`` tells that codes or label are set otherwise; :meth:`wish` says how."""

    looked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._built: tuple[int, int, int, tuple[str, ...]] = (0, 0, 0, ())
        self.label: Choice | None = None
        self.choices: list[Choice] = []
        self.dials: list[Dial] = []
        self.reset = QPushButton("As drawn")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(WAIT_MS)
        self._area = QScrollArea()
        self._assemble()
        self._timer.timeout.connect(self.looked)
        self.reset.clicked.connect(self._on_reset)
        self.hide()

    def _assemble(self) -> None:
        self.reset.setToolTip("Put every code back to what was drawn for each seed")
        set_role(self.reset, "quiet")
        title = Title("Codes")
        title.setToolTip(
            "Part of the generator's input has a meaning of its own. Turn it and see what it changes."
        )
        head = QHBoxLayout()
        head.addWidget(title)
        head.addStretch(1)
        head.addWidget(self.reset)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self._area)
        self.setAccessibleName("Codes")

    def set_codes(
        self, categorical: int, categories: int, continuous: int, labels: Sequence[str] = ()
    ) -> None:
        """Make the dials for a run, all as drawn; nothing to set hides the panel."""
        wanted = (categorical, categories, continuous, tuple(labels))
        if wanted != self._built:
            self._built = wanted
            self._build(*wanted)
        self.put_back()
        self.setVisible(bool(categorical or continuous or labels))

    def _build(self, categorical: int, categories: int, continuous: int, labels: tuple[str, ...]) -> None:
        inside = QWidget()
        set_role(inside, "scrolled")
        cells = QGridLayout(inside)
        cells.setContentsMargins(0, 0, 0, 0)
        cells.setHorizontalSpacing(16)
        cells.setVerticalSpacing(4)
        numbers = [str(value + 1) for value in range(categories)]
        self.label = self._choice("Class", labels, "Show samples of one class only") if labels else None
        names = [f"Code {index + 1}" for index in range(categorical + continuous)]
        self.choices = [
            self._choice(name, numbers, f"{name}, a choice of {categories}") for name in names[:categorical]
        ]
        self.dials = [Dial(name) for name in names[categorical:]]
        controls: list[tuple[str, QWidget]] = [("Class", self.label)] if self.label is not None else []
        controls += zip(names, [*self.choices, *self.dials], strict=True)
        for place, (name, control) in enumerate(controls):
            caption = ElidedLabel(name)
            caption.setFixedWidth(NAME_WIDTH)
            row, column = divmod(place, COLUMNS)
            cells.addWidget(caption, row, 2 * column)
            cells.addWidget(control, row, 2 * column + 1)
        for column in range(COLUMNS):
            cells.setColumnStretch(2 * column + 1, 1)
        for dial in self.dials:
            dial.moved.connect(self._on_moved)
        self._area.setWidget(inside)
        self._fit()

    def _choice(self, name: str, values: Sequence[str], tip: str) -> Choice:
        box = Choice()
        box.addItems([AS_DRAWN, *values])
        box.setAccessibleName(name)
        box.setToolTip(tip)
        box.setMinimumWidth(90)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.activated.connect(self._on_moved)
        return box

    def _fit(self) -> None:
        inside = self._area.widget()
        if inside is not None:
            self._area.setFixedHeight(min(inside.sizeHint().height() + 2, TALLEST))

    def changeEvent(self, event: QEvent) -> None:
        """Another style or font needs another height."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self._fit()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks any more."""
        self._timer.stop()
        super().hideEvent(event)

    # ------------------------------------------------------------ values

    def wish(self) -> tuple[Codes, int | None]:
        """Codes (categorical from 0 on, then continuous; ``None`` as drawn) and label; no codes where none is set."""
        codes: Codes = (*(box.value() for box in self.choices), *(dial.value() for dial in self.dials))
        label = self.label.value() if self.label is not None else None
        return (() if all(value is None for value in codes) else codes), label

    @property
    def is_set(self) -> bool:
        """Whether anything is not as it was drawn."""
        return self.wish() != ((), None)

    def put_back(self) -> None:
        """Everything as drawn, without a signal."""
        self._timer.stop()
        for control in (*self.choices, *self.dials, *([self.label] if self.label is not None else [])):
            control.put_back()
        self.reset.setEnabled(False)

    def set_locked(self, reason: str) -> None:
        """Whether it can be used now, and why not."""
        self._area.setEnabled(not reason)
        self.setToolTip(reason)

    @Slot()
    def _on_moved(self) -> None:
        self.reset.setEnabled(self.is_set)
        if not self._timer.isActive():
            self._timer.start()

    @Slot()
    def _on_reset(self) -> None:
        self.put_back()
        self.looked.emit()
