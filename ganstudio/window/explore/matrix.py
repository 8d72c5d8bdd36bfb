"""The mixing matrix: every row's latent with some layers of every column's."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QImage, QIntValidator, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from ganstudio.core.explore.messages import CannotExplore, Render, Rendered
from ganstudio.core.explore.recipe import Recipe, Seed
from ganstudio.core.explore.ways import matrix
from ganstudio.window.explore import edits
from ganstudio.window.explore.column.given import choice
from ganstudio.window.explore.column.section import row as labelled
from ganstudio.window.explore.column.section import small_button
from ganstudio.window.explore.desk import Desk
from ganstudio.window.explore.images import qimages
from ganstudio.window.explore.state import Explorer
from ganstudio.window.theme import theme
from ganstudio.window.widgets.basic import Caption, Card

ROWS, COLUMNS, GAP, HEAD, MOST = 4, 4, 4, 8, 6
HEIGHT = 128
"""Pixels of a cell's picture at the most."""


class MatrixGrid(QWidget):
    """Sources at the left and above, mixtures where they meet; the corner stays empty."""

    picked = Signal(int, int)
    """Row and column; -1 is the head of a row or column."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._images: dict[tuple[int, int], QImage] = {}
        self._at, self._hover = (0, 0), (-2, -2)
        self._rows, self._columns = ROWS, COLUMNS
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Mixing matrix")
        self.setToolTip("Click a mixture to explore it; arrow keys and Enter do, too")
        theme().changed.connect(self.update)

    def set_size(self, rows: int, columns: int) -> None:
        """So many rows and columns, all awaited."""
        if (rows, columns) != (self._rows, self._columns):
            self._rows, self._columns = rows, columns
            self._images = {}
            self.updateGeometry()

    def set_image(self, row: int, column: int, image: QImage) -> None:
        """One picture; row or column -1 is a head."""
        self._images[(row, column)] = image
        self.update()

    def _pitch(self) -> float:
        return (self.width() - HEAD) / (self._columns + 1)

    def hasHeightForWidth(self) -> bool:
        """Cells are square."""
        return True

    def heightForWidth(self, width: int) -> int:
        """As high as the cells are."""
        return round((width - HEAD) / (self._columns + 1) * (self._rows + 1)) + HEAD

    def sizeHint(self) -> QSize:
        """About the width of the column."""
        return QSize(300, self.heightForWidth(300))

    def box(self, row: int, column: int) -> QRectF:
        """Where a cell is painted."""
        pitch = self._pitch()
        left = (column + 1) * pitch + (HEAD if column >= 0 else 0)
        top = (row + 1) * pitch + (HEAD if row >= 0 else 0)
        return QRectF(left, top, pitch - GAP, pitch - GAP)

    def cell_at(self, point: QPointF) -> tuple[int, int]:
        """Row and column under a point; (-2, -2) for none."""
        cells = [
            (r, c) for r in range(-1, self._rows) for c in range(-1, self._columns) if (r, c) != (-1, -1)
        ]
        return next((cell for cell in cells if self.box(*cell).contains(point)), (-2, -2))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """All cells, the one under the pointer outlined."""
        painter = QPainter(self)
        for row in range(-1, self._rows):
            for column in range(-1, self._columns):
                if (row, column) == (-1, -1):
                    continue
                box = self.box(row, column)
                image = self._images.get((row, column))
                if image is None:
                    painter.fillRect(box, theme().color("button"))
                else:
                    smooth = image.width() > box.width() * self.devicePixelRatioF()
                    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
                    painter.drawImage(box, image)
        for cell, token, wanted in ((self._hover, "muted", True), (self._at, "accent", self.hasFocus())):
            if wanted and cell in self._images:
                pen = QPen(theme().color(token), 2)
                pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
                painter.setPen(pen)
                painter.drawRect(self.box(*cell).adjusted(-1, -1, 1, 1))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Outline what is under the pointer."""
        cell = self.cell_at(event.position())
        if cell != self._hover:
            self._hover = cell
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """No outline any more."""
        self._hover = (-2, -2)
        self.update()
        super().leaveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click picks."""
        cell = self.cell_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and cell != (-2, -2):
            self._at = cell
            self.picked.emit(*cell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys move, Enter picks."""
        moves = {
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
        }
        key = Qt.Key(event.key())
        if key in moves:
            row, column = self._at[0] + moves[key][0], self._at[1] + moves[key][1]
            inside = -1 <= row < self._rows and -1 <= column < self._columns
            if inside and (row, column) != (-1, -1):
                self._at = (row, column)
                self.update()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.picked.emit(*self._at)
        else:
            super().keyPressEvent(event)


class MatrixCard(Card):
    """Rows give everything but the chosen layers, which come from the columns."""

    save_wanted = Signal()

    def __init__(self, explorer: Explorer, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__("Mixing matrix", "", parent)
        self.explorer, self._desk = explorer, desk
        self._asked: tuple[object, ...] | None = None
        self.rows = self._field("Rows", (1, 2, 3, 4))
        self.columns = self._field("Columns", (5, 6, 7, 8))
        self.layers = choice("Layers", (), "Which layers come from the columns", "no layers")
        self.layers.setMinimumWidth(128)
        self.grid = MatrixGrid()
        self.note = Caption("", wrap=True)
        self.save = small_button("Save", "Write the matrix into a PNG with its recipe inside")
        line = QHBoxLayout()
        line.setSpacing(6)
        for part in (Caption("Rows"), self.rows, Caption("Columns"), self.columns):
            line.addWidget(part)
        self.add_control(self.save)
        self.body.addLayout(line)
        self.body.addLayout(labelled("Columns give", self.layers))
        self.body.addWidget(self.grid)
        self.body.addWidget(self.note)
        self.grid.picked.connect(self._on_picked)
        self.layers.activated.connect(self.refresh)
        self.save.clicked.connect(self.save_wanted)
        explorer.model_changed.connect(self._show_model)
        self._show_model()

    def _field(self, name: str, seeds: tuple[int, ...]) -> QLineEdit:
        field = QLineEdit(" ".join(map(str, seeds)))
        field.setAccessibleName(f"Seeds of the {name.lower()}")
        field.setToolTip(f"The seeds of the {name.lower()}, up to six, with spaces between")
        field.setFont(theme().font("small-figure"))
        field.editingFinished.connect(self.refresh)
        return field

    @staticmethod
    def seeds(field: QLineEdit) -> tuple[int, ...]:
        """The seeds that a field holds; words that are no seeds are left out."""
        check = QIntValidator(0, edits.MOST_SEED)
        words = field.text().replace(",", " ").split()[:MOST]
        return tuple(int(w) for w in words if check.validate(w, 0)[0] == QIntValidator.State.Acceptable) or (
            0,
        )  # type: ignore[index]

    @Slot()
    def _show_model(self) -> None:
        can, why = self.explorer.can, self.explorer.why_not("mixing")
        names = self._ranges()
        shown = [self.layers.itemText(i) for i in range(self.layers.count())]
        if list(names) != shown:
            self.layers.clear()
            self.layers.addItems(list(names))
            self.layers.setCurrentIndex(len(names) - 1)  # rows give the coarse
        for part in (self.rows, self.columns, self.layers, self.grid, self.save):
            part.setEnabled(not why and bool(names))
        self.grid.setVisible(not why)
        self.note.setText(why if can is not None else "")
        self.note.setVisible(bool(why))

    def _ranges(self) -> dict[str, tuple[int, int]]:
        """What may come from the columns; without styles everything behind a layer does."""
        can = self.explorer.can
        if can is None or not can.groups:
            return {}
        found = {name: span for name, span in can.groups.items() if can.styles or span[0] > 0}
        last = len(can.rows) - 1
        if can.styles and "middle" in found and "fine" in found:
            found["middle, fine"] = (found["middle"][0], last)
        return found or {"all": (0, last)}

    def cells(self) -> tuple[tuple[Recipe, ...], int]:
        """All recipes row by row without the corner, the heads first in each, and the number of columns."""
        span = self._ranges().get(self.layers.currentText())
        rows, columns = self.seeds(self.rows), self.seeds(self.columns)
        first, last = span if span is not None else (0, -1)
        base = replace(self.explorer.recipe, mixes=())
        found = matrix([Seed(row) for row in rows], [Seed(column) for column in columns], first, last, base)
        return found, len(columns) + 1

    def record(self) -> dict[str, Any]:
        """Seeds and layers for a file, as the command line writes them."""
        span = self._ranges().get(self.layers.currentText(), (0, -1))
        return {
            "rows": list(self.seeds(self.rows)),
            "cols": list(self.seeds(self.columns)),
            "layers": list(span),
        }

    def take_record(self, more: dict[str, Any]) -> None:
        """Seeds and layers as a file has them; what is no seed or layer is passed over."""
        for field, key in ((self.rows, "rows"), (self.columns, "cols")):
            found = more.get(key)
            if isinstance(found, list) and found and all(type(seed) is int for seed in found):
                field.setText(" ".join(map(str, found[:MOST])))
        names = [name for name, span in self._ranges().items() if list(span) == more.get("layers")]
        if names:
            self.layers.setCurrentText(names[0])
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Ask for the matrix, where it is not the one that is shown."""
        explorer = self.explorer
        if (
            explorer.model is None
            or explorer.opened is None
            or not self.isVisible()
            or not self.grid.isEnabled()
        ):
            return
        recipes, across = self.cells()
        wanted = (explorer.opened.model, explorer.opened.step, recipes)
        if wanted == self._asked:
            return
        self._asked = wanted
        self.grid.set_size((len(recipes) + 1) // across - 1, across - 1)
        self._desk.ask(Render(0, "matrix", explorer.model, recipes, height=HEIGHT), self._on_part)

    def _on_part(self, report: object) -> None:
        if isinstance(report, CannotExplore):
            self.note.setText(report.problem)
            self.note.show()
        elif isinstance(report, Rendered):
            across = len(self.seeds(self.columns)) + 1
            for index, image in enumerate(qimages(report.images), report.first + 1):
                row, column = divmod(index, across)
                self.grid.set_image(row - 1, column - 1, image)

    @Slot(int, int)
    def _on_picked(self, row: int, column: int) -> None:
        recipes, across = self.cells()
        recipe = recipes[(row + 1) * across + column]  # the corner is not there
        if self.explorer.locked:
            self.explorer.go(recipe.place, "")
            return
        self.explorer.change(
            recipe, "Mixture" if row >= 0 and column >= 0 else edits.place_name(recipe.place)
        )
