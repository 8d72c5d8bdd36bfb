"""How the cells of the table of runs are painted: thumbnails, stars, states, tags, figures, and the rows of groups."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ganstudio.core.run_list import DAMAGED, FAILED, FINISHED, INTERRUPTED, STOPPED, TRAINING, RunEntry
from ganstudio.window.compare.columns import METRIC, PICTURE, PROGRESS, STAR, STATE, TAGS, Column, found_in
from ganstudio.window.compare.grouping import Group
from ganstudio.window.compare.table_model import BEST, COLUMN, ROW
from ganstudio.window.compare.thumbnails import Thumbnails
from ganstudio.window.theme import pixmap, theme

ROW_HEIGHT, PADDING = 44, 8
THUMBNAIL = 36
MARKS = {
    TRAINING: ("", "accent"), FINISHED: ("", "real"), STOPPED: ("", "muted"), INTERRUPTED: ("warning", "warning"),
    FAILED: ("warning", "warning"), DAMAGED: ("warning", "warning"),
}  # fmt: skip
"""State -> icon (a dot where there is none) and its colour."""


@dataclass
class Brush:
    """What painting one cell needs."""

    painter: QPainter
    area: QRect
    option: QStyleOptionViewItem
    faded: bool = False

    @property
    def selected(self) -> bool:
        """Whether the row is, which takes away what is hard to read on its ground."""
        return bool(self.option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]

    @property
    def hovered(self) -> bool:
        """Whether the pointer is over the row."""
        return bool(self.option.state & QStyle.StateFlag.State_MouseOver)  # type: ignore[attr-defined]

    def text(self, text: str, token: str = "text", role: str = "body", area: QRect | None = None,
             right: bool = False, middle: bool = False, bold: bool = False) -> None:  # fmt: skip
        """One line, shortened to the room it has."""
        area = area or self.area
        font = theme().font(role)
        if bold:
            font.setWeight(QFont.Weight.DemiBold)
        mode = Qt.TextElideMode.ElideMiddle if middle else Qt.TextElideMode.ElideRight
        shown = QFontMetrics(font).elidedText(text, mode, area.width())
        self.painter.setFont(font)
        if self.selected:
            token = "text"
        elif self.faded and token == "text":
            token = "muted"
        self.painter.setPen(theme().color(token))
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        self.painter.drawText(area, side | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)

    def width(self, text: str, role: str) -> int:
        """The room that a text wants."""
        return QFontMetrics(theme().font(role)).horizontalAdvance(text)


class RunDelegate(QStyledItemDelegate):
    """Paints the cells; editing the name is the only edit in place."""

    def __init__(self, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Every row is as high as a thumbnail with some air."""
        return QSize(80, ROW_HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """The background as the style sheet has it, then what the cell is about."""
        row, column = index.data(ROW), index.data(COLUMN)
        if row is None or column is None:
            return
        painter.save()
        self._ground(painter, option, isinstance(row, Group))
        area = option.rect.adjusted(PADDING, 0, -PADDING, 0)  # type: ignore[attr-defined]
        faded = isinstance(row, RunEntry) and (row.notes.archived or row.state == DAMAGED)
        brush = Brush(painter, area, option, faded)
        if isinstance(row, Group):
            self._group(brush, column, str(index.data() or ""))
        else:
            self._run(brush, row, column, bool(index.data(BEST)))
        painter.restore()

    @staticmethod
    def _ground(painter: QPainter, option: QStyleOptionViewItem, group: bool) -> None:
        state, area = option.state, option.rect  # type: ignore[attr-defined]
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, theme().color("selection"))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, theme().color("hover"))
        elif group:
            painter.fillRect(area, theme().color("panel"))
        if not group:
            painter.fillRect(QRect(area.left(), area.bottom(), area.width(), 1), theme().color("grid"))

    # ------------------------------------------------------------ groups

    def _group(self, brush: Brush, column: Column, text: str) -> None:
        if column.kind == METRIC:
            self._figure(brush, text)

    def paint_title(self, painter: QPainter, area: QRect, group: Group, opened: bool) -> None:
        """Sign, title and number of runs of a group, across the columns that have nothing to say of it."""
        brush = Brush(painter, area.adjusted(PADDING, 0, -PADDING, 0), QStyleOptionViewItem())
        painter.save()
        name = "chevron-down" if opened else "chevron-right"
        sign = pixmap(name, theme().tokens["muted"], 12, self._ratio(brush))
        painter.drawPixmap(brush.area.left(), brush.area.center().y() - 6, sign)
        count = f"{len(group.entries):,} runs" if len(group.entries) != 1 else "1 run"
        room = brush.area.adjusted(20, 0, -brush.width(count, "caption") - 2 * PADDING, 0)
        brush.text(group.title, role="title", area=room)
        left = room.left() + min(brush.width(group.title, "title"), room.width()) + 2 * PADDING
        brush.text(count, "muted", "caption", QRect(left, area.top(), area.right() - left, area.height()))
        painter.restore()

    # ------------------------------------------------------------ runs

    def _run(self, brush: Brush, entry: RunEntry, column: Column, best: bool) -> None:
        paint = {
            STAR: self._star, PICTURE: self._picture, STATE: self._state, PROGRESS: self._progress, TAGS: self._tags,
        }.get(column.kind)  # fmt: skip
        if column.key == "title":
            self._title(brush, entry)
        elif paint is not None:
            paint(brush, entry)
        elif column.kind == METRIC:
            self._metric(brush, entry, column, best)
        else:
            role = "figure" if column.right or column.key == "created" else "body"
            brush.text(column.text(entry), role=role, right=column.right, middle=column.key == "folder")

    @staticmethod
    def _ratio(brush: Brush) -> float:
        return brush.painter.device().devicePixelRatioF()

    def _star(self, brush: Brush, entry: RunEntry) -> None:
        starred = entry.notes.starred
        if starred or brush.hovered:
            name, token = ("star-filled", "accent-text") if starred else ("star", "muted")
            sign = pixmap(name, theme().tokens[token], 14, self._ratio(brush))
            middle = brush.area.center()
            brush.painter.drawPixmap(middle.x() - 7, middle.y() - 7, sign)

    def _picture(self, brush: Brush, entry: RunEntry) -> None:
        middle = brush.area.center()
        box = QRect(middle.x() - THUMBNAIL // 2, middle.y() - THUMBNAIL // 2, THUMBNAIL, THUMBNAIL)
        image = self._thumbnails.get(entry.thumbnail)
        if image is None:
            brush.painter.setPen(theme().color("line"))
            brush.painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
            return
        longest = max(image.width(), image.height(), 1)
        scale = THUMBNAIL // longest if longest <= THUMBNAIL else THUMBNAIL / longest
        smooth = scale < 1
        brush.painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        brush.painter.setOpacity(0.5 if brush.faded else 1.0)
        width, height = image.width() * scale, image.height() * scale
        corner = QPointF(box.center().x() - width / 2, box.center().y() - height / 2)
        brush.painter.drawImage(QRectF(round(corner.x()), round(corner.y()), width, height), image)
        brush.painter.setOpacity(1.0)

    def _title(self, brush: Brush, entry: RunEntry) -> None:
        """The name; below it why it is damaged, or the folder's name where the run has one of its own."""
        below, token = (entry.problem, "warning") if entry.problem else ("", "muted")
        if not below and entry.notes.title and entry.notes.title != entry.path.name:
            below = entry.path.name
        named = bool(entry.notes.title)  # folders differ at their ends
        if not below:
            brush.text(entry.title, middle=not named)
            return
        top, bottom = QRect(brush.area), QRect(brush.area)
        top.setBottom(brush.area.center().y() + 1)
        bottom.setTop(brush.area.center().y() + 1)
        brush.text(entry.title, area=top.adjusted(0, 4, 0, 0), middle=not named)
        brush.text(below, token, "caption", bottom.adjusted(0, 0, 0, -4), middle=not entry.problem)

    def _state(self, brush: Brush, entry: RunEntry) -> None:
        icon, token = MARKS[entry.state]
        left, middle = brush.area.left(), brush.area.center().y() + 1
        if icon:
            sign = pixmap(icon, theme().tokens[token], 12, self._ratio(brush))
            brush.painter.drawPixmap(left - 1, middle - 6, sign)
        else:
            brush.painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            brush.painter.setPen(Qt.PenStyle.NoPen)
            brush.painter.setBrush(theme().color(token))
            brush.painter.drawEllipse(QPointF(left + 5, middle), 3.5, 3.5)
        brush.text(entry.state, area=brush.area.adjusted(17, 0, 0, 0))

    def _progress(self, brush: Brush, entry: RunEntry) -> None:
        """Steps, with a bar below where some are still to come."""
        share = min(entry.step / entry.steps, 1.0) if entry.steps else 1.0
        text = brush.area if share >= 1 else brush.area.adjusted(0, 0, 0, -8)
        whole, _, rest = f"{entry.step:,} of {entry.steps:,}".partition(" of ")
        if entry.steps:
            tail = f" of {rest}"
            brush.text(tail, "muted", "figure", text, right=True)
            brush.text(
                whole, role="figure", area=text.adjusted(0, 0, -brush.width(tail, "figure"), 0), right=True
            )
        elif entry.step:
            brush.text(whole, role="figure", right=True)
        if share < 1:
            track = QRectF(brush.area.left(), brush.area.center().y() + 9, brush.area.width(), 3)
            brush.painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            brush.painter.setPen(Qt.PenStyle.NoPen)
            brush.painter.setBrush(theme().color("track"))
            brush.painter.drawRoundedRect(track, 1.5, 1.5)
            track.setWidth(max(track.width() * share, 3))
            brush.painter.setBrush(theme().color("accent" if entry.state == TRAINING else "muted"))
            brush.painter.drawRoundedRect(track, 1.5, 1.5)

    def _tags(self, brush: Brush, entry: RunEntry) -> None:
        """As many as there is room for, then how many more."""
        left, right, tags = brush.area.left(), brush.area.right(), entry.notes.tags
        for place, tag in enumerate(tags):
            more = f"+{len(tags) - place}"
            width = brush.width(tag, "caption") + 12
            rest = brush.width(more, "caption") + 4 if place < len(tags) - 1 else 0
            if left + width > right - rest and place:
                brush.text(
                    more, "muted", "caption", QRect(left, brush.area.top(), right - left, brush.area.height())
                )
                return
            chip = QRect(left, brush.area.center().y() - 9, min(width, right - left), 19)
            brush.painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            brush.painter.setPen(theme().color("line"))
            brush.painter.setBrush(theme().color("button"))
            brush.painter.drawRoundedRect(QRectF(chip).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
            brush.text(tag, role="caption", area=chip.adjusted(6, 0, -5, 0))
            left += width + 4

    def _metric(self, brush: Brush, entry: RunEntry, column: Column, best: bool) -> None:
        found = found_in(entry, column.way)
        if found is None:
            return
        if found.warnings:
            sign = pixmap("warning", theme().tokens["warning"], 11, self._ratio(brush))
            brush.painter.drawPixmap(brush.area.left(), brush.area.center().y() - 5, sign)
        self._figure(brush, column.text(entry), best, 14 if found.warnings else 0)

    @staticmethod
    def _figure(brush: Brush, text: str, best: bool = False, left: int = 0) -> None:
        """A number, what follows it muted; the number keeps its room if there is too little for both."""
        number, sign, rest = text.partition(" ±")
        if not sign and brush.width(text, "figure") > brush.area.width() - left:
            number = text.partition("\u00a0")[0]  # the unit stands in the tooltip
        tail = f"{sign}{rest}" if sign else ""
        room = brush.area.adjusted(left, 0, 0, 0)
        width = brush.width(tail, "small-figure")
        if tail and width + brush.width(number, "figure") <= room.width():
            brush.text(tail, "muted", "small-figure", room, right=True)
            room = room.adjusted(0, 0, -width, 0)
        brush.text(number, "accent-text" if best else "text", "figure", room, right=True, bold=best)

    # ------------------------------------------------------------ editing

    def createEditor(
        self, parent: QWidget, _option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QWidget:
        """A line to type the name into."""
        editor = QLineEdit(parent)
        editor.setAccessibleName("Name of the run")
        editor.setToolTip(
            "Enter keeps the name, Esc leaves it as it was; an empty one stands for the folder's name"
        )
        row = index.data(ROW)
        if isinstance(row, RunEntry):
            editor.setPlaceholderText(row.path.name)
        return editor

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """As wide as the cell, as high as a line."""
        area: QRect = option.rect  # type: ignore[attr-defined]
        height = editor.sizeHint().height()
        editor.setGeometry(area.left() + 2, area.center().y() - height // 2, area.width() - 4, height)
