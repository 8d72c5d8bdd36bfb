"""One run among the samples of several: its name, its grid or its points, and the step they are of."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from ganstudio.core.numbers import step as step_words
from ganstudio.window.compare.views.grids import Need, Samples
from ganstudio.window.compare.views.run_grid import RunGrid
from ganstudio.window.compare.views.strands import Strand
from ganstudio.window.theme import theme
from ganstudio.window.widgets.basic import Caption, ElidedLabel
from ganstudio.window.widgets.cloud_painting import Range, range_of
from ganstudio.window.widgets.cloud_view import CloudView
from ganstudio.window.widgets.painting import swatch
from ganstudio.window.widgets.saving import copy_image, save_image

SMALLEST_CLOUD = QSize(220, 180)


class Sign(QWidget):
    """A strand's colour and dash."""

    def __init__(self, strand: Strand, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._strand = strand
        self.setFixedSize(12, 12)
        theme().changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """One sign."""
        area = self.rect().toRectF().adjusted(1, 1, -1, -1)
        swatch(QPainter(self), area, theme().color(self._strand.color), self._strand.dash)


class RunColumn(QWidget):
    """Parts: ``grid``, ``cloud``, ``words`` where there is neither, ``below`` with the step."""

    open_wanted = Signal(object)

    def __init__(self, strand: Strand, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.strand = strand
        self.samples: Samples | None = None
        # widgets
        self.title = ElidedLabel(strand.label)
        self.grid = RunGrid(strand.title)
        self.cloud = CloudView()
        self.words = Caption("Reading …", wrap=True)
        self.below = ElidedLabel()
        self._stack = QStackedWidget()
        for label in (self.title, self.below):
            label.setFont(theme().font("caption"))
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.title.setToolTip(strand.title)
        # connections
        self.grid.menu_requested.connect(self._open_menu)
        # assembly
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(Sign(strand))
        head.addWidget(self.title, 1)
        for part in (self.words, self.grid, self.cloud):
            self._stack.addWidget(part)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(head)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self.below)
        layout.addStretch(1)
        self.setAccessibleName(f"Samples of {strand.title}")

    # ------------------------------------------------------------ content

    def show_samples(self, samples: Samples, wanted: int | None) -> None:
        """What was read; ``wanted`` is the step on the slider, ``None`` for the newest."""
        self.samples = samples
        if samples.grid is not None:
            self.grid.set_images(samples.grid.images, samples.grid.columns, samples.grid.rows)
            if samples.seed is not None:
                count = len(samples.grid.images)
                self.grid.set_seeds(range(samples.seed, samples.seed + count))
            self._stack.setCurrentWidget(self.grid)
        elif samples.points is not None:
            self.cloud.set_real(samples.real)
            self.cloud.set_generated(samples.points, samples.step)
            self._stack.setCurrentWidget(self.cloud)
        else:
            self.say(samples.problem)
        late = "" if wanted in (None, samples.step) else ", the last before"
        self.below.setText(f"{step_words(samples.step)}{late}")

    def say(self, words: str) -> None:
        """Nothing to see, and why."""
        self.words.setText(words)
        self.below.setText("")
        self._stack.setCurrentWidget(self.words)

    def cloud_range(self) -> Range | None:
        """The range of its points alone."""
        samples = self.samples
        if samples is None or samples.points is None:
            return None
        return range_of(samples.points if samples.real is None else samples.real)

    def need(self) -> Need | None:
        """What its grid takes."""
        if self.samples is None or self.samples.grid is None:
            return None
        return Need(*self.grid.cells(), self.grid.pixels(), self.grid.names_width())

    def set_room(self, height: int) -> None:
        """Take the height of the grid where there is one, else (or while a cell is enlarged) all of ``height``."""
        grid = self._stack.currentWidget() is self.grid and self.grid.enlarged() is None
        needed = self.grid.needed() if grid else SMALLEST_CLOUD
        self._stack.setMinimumWidth(needed.width())
        self._stack.setFixedHeight(needed.height() if grid else max(height, needed.height()))

    # ------------------------------------------------------------ menu

    @Slot(int, object)
    def _open_menu(self, cell: int, where: QPoint) -> None:
        menu = self.build_menu(cell)
        menu.exec(where)
        menu.deleteLater()

    def build_menu(self, cell: int) -> QMenu:
        """What can be done with a cell (none: -1), the grid and the run."""
        menu, grid = QMenu(self), self.grid
        step = self.samples.step if self.samples is not None else 0
        name = f"{self.strand.runs[0].name}-{step:06d}"
        if cell >= 0:
            back = grid.enlarged() is not None
            menu.addAction(
                "Back to the grids" if back else "Enlarge in all runs",
                lambda: grid.enlarge(None if back else cell),
            )
            menu.addAction(
                "Save picture as …",
                lambda: save_image(self, grid.cell_image(cell), "Save picture", f"{name}-{cell}"),
            )
            menu.addAction("Copy picture", lambda: copy_image(grid.cell_image(cell)))
            menu.addSeparator()
        menu.addAction(
            "Save whole grid …", lambda: save_image(self, grid.whole_image(), "Save picture", name)
        )
        menu.addAction("Copy whole grid", lambda: copy_image(grid.whole_image()))
        menu.addAction("Open the run", lambda: self.open_wanted.emit(self.strand.runs[0]))
        return menu
