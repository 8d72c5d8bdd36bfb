"""A line for tags, and below it tags that a press adds."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout, QWidget

from ganstudio.core.notes import clean_tags
from ganstudio.window.theme.style import set_role
from ganstudio.window.widgets.flow import Flow

MOST_SUGGESTED = 12
LONGEST = 20
"""Letters of a tag that a button shows."""


class TagField(QWidget):
    """Words with commas between. ``changed`` tells that others stand there, typed or added by a press."""

    changed = Signal()

    def __init__(self, tags: Iterable[str] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.edit = QLineEdit(", ".join(tags))
        self.edit.setAccessibleName("Tags")
        self.edit.setPlaceholderText("good, to show")
        self.setFocusProxy(self.edit)
        self.buttons: list[QPushButton] = []
        self._row = QWidget()
        self._flow = Flow(6, self._row)
        self._row.hide()
        self.edit.textChanged.connect(self.changed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.edit)
        column.addWidget(self._row)

    def tags(self) -> tuple[str, ...]:
        """What is written, tidied."""
        return clean_tags(self.edit.text().split(","))

    def suggest(self, tags: Iterable[str]) -> None:
        """Offer these, the first dozen of them."""
        offered = clean_tags(tags)[:MOST_SUGGESTED]
        if offered == tuple(button.property("tag") for button in self.buttons):
            return
        for button in self.buttons:
            self._flow.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons = [self._button(tag) for tag in offered]
        self._row.setVisible(bool(offered))

    def _button(self, tag: str) -> QPushButton:
        button = QPushButton(tag if len(tag) < LONGEST else f"{tag[: LONGEST - 2]}…", self._row)
        button.setToolTip(f"Add “{tag}”")
        button.setAccessibleName(f"Add {tag}")
        button.setProperty("tag", tag)
        button.setAutoDefault(False)
        set_role(button, "filter")
        button.clicked.connect(self._on_add)
        self._flow.addWidget(button)
        button.show()
        return button

    @Slot()
    def _on_add(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.edit.setText(", ".join(clean_tags([*self.tags(), str(sender.property("tag"))])))
            self.edit.setFocus()
