"""Where tags and notes are written."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ganstudio.core.notes import Notes, clean_tags
from ganstudio.window.compare.tag_field import TagField
from ganstudio.window.theme import theme
from ganstudio.window.theme.style import set_role
from ganstudio.window.widgets.basic import Caption


class NoteDialog(QDialog):
    """A title, something to write in, and two buttons; ``kept`` carries what was written."""

    kept = Signal(object)

    def __init__(self, title: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.setWindowTitle(title)
        self.setMinimumWidth(440)
        self.heading = QLabel(title)
        self.heading.setFont(theme().font("heading"))
        self.heading.setWordWrap(True)
        self.keep = QPushButton("Keep")
        self.keep.setDefault(True)
        self.keep.setToolTip("Write it beside the run (Ctrl+Enter); Ctrl+Z takes it back")
        set_role(self.keep, "primary")
        self.leave = QPushButton("Cancel")
        self.leave.setToolTip("Leave everything as it was (Esc)")
        self.keep.clicked.connect(self._on_keep)
        self.leave.clicked.connect(self.reject)
        QShortcut(QKeySequence("Ctrl+Return"), self).activated.connect(self._on_keep)

    def _assemble(self, read: Callable[[], object], *widgets: QWidget) -> None:
        """``read`` tells what was written in the widgets."""
        self._read = read
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.leave)
        buttons.addWidget(self.keep)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(10)
        for widget in (self.heading, *widgets):
            column.addWidget(widget)
        column.addSpacing(4)
        column.addLayout(buttons)

    @Slot()
    def _on_keep(self) -> None:
        self.accept()
        self.kept.emit(self._read())


class TextDialog(NoteDialog):
    """The note of one run; ``kept`` carries its text."""

    def __init__(self, title: str, notes: Notes, parent: QWidget | None = None) -> None:
        super().__init__(f"Note on {title}", parent)
        self.edit = QPlainTextEdit(notes.text)
        self.edit.setAccessibleName("Note")
        self.edit.setPlaceholderText("What you tried, what you saw, what comes next")
        self.edit.setToolTip("Plain text, kept in the run's folder and shown in the table")
        self.edit.setTabChangesFocus(True)
        self.edit.setMinimumHeight(140)
        self._assemble(self.text, self.edit)
        self.edit.setFocus()

    def text(self) -> str:
        """The text."""
        return self.edit.toPlainText().strip()


class TagsDialog(NoteDialog):
    """The tags that all the runs have; ``kept`` carries those to add and those to take away.

    Tags that only some of the runs have are left alone unless they are typed.
    """

    def __init__(
        self, title: str, runs: Sequence[Notes], known: Sequence[str], parent: QWidget | None = None
    ) -> None:
        super().__init__(f"Tags of {title}", parent)
        first = runs[0].tags if runs else ()
        self._common = tuple(tag for tag in first if all(tag in notes.tags for notes in runs))
        some = dict.fromkeys(tag for notes in runs for tag in notes.tags if tag not in self._common)
        self.field = TagField(self._common)
        self.field.edit.setToolTip(
            "Words with commas between; a word that you take away is taken from all these runs"
        )
        self.field.suggest(tag for tag in dict.fromkeys((*some, *known)) if tag not in self._common)
        others = [Caption(f"Some of them also have: {', '.join(some)}.", wrap=True)] if some else []
        self._assemble(self.changes, *others, self.field)
        self.field.setFocus()

    def changes(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Tags to add, and tags to take away."""
        typed = self.field.tags()
        return typed, tuple(tag for tag in self._common if tag not in typed)


def tags_after(notes: Notes, add: Sequence[str], drop: Sequence[str]) -> tuple[str, ...]:
    """The tags of a run once some were added and some taken away."""
    return clean_tags([*(tag for tag in notes.tags if tag not in drop), *add])
