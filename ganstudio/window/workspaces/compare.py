"""The Compare workspace: a table of all runs, and below it what the selected ones have in common and what not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QMenu, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from ganstudio.core.run_list import DAMAGED, Listed, list_runs, looks_like_run, run_folders
from ganstudio.window.background import Background
from ganstudio.window.compare.arranging import Wish, judge
from ganstudio.window.compare.bar import RunBar
from ganstudio.window.compare.below import Below
from ganstudio.window.compare.chosen_columns import ChosenColumns
from ganstudio.window.compare.columns import METRIC, TEXT, Column
from ganstudio.window.compare.sweeps.queue import RunQueue
from ganstudio.window.compare.table_model import RunsModel
from ganstudio.window.compare.table_view import RunTable
from ganstudio.window.compare.thumbnails import Thumbnails
from ganstudio.window.compare.undoing import ListStep, Undoing, runs_in_words
from ganstudio.window.compare.verbs import Verbs
from ganstudio.window.compare_actions import COMPARE_ACTIONS
from ganstudio.window.controller import RunController
from ganstudio.window.form.model import FormModel
from ganstudio.window.registry import Registry
from ganstudio.window.theme.style import set_role
from ganstudio.window.widgets.basic import EmptyState

TAG = "runs"
LOOK_MS = 2500
"""How often the folder is looked at while somebody watches; a look costs some milliseconds."""
NOT_IN_MENU = frozenset(
    f"compare.{name}"
    for name in ("filter", "sort", "columns", "export", "add", "view-runs", "view-sweep", "view-queue")
)


class CompareWorkspace(QWidget):
    """Parts: ``model``, ``table``, its ``columns``, ``bar`` (filter and groups), ``below``, ``verbs``, ``undoing``."""

    action_wanted = Signal(str)
    changed = Signal()
    """Something that decides which actions can be done."""
    told = Signal(str)
    """A sentence for the status bar."""
    problem = Signal(str, str, str)
    """Title, what is wrong, and what to do."""
    open_wanted = Signal(object)
    """A run's folder, for the Train workspace."""
    explore_wanted = Signal(object)
    duplicate_wanted = Signal(object, str)
    """A config and the title of the run it comes from."""
    sweep_wanted = Signal(object)
    """A config to plan a sweep over."""

    def __init__(
        self,
        controller: RunController,
        form_model: FormModel,
        _background: Background,
        registry: Registry,
        queue: RunQueue,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.controller, self.form_model, self.registry = controller, form_model, registry
        self.settings = controller.settings.settings
        self.reading = Background(self)
        self.thumbnails = Thumbnails(self.reading, self)
        self.undoing = Undoing()
        self.model = RunsModel(self)
        self.table = RunTable(self.model, self.thumbnails)
        self.columns = ChosenColumns(self.table, self.settings)
        self.bar = RunBar(registry)
        self.below = Below(queue)
        self.empty = EmptyState()
        self.verbs = Verbs(self)
        self._known: Listed | None = None
        self._empty_action = ""
        self._looking = self._look_again = False
        self._look = QTimer(self)
        self._look.setInterval(LOOK_MS)
        self._assemble()
        self._connect()
        self._take_settings()
        self._show_rows()

    # ------------------------------------------------------------ assembly

    def _assemble(self) -> None:
        set_role(self, "window")
        self.setAcceptDrops(True)
        self.setAccessibleName("Compare")
        card = QFrame()
        set_role(card, "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(1, 1, 1, 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.table)
        inside.addWidget(self._stack)
        above = QWidget()
        column = QVBoxLayout(above)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.bar)
        column.addWidget(card, 1)
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.setHandleWidth(10)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(above)
        self.splitter.addWidget(self.below)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([460, 380])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(12, 12, 12, 12)
        whole.addWidget(self.splitter)

    def _connect(self) -> None:
        self.reading.done.connect(self._on_read)
        self._look.timeout.connect(self.look)
        self.bar.wished.connect(self._on_wished)
        self.bar.columns_wanted.connect(self.verbs.columns)
        self.bar.table_wanted.connect(self._on_table_wanted)
        self.table.picked.connect(self._on_picked)
        self.table.opened.connect(self.verbs.open_entry)
        self.table.star_wanted.connect(self.verbs.star_entry)
        self.table.sort_wanted.connect(self.sort_by)
        self.table.menu_wanted.connect(self._on_menu)
        self.model.renamed.connect(self.verbs.rename_run)
        self.model.arranged.connect(self._show_rows)
        self.empty.activated.connect(self._on_empty)
        self.below.told.connect(self.told)
        self.below.open_wanted.connect(self.open_wanted)
        self.below.action_wanted.connect(self.action_wanted)
        self.below.changed.connect(self.changed)

    def _take_settings(self) -> None:
        """As it was when the window was last open."""
        s = self.settings
        self.bar.set_group(s.compare_group)  # one that is not known gives way to none
        self._wish(
            group=self.bar.group.currentData(), sort=s.compare_sort, descending=s.compare_descending,
            archived=s.compare_archived,
        )  # fmt: skip
        self.bar.archived.setChecked(s.compare_archived)
        self.columns.take_settings()
        if s.compare_layout:
            self.splitter.restoreState(QByteArray.fromBase64(s.compare_layout.encode()))

    # ------------------------------------------------------------ reading

    @Slot()
    def look(self) -> None:
        """Read what has changed on the disk, away from this thread; while it is being read, once more afterwards."""
        self._look_again = self._looking
        if self._looking:
            return
        self._looking = True
        added = [Path(name) for name in (*self.settings.compare_added, *self.settings.recent)]
        self.reading.submit(TAG, partial(_list, self.settings.runs, self._known, added))

    @Slot(str, int, object)
    def _on_read(self, tag: str, number: int, result: object) -> None:
        if tag != TAG or number != self.reading.newest(tag):
            return
        self._looking = False
        if isinstance(result, dict):
            self._take(result)
        if self._look_again:
            self.look()

    def _take(self, result: Listed) -> None:
        if self.table.editing():  # the name that is being typed must not go
            return
        before, self._known = self._known, result
        same = before is not None and list(before) == list(result)
        if before is None or not same or any(before[path] is not result[path] for path in result):
            self.model.set_entries([entry for _, entry in result.values()])
            self._show_below()
            self._name_actions()

    def after_change(self, words: str = "") -> None:
        """Something was done to runs: look again at once, and say what there is to say."""
        self.told.emit(words)
        self.look()
        self.changed.emit()

    def forget(self, paths: Iterable[Path]) -> None:
        """These are gone: out of the table before the disk has been looked at."""
        gone = set(paths)
        if self._known is not None:
            self._known = {path: known for path, known in self._known.items() if path not in gone}
        self.model.set_entries([entry for entry in self.model.all_entries if entry.path not in gone])

    # ------------------------------------------------------------ what is shown

    def _wish(self, **changes: Any) -> None:
        wish: Wish = replace(self.model.wish, **changes)
        self.model.set_wish(wish)
        self.table.show_order(wish.sort, wish.descending)
        s = self.settings
        s.compare_sort, s.compare_descending = wish.sort, wish.descending
        s.compare_group, s.compare_archived = wish.group, wish.archived

    @Slot()
    def _on_wished(self) -> None:
        self._wish(filter=self.bar.filter.text(), group=self.bar.group.currentData(),
                   archived=self.bar.archived.isChecked())  # fmt: skip

    @Slot(str)
    def sort_by(self, key: str) -> None:
        """Sort by a column: at first the way one would want it, then the other way round."""
        wish = self.model.wish
        column = next((c for c in self.model.columns if c.key == key), None)
        if column is not None and column.key != "picture":
            self._wish(sort=key, descending=not wish.descending if wish.sort == key else _from_above(column))

    @Slot()
    def _show_rows(self) -> None:
        """Rows, or why there are none and what to do about it."""
        shown = self.model.arrangement
        self.below.setVisible(bool(shown.total) or bool(self.below.waiting()))
        self.bar.show_counts(shown, len(self.table.selected()))
        self._stack.setCurrentWidget(self.table if shown.rows else self.empty)
        if not shown.rows:
            self._show_empty()
        self.changed.emit()

    def _show_empty(self) -> None:
        shown = self.model.arrangement
        if self._known is None:
            words, self._empty_action = ("Reading the runs …", "", "", ""), ""
        elif not shown.total:
            words, self._empty_action = (
                "Your runs appear here",
                "Every run is kept with its settings, curves, samples and measurements. Train one, or drop the folder "
                "of a run from elsewhere here.",
                "Train a run", "Go to the Train workspace (Ctrl+1)",
            ), "train"  # fmt: skip
        elif shown.archived and not self.model.wish.archived:
            words, self._empty_action = (
                "Only archived runs fit", "They are out of sight, not gone.", "Show archived runs", "",
            ), "archived"  # fmt: skip
        else:
            words, self._empty_action = (
                "No run fits the filter", "Other words may find more.", "Empty the filter", "(Esc in the filter)",
            ), "filter"  # fmt: skip
        self.empty.set_content(*words)

    @Slot()
    def _on_empty(self) -> None:
        if self._empty_action == "train":
            self.action_wanted.emit("workspace.train")
        elif self._empty_action == "archived":
            self.bar.archived.setChecked(True)
        else:
            self.bar.filter.clear()

    @Slot()
    def _on_table_wanted(self) -> None:
        self.table.enter()

    @Slot()
    def _on_picked(self) -> None:
        self.bar.show_counts(self.model.arrangement, len(self.table.selected()))
        self._show_below()
        self._name_actions()
        self.changed.emit()

    def _name_actions(self) -> None:
        """Say what the actions would do to the selected runs."""
        chosen = self.table.selected()
        starred = bool(chosen) and all(entry.notes.starred for entry in chosen)
        archived = bool(chosen) and all(entry.notes.archived for entry in chosen)
        self.registry.action("compare.star").setText("Take the star away" if starred else "Star")
        self.registry.action("compare.archive").setText("Bring back" if archived else "Archive")

    def _show_below(self) -> None:
        """The selected runs beside each other; nothing is shown where nobody looks."""
        if self.isVisible():
            self.below.show_runs(self.table.selected(), list(self.model.arrangement.entries()))

    def facts(self) -> dict[str, Any]:
        """What decides which actions can be done."""
        chosen = self.table.selected()
        folder = self.controller.model.folder
        own = self.settings.runs.absolute()
        return {
            "runs_shown": self.model.rowCount(),
            "runs_selected": len(chosen),
            "runs_added": bool(chosen) and not any(own in entry.path.parents for entry in chosen),
            "run_damaged": len(chosen) == 1 and chosen[0].state == DAMAGED,
            "has_chart": self.below.chart() is not None,
            "run_in_train": len(chosen) == 1 and folder is not None and folder.path == chosen[0].path,
        }

    def known_tags(self) -> list[str]:
        """Every tag that any run has, by the alphabet."""
        return sorted({tag for entry in self.model.all_entries for tag in entry.notes.tags}, key=str.casefold)

    @Slot(QPoint)
    def _on_menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        for spec in COMPARE_ACTIONS:
            if spec.id not in NOT_IN_MENU:
                if spec.separator:
                    menu.addSeparator()
                menu.addAction(self.registry.action(spec.id))
        menu.popup(at)

    # ------------------------------------------------------------ runs from elsewhere

    def add(self, paths: Sequence[Path]) -> None:
        """Show runs from elsewhere in the table; a folder may hold several."""
        fit = [path.absolute() for path in paths if looks_like_run(path) or run_folders(path)]
        if missed := [path for path in paths if path.absolute() not in fit]:
            self.problem.emit("This is no run", f"{missed[0]} is neither a run nor a folder of runs.", "")
        new = tuple(str(path) for path in fit if str(path) not in self.settings.compare_added)
        if new:
            self._change_list(f"Add {runs_in_words(fit)}", new, ())
        if fit:
            self.after_change(f"Added {runs_in_words(fit)}.")

    def take_off(self, paths: Sequence[Path]) -> None:
        """Forget runs from elsewhere, and the folders they were found in."""
        gone = set(paths) | {path.parent for path in paths}
        names = dict.fromkeys([*self.settings.compare_added, *self.settings.recent])
        taken = tuple(name for name in names if Path(name) in gone)
        self._change_list(f"Take {runs_in_words(paths)} off the list", (), taken)
        self.forget(paths)
        self.after_change("Off the list; the folders stay where they are.")

    def _change_list(self, text: str, added: tuple[str, ...], taken: tuple[str, ...]) -> None:
        self.undoing.push(ListStep(text, added, taken, self._put_list))
        self._put_list(added, taken)

    def _put_list(self, added: tuple[str, ...], taken: tuple[str, ...]) -> None:
        s = self.settings
        s.compare_added = [*added, *(name for name in s.compare_added if name not in (*added, *taken))]
        s.recent = [name for name in s.recent if name not in taken]
        self.controller.settings.save()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Folders may be dropped here."""
        if any(Path(url.toLocalFile()).is_dir() for url in event.mimeData().urls() if url.isLocalFile()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Add the folders that were dropped."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        self.add([path for path in paths if path.is_dir()])

    def let_go(self, paths: Sequence[Path]) -> bool:
        """Close the run of the Train workspace if it is among these; ``False`` where it is under way."""
        model = self.controller.model
        if model.folder is None or model.folder.path not in paths:
            return True
        if model.active:
            self.told.emit(f"{model.folder.path.name} is being trained: stop it first.")
            return False
        self.controller.close_run()
        return True

    # ------------------------------------------------------------ undo, from the window's actions

    def undo_words(self) -> tuple[str, str]:
        """What undo and redo would do; empty where there is nothing."""
        if self.below.in_queue:
            return self.below.queue.queue.undo_words()
        return self.undoing.undo_text, self.undoing.redo_text

    def undo(self) -> None:
        """Take the last change of runs back, or of the queue where the keyboard is there."""
        words = self.undo_words()[0]
        if self.below.in_queue:
            self.below.queue.queue.undo()
            self.told.emit(f"Taken back: {words}.")
        else:
            self.after_change(self.undoing.undo() or f"Taken back: {words}.")

    def redo(self) -> None:
        """Do it again."""
        words = self.undo_words()[1]
        if self.below.in_queue:
            self.below.queue.queue.redo()
            self.told.emit(f"Done again: {words}.")
        else:
            self.after_change(self.undoing.redo() or f"Done again: {words}.")

    # ------------------------------------------------------------ coming and going

    def showEvent(self, event: QShowEvent) -> None:
        """Look at the disk now and from now on."""
        super().showEvent(event)
        self.look()
        self._look.start()
        self._show_below()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing is read where nobody looks."""
        super().hideEvent(event)
        self._look.stop()

    def shut_down(self) -> None:
        """No timer and no thread is left."""
        self.settings.compare_layout = bytes(self.splitter.saveState().toBase64().data()).decode()
        self._look.stop()
        self.table.stop()
        self.bar.stop()
        self.below.shut_down()
        self.reading.close()


def _from_above(column: Column) -> bool:
    """Whether one wants the largest first: of figures, not of words and seeds; of metrics the best."""
    if column.kind == METRIC:
        from ganstudio.catalog.measures import HIGHER, MEASURES

        measure = MEASURES.get(str(column.way[0]))
        return measure is not None and measure.better == HIGHER
    return column.key in ("star", "created") or (
        column.kind != TEXT and column.key not in ("seed", "state", "tags")
    )


def _list(parent: Path, known: Listed | None, added: Sequence[Path]) -> Listed:
    """All runs of the runs folder, those added by hand, and recent ones."""
    also = [run for path in added for run in ([path] if looks_like_run(path) else run_folders(path))]
    return list_runs(parent, known, also, judge)
