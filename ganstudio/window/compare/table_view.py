"""The table of runs on the screen: a tree view with our header, which keeps its place when the runs change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionRange,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyleOptionViewItem, QTreeView, QWidget

from ganstudio.core.run_list import RunEntry
from ganstudio.window.compare.arranging import Row
from ganstudio.window.compare.column_order import moved, placed, remembered
from ganstudio.window.compare.columns import METRIC, NEVER_HIDDEN, STATE, TAGS, Column
from ganstudio.window.compare.grouping import Group
from ganstudio.window.compare.header import WIDEST, RunHeader
from ganstudio.window.compare.painting import PADDING, RunDelegate
from ganstudio.window.compare.sticky import StickyTree
from ganstudio.window.compare.table_model import RunsModel
from ganstudio.window.compare.thumbnails import Thumbnails
from ganstudio.window.theme import theme
from ganstudio.window.theme.style import set_role

SETTLE_MS, LOOK_MS = 80, 60
"""How long a selection must rest before it is told, and scrolling before thumbnails are fetched."""
LOOKED_AT = 200
"""Rows by which a column finds its width."""
EXTRA = {STATE: 20, METRIC: 16, TAGS: 40}
"""Pixels that columns of a kind need beside their words."""
BEYOND = 6
"""Rows above and below the visible ones whose thumbnails are fetched too."""


class RunTable(StickyTree):
    """The table. ``picked`` tells that other runs are selected, once that has come to rest."""

    picked = Signal()
    opened = Signal(object)
    """A run was double-clicked, or Enter pressed on it: its entry."""
    star_wanted = Signal(object)
    sort_wanted = Signal(str)
    columns_wanted = Signal(QPoint)
    menu_wanted = Signal(QPoint)
    columns_placed = Signal()
    """Somebody has moved a column, or changed its width."""

    def __init__(self, model: RunsModel, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.runs, self.thumbnails = model, thumbnails
        self._hidden: frozenset[str] = frozenset()
        self._widths: dict[str, int] = {}
        self._order: list[str] = []
        self._kept: tuple[set[Path], Path | None, set[str], int] | None = None
        self._closed_groups: set[str] = set()
        self._told: tuple[Path, ...] = ()
        self._settle, self._look = QTimer(self), QTimer(self)
        for timer, span, slot in ((self._settle, SETTLE_MS, self._tell), (self._look, LOOK_MS, self._fetch)):
            timer.setSingleShot(True)
            timer.setInterval(span)
            timer.timeout.connect(slot)
        self._build()
        self.setModel(model)
        self._connect()
        self._arrange_columns()

    def _build(self) -> None:
        self.header_ = RunHeader(self)
        self.set_heads(self.header_)
        self.header_.setSectionsClickable(True)  # setHeader takes it away
        self.header_.setSectionsMovable(True)
        self.delegate = RunDelegate(self.thumbnails, self)
        self.setItemDelegate(self.delegate)
        set_role(self, "flush")
        self.setUniformRowHeights(True)
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setItemsExpandable(True)
        self.setExpandsOnDoubleClick(False)
        self.setAllColumnsShowFocus(True)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setAccessibleName("Runs")
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setFrameShape(QTreeView.Shape.NoFrame)
        self.header_.setStretchLastSection(False)

    def _connect(self) -> None:
        self.runs.modelAboutToBeReset.connect(self._keep)
        self.runs.modelReset.connect(self._restore)
        self.runs.arranged.connect(self._look.start)
        self.thumbnails.came.connect(self.viewport().update)
        self.selectionModel().selectionChanged.connect(self._settle.start)
        self.header_.sectionClicked.connect(self._on_header)
        self.header_.sectionResized.connect(self._on_resized)
        self.header_.sectionMoved.connect(self._on_moved)
        self.header_.customContextMenuRequested.connect(self._on_header_menu)
        self.customContextMenuRequested.connect(self._on_menu)
        self.verticalScrollBar().valueChanged.connect(self._look.start)
        self.doubleClicked.connect(self._on_double)
        self.expanded.connect(self._on_expanded)
        self.collapsed.connect(self._on_collapsed)

    def stop(self) -> None:
        """No timer runs any more."""
        self._settle.stop()
        self._look.stop()

    # ------------------------------------------------------------ selection

    def selected(self) -> list[RunEntry]:
        """The selected runs from top to bottom; a selected group stands for its runs."""
        found: dict[Path, RunEntry] = {}
        for place in sorted(self._places(), key=lambda p: p if p[0] >= 0 else (p[1], -1)):
            row = self.runs.row_at(*place)
            for entry in row.entries if isinstance(row, Group) else (row,):
                found[entry.path] = entry
        return list(found.values())

    def _places(self) -> set[tuple[int, int]]:
        """Group (-1: none) and row of what is selected; by ranges, since a thousand rows are one range."""
        return {
            (part.parent().row(), row)
            for part in self.selectionModel().selection()
            for row in range(part.top(), part.bottom() + 1)
        }

    def select(self, paths: Iterable[Path]) -> None:
        """Select these runs, where they are shown, and scroll to the first."""
        wanted = set(paths)
        found = [i for row, i in self.runs.indexes() if isinstance(row, RunEntry) and row.path in wanted]
        self._mark(found, found[0] if found else QModelIndex())
        if found:
            self.scrollTo(self._anchor(found[0]))

    def _mark(self, indexes: list[QModelIndex], current: QModelIndex) -> None:
        selection = self.selectionModel()
        flag = selection.SelectionFlag
        selection.clear()
        if current.isValid():
            selection.setCurrentIndex(self._anchor(current), flag.NoUpdate)
        wanted = QItemSelection()
        for index in indexes:
            wanted.append(QItemSelectionRange(index))
        selection.select(wanted, flag.Select | flag.Rows)

    def _anchor(self, index: QModelIndex) -> QModelIndex:
        """The name in a row: the one cell that is never hidden."""
        return index.siblingAtColumn(self.runs.column_of("title"))

    def enter(self) -> None:
        """The keyboard to the table, and to its first row if none is current."""
        self.setFocus()
        if not self.currentIndex().isValid() and self.runs.rowCount():
            self.setCurrentIndex(self._anchor(self.runs.index(0, 0)))

    @Slot()
    def _tell(self) -> None:
        now = tuple(entry.path for entry in self.selected())
        if now != self._told:
            self._told = now
            self.picked.emit()

    # ------------------------------------------------------------ keeping its place

    @Slot()
    def _keep(self) -> None:
        current = self.runs.entry_of(self.currentIndex())
        marked = [self.runs.row_at(*place) for place in self._places()]
        groups = {row.key for row in marked if isinstance(row, Group)}
        paths = {row.path for row in marked if isinstance(row, RunEntry)}
        self._kept = (paths, current.path if current else None, groups, self.verticalScrollBar().value())

    @Slot()
    def _restore(self) -> None:
        self._arrange_columns()
        for place, row in enumerate(self.runs.arrangement.rows):
            if isinstance(row, Group):
                self.setExpanded(self.runs.index(place, 0), row.key not in self._closed_groups)
        if self._kept is None:
            return
        (paths, current, groups, scrolled), self._kept = self._kept, None
        marked: list[QModelIndex] = []
        if paths or groups:
            marked = [i for row, i in self.runs.indexes() if _is_among(row, paths, groups)]
        self._mark(marked, self.runs.index_of(current) if current else QModelIndex())
        self.verticalScrollBar().setValue(scrolled)
        self._settle.start()

    @Slot(QModelIndex)
    def _on_expanded(self, index: QModelIndex) -> None:
        row = self.runs.row_of(index)
        if isinstance(row, Group):
            self._closed_groups.discard(row.key)
            self._look.start()

    @Slot(QModelIndex)
    def _on_collapsed(self, index: QModelIndex) -> None:
        row = self.runs.row_of(index)
        if isinstance(row, Group):
            self._closed_groups.add(row.key)

    # ------------------------------------------------------------ columns

    def set_hidden(self, keys: Iterable[str]) -> None:
        """Leave columns out."""
        self._hidden = frozenset(keys) - frozenset(NEVER_HIDDEN)
        self._arrange_columns()

    def shown_columns(self) -> list[Column]:
        """The columns that are not left out, from left to right."""
        places = [self.header_.logicalIndex(visual) for visual in range(self.header_.count())]
        return [c for c in (self.runs.columns[place] for place in places) if c.key not in self._hidden]

    def widths(self) -> dict[str, int]:
        """The width of each column that somebody has given one, in pixels."""
        return dict(self._widths)

    def order(self) -> list[str]:
        """The order of columns, from left to right, those among them that no run has now; empty: as at first."""
        return list(self._order)

    def place_columns(self, widths: Mapping[str, int], order: Sequence[str]) -> None:
        """Give columns widths and an order; those of which nothing is said have their own."""
        self._widths, self._order = dict(widths), list(order)
        self._arrange_columns()

    def move_column(self, key: str, by: int) -> None:
        """One column so many places to the right among those that are shown, or to the left (negative)."""
        shown = [column.key for column in self.shown_columns()]
        wanted = moved(shown, key, by)
        if wanted != shown:
            self.place_columns(self._widths, remembered(placed(self._keys(), wanted), self._order))
            self.columns_placed.emit()

    def _keys(self) -> list[str]:
        return [column.key for column in self.runs.columns]

    def _arrange_columns(self) -> None:
        self.header_.blockSignals(True)
        self.header_.stays = self.runs.column_of("title")
        for visual, key in enumerate(placed(self._keys(), self._order)):
            self.header_.moveSection(self.header_.visualIndex(self.runs.column_of(key)), visual)
        for place, column in enumerate(self.runs.columns):
            self.setColumnHidden(place, column.key in self._hidden)
            fixed = column.key in ("star", "picture")
            mode = QHeaderView.ResizeMode.Fixed if fixed else QHeaderView.ResizeMode.Interactive
            self.header_.setSectionResizeMode(place, mode)
            self.header_.resizeSection(place, self._widths.get(column.key, column.width))
        self.header_.blockSignals(False)
        self._fill_width()
        self.updateGeometries()
        self.viewport().update()
        self.header_.viewport().update()

    def _fill_width(self) -> None:
        """Room that is left goes to the name, unless somebody has given it a width."""
        place = self.runs.column_of("title")
        if place < 0 or "title" in self._widths:
            return
        others = sum(self.header_.sectionSize(i) for i in range(self.header_.count()) if i != place)
        column = self.runs.columns[place]
        width = min(max(self.viewport().width() - others, column.width), 2 * column.width)
        self.header_.blockSignals(True)
        self.header_.resizeSection(place, width)
        self.header_.blockSignals(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The name takes the room that is left."""
        super().resizeEvent(event)
        self._fill_width()
        self._look.start()

    @Slot(int, int, int)
    def _on_resized(self, section: int, _old: int, new: int) -> None:
        if new > 0 and section < len(self.runs.columns):
            self._widths[self.runs.columns[section].key] = new
            self.columns_placed.emit()

    @Slot(int, int, int)
    def _on_moved(self, _section: int, _old: int, _new: int) -> None:
        columns = self.runs.columns
        shown = [columns[self.header_.logicalIndex(visual)].key for visual in range(len(columns))]
        self._order = remembered(shown, self._order)
        self.columns_placed.emit()

    def sizeHintForColumn(self, place: int) -> int:
        """As wide as what the first runs say in it: a double click on the edge of its head asks for that."""
        column, entries = self.runs.columns[place], [row for row, _ in self.runs.indexes()][:LOOKED_AT]
        texts = [column.text(row) for row in entries if isinstance(row, RunEntry)]
        metrics = QFontMetrics(theme().font("figure" if column.right else "body"))
        widest = max((metrics.horizontalAdvance(text) for text in texts), default=0)
        return min(widest + 2 * PADDING + EXTRA.get(column.kind, 2), WIDEST)

    def show_order(self, key: str, descending: bool) -> None:
        """The sign in the header."""
        self.header_.sort_key, self.header_.descending = key, descending
        self.header_.viewport().update()

    @Slot(int)
    def _on_header(self, section: int) -> None:
        if 0 <= section < len(self.runs.columns):
            self.sort_wanted.emit(self.runs.columns[section].key)

    @Slot(QPoint)
    def _on_header_menu(self, at: QPoint) -> None:
        self.columns_wanted.emit(self.header_.viewport().mapToGlobal(at))

    @Slot(QPoint)
    def _on_menu(self, at: QPoint) -> None:
        self.menu_wanted.emit(self.viewport().mapToGlobal(at))

    def has_edge(self, index: QModelIndex | QPersistentModelIndex) -> bool:
        """A group's title goes across."""
        return not isinstance(self.runs.row_of(index), Group)

    def drawRow(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        """A group's title goes across the columns up to its metrics."""
        super().drawRow(painter, option, index)
        row = self.runs.row_of(index)
        if isinstance(row, Group):
            area: QRect = option.rect  # type: ignore[attr-defined]
            name = self.runs.column_of("title")
            left = self.header_.sectionViewportPosition(name) + self.header_.shift()
            least = left + self.header_.sectionSize(name)
            ends = [
                max(at, least)
                for place, column in enumerate(self.runs.columns)
                if column.kind == METRIC and not self.isColumnHidden(place)
                if (at := self.header_.sectionViewportPosition(place)) + self.header_.sectionSize(place)
                > least
            ]
            right = min(ends, default=max(self.viewport().width(), least))
            title = QRect(left, area.top(), right - left, area.height())
            self.delegate.paint_title(painter, title, row, self.isExpanded(index.siblingAtColumn(0)))

    # ------------------------------------------------------------ pictures

    @Slot()
    def _fetch(self) -> None:
        """Ask for the thumbnails of the rows that can be seen, and of a few beyond."""
        if not self.isVisible() or not self.runs.rowCount():
            return
        index = self.indexAt(QPoint(4, 4))
        for _ in range(BEYOND):
            above = self.indexAbove(index)
            index = above if above.isValid() else index
        bottom, wanted, past = self.viewport().height(), [], 0
        while index.isValid() and past < BEYOND:
            entry = self.runs.entry_of(index)
            if entry is not None and entry.thumbnail is not None:
                wanted.append(entry.thumbnail)
            past += self.visualRect(self._anchor(index)).top() > bottom
            index = self.indexBelow(index)
        self.thumbnails.want(wanted)

    # ------------------------------------------------------------ keys and clicks

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens a run, or opens and closes a group."""
        editing = self.state() == QAbstractItemView.State.EditingState
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not editing:
            self._activate(self.currentIndex())
            event.accept()
            return
        super().keyPressEvent(event)

    @Slot(QModelIndex)
    def _on_double(self, index: QModelIndex) -> None:
        if self.runs.entry_of(index) is not None and self._key_at(index) != "star":
            self._activate(index)

    def _activate(self, index: QModelIndex) -> None:
        row = self.runs.row_of(index)
        if isinstance(row, Group):
            self._toggle(index)
        elif row is not None:
            self.opened.emit(row)

    def _toggle(self, index: QModelIndex) -> None:
        top = index.siblingAtColumn(0)
        self.setExpanded(top, not self.isExpanded(top))

    def _key_at(self, index: QModelIndex) -> str:
        return self.runs.columns[index.column()].key if index.isValid() else ""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on a star gives or takes it; one on a group opens or closes it."""
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if event.button() != Qt.MouseButton.LeftButton or not plain or not index.isValid():
            return
        row = self.runs.row_of(index)
        if isinstance(row, Group):
            self._toggle(index)
        elif row is not None and self._key_at(index) == "star":
            self.star_wanted.emit(row)

    def editing(self) -> bool:
        """Whether a name is being typed."""
        return self.state() == QAbstractItemView.State.EditingState

    def rename(self) -> None:
        """Edit the name of the current run in place."""
        if self.editing():
            return
        entry = self.runs.entry_of(self.currentIndex())
        if entry is None and (chosen := self.selected()):
            entry = chosen[0]
        if entry is not None:
            index = self.runs.index_of(entry.path, self.runs.column_of("title"))
            self.scrollTo(index)
            self.edit(index)


def _is_among(row: Row, paths: set[Path], groups: set[str]) -> bool:
    return row.key in groups if isinstance(row, Group) else row.path in paths
