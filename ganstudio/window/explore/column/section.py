"""What the sections of the column have in common."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from ganstudio.window.explore.dial import LABEL_WIDTH, Heading
from ganstudio.window.explore.state import Explorer
from ganstudio.window.theme.style import set_role
from ganstudio.window.widgets.basic import Caption, ElidedLabel

SIGN_WIDTH = 24


class Section(QWidget):
    """A heading and rows below it; ``show_model`` and ``show_recipe`` follow the state."""

    def __init__(self, title: str, explorer: Explorer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.explorer = explorer
        self._head = QHBoxLayout()
        self._head.setSpacing(4)
        self._head.addWidget(Heading(title))
        self._head.addStretch(1)
        self.rows = QVBoxLayout(self)
        self.rows.setContentsMargins(0, 0, 0, 0)
        self.rows.setSpacing(6)
        self.rows.addLayout(self._head)
        self.note = Caption(wrap=True)
        self.note.hide()
        self.setAccessibleName(title)

    def _finish(self) -> None:
        """Call at the end of the assembly: the note stands last, and the state is followed from now on."""
        self.rows.addWidget(self.note)
        self.explorer.model_changed.connect(self._on_model)
        self.explorer.recipe_changed.connect(self._on_recipe)
        self._on_model()

    @Slot()
    def _on_model(self) -> None:
        self.show_model()
        if self.explorer.opened is not None:
            self.show_recipe()

    @Slot()
    def _on_recipe(self) -> None:
        if self.explorer.opened is not None:
            self.show_recipe()

    def show_model(self) -> None:
        """What the model can do."""

    def show_recipe(self) -> None:
        """What the recipe says."""

    def say(self, why: str) -> None:
        """A muted line at the end; nothing hides it."""
        self.note.setText(why)
        self.note.setVisible(bool(why))


def row(label: str, *widgets: QWidget, stretch: bool = True) -> QHBoxLayout:
    """A label and what belongs to it."""
    line = QHBoxLayout()
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(4)
    words = ElidedLabel(label)
    words.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
    words.setFixedWidth(max(LABEL_WIDTH, words.sizeHint().width()))
    line.addWidget(words)
    if stretch:
        line.addStretch(1)
    for widget in widgets:
        line.addWidget(widget)
    return line


def buttons(*widgets: QWidget) -> QHBoxLayout:
    """Buttons at the right end of a line."""
    line = QHBoxLayout()
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(4)
    line.addStretch(1)
    for widget in widgets:
        line.addWidget(widget)
    return line


def small_button(text: str, tip: str, checkable: bool = False) -> QToolButton:
    """A quiet button with a word or a sign."""
    button = QToolButton()
    button.setText(text)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    button.setCheckable(checkable)
    set_role(button, "quiet")
    if len(text) == 1:
        button.setFixedWidth(SIGN_WIDTH)
    return button


def link(text: str, tip: str) -> QPushButton:
    """A word in the accent colour that does something."""
    button = QPushButton(text)
    button.setToolTip(tip)
    set_role(button, "link")
    return button
