"""Which columns a person has chosen for the table, in which order and how wide: asked in a menu, kept in settings."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, Slot
from PySide6.QtWidgets import QWidget

from ganstudio.window.compare.column_menu import ColumnMenu
from ganstudio.window.compare.table_view import RunTable
from ganstudio.window.settings import Settings


class ChosenColumns(QObject):
    """Keeps a table's columns as ``settings`` have them, and settings as a person has placed the columns."""

    def __init__(self, table: RunTable, settings: Settings) -> None:
        super().__init__(table)
        self.table, self.settings = table, settings
        table.columns_wanted.connect(self._on_wanted)
        table.columns_placed.connect(self._on_placed)

    def take_settings(self) -> None:
        """Columns as they were when the window was last open."""
        self.table.place_columns(self.settings.compare_widths, self.settings.compare_order)
        self.table.set_hidden(self.hidden())

    def hidden(self) -> set[str]:
        """The columns that are left out."""
        first = {column.key for column in self.table.runs.columns if column.hidden}
        return {*self.settings.compare_hidden, *(first - set(self.settings.compare_shown))}

    def ask(self, below: QWidget) -> None:
        """The menu of columns below a widget."""
        self._menu().popup(below.mapToGlobal(below.rect().bottomLeft()))

    def _menu(self) -> ColumnMenu:
        shown = self.table.shown_columns()
        columns = [*shown, *(c for c in self.table.runs.columns if c not in shown)]
        menu = ColumnMenu(columns, self.hidden(), self.table)
        menu.switched.connect(self._on_switched)
        menu.moved.connect(self.table.move_column)
        menu.reset_wanted.connect(self.reset)
        return menu

    @Slot()
    def reset(self) -> None:
        """Columns, their order and their widths as they are at first."""
        self.settings.compare_hidden, self.settings.compare_shown = [], []
        self.table.place_columns({}, ())
        self._on_placed()
        self.table.set_hidden(self.hidden())

    @Slot(QPoint)
    def _on_wanted(self, at: QPoint) -> None:
        self._menu().popup(at)

    @Slot()
    def _on_placed(self) -> None:
        self.settings.compare_widths, self.settings.compare_order = self.table.widths(), self.table.order()

    @Slot(str)
    def _on_switched(self, key: str) -> None:
        column = next(c for c in self.table.runs.columns if c.key == key)
        if column.hidden:
            self.settings.compare_shown = _switched(self.settings.compare_shown, key)
        else:
            self.settings.compare_hidden = _switched(self.settings.compare_hidden, key)
        self.table.set_hidden(self.hidden())


def _switched(keys: list[str], key: str) -> list[str]:
    """The keys with this one if it was not among them, and else without it."""
    return [other for other in keys if other != key] if key in keys else [*keys, key]
