"""The few things a person may prefer."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ganstudio.core.runs import default_runs_folder
from ganstudio.window.settings import THEMES, Settings
from ganstudio.window.theme import theme
from ganstudio.window.theme.style import set_role
from ganstudio.window.widgets.basic import Caption
from ganstudio.window.widgets.toggle import ToggleSwitch

THEME_NAMES = {"system": "Like the system", "dark": "Dark", "light": "Light"}


class PreferencesDialog(QDialog):
    """Edits :class:`Settings`; ``applied`` comes after each change has been written into them."""

    applied = Signal()

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.settings = settings
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Preferences")
        self.setMinimumWidth(520)
        self.runs = QLineEdit(settings.runs_folder)
        self.runs.setPlaceholderText(str(default_runs_folder()))
        self.runs.setToolTip("Where the folders of new runs are made; empty for the usual place")
        self.runs.setAccessibleName("Folder of runs")
        self.choose = QPushButton("Choose …")
        self.theme = QComboBox()
        self.theme.setAccessibleName("Theme")
        for name in THEMES:
            self.theme.addItem(THEME_NAMES[name], name)
        self.theme.setCurrentIndex(self.theme.findData(settings.theme))
        self.prestart = ToggleSwitch("Keep the engine warm")
        self.prestart.setChecked(settings.prestart)
        self.prestart.setToolTip("Load the training engine in the background, so that Start answers at once")
        self.problem = Caption(wrap=True)
        set_role(self.problem, "warning")
        self.problem.hide()
        self.ok = QPushButton("Close")
        set_role(self.ok, "primary")
        self.ok.setDefault(True)
        self._assemble()
        self.choose.clicked.connect(self._on_choose)
        self.ok.clicked.connect(self._on_ok)
        self.theme.activated.connect(self._on_theme)
        self.prestart.toggled.connect(self._on_prestart)

    def _assemble(self) -> None:
        title = QLabel("Preferences")
        title.setFont(theme().font("heading"))
        folder = QHBoxLayout()
        folder.addWidget(self.runs, 1)
        folder.addWidget(self.choose)
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(10)
        form.addRow("Folder of runs", folder)
        form.addRow("", self.problem)
        form.addRow("Theme", self.theme)
        form.addRow("Engine", self.prestart)
        form.addRow(
            "", Caption("A warm engine takes about 300 MB of memory while nothing trains.", wrap=True)
        )
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.ok)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(12)
        column.addWidget(title)
        column.addLayout(form)
        column.addLayout(buttons)

    @Slot()
    def _on_choose(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Folder of runs", str(self.settings.runs))
        if chosen:
            self.runs.setText(chosen)

    def _take_runs(self) -> bool:
        """The typed folder, if it can be used."""
        before, self.settings.runs_folder = self.settings.runs_folder, self.runs.text().strip()
        try:
            self.settings.runs.mkdir(parents=True, exist_ok=True)
        except (OSError, RuntimeError) as error:
            self.settings.runs_folder = before
            self.problem.setText(f"This folder cannot be used ({error}).")
            self.problem.show()
            return False
        return True

    @Slot()
    def _on_ok(self) -> None:
        if self._take_runs():
            self.applied.emit()
            self.accept()

    @Slot(int)
    def _on_theme(self, index: int) -> None:
        self.settings.theme = str(self.theme.itemData(index))
        self.applied.emit()

    @Slot(bool)
    def _on_prestart(self, on: bool) -> None:
        self.settings.prestart = on
        self.applied.emit()
