"""What the chosen runs make of the same seeds, side by side at one step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from ganstudio.core.run_list import RunEntry
from ganstudio.window.compare.views.grids import Samples, at_or_before, best_rows, common_steps, seed_words
from ganstudio.window.compare.views.library import Library
from ganstudio.window.compare.views.run_column import RunColumn
from ganstudio.window.compare.views.strands import Strand, strands
from ganstudio.window.theme import theme
from ganstudio.window.theme.style import set_role
from ganstudio.window.widgets.basic import Caption
from ganstudio.window.widgets.cloud_painting import Range
from ganstudio.window.widgets.saving import save_image
from ganstudio.window.widgets.time_slider import TimeSlider

SPACE, AROUND = 16, 48
"""Pixels between the columns, and what name and step take above and below the pictures."""
MOST_KEPT = 240
"""Grids that stay in memory."""


class SamplesView(QWidget):
    """A column for each run; the slider goes through the steps that all of them have saved."""

    open_wanted = Signal(object)

    def __init__(self, library: Library, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._entries: tuple[RunEntry, ...] = ()
        self._kept: dict[tuple[Path, int, object], Samples] = {}
        self._linking = False
        self._rows = 0
        self.columns: dict[Path, RunColumn] = {}
        # widgets
        self.slider = TimeSlider(end="newest")
        self.note = Caption(wrap=True)
        self.save = QPushButton("Save picture …")
        self._inside = QWidget()
        self._scroll = QScrollArea()
        self._dress()
        # connections
        self.slider.step_chosen.connect(self._load)
        self.save.clicked.connect(self.save_picture)
        library.changed.connect(self._on_changed)
        library.samples_read.connect(self._on_samples)
        # assembly
        self._grid = QGridLayout(self._inside)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(SPACE)
        foot = QHBoxLayout()
        foot.setSpacing(12)
        foot.addWidget(self.slider, 1)
        foot.addWidget(self.save)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.note)
        layout.addWidget(self._scroll, 1)
        layout.addLayout(foot)

    def _dress(self) -> None:
        self.save.setToolTip("Save the samples of all runs as they stand side by side, as PNG")
        self.save.setFont(theme().font("caption"))
        set_role(self._inside, "scrolled")
        self._scroll.setWidget(self._inside)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.note.hide()
        self.setAccessibleName("Samples of the chosen runs")

    # ------------------------------------------------------------ content

    def show_runs(self, entries: Sequence[RunEntry], hidden: frozenset[Path] = frozenset()) -> None:
        """The runs whose samples are shown; hidden ones are left out."""
        self._entries = tuple(entry for entry in entries if entry.path not in hidden)
        kept = [s for s, entry in zip(strands(entries), entries, strict=True) if entry.path not in hidden]
        self._place(kept)
        if self.isVisible():
            self._ask()

    def _place(self, shown: Sequence[Strand]) -> None:
        """One column for each run; those that stay keep what they show."""
        wanted = {strand.runs[0]: strand for strand in shown}
        for path, column in list(self.columns.items()):
            if path not in wanted or column.strand != wanted[path]:
                self._grid.removeWidget(column)
                column.hide()
                column.deleteLater()
                del self.columns[path]
        self.columns = {path: self.columns.get(path) or self._new_column(s) for path, s in wanted.items()}
        self._rows = 0

    def _new_column(self, strand: Strand) -> RunColumn:
        column = RunColumn(strand)
        column.grid.enlarged_changed.connect(self._enlarged)
        column.grid.selected_changed.connect(self._selected)
        column.cloud.mode_changed.connect(self._mode_changed)
        column.open_wanted.connect(self.open_wanted)
        return column

    def _ask(self) -> None:
        self._library.want_settings()
        self._library.want_steps()
        self._show_steps()

    def _steps(self, path: Path) -> tuple[int, ...]:
        reading = self._library.book(path).steps
        return reading.steps if reading is not None else ()

    def _show_steps(self) -> None:
        steps = [self._steps(path) for path in self.columns]
        self.slider.set_steps(common_steps(steps))
        self.slider.set_live_step(max((own[-1] for own in steps if own), default=0))
        self._load()

    @Slot()
    def _load(self) -> None:
        """Show every run at the slider's step, from memory or once it is read."""
        wanted = self.slider.position()
        for path, column in self.columns.items():
            reading, step = self._library.book(path).steps, at_or_before(self._steps(path), wanted)
            if reading is None:
                continue
            if step is None:
                column.samples = None
                column.say(
                    "Nothing was saved yet at this step." if reading.steps else "No samples are saved."
                )
            elif (found := self._kept.get(self._key(path, step))) is not None:
                column.show_samples(found, wanted)
            else:
                self._library.want_samples(path, step)
        self._fit()

    def _key(self, path: Path, step: int) -> tuple[Path, int, object]:
        reading = self._library.book(path).steps
        return path, step, reading.stamp if reading is not None else None

    # ------------------------------------------------------------ sizes

    def _fit(self) -> None:
        """The same cell size in all grids, the same axes in all clouds; and what is to be said of them."""
        columns = list(self.columns.values())
        needs = [need for column in columns if (need := column.need()) is not None]
        ratio, room = self.devicePixelRatioF(), self._scroll.viewport().size()
        width, height, around = room.width() * ratio, room.height() * ratio, (AROUND + SPACE) * ratio
        rows, side = best_rows(needs, len(columns), width, height, around)
        self._lay_out(columns, rows)
        for column in columns:
            column.grid.set_side(side)
            column.set_room(room.height() // rows - AROUND - SPACE)
        self._share_axes(columns)
        self._tell_seeds()

    def _lay_out(self, columns: Sequence[RunColumn], rows: int) -> None:
        """So many rows of columns, each as wide as the others."""
        if rows == self._rows:
            return
        self._rows, across = rows, -(-len(columns) // rows) if columns else 1
        for place, column in enumerate(columns):
            self._grid.addWidget(column, place // across, place % across)
            column.show()
        for place in range(self._grid.columnCount()):
            self._grid.setColumnStretch(place, int(place < across))

    def _share_axes(self, columns: Sequence[RunColumn]) -> None:
        ranges = [(column, found) for column in columns if (found := column.cloud_range()) is not None]
        for dimension in (1, 2):
            alike = [(column, found) for column, found in ranges if found.dimension == dimension]
            if alike:
                shared = joined([found for _, found in alike])
                for column, _ in alike:
                    column.cloud.set_range(shared)

    def _tell_seeds(self) -> None:
        shown = [(c, c.samples) for c in self.columns.values() if c.samples is not None]
        tables = [self._library.book(c.strand.runs[0]).settings for c, _ in shown]
        settings = [reading.settings if reading is not None else {} for reading in tables]
        words = seed_words([c.strand.label for c, _ in shown], [s for _, s in shown], settings)
        self.note.setText(words)
        self.note.setVisible(bool(words))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cells as large as there is room for."""
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QEvent) -> None:
        """Read what is not known yet."""
        super().showEvent(event)  # type: ignore[arg-type]
        self._ask()

    def hideEvent(self, event: QEvent) -> None:
        """Nothing plays on unseen."""
        super().hideEvent(event)  # type: ignore[arg-type]
        self.slider.set_playing(False)

    # ------------------------------------------------------------ all at once

    @Slot(int)
    def _enlarged(self, cell: int) -> None:
        """One cell enlarged in a run is enlarged in all."""
        self._link(lambda column: column.grid.enlarge(None if cell < 0 else cell), cell)
        self._fit()

    @Slot(int)
    def _selected(self, cell: int) -> None:
        self._link(lambda column: column.grid.select(None if cell < 0 else cell), cell)

    @Slot(str)
    def _mode_changed(self, mode: str) -> None:
        self._link(lambda column: column.cloud.set_mode(mode), -1)

    def _link(self, act: Callable[[RunColumn], object], cell: int) -> None:
        if self._linking:
            return
        self._linking = True
        for column in self.columns.values():
            images = column.grid.images()
            if cell < 0 or (images is not None and cell < len(images)):
                act(column)
        self._linking = False

    @Slot()
    def save_picture(self) -> None:
        """Ask where and save all columns as one picture."""
        step = self.slider.position()
        name = "samples" if step is None else f"samples-{step:06d}"
        save_image(self, self._inside.grab().toImage(), "Save picture", name)

    # ------------------------------------------------------------ answers

    @Slot(object)
    def _on_changed(self, path: Path) -> None:
        if self.isVisible() and path in self.columns:
            self._show_steps()

    @Slot(object, int, object)
    def _on_samples(self, path: Path, step: int, result: object) -> None:
        found = (
            result if isinstance(result, Samples) else Samples(step, problem=f"It cannot be read ({result}).")
        )
        self._kept[self._key(path, step)] = found
        for key in list(self._kept)[: max(len(self._kept) - MOST_KEPT, 0)]:
            del self._kept[key]
        column = self.columns.get(path)
        if column is not None and at_or_before(self._steps(path), self.slider.position()) == step:
            column.show_samples(found, self.slider.position())
            self._fit()


def joined(ranges: Sequence[Range]) -> Range:
    """One range over several of one dimension."""
    x = min(r.x[0] for r in ranges), max(r.x[1] for r in ranges)
    y = min(r.y[0] for r in ranges), max(r.y[1] for r in ranges)
    return Range(x, y, ranges[0].dimension)
