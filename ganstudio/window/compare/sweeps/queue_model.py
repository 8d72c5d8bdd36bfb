"""The queue's runs as rows for a table view."""

from __future__ import annotations

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Slot

from ganstudio.core.numbers import duration, whole
from ganstudio.window.compare.sweeps.queue import RunQueue
from ganstudio.window.compare.sweeps.store import ItemState, QueueItem
from ganstudio.window.theme import theme

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
COLUMNS = ("Run", "State", "Step")
COLOURS = {
    ItemState.WAITING: "muted",
    ItemState.RUNNING: "real",
    ItemState.DONE: "text",
    ItemState.FAILED: "warning",
    ItemState.STOPPED: "muted",
}


class QueueModel(QAbstractTableModel):
    """One row for each run, in the queue's order."""

    def __init__(self, queue: RunQueue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.queue = queue
        self._items = queue.items
        self._step = 0
        queue.changed.connect(self.refresh)

    def item(self, row: int) -> QueueItem:
        """The run in a row."""
        return self._items[row]

    @Slot()
    def refresh(self) -> None:
        """Another list, or other states."""
        new = self.queue.items
        if [item.id for item in new] == [item.id for item in self._items]:
            self._items = new
            if new:
                self.dataChanged.emit(self.index(0, 0), self.index(len(new) - 1, len(COLUMNS) - 1))
            return
        self.beginResetModel()
        self._items = new
        self.endResetModel()

    def show_step(self, step: int) -> None:
        """Where the run that trains stands."""
        self._step = step
        row = next((i for i, item in enumerate(self._items) if item.state is ItemState.RUNNING), None)
        if row is not None:
            place = self.index(row, COLUMNS.index("Step"))
            self.dataChanged.emit(place, place)

    def rowCount(self, parent: Index | None = None) -> int:
        """How many runs."""
        return 0 if parent is not None and parent.isValid() else len(self._items)

    def columnCount(self, _parent: Index | None = None) -> int:
        """Run, state, step."""
        return len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> object:
        """The names of the columns."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Role.TextAlignmentRole:
            return _side(section)
        return COLUMNS[section] if role == Role.DisplayRole else None

    def data(self, index: Index, role: int = Role.DisplayRole) -> object:
        """Words, colour, tooltip and side of a cell."""
        item = self._items[index.row()]
        if role == Role.DisplayRole:
            return (item.config.name, item.state.value, self._step_words(item))[index.column()]
        if role == Role.ForegroundRole:
            return theme().color(COLOURS[item.state] if index.column() == 1 else "text")
        if role == Role.ToolTipRole:
            return tip(item)
        if role == Role.TextAlignmentRole:
            return _side(index.column())
        if role == Role.FontRole and index.column() == COLUMNS.index("Step"):
            return theme().font("small-figure")
        return None

    def _step_words(self, item: QueueItem) -> str:
        step = self._step if item.state is ItemState.RUNNING else item.step
        return f"{whole(step)} of {whole(item.config.steps)}" if step else whole(item.config.steps)


def _side(column: int) -> Qt.AlignmentFlag:
    end = Qt.AlignmentFlag.AlignRight if column == COLUMNS.index("Step") else Qt.AlignmentFlag.AlignLeft
    return end | Qt.AlignmentFlag.AlignVCenter


def tip(item: QueueItem) -> str:
    """Everything about a run in a few lines."""
    lines = [item.config.name, f"{item.state.value}. {item.problem}".strip()]
    if item.sweep:
        lines.append(f"Sweep: {item.sweep}")
    if item.seconds:
        lines.append(f"Trained for {duration(item.seconds)}")
    return "\n".join([*lines, item.folder] if item.folder else lines)
