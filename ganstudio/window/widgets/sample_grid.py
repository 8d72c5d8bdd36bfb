"""The grid of samples: pictures painted as one image, one of them enlarged on a click."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial

import numpy as np
from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QImage, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedLayout, QWidget

from ganstudio.window.model.tiles import Images, checked, compose
from ganstudio.window.widgets.basic import EmptyState
from ganstudio.window.widgets.grid_canvas import GridCanvas
from ganstudio.window.widgets.saving import copy_image, save_image

MODES = ("generated", "real", "both")


class SampleGrid(QWidget):
    """Generated pictures, real ones, or both side by side: uint8 (N, H, W, C) with C 1 or 3.

    Keys: arrows move, Enter enlarges, Esc goes back, R toggles the real pictures beside the generated ones.
    """

    cell_enlarged = Signal(int)
    """The index of the enlarged generated picture, -1 when the grid is back."""
    mode_changed = Signal(str)
    """"generated", "real" or "both"."""
    action_requested = Signal()
    """The button of the empty state was pressed."""
    explore_requested = Signal(int, int)
    """A generated picture is to be explored: its seed, and its row where rows have names, else -1."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mode, self._step = "generated", None
        # widgets
        self.generated = GridCanvas("Generated")
        self.real = GridCanvas("Real")
        self.real.set_seeds(None, "real picture")
        self.empty = EmptyState("No samples yet", "Samples appear here as soon as a run starts.")
        self._pair = QWidget()
        # connections
        self.generated.enlarged_changed.connect(self.cell_enlarged)
        self.generated.menu_requested.connect(self._generated_menu)
        self.real.menu_requested.connect(self._real_menu)
        self.empty.activated.connect(self.action_requested)
        # assembly
        row = QHBoxLayout(self._pair)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.generated, 1)
        row.addWidget(self.real, 1)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self._pair)
        self.setFocusProxy(self.generated)
        self.setAccessibleName("Samples")
        self._arrange()

    # ------------------------------------------------------------ content

    def set_generated(
        self, images: Images | None, step: int | None = None, columns: int = 0, rows: Sequence[str] = ()
    ) -> None:
        """Show generated pictures; ``None`` empties. ``step`` names saved files.

        ``columns`` 0 is as square as can be; with ``rows`` every row has a name and every column one seed.
        """
        self._step = step
        self.generated.set_images(None if images is None else checked(images), columns, rows)
        self._arrange()

    def set_real(self, images: Images | None) -> None:
        """The real pictures beside them."""
        self.real.set_images(None if images is None else checked(images))
        self._arrange()

    def set_seeds(self, seeds: Sequence[int]) -> None:
        """The seed of each generated picture, shown when enlarged; 0, 1, 2, ... unless told."""
        self.generated.set_seeds(tuple(seeds))

    def clear(self) -> None:
        """Nothing to show: the empty state."""
        self.set_generated(None)
        self.set_real(None)

    def set_empty(self, title: str, text: str, button: str = "", tooltip: str = "") -> None:
        """The words shown while there is no picture."""
        self.empty.set_content(title, text, button, tooltip)

    def step(self) -> int | None:
        """The step of the shown pictures."""
        return self._step

    # ------------------------------------------------------------ mode

    def mode(self) -> str:
        """What is shown."""
        return self._mode

    def set_mode(self, mode: str) -> None:
        """Show "generated", "real" or "both"; ``ValueError`` for another word."""
        if mode not in MODES:
            raise ValueError(f"{mode!r} is not one of {', '.join(MODES)}")
        if mode != self._mode:
            self._mode = mode
            self._arrange()
            self.mode_changed.emit(mode)

    def toggle_real(self) -> None:
        """The real pictures beside the generated ones, or the generated ones alone."""
        self.set_mode("generated" if self._mode == "both" else "both")

    def _arrange(self) -> None:
        both = self._mode == "both"
        for canvas, mode in ((self.generated, "generated"), (self.real, "real")):
            canvas.captioned = both
            canvas.setVisible(both or self._mode == mode)
            canvas.update()
        wanted = {"generated": [self.generated], "real": [self.real]}.get(
            self._mode, [self.generated, self.real]
        )
        filled = any(canvas.images() is not None for canvas in wanted)
        self._stack.setCurrentWidget(self._pair if filled else self.empty)
        self.setFocusProxy(self.real if self._mode == "real" else self.generated)

    def enlarge(self, index: int | None) -> None:
        """Enlarge one generated picture, or ``None`` to go back to the grid."""
        self.generated.enlarge(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """R toggles the real pictures."""
        if event.key() == Qt.Key.Key_R and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self.toggle_real()
        else:
            super().keyPressEvent(event)

    # ------------------------------------------------------------ export

    def image(self) -> Images | None:
        """The grid as one picture, (H, W, C) uint8, 2 px between cells and around, one pixel per pixel."""
        canvas = self._shown_canvas()
        images, tiles = canvas.images(), canvas.tiles()
        return None if images is None or tiles is None else compose(np.asarray(images), columns=tiles.across)

    def _shown_canvas(self) -> GridCanvas:
        return self.real if self._mode == "real" else self.generated

    def _name(self, canvas: GridCanvas) -> str:
        if canvas is self.real:
            return "real"
        return "samples" if self._step is None else f"samples-{self._step:06d}"

    @Slot()
    def save_grid(self) -> None:
        """Ask where and save the grid as PNG."""
        canvas = self._shown_canvas()
        self._save(canvas.whole_image(), self._name(canvas))

    @Slot()
    def copy_grid(self) -> None:
        """Put the grid on the clipboard."""
        image = self._shown_canvas().whole_image()
        if not image.isNull():
            copy_image(image)

    def save_cell(self, canvas: GridCanvas, index: int) -> None:
        """Ask where and save one picture as PNG."""
        suffix = re.sub(r"[^\w]+", "-", canvas.cell_name(index)).strip("-")
        self._save(canvas.cell_image(index), f"{self._name(canvas)}-{suffix}")

    def _save(self, image: QImage, name: str) -> None:
        if not image.isNull():
            save_image(self, image, "Save picture", name)

    def _explore(self, index: int) -> None:
        self.explore_requested.emit(*self.generated.cell_seed(index))

    # ------------------------------------------------------------ menus

    @Slot(int, object)
    def _generated_menu(self, index: int, where: QPoint) -> None:
        self._run_menu(self.generated, index, where)

    @Slot(int, object)
    def _real_menu(self, index: int, where: QPoint) -> None:
        self._run_menu(self.real, index, where)

    def _run_menu(self, canvas: GridCanvas, index: int, where: QPoint) -> None:
        menu = self.build_menu(canvas, index)
        menu.exec(where)
        menu.deleteLater()

    def build_menu(self, canvas: GridCanvas, index: int) -> QMenu:
        """What can be done with a cell (none: -1) and with the whole grid."""
        menu, enlarged = QMenu(self), canvas.enlarged() is not None
        if index >= 0:
            target = None if enlarged else index
            menu.addAction("Back to the grid" if enlarged else "Enlarge", partial(canvas.enlarge, target))
            menu.addAction("Save picture as …", partial(self.save_cell, canvas, index))
            menu.addAction("Copy picture", partial(copy_image, canvas.cell_image(index)))
            if canvas is self.generated:
                menu.addAction("Explore", partial(self._explore, index))
            menu.addSeparator()
        menu.addAction("Save whole grid …", partial(self._save, canvas.whole_image(), self._name(canvas)))
        menu.addAction("Copy whole grid", partial(copy_image, canvas.whole_image()))
        return menu
