"""The table of a sweep: a row for each combination of values, mean ± spread in the cells."""

from __future__ import annotations

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from ganstudio.core.sweep_values import value_text
from ganstudio.reports.sweeps import SpreadTable
from ganstudio.window.theme import theme

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class SpreadModel(QAbstractTableModel):
    """Columns: the axes, how many runs, then every number."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.table = SpreadTable()

    def fill(self, table: SpreadTable) -> None:
        """Show another sweep."""
        self.beginResetModel()
        self.table = table
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        """How many combinations."""
        return 0 if parent is not None and parent.isValid() else len(self.table.groups)

    def columnCount(self, _parent: Index | None = None) -> int:
        """Axes, runs, numbers."""
        return len(self.table.axes) + 1 + len(self.table.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> object:
        """Short names; the whole key or the protocol in the tooltip."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Role.TextAlignmentRole:
            return RIGHT
        if role not in (Role.DisplayRole, Role.ToolTipRole):
            return None
        tip, table = role == Role.ToolTipRole, self.table
        if section < len(table.axes):
            key = table.axes[section]
            return key if tip else table.names[key]
        if section == len(table.axes):
            return "Runs with these settings, each with a seed of its own" if tip else "Runs"
        column = table.columns[section - len(table.axes) - 1]
        said = f"{column.title}: mean ± standard deviation\n{column.how}".strip()
        return said if tip else table.titles[column]

    def data(self, index: Index, role: int = Role.DisplayRole) -> object:
        """Words, tooltip, side and figures of a cell."""
        if role == Role.TextAlignmentRole:
            return RIGHT
        if role == Role.FontRole:
            return theme().font("small-figure")
        if role not in (Role.DisplayRole, Role.ToolTipRole):
            return None
        table, section, tip = self.table, index.column(), role == Role.ToolTipRole
        group = table.groups[index.row()]
        if section < len(table.axes):
            return value_text(group.values[section])
        if section == len(table.axes):
            count = len(group.samples)
            return "\n".join(sample.what.title for sample in group.samples) if tip else str(count)
        found = table.spreads[index.row()][section - len(table.axes) - 1]
        if tip:
            return found.words()
        fewer = f" ({found.count})" if 0 < found.count < len(group.samples) else ""
        return found.text() + fewer
