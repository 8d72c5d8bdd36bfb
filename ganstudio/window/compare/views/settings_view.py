"""In which settings the chosen runs differ."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, Qt, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QMenu,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from ganstudio.core.run_list import RunEntry
from ganstudio.window.compare.views import differences
from ganstudio.window.compare.views.library import Library
from ganstudio.window.compare.views.readings import SettingsReading
from ganstudio.window.compare.views.settings_model import SettingsModel
from ganstudio.window.compare.views.strands import Strand, strands
from ganstudio.window.theme import theme
from ganstudio.window.widgets.basic import Caption, EmptyState
from ganstudio.window.widgets.charts import export
from ganstudio.window.widgets.toggle import ToggleSwitch

NARROW, NAMES = 92, 260


class SettingsTable(QTableView):
    """The table; Ctrl+C copies what is selected, and a menu the whole of it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = SettingsModel(self)
        self.setModel(self.rows)
        self.setFont(theme().font("caption"))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(26)
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._open_menu)
        self.setAccessibleName("Settings of the chosen runs")
        self.setToolTip(
            "Settings of the chosen runs. A dot marks what variant and data alone would not give; Ctrl+C copies rows"
        )

    def show_rows(
        self, rows: Sequence[differences.SettingRow], strands: Sequence[Strand], problems: Sequence[str]
    ) -> None:
        """Show rows; columns are as wide as what is in them, within limits."""
        kept = len(strands) == len(self.rows.strands) and self.rows.rows
        self.rows.show(rows, strands, problems)
        if not kept:
            self._fit_columns(len(strands))

    def _fit_columns(self, runs: int) -> None:
        """As wide as what is in them, within limits; the runs share the room that names leave, if it is enough."""
        self.resizeColumnsToContents()
        names = min(max(self.columnWidth(0) + 8, NARROW), NAMES)
        keys = self.columnWidth(self.rows.columnCount() - 1) + 8
        share = (self.viewport().width() - names - keys) // max(runs, 1)
        for column in range(self.rows.columnCount()):
            widest = max(share, NARROW) if 0 < column <= runs else NAMES
            self.setColumnWidth(column, min(max(self.columnWidth(column) + 8, NARROW), widest))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy the selected rows."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)

    @Slot()
    def copy(self) -> None:
        """The selected rows, or all, as lines with tabs."""
        picked = sorted({index.row() for index in self.selectedIndexes()}) or range(len(self.rows.rows))
        lines = ["\t".join(("Setting", *(strand.title for strand in self.rows.strands)))]
        for place in picked:
            row = self.rows.rows[place]
            lines.append("\t".join((row.key, *(cell.shown() for cell in row.cells))))
        QGuiApplication.clipboard().setText("\n".join(lines))

    @Slot()
    def save_csv(self) -> None:
        """Ask where and save the table."""
        export.write(self, "Save table", "settings", ".csv", self._csv)

    def _csv(self) -> bytes:
        titles = [strand.title for strand in self.rows.strands]
        return differences.to_csv(self.rows.rows, titles).encode("utf-8")

    @Slot(QPoint)
    def _open_menu(self, where: QPoint) -> None:
        menu = QMenu(self)
        menu.addAction("Copy", self.copy)
        menu.addAction("Save table as CSV …", self.save_csv)
        menu.exec(self.viewport().mapToGlobal(where))
        menu.deleteLater()


class SettingsView(QWidget):
    """Rows of settings in which the runs differ, or all of them."""

    def __init__(self, library: Library, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._entries: tuple[RunEntry, ...] = ()
        self._hidden: frozenset[Path] = frozenset()
        # widgets
        self.table = SettingsTable()
        self.every = ToggleSwitch("Show all")
        self.told = Caption()
        self.problems = Caption(wrap=True)
        self.empty = EmptyState()
        self.every.setFont(theme().font("caption"))
        self.every.setToolTip("Show the settings in which all runs agree, too")
        # connections
        self.every.toggled.connect(self.refresh)
        library.changed.connect(self._on_changed)
        theme().changed.connect(self.refresh)
        # assembly
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.told, 1)
        row.addWidget(self.every)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(row)
        layout.addWidget(self.problems)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.empty, 1)
        self.setAccessibleName("Settings of the chosen runs")

    def show_runs(self, entries: Sequence[RunEntry], hidden: frozenset[Path] = frozenset()) -> None:
        """The runs whose settings are compared; hidden ones are left out."""
        self._entries = tuple(entries)
        self._hidden = hidden
        if self.isVisible():
            self._library.want_settings()
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Fill the table with what has been read so far."""
        if not self.isVisible():
            return
        shown = [
            (strand, reading)
            for strand, entry in zip(strands(self._entries), self._entries, strict=True)
            if entry.path not in self._hidden and (reading := self._library.book(entry.path).settings)
        ]
        readings: list[SettingsReading] = [reading for _, reading in shown]
        sound = sum(not reading.problem for reading in readings)
        rows = differences.rows_of(readings)
        listed = differences.chosen(rows, sound, self.every.isChecked())
        problems = [reading.problem for reading in readings]
        self.table.show_rows(listed, [strand for strand, _ in shown], problems)
        self.problems.setText(" ".join(problem for problem in problems if problem))
        self.problems.setVisible(any(problems))
        marked = any(row.unusual() for row in listed)
        sign = " · • is not what variant and data alone would give" if marked and sound > 1 else ""
        self.told.setText(differences.summary(rows, sound) + sign if rows else "")
        self._tell_empty(bool(listed), bool(rows), sound)

    def _tell_empty(self, listed: bool, rows: bool, sound: int) -> None:
        self.table.setVisible(listed)
        self.empty.setVisible(not listed)
        if self._library.waiting("settings"):
            self.empty.set_content("Reading the settings", "")
        elif not rows:
            self.empty.set_content("No settings", "None of the chosen runs has a config that can be read.")
        elif sound > 1:
            self.empty.set_content("No difference", "The chosen runs have the same settings.")
        else:
            self.empty.set_content("Nothing changed", "The run has what variant and data alone would give.")

    def showEvent(self, event: QEvent) -> None:
        """Read what is not known yet."""
        super().showEvent(event)  # type: ignore[arg-type]
        self._library.want_settings()
        self.refresh()

    @Slot(object)
    def _on_changed(self, path: Path) -> None:
        if any(entry.path == path for entry in self._entries):
            self.refresh()
