"""The head of a chart: its title and a legend with the current values, painted as one widget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganstudio.window.theme import theme
from ganstudio.window.widgets.painting import swatch

LINE, SQUARE, GAP, AFTER_SQUARE, ARROW = 20, 9, 12, 5, 12


@dataclass(frozen=True)
class Entry:
    """One series in a legend."""

    label: str
    value: str
    color: str
    dash: str = "solid"


class ChartHeader(QWidget):
    """Title and legend; wraps to more lines where it is narrow. Press, Space or Enter folds the chart."""

    fold_requested = Signal()

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = title
        self._entries: tuple[Entry, ...] = ()
        self._folded = self._hovered = False
        self._foldable = True
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(title)
        self.setFixedHeight(LINE)
        theme().changed.connect(self.update)

    def set_entries(self, entries: Sequence[Entry]) -> None:
        """The legend."""
        fresh = tuple(entries)
        if fresh == self._entries:
            return
        self._entries = fresh
        told = ", ".join(f"{e.label} {e.value}".strip() for e in fresh)
        self.setAccessibleDescription(told)
        self._fit()
        self.update()

    def entries(self) -> tuple[Entry, ...]:
        """The legend as shown."""
        return self._entries

    def title(self) -> str:
        """The title."""
        return self._title

    def set_title(self, title: str) -> None:
        """Another title."""
        if title != self._title:
            self._title = title
            self.setAccessibleName(title)
            self._fit()
            self.update()

    def set_foldable(self, foldable: bool) -> None:
        """Whether the chart can be folded at all."""
        self._foldable = foldable
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if foldable else Qt.FocusPolicy.NoFocus)
        self.update()

    def set_folded(self, folded: bool) -> None:
        """Whether the chart below is folded away."""
        self._folded = folded
        self.update()

    # ------------------------------------------------------------ layout

    def _words(self) -> list[tuple[Entry, str]]:
        return [(entry, f"{entry.label} {entry.value}".strip()) for entry in self._entries]

    def placed(self, width: float) -> list[tuple[Entry, str, QRectF]]:
        """Each entry's words and the box they are drawn in, for a header of this width."""
        title_font, font = QFontMetricsF(theme().font("title")), QFontMetricsF(theme().font("small-figure"))
        x, y = ARROW + title_font.horizontalAdvance(self._title) + GAP, 0.0
        result: list[tuple[Entry, str, QRectF]] = []
        for entry, words in self._words():
            advance = SQUARE + AFTER_SQUARE + font.horizontalAdvance(words) + 2
            if x + advance > width and x > ARROW:
                x, y = float(ARROW), y + LINE - 2
            result.append((entry, words, QRectF(x, y, min(advance, width - x), LINE)))
            x += advance + GAP
        return result

    def title_within(self, width: float) -> str:
        """The title as it is shown in a header of this width, with an ellipsis where it is too long."""
        metrics = QFontMetricsF(theme().font("title"))
        return metrics.elidedText(self._title, Qt.TextElideMode.ElideRight, width - ARROW)

    def height_for(self, width: float) -> int:
        """The height that title and legend take."""
        boxes = self.placed(width)
        return int(boxes[-1][2].bottom()) if boxes else LINE

    def _fit(self) -> None:
        height = self.height_for(self.width())
        if height != self.height():
            self.setFixedHeight(height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap anew."""
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """Room for the title."""
        return QSize(80, self.height())

    # ------------------------------------------------------------ events

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A press on the title line folds."""
        if self._foldable and event.button() == Qt.MouseButton.LeftButton and event.position().y() < LINE:
            self.fold_requested.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter folds, and so do left and right as in a tree."""
        keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        turns = Qt.Key.Key_Right if self._folded else Qt.Key.Key_Left
        if event.key() in keys or event.key() == turns:
            self.fold_requested.emit()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show that it can be pressed."""
        self._hovered = True
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Quiet again."""
        self._hovered = False
        self.update()
        super().leaveEvent(event)

    # ------------------------------------------------------------ painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Arrow, title, legend."""
        painter = QPainter(self)
        if self._foldable:
            self._paint_arrow(painter)
        self.paint_on(painter, self.width())

    def _paint_arrow(self, painter: QPainter) -> None:
        lit = self._hovered or self.hasFocus()
        points = [(1.5, 7.5), (4.5, 10.5), (7.5, 7.5)] if not self._folded else [(3, 6), (6, 9), (3, 12)]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(0, 1)
        from_token = "focus" if self.hasFocus() else "text" if lit else "disabled"
        line = painter.pen()
        line.setColor(theme().color(from_token))
        line.setWidthF(1.4)
        painter.setPen(line)
        painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in points]))
        painter.restore()

    def paint_on(self, painter: QPainter, width: float) -> None:
        """Title and legend on any painter, for export."""
        painter.setFont(theme().font("title"))
        painter.setPen(theme().color("text"))
        room = QRectF(ARROW, 0, width - ARROW, LINE)
        shown = self.title_within(width)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        painter.setFont(theme().font("small-figure"))
        boxes = self.placed(width)
        for entry, words, box in boxes:
            mark = QRectF(box.left(), box.center().y() - SQUARE / 2, SQUARE, SQUARE)
            swatch(painter, mark, theme().color(entry.color), entry.dash)
            painter.setPen(theme().color("muted"))
            text = box.adjusted(SQUARE + AFTER_SQUARE, 0, 0, 0)
            shown = painter.fontMetrics().elidedText(
                words, Qt.TextElideMode.ElideRight, int(text.width()) + 1
            )
            painter.drawText(text, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
