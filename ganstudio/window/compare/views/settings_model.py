"""The table of settings as a Qt model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap

from ganstudio.window.compare.views.differences import SettingRow, value_help
from ganstudio.window.compare.views.strands import Strand
from ganstudio.window.theme import theme
from ganstudio.window.widgets.painting import swatch

FIRST, LAST = "Setting", "Key"
Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole


class SettingsModel(QAbstractTableModel):
    """A row for each setting: its name, a column for each run, and its key."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: list[SettingRow] = []
        self.strands: tuple[Strand, ...] = ()
        self._problems: tuple[str, ...] = ()

    def show(self, rows: Sequence[SettingRow], strands: Sequence[Strand], problems: Sequence[str]) -> None:
        """Other rows; ``problems`` holds a sentence for each run that cannot be read, else nothing."""
        self.beginResetModel()
        self.rows, self.strands, self._problems = list(rows), tuple(strands), tuple(problems)
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        """One for each setting."""
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index | None = None) -> int:
        """Name, runs, key."""
        return 0 if parent is not None and parent.isValid() else 2 + len(self.strands)

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """Words, marks and tooltips."""
        row, column = self.rows[index.row()], index.column() - 1
        if column not in range(len(self.strands)):
            return self._fixed(row, column >= 0, role)
        cell = row.cells[column]
        unusual = bool(cell.usual or cell.changes)
        if role == Role.DisplayRole:
            return f"• {cell.shown()}" if unusual else cell.shown()
        if role == Role.ToolTipRole:
            return self._tip(row, column)
        if role == Role.ForegroundRole and not unusual:
            return theme().color("muted")
        if role == Role.AccessibleTextRole:
            changed = f", changed from {cell.usual}" if cell.usual else ""
            return f"{row.label}, {self.strands[column].label}: {cell.shown()}{changed}"
        return None

    def _fixed(self, row: SettingRow, is_key: bool, role: int) -> Any:
        if role == Role.DisplayRole:
            return row.key if is_key else row.label
        if role == Role.ToolTipRole:
            return row.help
        return theme().color("muted") if role == Role.ForegroundRole and is_key else None

    def _tip(self, row: SettingRow, column: int) -> str:
        cell = row.cells[column]
        lines = [self._problems[column], cell.shown(), value_help(row.key, cell.text)]
        if cell.usual:
            lines.append(f"• Variant and data alone would give {cell.usual}.")
        if cell.changes:
            lines.append("It was changed while the run went on.")
        return "\n".join(line for line in lines if line)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        """The runs' names with their colours."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Role.FontRole:
            return theme().font("caption")
        if section - 1 not in range(len(self.strands)):
            return (LAST if section else FIRST) if role == Role.DisplayRole else None
        strand = self.strands[section - 1]
        if role == Role.DisplayRole:
            return strand.label
        if role == Role.ToolTipRole:
            return "\n".join(line for line in (strand.title, self._problems[section - 1]) if line)
        return sign_of(strand) if role == Role.DecorationRole else None


def sign_of(strand: Strand) -> QPixmap:
    """A run's colour and dash as a small picture."""
    picture = QPixmap(24, 20)
    picture.setDevicePixelRatio(2)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    swatch(painter, QRectF(1, 0, 10, 10), theme().color(strand.color), strand.dash)
    painter.end()
    return picture
