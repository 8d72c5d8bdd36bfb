"""A list to choose from by keyboard or mouse, with headings, two lines per entry and a search field.

Variant menu, data menu, preset menu and command palette are all this one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from ganstudio.window.fuzzy import best
from ganstudio.window.theme import theme

Index = QModelIndex | QPersistentModelIndex
ENTRY = Qt.ItemDataRole.UserRole
HEIGHT_ONE, HEIGHT_TWO, HEIGHT_HEADING = 30, 48, 28
LOWEST = 120


@dataclass(frozen=True)
class Entry:
    """One choice. ``detail`` is the second line, ``hint`` stands at the right; ``why`` tells why it is disabled.

    ``words`` are searched, too, word by word.
    """

    id: str
    title: str
    detail: str = ""
    hint: str = ""
    group: str = ""
    enabled: bool = True
    why: str = ""
    current: bool = False
    words: str = ""


def fitting(typed: str, entries: Sequence[Entry]) -> list[Entry]:
    """The entries that fit what is typed: by the letters of their names first, then by whole words of the rest."""
    named = best(typed, entries, lambda entry: f"{entry.title} {entry.group}")
    words = typed.lower().split()
    rest = [entry for entry in entries if entry not in named and entry.words]
    return named + [entry for entry in rest if all(word in entry.words.lower() for word in words)]


class EntryDelegate(QStyledItemDelegate):
    """Paints headings and entries."""

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        """One or two lines."""
        entry = index.data(ENTRY)
        if isinstance(entry, str):
            return QSize(0, HEIGHT_HEADING)
        return QSize(0, HEIGHT_TWO if entry.detail or entry.why else HEIGHT_ONE)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """A heading in small muted letters, or title, detail and hint."""
        entry = index.data(ENTRY)
        rect: QRect = option.rect
        painter.save()
        if isinstance(entry, str):
            painter.setFont(theme().font("caption"))
            painter.setPen(theme().color("muted"))
            painter.drawText(rect.adjusted(10, 4, -10, 0), Qt.AlignmentFlag.AlignVCenter, entry)
        else:
            self._paint_entry(painter, option, rect, entry)
        painter.restore()

    def _paint_entry(
        self, painter: QPainter, option: QStyleOptionViewItem, rect: QRect, entry: Entry
    ) -> None:
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected and entry.enabled:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(theme().color("selection"))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawRoundedRect(rect.adjusted(2, 1, -2, -1), 5, 5)
        inner = rect.adjusted(10, 0, -10, 0)
        inner.setWidth(inner.width() - self._paint_hint(painter, inner, entry))
        detail = entry.detail if entry.enabled else entry.why
        top = QRect(inner.left(), rect.top() + 5, inner.width(), 20) if detail else inner
        painter.setFont(theme().font("title" if detail else "body"))
        painter.setPen(theme().color("text" if entry.enabled else "disabled"))
        self._text(painter, top, entry.title)
        if detail:
            painter.setFont(theme().font("caption"))
            painter.setPen(theme().color("muted" if entry.enabled else "disabled"))
            self._text(painter, QRect(inner.left(), rect.top() + 24, inner.width(), 18), detail)

    @staticmethod
    def _text(painter: QPainter, rect: QRect, text: str) -> None:
        metrics = QFontMetrics(painter.font())
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)

    @staticmethod
    def _paint_hint(painter: QPainter, inner: QRect, entry: Entry) -> int:
        """The shortcut, year or tick at the right; returns the room it takes."""
        hint = entry.hint + ("  ✓" if entry.current else "")
        if not hint:
            return 0
        painter.setFont(theme().font("small-figure"))
        painter.setPen(theme().color("muted" if entry.enabled else "disabled"))
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, hint)
        return QFontMetrics(painter.font()).horizontalAdvance(hint) + 16


class Chooser(QFrame):
    """Pops up, filters while one types, emits ``chosen`` with the entry's id and goes away."""

    chosen = Signal(str)
    highlighted = Signal(str)
    """The id of the entry that Enter would take."""

    def __init__(
        self, entries: Sequence[Entry], placeholder: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("chooser")
        self._entries = list(entries)
        self._tallest = 0
        self.search = QLineEdit()
        self.list = QListWidget()
        self._build(placeholder)
        self._fill("")

    def _build(self, placeholder: str) -> None:
        self.search.setPlaceholderText(placeholder)
        self.search.setAccessibleName(placeholder or "Choices")
        self.search.setVisible(bool(placeholder))
        self.search.textChanged.connect(self._fill)
        self.search.installEventFilter(self)
        self.list.setItemDelegate(EntryDelegate(self.list))
        self.list.setAccessibleName(placeholder or "Choices")
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setMouseTracking(True)
        self.list.setFocusProxy(None if not placeholder else self.search)
        self.list.itemClicked.connect(self._click)
        self.list.itemEntered.connect(self._hover)
        self.list.currentItemChanged.connect(self._highlight)
        self.list.installEventFilter(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.setSpacing(6)
        layout.addWidget(self.search)
        layout.addWidget(self.list)
        self.setProperty("role", "card")

    @Slot(str)
    def _fill(self, typed: str) -> None:
        self.list.clear()
        group = ""
        for entry in fitting(typed, self._entries):
            if entry.group != group and not typed.strip():
                group = entry.group
                self._heading(group)
            item = QListWidgetItem(self.list)
            item.setData(ENTRY, entry)
            item.setToolTip(entry.why if not entry.enabled else entry.detail)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{entry.title} {entry.hint}".strip())
            if not entry.enabled:
                item.setFlags(Qt.ItemFlag.NoItemFlags)
        if not self.list.count():
            self._heading("Nothing fits")
        self._select_first()
        if self._tallest:
            self.resize(self.width(), min(max(self.content_height(), LOWEST), self._tallest))

    def _heading(self, text: str) -> None:
        item = QListWidgetItem(self.list)
        item.setData(ENTRY, text)
        item.setFlags(Qt.ItemFlag.NoItemFlags)

    def _usable(self, row: int) -> bool:
        entry = self.list.item(row).data(ENTRY)
        return isinstance(entry, Entry) and entry.enabled

    def _select_first(self) -> None:
        rows = [row for row in range(self.list.count()) if self._usable(row)]
        typed = bool(self.search.text().strip())
        current = [row for row in rows if not typed and self.list.item(row).data(ENTRY).current]
        self.list.setCurrentRow((current or rows or [-1])[0])

    def _move(self, by: int) -> None:
        rows = [row for row in range(self.list.count()) if self._usable(row)]
        if rows:
            here = rows.index(self.list.currentRow()) if self.list.currentRow() in rows else 0
            self.list.setCurrentRow(rows[min(max(here + by, 0), len(rows) - 1)])

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Arrow keys move in the list while the search field has the focus."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            moves = {
                Qt.Key.Key_Down: 1,
                Qt.Key.Key_Up: -1,
                Qt.Key.Key_PageDown: 8,
                Qt.Key.Key_PageUp: -8,
            }
            if event.key() in moves:
                self._move(moves[Qt.Key(event.key())])
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._take(self.list.currentItem())
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.close()
                return True
        return False

    @Slot(QListWidgetItem)
    def _hover(self, item: QListWidgetItem) -> None:
        if self._usable(self.list.row(item)):
            self.list.setCurrentItem(item)

    @Slot(QListWidgetItem)
    def _click(self, item: QListWidgetItem) -> None:
        self._take(item)

    @Slot(QListWidgetItem)
    def _highlight(self, item: QListWidgetItem | None) -> None:
        entry = item.data(ENTRY) if item is not None else None
        if isinstance(entry, Entry):
            self.highlighted.emit(entry.id)

    @Slot(QListWidgetItem)
    def _take(self, item: QListWidgetItem | None) -> None:
        entry = item.data(ENTRY) if item is not None else None
        if isinstance(entry, Entry) and entry.enabled:
            self.close()
            self.chosen.emit(entry.id)

    def showEvent(self, event: QShowEvent) -> None:
        """The keyboard goes to the search field, or to the list where there is none."""
        super().showEvent(event)
        (self.search if self.search.isVisible() else self.list).setFocus(Qt.FocusReason.PopupFocusReason)

    def content_height(self) -> int:
        """The height that shows every entry."""
        rows = sum(self.list.sizeHintForRow(row) for row in range(self.list.count()))
        return rows + 16 + (self.search.sizeHint().height() + 6 if self.search.isVisibleTo(self) else 0)

    def open_below(self, widget: QWidget, width: int = 0) -> None:
        """Show below a widget, as wide as it or wider."""
        area = widget.screen().availableGeometry()
        wide = max(width, widget.width())
        tall = min(self.content_height(), area.height() * 2 // 3)
        corner = widget.mapToGlobal(widget.rect().bottomLeft())
        x = max(area.left(), min(corner.x(), area.right() - wide))
        y = (
            corner.y() + 4
            if corner.y() + tall + 4 <= area.bottom()
            else max(area.top(), area.bottom() - tall)
        )
        self.setGeometry(x, y, wide, tall)
        self.show()

    def open_over(self, window: QWidget, width: int = 560) -> None:
        """Show in the upper middle of a window, as a palette."""
        wide = min(width, window.width() - 48)
        self._tallest = tall = min(max(self.content_height(), LOWEST), window.height() * 3 // 5)
        corner = window.mapToGlobal(window.rect().topLeft())
        self.setGeometry(corner.x() + (window.width() - wide) // 2, corner.y() + 56, wide, tall)
        self.show()
