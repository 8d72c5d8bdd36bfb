"""The quiet row above the charts: smoothing, x unit, y scale, outliers."""

from __future__ import annotations

import math
from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QSlider, QToolButton, QWidget

from ganstudio.window.theme import theme
from ganstudio.window.theme.style import set_role
from ganstudio.window.widgets.basic import Caption
from ganstudio.window.widgets.charts.spec import ChartOptions

STOPS = 100
X_CHOICES = (("step", "Steps"), ("images", "Images"), ("time", "Time"))
Y_CHOICES = (("linear", "Linear"), ("log", "Log"), ("symlog", "Symlog"))


def weight_of(stop: int) -> float:
    """The smoothing weight at a slider's stop: 0 at 0, 0.9 at a third, 0.99 at two thirds, 0.999 at the end."""
    return round(1 - 10 ** (-3 * stop / STOPS), 6)


def stop_of(weight: float) -> int:
    """The slider's stop for a weight."""
    return round(-math.log10(1 - min(max(weight, 0.0), 0.999)) / 3 * STOPS)


class ChartControls(QWidget):
    """How all charts are drawn."""

    changed = Signal(object)
    """ChartOptions."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._options = ChartOptions()
        # widgets
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self._caption, self._value = Caption("Smoothing"), Caption()
        self.x_button = self._chooser("Horizontal axis", X_CHOICES, "What the charts run over")
        self.y_button = self._chooser("Vertical axis", Y_CHOICES, "Logarithmic scales show small values too")
        self.outliers = QToolButton()
        self._dress()
        # connections
        self.slider.valueChanged.connect(self._smoothed)
        self.outliers.toggled.connect(self._outliers_toggled)
        # assembly
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._caption)
        layout.addWidget(self.slider, 1)
        layout.addWidget(self._value)
        layout.addWidget(self.x_button)
        layout.addWidget(self.y_button)
        layout.addWidget(self.outliers)
        self._show()

    def _dress(self) -> None:
        self.slider.setRange(0, STOPS)
        self.slider.setPageStep(10)
        self.slider.setMinimumWidth(27)
        self.slider.setAccessibleName("Smoothing")
        self.slider.setToolTip(
            "How much the lines are smoothed: a running mean over the reports before, with the raw trace faint behind"
        )
        self._value.setFont(theme().font("small-figure"))
        self._value.setFixedWidth(36)
        self.outliers.setText("Outliers")
        self.outliers.setCheckable(True)
        self.outliers.setChecked(True)
        self.outliers.setFont(theme().font("caption"))
        self.outliers.setAccessibleName("Show outliers")
        self.outliers.setToolTip(
            "Off: the vertical range leaves out the lowest and the highest 1 % of the values"
        )
        set_role(self.outliers, "quiet")

    def _chooser(self, name: str, choices: tuple[tuple[str, str], ...], tip: str) -> QToolButton:
        button = QToolButton()
        menu, group = QMenu(button), None
        group = QActionGroup(menu)
        for value, label in choices:
            action = menu.addAction(label)
            action.setCheckable(True)
            action.setData(value)
            group.addAction(action)
        group.triggered.connect(self._chosen)
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setFont(theme().font("caption"))
        button.setAccessibleName(name)
        button.setToolTip(tip)
        button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        set_role(button, "quiet")
        return button

    def options(self) -> ChartOptions:
        """The chosen options."""
        return self._options

    def set_options(self, options: ChartOptions) -> None:
        """Show options, without a signal."""
        self._options = options
        self._show()

    def _show(self) -> None:
        options = self._options
        with QSignalBlocker(self.slider), QSignalBlocker(self.outliers):
            self.slider.setValue(stop_of(options.smoothing))
            self.outliers.setChecked(not options.ignore_outliers)
        self._value.setText(f"{options.smoothing:.3f}".rstrip("0").rstrip(".") or "0")
        for button, value in ((self.x_button, options.x), (self.y_button, options.y)):
            action = next(a for a in button.menu().actions() if a.data() == value)
            action.setChecked(True)
            button.setText(f"{action.text()} ▾")
        self._make_room()

    def _make_room(self) -> None:
        """The slider's name gives way before the words of the buttons are cut."""
        needed = self.layout().minimumSize().width()
        if self._caption.isHidden():
            needed += self._caption.sizeHint().width() + self.layout().spacing()
        self._caption.setHidden(self.width() < needed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many words as fit."""
        super().resizeEvent(event)
        self._make_room()

    def _accept(self, options: ChartOptions) -> None:
        if options != self._options:
            self.set_options(options)
            self.changed.emit(options)

    @Slot(int)
    def _smoothed(self, stop: int) -> None:
        self._accept(replace(self._options, smoothing=weight_of(stop)))

    @Slot(bool)
    def _outliers_toggled(self, on: bool) -> None:
        self._accept(replace(self._options, ignore_outliers=not on))

    @Slot(QAction)
    def _chosen(self, action: QAction) -> None:
        axis = "x" if action.data() in {value for value, _ in X_CHOICES} else "y"
        self._accept(replace(self._options, **{axis: action.data()}))
