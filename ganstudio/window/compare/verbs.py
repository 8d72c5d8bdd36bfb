"""What can be done in the Compare workspace: one method for each action whose id begins with "compare."."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from ganstudio.catalog.resolve import load
from ganstudio.core.config import RunConfig
from ganstudio.core.files import write_atomically
from ganstudio.core.notes import Notes, one_line
from ganstudio.core.run_list import RunEntry
from ganstudio.core.runs import RunFolder
from ganstudio.core.schema import ConfigError
from ganstudio.window.compare.columns import METRIC, Column, found_in, is_missing
from ganstudio.window.compare.note_dialogs import TagsDialog, TextDialog, tags_after
from ganstudio.window.compare.trash import SystemTrash
from ganstudio.window.compare.undoing import TrashStep, edit_notes, runs_in_words
from ganstudio.window.dialogs.chooser import Chooser, Entry

if TYPE_CHECKING:
    from ganstudio.window.workspaces.compare import CompareWorkspace

MOST_IN_REPORT = 64


class Verbs(QObject):
    """Does it to the selected runs, and remembers how to take it back."""

    def __init__(self, workspace: CompareWorkspace) -> None:
        super().__init__(workspace)
        self._space = workspace

    def perform(self, id: str) -> None:
        """Do the action with an id, unless what it is about has changed since the menus last heard of it."""
        self._space.changed.emit()
        if not self._space.registry.action(id).isEnabled():
            return
        getattr(self, id.removeprefix("compare.").replace("-", "_"))()

    def _selected(self) -> list[RunEntry]:
        return self._space.table.selected()

    # ------------------------------------------------------------ elsewhere

    def open(self) -> None:
        """Show the run in the Train workspace."""
        self.open_entry(self._selected()[0])

    @Slot(object)
    def open_entry(self, entry: RunEntry) -> None:
        """Show a run in the Train workspace; a damaged one says what is wrong with it."""
        if entry.problem:
            remedy = "Its pictures and notes are still in its folder." if entry.path.is_dir() else ""
            self._space.problem.emit(f"{entry.title} cannot be opened", entry.problem, remedy)
        else:
            self._space.open_wanted.emit(entry.path)

    def explore(self) -> None:
        """Open the run's generator in the Explore workspace."""
        self._space.explore_wanted.emit(self._selected()[0].path)

    def duplicate(self) -> None:
        """The run's settings into the form."""
        entry = self._selected()[0]
        if (config := self._config(entry)) is not None:
            self._space.duplicate_wanted.emit(config, entry.title)

    def sweep(self) -> None:
        """Plan a sweep over the run's settings."""
        if (config := self._config(self._selected()[0])) is not None:
            self._space.sweep_wanted.emit(config)

    def _config(self, entry: RunEntry) -> RunConfig | None:
        try:
            return load(RunFolder(entry.path).config_path)
        except ConfigError as error:
            self._space.problem.emit("These settings cannot be used", f"{error}.", "")
            return None

    def report(self) -> None:
        """One report about all selected runs that can be read."""
        from ganstudio.window.dialogs.report import ReportDialog

        whole = [entry.path for entry in self._selected() if not entry.problem][:MOST_IN_REPORT]
        if whole:
            ReportDialog(whole, self._space.window()).open()
        else:
            self._space.told.emit("All selected runs are damaged: there is nothing to report.")

    def show_folder(self) -> None:
        """The run's folder in the file manager."""
        path = self._selected()[0].path
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            self._space.told.emit(f"No file manager answers. The folder is {path}.")

    # ------------------------------------------------------------ notes

    def _edit(self, text: str, paths: Sequence[Path], change: Callable[[Notes], Mapping[str, Any]]) -> None:
        step, problem = edit_notes(text, paths, change)
        if step is not None:
            self._space.undoing.push(step)
        self._space.after_change(problem)

    def star(self) -> None:
        """A star for all selected runs, or for none if all have one."""
        self._star(self._selected())

    @Slot(object)
    def star_entry(self, entry: RunEntry) -> None:
        """The star of one run."""
        self._star([entry])

    def _star(self, entries: Sequence[RunEntry]) -> None:
        on = not all(entry.notes.starred for entry in entries)
        paths = [entry.path for entry in entries]
        words = runs_in_words(paths, entries[0].title)
        self._edit(f"{'Star' if on else 'Take the star from'} {words}", paths, lambda _: {"starred": on})

    def archive(self) -> None:
        """All selected runs out of sight, or back if all of them are."""
        entries = self._selected()
        on = not all(entry.notes.archived for entry in entries)
        paths = [entry.path for entry in entries]
        words = runs_in_words(paths, entries[0].title)
        self._edit(f"{'Archive' if on else 'Bring back'} {words}", paths, lambda _: {"archived": on})

    def rename(self) -> None:
        """Edit the name in the table."""
        self._space.table.rename()

    @Slot(object, str)
    def rename_run(self, path: Path, typed: str) -> None:
        """A name was typed; the folder's own is none of its own."""
        title = one_line(typed)
        title = "" if title == path.name else title
        self._edit(f"Rename {path.name}", [path], lambda _: {"title": title})

    def tags(self) -> None:
        """Ask for the tags of the selected runs."""
        entries = self._selected()
        words = runs_in_words([entry.path for entry in entries], entries[0].title)
        dialog = TagsDialog(words, [entry.notes for entry in entries], self._space.known_tags(), self._space)
        self._about, self._words = [entry.path for entry in entries], words
        dialog.kept.connect(self._on_tags)
        dialog.open()

    @Slot(object)
    def _on_tags(self, changes: tuple[tuple[str, ...], tuple[str, ...]]) -> None:
        add, drop = changes
        self._edit(f"Tag {self._words}", self._about, lambda notes: {"tags": tags_after(notes, add, drop)})

    def note(self) -> None:
        """Ask for the note of the selected run."""
        entry = self._selected()[0]
        dialog = TextDialog(entry.title, entry.notes, self._space)
        self._about, self._words = [entry.path], entry.title
        dialog.kept.connect(self._on_note)
        dialog.open()

    @Slot(object)
    def _on_note(self, text: str) -> None:
        self._edit(f"Note on {self._words}", self._about, lambda _: {"text": text})

    # ------------------------------------------------------------ the disk

    def trash(self) -> None:
        """The selected runs into the system's trash."""
        entries = self._selected()
        paths = tuple(entry.path for entry in entries)
        if not self._space.let_go(paths):
            return
        words = runs_in_words(paths, entries[0].title)
        step = TrashStep(f"Move {words} to the trash", SystemTrash(), paths)
        problem = step.redo()
        if step.paths:
            self._space.undoing.push(step)
            self._space.forget(step.paths)
        self._space.after_change(problem or self._where(step))

    @staticmethod
    def _where(step: TrashStep) -> str:
        place = next(iter(step.places.values()))
        what = runs_in_words(step.paths)
        if place is None:
            return f"Moved {what} to the system's trash."
        them = "them" if len(step.paths) > 1 else "it"
        return f"Moved {what} to the trash ({place.parent}). Ctrl+Z brings {them} back."

    def add(self) -> None:
        """A run, or a folder of runs, from anywhere."""
        chosen = QFileDialog.getExistingDirectory(self._space, "Add a run, or a folder of runs")
        if chosen:
            self._space.add([Path(chosen)])

    def take_off(self) -> None:
        """Runs from elsewhere out of the table."""
        self._space.take_off([entry.path for entry in self._selected()])

    def export(self) -> None:
        """The table as CSV."""
        chosen, _ = QFileDialog.getSaveFileName(self._space, "Export the table", "runs.csv", "CSV (*.csv)")
        if not chosen:
            return
        path = Path(chosen) if Path(chosen).suffix else Path(chosen).with_suffix(".csv")
        entries = list(self._space.model.arrangement.entries())
        text = table_as_csv(entries, self._space.table.shown_columns())
        try:
            write_atomically(path, text.encode("utf-8"))
        except OSError as error:
            self._space.problem.emit(
                "The table could not be written", f"{path} cannot be written ({error.strerror or error}).", ""
            )
            return
        self._space.told.emit(f"Wrote {runs_in_words([e.path for e in entries])} to {path.name}.")

    # ------------------------------------------------------------ the table

    def filter(self) -> None:
        """The keyboard to the filter."""
        self._space.bar.filter.setFocus()
        self._space.bar.filter.selectAll()

    def sort(self) -> None:
        """Choose what to sort by; the same again turns the order."""
        model = self._space.model
        entries = [
            Entry(c.key, c.title or c.key.capitalize(), " · ".join(p for p in (c.caption, c.tip.splitlines()[0]) if p),
                  current=c.key == model.wish.sort)
            for c in model.columns if c.key != "picture"
        ]  # fmt: skip
        menu = Chooser(entries, "Sort by", self._space)
        menu.chosen.connect(self._space.sort_by)
        menu.open_over(self._space.window(), 420)

    def view_runs(self) -> None:
        """The selected runs below the table."""
        self._space.below.bring("runs")

    def view_sweep(self) -> None:
        """Mean and spread below the table."""
        self._space.below.bring("sweep")

    def view_queue(self) -> None:
        """The queue below the table."""
        self._space.below.bring("queue")

    def columns(self) -> None:
        """Choose the columns."""
        self._space.columns.ask(self._space.bar.columns)


def table_as_csv(entries: Sequence[RunEntry], columns: Sequence[Column]) -> str:
    """Runs as lines of comma-separated values, numbers in full; a metric has its spread and step beside it."""
    columns = [column for column in columns if column.key != "picture"]
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    heads: list[str] = []
    for column in columns:
        name = " ".join(part for part in (column.title or column.key, column.caption) if part)
        heads += [name, f"{name}: spread", f"{name}: step"] if column.kind == METRIC else [name]
    writer.writerow([*heads, "folder"])
    for entry in entries:
        cells: list[object] = []
        for column in columns:
            cells += _cells(entry, column)
        writer.writerow([*cells, str(entry.path)])
    return file.getvalue()


def _cells(entry: RunEntry, column: Column) -> list[object]:
    if column.kind == METRIC:
        found = found_in(entry, column.way)
        return (
            [found.value, found.spread, "" if found.step is None else found.step] if found else ["", "", ""]
        )
    if column.key in ("created", "state"):
        return [column.text(entry)]
    value = column.value(entry)
    return ["" if is_missing(value) else column.text(entry) if isinstance(value, str) else f"{value:.17g}"]
