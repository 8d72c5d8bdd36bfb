"""Writes the report of a run: format, what is in it, where; progress while it is made, then a way to open it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from threading import Event

from PySide6.QtCore import QObject, Qt, QThread, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ganstudio.reports.data import ReportError
from ganstudio.reports.parts import PARTS, Cancelled, Making
from ganstudio.reports.write import FORMATS, write_report
from ganstudio.window.theme import theme
from ganstudio.window.theme.style import set_role
from ganstudio.window.widgets.basic import Caption
from ganstudio.window.widgets.toggle import ToggleSwitch

TENSORBOARD = "tensorboard"
"""How the folder of event files is called at first."""
HUNDRED = 100


class ReportThread(QThread):
    """Makes one report away from the window's thread."""

    told = Signal(str, int)
    """What it does, and how far it is in per cent."""
    written = Signal(object)
    """list[Path]: the files, the one to open first."""
    failed = Signal(str)

    def __init__(self, runs: Sequence[Path], out: Path, parts: frozenset[str], parent: QObject) -> None:
        super().__init__(parent)
        self._runs, self._out, self._parts = tuple(runs), out, parts
        self._cancelled = Event()

    def cancel(self) -> None:
        """Stop at the next opportunity."""
        self._cancelled.set()

    def run(self) -> None:
        """Read, write, tell; what nobody foresaw is told as well, and never ends the window."""
        making = Making(
            self._parts,
            lambda what, done: self.told.emit(what, round(done * HUNDRED)),
            self._cancelled.is_set,
        )
        try:
            self.written.emit(write_report(self._runs, self._out, making))
        except Cancelled:
            return
        except ReportError as error:
            self.failed.emit(str(error))
        except Exception as error:
            self.failed.emit(f"The report could not be made ({type(error).__name__}: {error}).")


class ReportDialog(QDialog):
    """Asks how the report of one run, or of several, is to be, and has it written."""

    def __init__(self, runs: Sequence[Path], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.runs = tuple(runs)
        self.thread_: ReportThread | None = None
        self.files: list[Path] = []
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Report")
        self.setMinimumWidth(560)
        # widgets
        self.format = QComboBox()
        self.format.setAccessibleName("Format")
        for suffix, (title, _, _) in FORMATS.items():
            self.format.addItem(title, suffix)
        self.about = Caption(wrap=True)
        self.parts = {name: ToggleSwitch(title) for name, title in PARTS.items()}
        for switch in self.parts.values():
            switch.setChecked(True)
        self.path = QLineEdit()
        self.path.setAccessibleName("Where to write")
        self.choose = QPushButton("Choose …")
        self.progress = QProgressBar()
        self.progress.setRange(0, HUNDRED)
        self.progress.setTextVisible(False)
        self.said = Caption(wrap=True)
        self.problem = Caption(wrap=True)
        set_role(self.problem, "warning")
        self.write = QPushButton("Write")
        set_role(self.write, "primary")
        self.write.setDefault(True)
        self.open_ = QPushButton("Open")
        self.open_.setToolTip("Open the report with the program that the system has for it")
        self.leave = QPushButton("Close")
        # connections
        self.format.activated.connect(self._on_format)
        self.choose.clicked.connect(self._on_choose)
        self.write.clicked.connect(self._on_write)
        self.open_.clicked.connect(self._on_open)
        self.leave.clicked.connect(self.reject)
        self.path.textChanged.connect(self._on_path)
        self._assemble()
        self.path.setText(str(self._first_path(".html")))
        self._on_format(0)

    def _assemble(self) -> None:
        title = QLabel("Report" if len(self.runs) == 1 else f"Report of {len(self.runs)} runs")
        title.setFont(theme().font("heading"))
        where = QHBoxLayout()
        where.setSpacing(8)
        where.addWidget(self.path, 1)
        where.addWidget(self.choose)
        switches = QVBoxLayout()
        switches.setSpacing(2)
        for switch in self.parts.values():
            switches.addWidget(switch)
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(10)
        form.addRow("Format", self.format)
        form.addRow("", self.about)
        form.addRow("Contents", switches)
        form.addRow("Where", where)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        for button in (self.leave, self.open_, self.write):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(12)
        column.addWidget(title)
        column.addLayout(form)
        for widget in (self.progress, self.said, self.problem):
            widget.hide()
            column.addWidget(widget)
        self.open_.hide()
        column.addLayout(buttons)

    # ------------------------------------------------------------ choosing

    def _first_path(self, suffix: str) -> Path:
        """In the folder of the run; of several, beside them."""
        first = self.runs[0]
        name = "report" if suffix else TENSORBOARD
        return (first if len(self.runs) == 1 else first.parent) / f"{name}{suffix}"

    @property
    def suffix(self) -> str:
        """The ending of the chosen format; empty for a folder."""
        return str(self.format.currentData())

    @Slot(int)
    def _on_format(self, _index: int) -> None:
        """Say what the format is, and let the path end as it should."""
        self.about.setText(FORMATS[self.suffix][1])
        path = Path(self.path.text().strip() or self._first_path(self.suffix))
        usual = path.stem in ("report", TENSORBOARD) or not path.stem
        self.path.setText(
            str(
                path.with_name(self._first_path(self.suffix).name) if usual else path.with_suffix(self.suffix)
            )
        )

    @Slot()
    def _on_choose(self) -> None:
        title, suffix = FORMATS[self.suffix][0], self.suffix
        if suffix:
            chosen, _ = QFileDialog.getSaveFileName(
                self, "Write the report", self.path.text(), f"{title} (*{suffix})"
            )
        else:
            chosen = QFileDialog.getExistingDirectory(self, "Folder for TensorBoard", self.path.text())
        if chosen:
            self.path.setText(chosen)

    @Slot()
    def _on_path(self) -> None:
        self.problem.hide()
        self.write.setEnabled(bool(self.path.text().strip()) and self.thread_ is None)

    def target(self) -> Path:
        """Where to write, with the ending of the chosen format."""
        path = Path(self.path.text().strip()).expanduser()
        return path if path.suffix.lower() == self.suffix else path.with_name(path.name + self.suffix)

    # ------------------------------------------------------------ writing

    @Slot()
    def _on_write(self) -> None:
        out = self.target()
        if not out.absolute().parent.is_dir():
            self._tell_problem(f"There is no folder {out.absolute().parent}.")
            return
        if self.suffix and out.is_dir():
            self._tell_problem(f"{out} is a folder; a file is needed.")
            return
        parts = frozenset(name for name, switch in self.parts.items() if switch.isChecked())
        thread = ReportThread(self.runs, out, parts, self)
        thread.told.connect(self._on_told)
        thread.written.connect(self._on_written)
        thread.failed.connect(self._tell_problem)
        thread.finished.connect(self._on_finished)
        self.thread_ = thread
        self._set_busy(True)
        thread.start()

    def _set_busy(self, busy: bool) -> None:
        for widget in (self.format, self.path, self.choose, self.write, *self.parts.values()):
            widget.setEnabled(not busy)
        self.progress.setVisible(busy)
        self.leave.setText("Cancel" if busy else "Close")
        if busy:
            self.files = []
            for widget in (self.said, self.problem, self.open_):
                widget.hide()

    @Slot(str, int)
    def _on_told(self, what: str, done: int) -> None:
        self.progress.setValue(done)
        self.said.setText(f"{what} …")
        self.said.show()

    @Slot(object)
    def _on_written(self, files: list[Path]) -> None:
        self.files = files
        more = f" and {len(files) - 1} more files" if len(files) > 1 else ""
        self.said.setText(f"Written: {files[0].name}{more}.")
        self.said.show()
        self.open_.show()

    @Slot(str)
    def _tell_problem(self, text: str) -> None:
        self.said.hide()
        self.problem.setText(text)
        self.problem.show()

    @Slot()
    def _on_finished(self) -> None:
        self.thread_ = None
        self._set_busy(False)

    @Slot()
    def _on_open(self) -> None:
        """The report itself, or the folder of event files."""
        path = self.files[0] if self.suffix else self.target()
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            self._tell_problem(f"No program answers. The report is {path}.")

    def reject(self) -> None:
        """While a report is made, closing stops it first; it is not waited for longer than a file takes."""
        if self.thread_ is not None:
            self.thread_.cancel()
            self.thread_.wait()
        super().reject()
