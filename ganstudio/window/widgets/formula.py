"""A typeset formula that follows the theme, breaks where it must, and is read aloud in words."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganstudio.window.model.tex import parse, spoken
from ganstudio.window.theme import theme
from ganstudio.window.widgets.typeset import Box, beside, lines_of, paint, row_boxes

SIZE, INDENT, LEADING = 16, 24.0, 5.0


class FormulaView(QWidget):
    """One formula in the TeX subset of :mod:`ganstudio.window.model.tex`; raises its ``FormulaError``."""

    def __init__(self, tex: str, size: int = SIZE, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        tree = parse(tex)
        self._boxes = row_boxes(tree.nodes, size)
        self._whole = beside(self._boxes)
        self.setAccessibleName(spoken(tree))
        self.setToolTip(spoken(tree))
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme().changed.connect(self.update)

    def lines(self, width: int) -> list[Box]:
        """The lines it takes at a width."""
        return lines_of(self._boxes, width, INDENT)

    def sizeHint(self) -> QSize:
        """In one line."""
        return QSize(round(self._whole.width + 2), self._height([self._whole]))

    def minimumSizeHint(self) -> QSize:
        """As wide as its widest part that cannot be broken."""
        widest = max((line.width for line in self.lines(1)), default=0.0)
        return QSize(round(widest + 2), self._height([self._whole]))

    def hasHeightForWidth(self) -> bool:
        """A narrow one is taller."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height of its lines at a width."""
        return self._height(self.lines(width))

    def _height(self, lines: list[Box]) -> int:
        return round(sum(line.height for line in lines) + LEADING * (len(lines) - 1) + 4)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Line by line."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme().color("text" if self.isEnabled() else "disabled"))
        y = 2.0
        for line in self.lines(self.width()):
            paint(painter, line, 0.0, y + line.ascent)
            y += line.height + LEADING
