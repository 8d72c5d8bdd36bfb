"""The table of runs for Qt: groups and runs as a tree of two levels, and what every cell says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from ganstudio.core.numbers import step as step_words
from ganstudio.core.run_list import RunEntry
from ganstudio.window.compare.arranging import Arrangement, Row, Wish, arrange
from ganstudio.window.compare.columns import METRIC, Column, found_in
from ganstudio.window.compare.grouping import Group, group_text

Index = QModelIndex | QPersistentModelIndex
Roles = Qt.ItemDataRole
ROW = Roles.UserRole
COLUMN = Roles.UserRole + 1
BEST = Roles.UserRole + 2
NOWHERE = QModelIndex()
PLAIN = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
EDITABLE = PLAIN | Qt.ItemFlag.ItemIsEditable
TOP = 0
"""Internal id of rows that are in no group; those of group ``n`` have ``n + 1``."""


class RunsModel(QAbstractItemModel):
    """Shows entries as somebody wishes. ``renamed`` carries a path and the title typed for it."""

    renamed = Signal(object, str)
    arranged = Signal()
    """What is shown has changed in any way."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.wish = Wish()
        self.arrangement = Arrangement()
        self._entries: tuple[RunEntry, ...] = ()

    # ------------------------------------------------------------ what is shown

    @property
    def all_entries(self) -> tuple[RunEntry, ...]:
        """Every run there is, shown or not."""
        return self._entries

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns from left to right."""
        return self.arrangement.columns

    def set_entries(self, entries: Sequence[RunEntry]) -> None:
        """Other runs, or other things known of them."""
        self._entries = tuple(entries)
        self._arrange()

    def set_wish(self, wish: Wish) -> None:
        """Another filter, order or grouping."""
        if wish != self.wish:
            self.wish = wish
            self._arrange()

    def _arrange(self) -> None:
        new = arrange(self._entries, self.wish)
        if new.shape() == self.arrangement.shape():
            old, self.arrangement = self.arrangement, new
            self._tell_changes(old)
        else:
            self.beginResetModel()
            self.arrangement = new
            self.endResetModel()
        self.arranged.emit()

    def _tell_changes(self, old: Arrangement) -> None:
        """The same rows: only cells whose entries are others are painted anew."""
        last, everything = len(self.columns) - 1, old.best != self.arrangement.best
        for place, (before, now) in enumerate(zip(old.rows, self.arrangement.rows, strict=True)):
            if isinstance(now, Group) and isinstance(before, Group):
                top = self.index(place, 0)
                changed = [everything or a is not b for a, b in zip(before.entries, now.entries, strict=True)]
                for child in (i for i, other in enumerate(changed) if other):
                    self.dataChanged.emit(self.index(child, 0, top), self.index(child, last, top))
                if any(changed):
                    self.dataChanged.emit(top, self.index(place, last))
            elif everything or before is not now:
                self.dataChanged.emit(self.index(place, 0), self.index(place, last))

    def row_of(self, index: Index) -> Row | None:
        """The group or run at an index."""
        if not index.isValid():
            return None
        if index.internalId() == TOP:
            return self.arrangement.rows[index.row()]
        group = self.arrangement.rows[index.internalId() - 1]
        return group.entries[index.row()] if isinstance(group, Group) else None

    def row_at(self, group: int, row: int) -> Row:
        """The row at a place in a group; group -1 stands for the top."""
        inside = self.arrangement.rows[group] if group >= 0 else None
        return inside.entries[row] if isinstance(inside, Group) else self.arrangement.rows[row]

    def entry_of(self, index: Index) -> RunEntry | None:
        """The run at an index; ``None`` for a group."""
        row = self.row_of(index)
        return row if isinstance(row, RunEntry) else None

    def indexes(self) -> Iterator[tuple[Row, QModelIndex]]:
        """Every row with the index of its first cell, from top to bottom."""
        for place, row in enumerate(self.arrangement.rows):
            top = self.index(place, 0)
            yield row, top
            if isinstance(row, Group):
                for child, entry in enumerate(row.entries):
                    yield entry, self.index(child, 0, top)

    def index_of(self, path: Path, column: int = 0) -> QModelIndex:
        """Where a run is shown; an invalid index where it is not."""
        found = (i for row, i in self.indexes() if isinstance(row, RunEntry) and row.path == path)
        index = next(found, QModelIndex())
        return index.siblingAtColumn(column) if index.isValid() else index

    def column_of(self, key: str) -> int:
        """The place of a column; -1 where there is none."""
        return next((place for place, column in enumerate(self.columns) if column.key == key), -1)

    # ------------------------------------------------------------ for Qt

    def index(self, row: int, column: int, parent: Index = NOWHERE) -> QModelIndex:
        """The index of a cell."""
        if not (0 <= row < self.rowCount(parent) and 0 <= column < len(self.columns)):
            return QModelIndex()
        return self.createIndex(row, column, parent.row() + 1 if parent.isValid() else TOP)

    def parent(self, index: Index = NOWHERE) -> QModelIndex:  # type: ignore[override]
        """The row of the group that a run is in."""
        if not index.isValid() or index.internalId() == TOP:
            return QModelIndex()
        return self.createIndex(index.internalId() - 1, 0, TOP)

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """Groups or runs at the top, runs in a group."""
        if not parent.isValid():
            return len(self.arrangement.rows)
        row = self.row_of(parent) if parent.column() == 0 else None
        return len(row.entries) if isinstance(row, Group) else 0

    def columnCount(self, _parent: Index = NOWHERE) -> int:
        """As many everywhere."""
        return len(self.columns)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Everything can be selected; names can be edited."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        named = self.columns[index.column()].key == "title" and self.entry_of(index) is not None
        return EDITABLE if named else PLAIN

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Roles.DisplayRole) -> object:
        """Title and tooltip of a column."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        if role == Roles.DisplayRole:
            return column.title
        if role == Roles.ToolTipRole:
            return f"{column.tip}\nClick to sort by it; the context menu chooses columns."
        if role == Roles.AccessibleTextRole:
            return " ".join(part for part in (column.title or column.key, column.caption) if part)
        return column if role == COLUMN else None

    def data(self, index: Index, role: int = Roles.DisplayRole) -> object:
        """What a cell shows and says."""
        row = self.row_of(index)
        if row is None:
            return None
        column = self.columns[index.column()]
        if role == ROW:
            return row
        if role == COLUMN:
            return column
        if role == BEST:
            return isinstance(row, RunEntry) and self.arrangement.best.get(column.key) == row.path
        if role in (Roles.DisplayRole, Roles.EditRole):
            return self._text(row, column)
        if role == Roles.ToolTipRole:
            return group_tip(row) if isinstance(row, Group) else entry_tip(row, column)
        if role == Roles.AccessibleTextRole:
            return f"{column.title or column.key}: {self._text(row, column) or 'nothing'}"
        return None

    @staticmethod
    def _text(row: Row, column: Column) -> str:
        if isinstance(row, Group):
            return row.title if column.key == "title" else group_text(row, column)
        return column.text(row)

    def setData(self, index: Index, value: object, role: int = Roles.EditRole) -> bool:
        """A name was typed: whoever listens writes it."""
        entry = self.entry_of(index)
        if role != Roles.EditRole or entry is None or str(value).strip() == entry.title:
            return False
        self.renamed.emit(entry.path, str(value))
        return True


def group_tip(group: Group) -> str:
    """What a group is."""
    count = f"{len(group.entries):,} runs" if len(group.entries) != 1 else "1 run"
    return (
        f"{group.title}\n{count}. Enter or a click shows or hides them; metrics say mean ± deviation (runs)."
    )


def entry_tip(entry: RunEntry, column: Column) -> str:
    """The whole of what a cell shows in short."""
    if column.kind == METRIC:
        return _metric_tip(entry, column)
    if column.key == "picture":
        return (
            ""
            if entry.thumbnail is None
            else f"The newest saved grid: {step_words(int(entry.thumbnail.stem))}"
        )
    if column.key in ("title", "state") and entry.problem:
        return f"{entry.title}\n{entry.problem}\n{entry.path}"
    if column.key == "title":
        return f"{entry.title}\n{entry.path}"
    if column.key == "note":
        return entry.notes.text or "No note. N writes one."
    if column.key == "star":
        return (
            "Starred. A click or S takes the star away."
            if entry.notes.starred
            else "A click or S gives it a star."
        )
    if column.key == "created":
        return f"Started {column.text(entry)} local time" if column.text(entry) else ""
    return column.text(entry)


def _metric_tip(entry: RunEntry, column: Column) -> str:
    found = found_in(entry, column.way)
    if found is None:
        return "Not measured in this way. Measure it in the Train workspace, or with ganstudio evaluate."
    told = [column.text(entry), column.tip]
    if found.step is not None:
        told.append(f"Measured at {step_words(found.step)}{_when(found.time)}; {found.how or 'no interval'}.")
    return "\n".join([*told, *found.warnings])


def _when(time: str) -> str:
    try:
        return f" on {datetime.fromisoformat(time):%Y-%m-%d}" if time else ""
    except ValueError:
        return ""
