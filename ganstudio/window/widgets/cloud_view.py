"""Toy data: points in the plane or densities on the line, real against generated."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QStackedLayout, QWidget

from ganstudio.core.messages import Density
from ganstudio.window.theme import theme
from ganstudio.window.widgets import cloud_painting as drawing
from ganstudio.window.widgets.basic import EmptyState
from ganstudio.window.widgets.charts import export
from ganstudio.window.widgets.saving import copy_image, export_size

Points = NDArray[np.float32]
MODES = ("generated", "real", "both")


class _Canvas(QWidget):
    """What is painted."""

    def __init__(self, view: CloudView) -> None:
        super().__init__(view)
        self._view = view
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(QSize(160, 140))
        theme().changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The whole view."""
        self._view.paint_on(QPainter(self), self.size())


class CloudView(QWidget):
    """Real and generated points, float (N, 1) or (N, 2), in a range fixed by the real ones.

    The range comes from the real points, or from the first generated ones while there are none, and stays.
    Key R toggles the real ones, as in the sample grid.
    """

    mode_changed = Signal(str)
    action_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mode = "both"
        self._step: int | None = None
        self._real: Points | None = None
        self._generated: Points | None = None
        self._density: Density | None = None
        self._range: drawing.Range | None = None
        # widgets
        self.canvas = _Canvas(self)
        self.empty = EmptyState("No points yet", "Points appear here as soon as a run starts.")
        self.empty.activated.connect(self.action_requested)
        # assembly
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.canvas)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setToolTip("Real points against generated ones. R shows or hides the real ones.")
        self._update()

    # ------------------------------------------------------------ content

    def set_density(self, density: Density | None) -> None:
        """The exact density of one-dimensional data."""
        self._density = density
        self._update()

    def set_real(self, points: Points | None) -> None:
        """The real points, which also fix the range."""
        self._real = None if points is None else drawing.checked(points)
        self._range = None if self._real is None else drawing.range_of(self._real)
        self._update()

    def set_generated(self, points: Points | None, step: int | None = None) -> None:
        """The generated points."""
        self._generated, self._step = None if points is None else drawing.checked(points), step
        self._update()

    def set_range(self, view: drawing.Range | None) -> None:
        """What part of the world is shown, such as one that several views share; ``None``: that of the points."""
        if view is not None:
            self._range = view
        else:
            points = self._generated if self._real is None else self._real
            self._range = None if points is None else drawing.range_of(points)
        self._update()

    def clear(self) -> None:
        """Nothing to show: the empty state."""
        self._density = self._real = self._generated = self._range = None
        self._update()

    def set_empty(self, title: str, text: str, button: str = "", tooltip: str = "") -> None:
        """The words shown while there is no point."""
        self.empty.set_content(title, text, button, tooltip)

    def step(self) -> int | None:
        """The step of the generated points."""
        return self._step

    def view_range(self) -> drawing.Range | None:
        """What part of the world is shown."""
        return self._range

    def _update(self) -> None:
        if self._range is None and self._generated is not None:
            self._range = drawing.range_of(self._generated)
        self._stack.setCurrentWidget(self.empty if self._range is None else self.canvas)
        counts = [
            (len(p), name)
            for p, name in ((self._real, "real"), (self._generated, "generated"))
            if p is not None
        ]
        self.setAccessibleName("Points: " + (", ".join(f"{n:,} {name}" for n, name in counts) or "none yet"))
        self.canvas.update()

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
            self.canvas.update()
            self.mode_changed.emit(mode)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """R toggles the real points."""
        if event.key() == Qt.Key.Key_R and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self.set_mode("generated" if self._mode == "both" else "both")
        else:
            super().keyPressEvent(event)

    # ------------------------------------------------------------ painting

    def paint_on(self, painter: QPainter, size: QSize) -> None:
        """The view on any painter, for the screen and for export."""
        if self._range is None:
            return
        scene = drawing.Scene(
            self._range,
            self._real if self._mode != "generated" else None,
            self._generated if self._mode != "real" else None,
            self._density if self._mode != "generated" else None,
        )
        drawing.paint(painter, QRectF(0, 0, size.width(), size.height()), scene)

    # ------------------------------------------------------------ export

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Save and copy."""
        menu = self.build_menu()
        menu.exec(event.globalPos())
        menu.deleteLater()

    def build_menu(self) -> QMenu:
        """Save and copy."""
        menu = QMenu(self)
        for label, slot in (
            ("Save as PNG …", self.save_picture),
            ("Save as SVG …", self.save_drawing),
            ("Copy picture", self.copy_picture),
        ):
            menu.addAction(label, slot).setEnabled(self._range is not None)
        return menu

    def _name(self) -> str:
        return "points" if self._step is None else f"points-{self._step:06d}"

    def _size(self) -> QSize:
        return export_size(self.canvas.size())

    def _paint(self, painter: QPainter) -> None:
        self.paint_on(painter, self._size())

    @Slot()
    def save_picture(self) -> None:
        """Ask where and save the view as PNG."""
        export.write(self, "Save picture", self._name(), ".png", self._png)

    @Slot()
    def save_drawing(self) -> None:
        """Ask where and save the view as SVG."""
        export.write(self, "Save drawing", self._name(), ".svg", self._svg)

    @Slot()
    def copy_picture(self) -> None:
        """Put the view on the clipboard."""
        copy_image(export.to_image(self._paint, self._size()))

    def _png(self) -> bytes:
        return export.png_bytes(export.to_image(self._paint, self._size()))

    def _svg(self) -> bytes:
        return export.to_svg(self._paint, self._size(), "Real and generated points")
