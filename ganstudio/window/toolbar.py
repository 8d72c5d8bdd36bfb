"""The bar at the top: menus, preset, device, the run's buttons, the search for actions."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenuBar, QPushButton, QSizePolicy, QToolButton, QWidget

from ganstudio.core.lifecycle import State
from ganstudio.window.registry import Registry
from ganstudio.window.theme import icon, theme
from ganstudio.window.theme.style import set_role

TOGGLE = {
    State.RUNNING: ("Pause", "pause"),
    State.PAUSED: ("Resume", "play"),
    State.STARTING: ("Starting", "play"),
    State.STOPPING: ("Stopping", "stop"),
}
"""What the main button says in a state; "Start" in all others."""

WIDE, SPARE = 1160, 1060
"""Widths below which words, and then the button that a menu has too, give way."""


class TopBar(QWidget):
    """One row with everything that is needed all the time."""

    preset_pressed = Signal()
    device_pressed = Signal()

    def __init__(self, registry: Registry, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._registry = registry
        self.menu = QMenuBar()
        self.menu.setNativeMenuBar(False)
        self.menu.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Preferred)
        registry.fill_menus(self.menu)
        self.menu.setMinimumWidth(self.menu.sizeHint().width())
        self.preset = self._choice("Preset", "The settings of a ready run, or your own.")
        self.device = self._choice("Device", "Where the next run trains.")
        self.toggle = self._button("run.toggle", primary=True)
        self.step = self._button("run.step")
        self.stop = self._button("run.stop")
        self.report = self._button("file.report")
        self.report.setText("Report")
        self.search = self._button("app.palette")
        self.search.setText("Search actions")
        set_role(self, "bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._assemble()
        self.preset.clicked.connect(self.preset_pressed)
        self.device.clicked.connect(self.device_pressed)
        self.show_state(State.IDLE)

    def _assemble(self) -> None:
        self._name = QLabel("GAN Studio")
        self._name.setFont(theme().font("title"))
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 6, 12, 6)
        line.setSpacing(8)
        line.addWidget(self._name)
        line.addSpacing(4)
        line.addWidget(self.menu)
        line.addSpacing(8)
        line.addWidget(self.preset)
        line.addWidget(self.device)
        line.addStretch(1)
        for button in (self.toggle, self.step, self.stop):
            line.addWidget(button)
        line.addSpacing(16)
        line.addWidget(self.report)
        line.addWidget(self.search)

    def _choice(self, name: str, tip: str) -> QPushButton:
        button = QPushButton()
        button.setAccessibleName(name)
        button.setToolTip(tip)
        button.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        button.setIcon(icon("chevron-down", "muted"))
        button.setIconSize(QSize(10, 10))
        return button

    def _button(self, action: str, primary: bool = False) -> QPushButton:
        """A button that does an action, and is enabled when it is."""
        button = ActionButton(self._registry, action)
        if primary:
            set_role(button, "primary")
        return button

    def show_state(self, state: State) -> None:
        """The main button says what it would do."""
        text, sign = TOGGLE.get(state, ("Start", "play"))
        self.toggle.setText(text)
        self.toggle.setIcon(icon(sign, "on-accent"))
        self._registry.action("run.toggle").setText(text)

    def set_preset(self, name: str) -> None:
        """The name of what the form shows."""
        shown = self.preset.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, 160)
        self.preset.setText(shown)
        self.preset.setToolTip(
            f"{name}\nThe settings of a ready run, or your own."
            if shown != name
            else "The settings of a ready run, or your own."
        )

    def set_device(self, text: str, tip: str) -> None:
        """Where the run trains, or the next one will."""
        self.device.setText(self.device.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, 180))
        self.device.setToolTip(tip)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the words that can be spared give way."""
        super().resizeEvent(event)
        wide = event.size().width() >= WIDE
        self._name.setVisible(wide)
        self.report.setVisible(event.size().width() >= SPARE)
        self.search.setText("Search actions" if wide else "")
        self.search.setAccessibleName("Search actions")


class ActionButton(QPushButton):
    """A push button over an action of the registry."""

    def __init__(self, registry: Registry, action: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._action = registry.action(action)
        self.setObjectName(action)
        self.setText(self._action.text().rstrip(" …"))
        if not self._action.icon().isNull():
            self.setIcon(self._action.icon())
            self.setIconSize(QSize(12, 12))
        self.clicked.connect(self._on_clicked)
        self._action.changed.connect(self._follow)
        self._follow()

    @Slot()
    def _on_clicked(self) -> None:
        self._action.trigger()

    @Slot()
    def _follow(self) -> None:
        self.setEnabled(self._action.isEnabled())
        self.setToolTip(self._action.toolTip())
        self.setAccessibleName(self.text())


class RailButton(QToolButton):
    """One workspace in the rail at the left."""

    def __init__(self, title: str, icon_name: str, tip: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(title)
        self.setIcon(icon(icon_name, "text"))
        self.setIconSize(QSize(18, 18))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        self.setCheckable(True)
        self.setFixedWidth(64)
        self.setToolTip(tip)
        self.setFont(theme().font("caption"))
        set_role(self, "rail")
