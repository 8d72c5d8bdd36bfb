"""The one error dialog: what happened, what to do, and the details for a bug report, folded."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from ganstudio.window.theme import theme
from ganstudio.window.theme.style import set_role


@dataclass(frozen=True)
class Problem:
    """Something that went wrong, in the words of the person it happened to."""

    title: str
    what: str
    remedy: str = ""
    detail: str = ""


class ErrorDialog(QDialog):
    """Shows one :class:`Problem`. Open it with :func:`show_problem`."""

    def __init__(self, problem: Problem, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.problem = problem
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(problem.title)
        self.setMinimumWidth(460)
        title = QLabel(problem.title)
        title.setFont(theme().font("heading"))
        self.what = self._text(problem.what)
        self.remedy = self._text(problem.remedy)
        self.remedy.setVisible(bool(problem.remedy))
        self.detail = QPlainTextEdit(problem.detail)
        self.detail.setReadOnly(True)
        self.detail.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.detail.setMinimumHeight(180)
        self.detail.setAccessibleName("Details")
        self.detail.hide()
        self.fold = QPushButton("Show details")
        set_role(self.fold, "link")
        self.fold.setVisible(bool(problem.detail))
        self.fold.clicked.connect(self._on_fold)
        self.copy = QPushButton("Copy")
        self.copy.setToolTip("Copy everything said here to the clipboard")
        self.copy.clicked.connect(self._on_copy)
        self.ok = QPushButton("Close")
        set_role(self.ok, "primary")
        self.ok.setDefault(True)
        self.ok.clicked.connect(self.accept)
        self._assemble(title)

    def _assemble(self, title: QLabel) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self.fold)
        buttons.addStretch(1)
        buttons.addWidget(self.copy)
        buttons.addWidget(self.ok)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(10)
        for widget in (title, self.what, self.remedy, self.detail):
            column.addWidget(widget)
        column.addSpacing(6)
        column.addLayout(buttons)

    @staticmethod
    def _text(text: str) -> QLabel:
        label = QLabel(text)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return label

    def whole_text(self) -> str:
        """Everything the dialog says."""
        parts = (self.problem.title, self.problem.what, self.problem.remedy, self.problem.detail)
        return "\n\n".join(part for part in parts if part)

    @Slot()
    def _on_fold(self) -> None:
        hidden = self.detail.isHidden()
        self.detail.setVisible(hidden)
        self.fold.setText("Hide details" if hidden else "Show details")
        self.adjustSize()

    @Slot()
    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.whole_text())


def show_problem(problem: Problem, parent: QWidget | None) -> ErrorDialog:
    """Tell a person about a problem without stopping the program's event loop."""
    dialog = ErrorDialog(problem, parent)
    dialog.open()
    return dialog
