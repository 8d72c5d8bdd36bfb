"""The gallery's window: sources at the left, samples in the middle, classes and skipped files at the right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ganstudio.catalog.datasets import Dataset, Folder
from ganstudio.catalog.downloads import Download
from ganstudio.core.messages import NotHere, Preparing, Preview, Previewed, PreviewFailed
from ganstudio.core.schema import Options
from ganstudio.window.dialogs.chooser import ENTRY, Entry, EntryDelegate
from ganstudio.window.gallery.bars import ClassBars
from ganstudio.window.gallery.sources import (
    by_hand_text,
    counts_caption,
    facts,
    group_of,
    grouped,
    options_of,
)
from ganstudio.window.gallery.stage import PreviewStage
from ganstudio.window.gallery.worker import PreviewWorker
from ganstudio.window.theme import theme
from ganstudio.window.theme.style import set_role
from ganstudio.window.widgets.basic import Caption, Card, scrolled

SIZE = QSize(1120, 720)
LIST_WIDTH, SIDE_WIDTH = 250, 270
BUTTONS = {
    "folder": ("Choose folder …", "Choose the folder that holds your pictures"),
    "fetch": ("Download", "Fetch the files; it can be cancelled and taken up again"),
    "look": ("Look again", "See whether the files are there now"),
    "again": ("Try again", "Look at the data once more"),
}
"""What the button of the empty state says, and its tooltip."""


class GalleryDialog(QDialog):
    """Shows every data source. ``chosen`` carries the settings of the one that a person wants to train on."""

    chosen = Signal(object)

    def __init__(
        self,
        current: Options,
        parent: QWidget | None = None,
        target: Callable[[Connection], None] | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Data gallery")
        self.worker = PreviewWorker(target, self)
        self.found: Previewed | None = None
        self._current = current
        self._own: Folder | None = None
        self._options: Dataset | None = None
        self._wanted: Preview | None = None
        self._cls: type[Dataset] = type(current) if isinstance(current, Dataset) else grouped()[0]
        self._locked = self._press = self._place = ""
        self._make_widgets()
        self._assemble()
        self._connect()
        self._fill()

    # ------------------------------------------------------------ assembly

    def _make_widgets(self) -> None:
        self.list = QListWidget()
        self.list.setItemDelegate(EntryDelegate(self.list))
        self.list.setAccessibleName("Data sources")
        self.list.setToolTip("All data there is; choose one to see it")
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.title = QLabel()
        self.title.setFont(theme().font("heading"))
        self.idea = QLabel()
        self.idea.setWordWrap(True)
        self.about = Caption(wrap=True)
        self.about.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.facts = Caption(wrap=True)
        self.stage = PreviewStage()
        self.bars = ClassBars()
        self.classes = Card("Classes")
        self.skipped = QListWidget()
        self.skipped.setAccessibleName("Files that are left out, with the reason")
        self.skipped.setToolTip("These files are left out")
        self.skipped.setWordWrap(True)
        self.skipped.setFrameShape(QFrame.Shape.NoFrame)
        self.skipped.setStyleSheet("QListWidget { border: none; background: transparent; }")
        self.skipped.setFont(theme().font("caption"))
        self.left_out = Card("Left out")
        self.folder = QPushButton("Choose folder …")
        self.folder.setToolTip("Look at another folder of your own pictures")
        self.open_folder = QPushButton("Open the folder")
        self.open_folder.setToolTip("Show the folder for the files in the file manager")
        self.use = QPushButton("Use this data")
        self.close_button = QPushButton("Close")
        self.close_button.setToolTip("Close the gallery; a download goes on the next time where it stands")
        set_role(self.use, "primary")

    def _assemble(self) -> None:
        scroll = scrolled(self.bars)
        scroll.viewport().setAutoFillBackground(False)
        self.classes.body.addWidget(scroll)
        self.left_out.body.addWidget(self.skipped)
        side = QVBoxLayout()
        side.setSpacing(8)
        side.addWidget(self.classes, 3)
        side.addWidget(self.left_out, 2)
        self._side = QWidget()
        self._side.setFixedWidth(SIDE_WIDTH)
        self._side.setLayout(side)
        side.setContentsMargins(0, 0, 0, 0)
        self.list.setFixedWidth(LIST_WIDTH)
        shown = QHBoxLayout()
        shown.setSpacing(12)
        shown.addWidget(self._framed_stage(), 1)
        shown.addWidget(self._side)
        right = QVBoxLayout()
        right.setSpacing(6)
        for label in (self.title, self.idea, self.about, self.facts):
            right.addWidget(label)
        right.addSpacing(4)
        right.addLayout(shown, 1)
        right.addLayout(self._buttons())
        whole = QHBoxLayout(self)
        whole.setContentsMargins(12, 12, 16, 12)
        whole.setSpacing(16)
        whole.addWidget(self.list)
        whole.addLayout(right, 1)
        self.resize(SIZE.boundedTo(self.screen().availableGeometry().size()))

    def _framed_stage(self) -> Card:
        card = Card()
        card.body.addWidget(self.stage)
        return card

    def _buttons(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setContentsMargins(0, 6, 0, 0)
        line.addWidget(self.folder)
        line.addWidget(self.open_folder)
        line.addStretch(1)
        line.addWidget(self.close_button)
        line.addWidget(self.use)
        return line

    def _connect(self) -> None:
        self.list.currentItemChanged.connect(self._on_item)
        self.stage.wanted.connect(self._on_wanted)
        self.stage.cancelled.connect(self._on_cancelled)
        self.folder.clicked.connect(self._on_folder)
        self.open_folder.clicked.connect(self._on_open_folder)
        self.use.clicked.connect(self._on_use)
        self.close_button.clicked.connect(self.reject)
        self.worker.report.connect(self._on_report)
        self.worker.lost.connect(self._on_lost)
        self.worker.start()

    def _fill(self) -> None:
        group, chosen = "", None
        for cls in grouped():
            if group_of(cls) != group:
                group = group_of(cls)
                heading = QListWidgetItem(self.list)
                heading.setData(ENTRY, group)
                heading.setFlags(Qt.ItemFlag.NoItemFlags)
            item = QListWidgetItem(self.list)
            item.setData(
                ENTRY, Entry(cls.kind, cls.title, hint=_hint(cls), current=cls.kind == self._current.kind)
            )
            item.setData(Qt.ItemDataRole.AccessibleTextRole, cls.title)
            item.setToolTip(cls.idea)
            chosen = item if cls is self._cls else chosen
        self.list.setCurrentItem(chosen)
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    # ------------------------------------------------------------ which source

    @Slot(QListWidgetItem, QListWidgetItem)
    def _on_item(self, item: QListWidgetItem | None, _before: QListWidgetItem | None = None) -> None:
        entry = item.data(ENTRY) if item is not None else None
        if isinstance(entry, Entry):
            self.show_source(entry.id)

    def select(self, kind: str) -> None:
        """Show a source by its name, as a click on it does."""
        for row in range(self.list.count()):
            entry = self.list.item(row).data(ENTRY)
            if isinstance(entry, Entry) and entry.id == kind:
                self.list.setCurrentRow(row)

    def show_source(self, kind: str) -> None:
        """Tell about a source and have it previewed, without a download."""
        self._cls = next(cls for cls in grouped() if cls.kind == kind)
        self._take(options_of(kind, self._own if self._own and self._cls is Folder else self._current))

    def _take(self, options: Dataset | None) -> None:
        cls, self._options = self._cls, options
        self.title.setText(cls.title)
        self.idea.setText(cls.idea)
        self.about.setText(cls.about)
        self.about.setVisible(bool(cls.about))
        self._tell_facts(facts(cls, options))
        self.folder.setVisible(issubclass(cls, Folder))
        self.open_folder.hide()
        self._show_side(None)
        if options is None:
            self._wanted = None
            text = "Choose a folder of pictures to see what would be trained on."
            self._say("No folder is chosen", text, "folder")
        else:
            self._ask(fetch=False)
        self._show_use()

    def _tell_facts(self, text: str) -> None:
        self.facts.setText(text)
        self.facts.setVisible(bool(text))

    def _ask(self, fetch: bool) -> None:
        if self._options is not None:
            self.stage.show_busy("Downloading" if fetch else f"Looking at {self._cls.title}")
            self._wanted = Preview(self._options, fetch)
            self.worker.send(self._wanted)

    # ------------------------------------------------------------ what comes back

    @Slot(object)
    def _on_report(self, report: object) -> None:
        if isinstance(report, Preparing) and self._wanted is not None:
            self.stage.show_busy(report.what, report.done)
        elif isinstance(report, Previewed | NotHere | PreviewFailed) and self._answers(report.data):
            self._wanted = None
            if isinstance(report, Previewed):
                self._show_previewed(report)
            elif isinstance(report, NotHere):
                self._show_not_here(report)
            else:
                self._say(report.problem, report.remedy, "folder" if self._cls is Folder else "again")
            self._show_use()

    def _answers(self, data: Options) -> bool:
        return self._wanted is not None and self._wanted.data == data

    def _say(self, title: str, text: str, press: str) -> None:
        """Words instead of samples, and the button ``press`` of :data:`BUTTONS`."""
        self._press = press
        self.stage.show_text(title, text, *BUTTONS[press])

    def _show_previewed(self, found: Previewed) -> None:
        self.stage.show_previewed(found)
        self._tell_facts(found.summary[:1].upper() + found.summary[1:])
        self._show_side(found)

    def _show_not_here(self, report: NotHere) -> None:
        data, self._place = report.data, report.folder
        self.open_folder.show()
        if isinstance(data, Download) and data.by_hand:
            self._say("To be fetched by hand", by_hand_text(type(data), report.absent, report.folder), "look")
        elif isinstance(data, Download):
            text = f"{data.size} to download, once. The files are kept in {report.folder}."
            self._say("Not on this computer yet", text, "fetch")

    def _show_side(self, found: Previewed | None) -> None:
        self.found = found
        counts = found.counts if found else ()
        self.bars.show_counts(found.class_names if found and counts else (), counts)
        self.classes.set_caption(counts_caption(counts, found.total, found.drawn) if found else "")
        self.classes.setVisible(bool(counts))
        skipped = found.skipped if found else ()
        self.skipped.clear()
        self.skipped.addItems(list(skipped))
        self.left_out.set_caption(f"{len(skipped):,} file{'' if len(skipped) == 1 else 's'}, with the reason")
        self.left_out.setVisible(bool(skipped))
        self._side.setVisible(bool(counts or skipped))

    @Slot(str)
    def _on_lost(self, how: str) -> None:
        if self._wanted is not None:
            self._wanted = None
            self._say("The preview broke off", f"The process that looks at data has gone: {how}.", "again")

    # ------------------------------------------------------------ what a person does

    @Slot()
    def _on_wanted(self) -> None:
        """The button of the empty state."""
        if self._press == "folder":
            self._on_folder()
        else:
            self._ask(fetch=self._press == "fetch")

    @Slot()
    def _on_cancelled(self) -> None:
        """Whatever is under way ends at once."""
        fetching = self._wanted is not None and self._wanted.fetch
        self._wanted = None
        self.worker.stop()
        kept = "What has been downloaded is kept and taken up again the next time." if fetching else ""
        self._say("Cancelled", kept, "fetch" if fetching else "again")

    @Slot()
    def _on_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "A folder of pictures", str(Path.home()))
        if chosen:
            self.take_folder(chosen)

    @Slot()
    def _on_open_folder(self) -> None:
        place = Path(self._place)
        try:
            place.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            self._say("The folder cannot be made", f"{place}: {error.strerror or error}.", "look")
            return
        QDesktopServices.openUrl(QUrl.fromLocalFile(self._place))

    def take_folder(self, path: str) -> None:
        """Preview a folder, with the settings that the form has for one."""
        known = self._current if isinstance(self._current, Folder) else Folder(path=path)
        self._own = replace(known, path=path)
        if self._cls is Folder:
            self.show_source(Folder.kind)
        else:
            self.select(Folder.kind)

    def lock(self, why: str) -> None:
        """Say why no data can be taken now; an empty text lets it be taken."""
        self._locked = why
        self._show_use()

    def _show_use(self) -> None:
        why = self._locked or ("" if self._options is not None else "Choose a folder first.")
        self.use.setEnabled(not why)
        self.use.setToolTip(why or "Take this data into the setup form and close the gallery")

    @Slot()
    def _on_use(self) -> None:
        if self._options is not None:
            self.chosen.emit(self._options)
            self.accept()

    def done(self, result: int) -> None:
        """No thread and no child outlives the gallery."""
        self.worker.close()
        self.worker.wait(10_000)
        super().done(result)


def _hint(cls: type[Dataset]) -> str:
    return cls().size if issubclass(cls, Download) else ""
