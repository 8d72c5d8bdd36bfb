"""One page of the dialog: in which format, what, and where."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QWidget,
)

from ganstudio.window.dialogs.report.making import Make
from ganstudio.window.widgets.basic import Caption

NOT_THERE = "There is no folder {}."


class Page(QWidget):
    """Asks how something is to be written, and knows what writes it.

    ``formats`` holds suffix -> title and what it is; without a suffix it is a folder. A path that nobody has typed
    follows what is chosen; one's own keeps its name.
    """

    changed = Signal()
    """Something was chosen or typed."""
    title = ""
    verb = "Write"

    def __init__(self, formats: Mapping[str, tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._formats = formats
        self._suggested = ""
        self.format = QComboBox()
        self.format.setAccessibleName("Format")
        for suffix, (title, _) in formats.items():
            self.format.addItem(title, suffix)
        self.about = Caption(wrap=True)
        self.path = QLineEdit()
        self.path.setAccessibleName("Where to write")
        self.path.setToolTip("The file or folder to write; ~ stands for your home folder")
        self.choose = QPushButton("Choose …")
        self.choose.setToolTip("Choose in a window of the system")
        self.form = QFormLayout(self)
        self.form.setContentsMargins(0, 0, 0, 0)
        self.form.setHorizontalSpacing(16)
        self.form.setVerticalSpacing(10)
        self.form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.format.activated.connect(self._on_format)
        self.choose.clicked.connect(self._on_choose)
        self.path.textChanged.connect(self.changed)

    def assemble(self, rows: list[tuple[str, QWidget]]) -> None:
        """Put everything in its place: the format, the rows of the page, and where."""
        where = QHBoxLayout()
        where.setSpacing(8)
        where.addWidget(self.path, 1)
        where.addWidget(self.choose)
        self.form.addRow("Format", self.format)
        self.form.addRow("", self.about)
        for label, widget in rows:
            self.form.addRow(label, widget)
        self.form.addRow("Where", where)
        self.suggest()

    # ------------------------------------------------------------ what a page decides

    def first_path(self, suffix: str) -> Path:
        """Where to write if nobody says."""
        raise AssertionError("every page has its own")

    def make(self) -> Make:
        """What writes it, with all that is chosen now."""
        raise AssertionError("every page has its own")

    def hindrance(self) -> str:
        """Why nothing can be written at all, one sentence; empty where it can."""
        return ""

    def parts(self) -> frozenset[str]:
        """The parts of a report that are wanted."""
        return frozenset()

    # ------------------------------------------------------------ choosing

    @property
    def suffix(self) -> str:
        """The ending of the chosen format; empty for a folder."""
        return str(self.format.currentData())

    def suggest(self) -> None:
        """Say what the format is, and let the path follow what was chosen."""
        self.about.setText(self._formats[self.suffix][1])
        text = self.path.text().strip()
        if text in ("", self._suggested):
            self._suggested = str(self.first_path(self.suffix))
            self.path.setText(self._suggested)
        else:
            self.path.setText(str(Path(text).with_suffix(self.suffix)))

    @Slot(int)
    def _on_format(self, _index: int) -> None:
        self.suggest()
        self.changed.emit()

    @Slot()
    def _on_choose(self) -> None:
        title, suffix = self._formats[self.suffix][0], self.suffix
        if suffix:
            chosen, _ = QFileDialog.getSaveFileName(
                self, f"Where to write: {self.title.lower()}", self.path.text(), f"{title} (*{suffix})"
            )
        else:
            chosen = QFileDialog.getExistingDirectory(self, "Choose a folder", str(self.target().parent))
            chosen = str(self.within(Path(chosen))) if chosen else ""
        if chosen:
            self.path.setText(chosen)

    def within(self, folder: Path) -> Path:
        """Where to write if a person has chosen this folder: into the folder itself."""
        return folder

    def target(self) -> Path:
        """Where to write, with the ending of the chosen format."""
        path = Path(self.path.text().strip()).expanduser()
        return path if path.suffix.lower() == self.suffix else path.with_name(path.name + self.suffix)

    def problem(self) -> str:
        """What is wrong with the path, one sentence; empty if nothing is."""
        out = self.target()
        if not out.absolute().parent.is_dir():
            return NOT_THERE.format(out.absolute().parent)
        if self.suffix and out.is_dir():
            return f"{out} is a folder; a file is needed."
        return ""
