"""The table of a sweep: a row for each combination of values, mean ± spread in the cells."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from ganstudio.core.sweep_values import value_text
from ganstudio.core.sweeps import Column, Group, titles_of
from ganstudio.window.theme import theme

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole


class SpreadModel(QAbstractTableModel):
    """Columns: the axes, how many runs, then every number."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.groups: Sequence[Group] = ()
        self.axes: Sequence[str] = ()
        self.columns: Sequence[Column] = ()
        self._names: dict[str, str] = {}
        self._titles: dict[Column, str] = {}

    def fill(
        self, groups: Sequence[Group], axes: Sequence[str], names: dict[str, str], columns: Sequence[Column]
    ) -> None:
        """Show another sweep."""
        self.beginResetModel()
        self.groups, self.axes, self.columns, self._names = groups, axes, columns, names
        self._titles = titles_of(columns)
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        """How many combinations."""
        return 0 if parent is not None and parent.isValid() else len(self.groups)

    def columnCount(self, _parent: Index | None = None) -> int:
        """Axes, runs, numbers."""
        return len(self.axes) + 1 + len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> object:
        """Short names; the whole key or the protocol in the tooltip."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Role.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role not in (Role.DisplayRole, Role.ToolTipRole):
            return None
        tip = role == Role.ToolTipRole
        if section < len(self.axes):
            key = self.axes[section]
            return key if tip else self._names[key]
        if section == len(self.axes):
            return "Runs with these settings, each with a seed of its own" if tip else "Runs"
        column = self.columns[section - len(self.axes) - 1]
        return (
            f"{column.title}: mean ± standard deviation\n{column.how}".strip()
            if tip
            else self._titles[column]
        )

    def data(self, index: Index, role: int = Role.DisplayRole) -> object:
        """Words, tooltip, side and figures of a cell."""
        if role == Role.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Role.FontRole:
            return theme().font("small-figure")
        if role not in (Role.DisplayRole, Role.ToolTipRole):
            return None
        group, section = self.groups[index.row()], index.column()
        if section < len(self.axes):
            return value_text(group.values[section])
        if section == len(self.axes):
            if role == Role.DisplayRole:
                return str(len(group.samples))
            return "\n".join(sample.what.title for sample in group.samples)
        found = group.spread(self.columns[section - len(self.axes) - 1])
        if role == Role.ToolTipRole:
            return found.words()
        fewer = f" ({found.count})" if 0 < found.count < len(group.samples) else ""
        return found.text() + fewer
