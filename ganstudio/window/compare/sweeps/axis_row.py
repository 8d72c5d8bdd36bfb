"""One setting of a sweep: which, its values, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QToolButton, QVBoxLayout, QWidget

from ganstudio.core.sweep_values import HELP
from ganstudio.window.compare.sweeps.keys import SweepKey
from ganstudio.window.dialogs.chooser import Chooser, Entry
from ganstudio.window.theme import icon, theme
from ganstudio.window.theme.style import set_role
from ganstudio.window.widgets.basic import Caption

KEY_WIDTH = 190
CHOOSE = "Choose a setting …"


class AxisRow(QWidget):
    """``changed`` comes with every edit, ``removed`` when the person takes the row away."""

    changed = Signal()
    removed = Signal(object)

    def __init__(self, keys: Sequence[SweepKey], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys = {key.key: key for key in keys}
        self.key = ""
        self.menu: Chooser | None = None
        # widgets
        self.choose = QPushButton(CHOOSE)
        self.choose.setFixedWidth(KEY_WIDTH)
        self.choose.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the arrow behind the words
        self.choose.setIconSize(QSize(9, 9))
        self.values = QLineEdit()
        self.values.setFont(theme().font("figure"))
        self.values.setPlaceholderText("1e-4, 2e-4, 5e-4")
        self.remove = QToolButton()
        set_role(self.remove, "tool")
        self.note = Caption(wrap=True)
        # connections
        self.choose.clicked.connect(self.open_menu)
        self.values.textChanged.connect(self._on_text)
        self.remove.clicked.connect(self._on_remove)
        theme().changed.connect(self._show_icons)
        self._show_icons()
        self._name()
        self._assemble()

    def _assemble(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.choose)
        line.addWidget(self.values, 1)
        line.addWidget(self.remove)
        below = QHBoxLayout()
        below.setContentsMargins(KEY_WIDTH + 8, 0, 24, 0)
        below.addWidget(self.note)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(line)
        column.addLayout(below)
        self.note.setText("Which setting is to vary.")

    def _name(self) -> None:
        """What a screen reader and the pointer are told."""
        label = self._keys[self.key].label if self.key else "setting"
        self.choose.setAccessibleName(f"Setting: {label}")
        self.choose.setToolTip(self.key or "The setting that takes several values")
        self.values.setAccessibleName(f"Values of {label}")
        self.values.setToolTip(HELP)
        self.remove.setAccessibleName(f"Take {label} away")
        self.remove.setToolTip(f"Vary {label} no more")

    @property
    def text(self) -> str:
        """The values as they are written."""
        return self.values.text().strip()

    def set_key(self, key: str, values: str | None = None) -> None:
        """Vary another setting, with values around its present one unless others are given."""
        chosen = self._keys[key]
        self.key = key
        shown = self.fontMetrics().elidedText(chosen.label, Qt.TextElideMode.ElideRight, KEY_WIDTH - 44)
        self.choose.setText(shown)
        self._name()
        self.values.setText(chosen.values if values is None else values)
        self.show_problem("")
        self.values.setFocus()
        self.values.selectAll()
        self.changed.emit()

    def show_problem(self, problem: str) -> None:
        """What is wrong, or else what the setting does."""
        help = self._keys[self.key].help if self.key else "Which setting is to vary."
        self.note.setText(f"{problem[:1].upper()}{problem[1:]}." if problem else help)
        self.note.setToolTip(help)
        set_role(self.note, "warning" if problem else "caption")
        self.values.setProperty("invalid", bool(problem))
        self.values.style().unpolish(self.values)
        self.values.style().polish(self.values)

    @Slot()
    def open_menu(self) -> None:
        """All settings, to be found by a few letters."""
        entries = [
            Entry(
                key.key, key.label, key.help, key.key, key.group, current=key.key == self.key, words=key.key
            )
            for key in self._keys.values()
        ]
        self.menu = Chooser(entries, "Search settings", self)
        self.menu.chosen.connect(self.set_key)
        self.menu.destroyed.connect(self._on_menu_gone)
        self.menu.open_below(self.choose, 480)

    @Slot()
    def _show_icons(self) -> None:
        self.choose.setIcon(icon("chevron-down", "muted"))
        self.remove.setIcon(icon("close", "muted"))

    @Slot()
    def _on_menu_gone(self) -> None:
        self.menu = None

    @Slot()
    def _on_text(self) -> None:
        self.changed.emit()

    @Slot()
    def _on_remove(self) -> None:
        self.removed.emit(self)
