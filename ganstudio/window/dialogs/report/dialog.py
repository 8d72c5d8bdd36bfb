"""What leaves a run as files: a report, the generator, checkpoints; with progress, and a way to open them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ganstudio.window.dialogs.report.export_pages import CheckpointsPage, GeneratorPage
from ganstudio.window.dialogs.report.making import HUNDRED, MakingThread
from ganstudio.window.dialogs.report.page import Page
from ganstudio.window.dialogs.report.report_page import ReportPage
from ganstudio.window.theme import theme
from ganstudio.window.theme.style import set_role
from ganstudio.window.widgets.basic import Caption

LIST_WIDTH, ROW_HEIGHT = 128, 30


class ReportDialog(QDialog):
    """Asks what of a run is to be written and how, and has it written. Of several runs there is only a report."""

    def __init__(self, runs: Sequence[Path], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.runs = tuple(runs)
        self.thread_: MakingThread | None = None
        self.files: list[Path] = []
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Report and export")
        self.setMinimumWidth(700)
        self._make_pages()
        self._make_feet()
        # connections
        self.list.currentRowChanged.connect(self._on_page)
        for page in self.pages:
            page.changed.connect(self._on_changed)
        self.write.clicked.connect(self._on_write)
        self.open_.clicked.connect(self._on_open)
        self.leave.clicked.connect(self.reject)
        self._assemble()
        self.list.setCurrentRow(0)

    def _make_pages(self) -> None:
        self.report = ReportPage(self.runs)
        self.pages: list[Page] = [self.report]
        if len(self.runs) == 1:
            self.pages += [GeneratorPage(self.runs[0]), CheckpointsPage(self.runs[0])]
        self.list = QListWidget()
        self.list.setAccessibleName("What to write")
        self.list.setFixedWidth(LIST_WIDTH)
        self.stack = QStackedWidget()
        for page in self.pages:
            self._add(page.title)
            self.stack.addWidget(page)
        if len(self.runs) > 1:  # what is there for one run only stays visible, with the reason
            for title in (GeneratorPage.title, CheckpointsPage.title):
                item = self._add(title)
                item.setFlags(Qt.ItemFlag.NoItemFlags)
                item.setToolTip("Of one run at a time: choose a single run")

    def _make_feet(self) -> None:
        """What tells how writing goes, and the buttons."""
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
        self.open_.setToolTip("Open it with the program that the system has for it")
        self.leave = QPushButton("Close")

    def _add(self, title: str) -> QListWidgetItem:
        item = QListWidgetItem(title, self.list)
        item.setSizeHint(QSize(0, ROW_HEIGHT))
        return item

    def _assemble(self) -> None:
        title = QLabel(self.runs[0].name if len(self.runs) == 1 else f"{len(self.runs)} runs")
        title.setFont(theme().font("heading"))
        middle = QHBoxLayout()
        middle.setSpacing(16)
        middle.addWidget(self.list)
        right = QVBoxLayout()
        right.setSpacing(12)
        right.addWidget(self.stack)
        right.addStretch(1)
        for widget in (self.progress, self.said, self.problem):
            widget.hide()
            right.addWidget(widget)
        middle.addLayout(right, 1)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        for button in (self.leave, self.open_, self.write):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(12)
        column.addWidget(title)
        column.addLayout(middle, 1)
        self.open_.hide()
        column.addLayout(buttons)

    # ------------------------------------------------------------ choosing

    @property
    def page(self) -> Page:
        """The page on the screen."""
        return self.pages[self.stack.currentIndex()]

    @Slot(int)
    def _on_page(self, row: int) -> None:
        self.stack.setCurrentIndex(row)
        for widget in (self.said, self.open_):
            widget.hide()
        self._on_changed()

    @Slot()
    def _on_changed(self) -> None:
        """Nothing that was said about something else stays; what cannot be written cannot be pressed."""
        self.problem.hide()
        self._offer()

    def _offer(self) -> None:
        hindrance = self.page.hindrance()
        there = bool(self.page.path.text().strip())
        self.write.setEnabled(there and not hindrance and self.thread_ is None)
        self.write.setToolTip(hindrance or ("" if there else "Say where to write first"))

    # ------------------------------------------------------------ writing

    @Slot()
    def _on_write(self) -> None:
        problem = self.page.problem()
        if problem:
            self._tell_problem(problem)
            return
        thread = MakingThread(self.page.make(), self.page.parts(), self)
        thread.told.connect(self._on_told)
        thread.written.connect(self._on_written)
        thread.failed.connect(self._tell_problem)
        thread.finished.connect(self._on_finished)
        self.thread_ = thread
        self._set_busy(True)
        thread.start()

    def _set_busy(self, busy: bool) -> None:
        self.list.setEnabled(not busy)
        self.page.setEnabled(not busy)
        self._offer()
        self.progress.setVisible(busy)
        self.leave.setText("Cancel" if busy else "Close")
        if busy:
            self.files = []
            self.progress.setValue(0)
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
        more = {1: "", 2: f" and {files[-1].name}"}.get(len(files), f" and {len(files) - 1} more files")
        self.said.setText(f"Written: {files[0].name}{more}.")
        self.said.show()
        self.open_.setText("Open" if self.page is self.report else "Show")
        self.open_.show()

    @Slot(str)
    def _tell_problem(self, text: str) -> None:
        for widget in (self.said, self.open_):
            widget.hide()
        self.problem.setText(text)
        self.problem.show()

    @Slot()
    def _on_finished(self) -> None:
        self.thread_ = None
        self._set_busy(False)

    @Slot()
    def _on_open(self) -> None:
        """The report itself, or the folder in which the files are."""
        if self.page is self.report:
            path = self.files[0] if self.page.suffix else self.page.target()
        else:
            path = self.files[0] if self.files[0].is_dir() else self.files[0].parent
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            self.problem.setText(f"No program answers. It is at {path}.")
            self.problem.show()

    def reject(self) -> None:
        """While something is made, closing stops it first; it is not waited for longer than a file takes."""
        if self.thread_ is not None:
            self.thread_.cancel()
            self.thread_.wait()
        super().reject()
