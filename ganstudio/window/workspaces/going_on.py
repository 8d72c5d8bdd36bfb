"""The card that says in plain words what is going on, with buttons for what one can do about it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ganstudio.window.story import Button, Line
from ganstudio.window.theme import pixmap, theme
from ganstudio.window.theme.style import set_role
from ganstudio.window.widgets.basic import Card, scrolled
from ganstudio.window.widgets.flow import Flow

MARKS = {
    "good": ("", "real"),
    "calm": ("", "muted"),
    "busy": ("", "accent"),
    "note": ("note", "accent-text"),
    "warning": ("warning", "warning"),
    "error": ("warning", "generator"),
}
"""Mark -> icon (a plain dot where there is none) and colour token."""
HEIGHT = 132


class MarkLabel(QLabel):
    """The dot or sign in front of a statement."""

    def __init__(self, mark: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mark = mark
        self.setFixedWidth(16)
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.setAccessibleName(mark)
        theme().changed.connect(self._draw)
        self._draw()

    @Slot()
    def _draw(self) -> None:
        icon, token = MARKS[self._mark]
        if icon:
            self.setPixmap(pixmap(icon, theme().tokens[token], 14, self.devicePixelRatioF()))
        else:
            self.setText(f'<span style="color:{theme().tokens[token]}">●</span>')


class LineRow(QWidget):
    """One statement with its buttons."""

    pressed = Signal(object)

    def __init__(self, line: Line, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = line
        self._buttons: dict[QPushButton, Button] = {}
        self.text = QLabel(line.text)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setWordWrap(True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addWidget(self.text)
        if line.buttons:
            column.addLayout(self._button_line(line))
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(6)
        whole.addWidget(MarkLabel(line.mark), 0, Qt.AlignmentFlag.AlignTop)
        whole.addLayout(column, 1)

    def _button_line(self, line: Line) -> Flow:
        layout = Flow()
        for button in line.buttons:
            widget = QPushButton(button.label)
            set_role(widget, "link")
            widget.setCursor(Qt.CursorShape.PointingHandCursor)
            widget.setToolTip(button.tooltip or button.label)
            widget.clicked.connect(self._on_clicked)
            self._buttons[widget] = button
            layout.addWidget(widget)
        return layout

    @Slot()
    def _on_clicked(self) -> None:
        sender = self.sender()
        if isinstance(sender, QPushButton):
            self.pressed.emit((self.line, self._buttons[sender]))


class GoingOn(Card):
    """The card. ``pressed`` carries the :class:`Line` and the :class:`Button` in it that was pressed."""

    pressed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("What is going on", "", parent)
        self._lines: list[Line] = []
        self._rows: list[LineRow] = []
        inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._column.addStretch(1)
        self._scroll = scrolled(inner)
        self.body.addWidget(self._scroll)

    def sizeHint(self) -> QSize:
        """A few lines; more scroll."""
        return QSize(400, HEIGHT)

    def wanted_height(self) -> int:
        """The height at which nothing scrolls, at the present width."""
        inner = self._scroll.widget().layout()
        frame = self.height() - self._scroll.viewport().height()
        return frame + inner.totalHeightForWidth(self._scroll.viewport().width())

    def minimumSizeHint(self) -> QSize:
        """The title and two lines."""
        return QSize(200, 92)

    def lines(self) -> list[Line]:
        """What the card says."""
        return list(self._lines)

    def button(self, label: str) -> QPushButton | None:
        """The button with a label, for tests."""
        found = (b for row in self._rows for b in row.findChildren(QPushButton) if b.text() == label)
        return next(found, None)

    def show_lines(self, lines: list[Line]) -> None:
        """Say something else; rows that stay the same are kept, so that a button under the pointer stays."""
        if lines == self._lines:
            return
        kept = {id(row): row for row in self._rows}
        fresh: list[LineRow] = []
        for line in lines:
            row = next((r for r in kept.values() if _alike(r.line, line)), None)
            if row is None:
                row = LineRow(line)
                row.pressed.connect(self.pressed)
            else:
                del kept[id(row)]
                row.line = line
                row.text.setText(line.text)
            fresh.append(row)
        for row in kept.values():
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        for index, row in enumerate(fresh):
            self._column.removeWidget(row)
            self._column.insertWidget(index, row)
            row.show()  # at once: what is hidden counts for no height
        self._lines, self._rows = list(lines), fresh
        self._scroll.setAccessibleDescription(" ".join(line.text for line in lines))


def _alike(old: Line, new: Line) -> bool:
    return (old.mark, old.kind, old.buttons) == (new.mark, new.kind, new.buttons)
