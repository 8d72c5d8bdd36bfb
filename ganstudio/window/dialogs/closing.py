"""Asked when the window closes while a run is under way, and shown while the run is being saved."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from ganstudio.window.theme import theme
from ganstudio.window.theme.style import set_role


class ClosingDialog(QDialog):
    """Save and quit, quit, or go on. ``decided`` carries "save", "quit" or "cancel"."""

    decided = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Quit GAN Studio")
        self._saving = False
        self._title = QLabel("A run is under way")
        self._title.setFont(theme().font("heading"))
        self._text = QLabel(
            "Save a checkpoint before quitting? The run can then go on from here at any time."
        )
        self._text.setWordWrap(True)
        self._bar = QProgressBar()
        self._bar.setRange(0, 0)
        self._bar.hide()
        self.save = self._button("Save and quit", "Save a checkpoint, then quit (recommended)", "primary")
        self.quit = self._button("Quit", "Quit now; steps since the last checkpoint are lost")
        self.cancel = self._button("Cancel", "Go on training")
        self.save.setDefault(True)
        self.save.clicked.connect(self._on_save)
        self.quit.clicked.connect(self._on_quit)
        self.cancel.clicked.connect(self._on_cancel)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        for button in (self.cancel, self.quit, self.save):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(10)
        for widget in (self._title, self._text, self._bar):
            column.addWidget(widget)
        column.addSpacing(6)
        column.addLayout(buttons)

    @staticmethod
    def _button(text: str, tip: str, role: str = "") -> QPushButton:
        button = QPushButton(text)
        button.setToolTip(tip)
        if role:
            set_role(button, role)
        return button

    @Slot()
    def _on_save(self) -> None:
        """Stay and show that it is saving; quitting at once remains possible."""
        self._saving = True
        self._title.setText("Saving the run")
        self._text.setText("The window closes by itself once the checkpoint is written.")
        self._bar.show()
        self.save.hide()
        self.cancel.hide()
        self.quit.setText("Quit without saving")
        self.decided.emit("save")

    @Slot()
    def _on_quit(self) -> None:
        self.decided.emit("quit")
        self.accept()

    @Slot()
    def _on_cancel(self) -> None:
        self.decided.emit("cancel")
        self.reject()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape cancels, unless it is too late for that."""
        if event.key() == Qt.Key.Key_Escape:
            if not self._saving:
                self._on_cancel()
            return
        super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """The frame's cross cancels, unless it is too late for that."""
        if self._saving and self.isVisible():
            event.ignore()
            return
        super().closeEvent(event)
