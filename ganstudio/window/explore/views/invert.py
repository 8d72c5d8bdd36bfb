"""Finding the latent of a picture of one's own: drop it, watch it being found, go on from there."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QImage, QImageReader
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from ganstudio.core.explore.messages import CannotExplore, Invert, Inverting, Working
from ganstudio.core.explore.recipe import Recipe
from ganstudio.window.explore.desk import Desk
from ganstudio.window.explore.picture import PictureView
from ganstudio.window.explore.state import Explorer
from ganstudio.window.theme.style import set_role
from ganstudio.window.widgets.basic import Caption, EmptyState, inset
from ganstudio.window.widgets.flow import Flow
from ganstudio.window.widgets.grid_canvas import to_qimage
from ganstudio.window.widgets.segmented import SegmentedControl

SPACES = (
    ("z", "z", "Any model; the latent is kept as long as those that were trained on"),
    ("w", "w", "Behind the mapping network: nearer to the picture"),
    ("w+", "w+", "Every row of its own: nearest to the picture, farthest from what was trained on"),
)
MOST_SIDE = 1024
"""Pixels of the longer side that are kept of a picture."""
MOST_PIXELS = 64_000_000
STEPS = 300
FILES = "Pictures (*.png *.jpg *.jpeg *.webp *.bmp *.gif)"


class InvertView(QWidget):
    """Parts: ``target``, ``found``, ``space``, ``go``, ``bar``."""

    failed = Signal(str, str)
    taken = Signal()
    """What was found is the recipe now."""

    def __init__(self, explorer: Explorer, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.explorer, self._desk = explorer, desk
        self._pixels: NDArray[np.uint8] | None = None
        self._recipe: Recipe | None = None
        self._choosing = True
        """Whether the space is the one that suits the model; a person's choice stays."""
        self.empty = EmptyState()
        self.target = PictureView("Your picture", travels=False)
        self.found = PictureView("The nearest that was found", travels=False)
        self.space = SegmentedControl(SPACES, "Space")
        self.restarts = QSpinBox()
        self.go, self.take, self.choose = (
            QPushButton("Find"),
            QPushButton("Explore it"),
            QPushButton("Picture …"),
        )
        self.bar, self.words = QProgressBar(), Caption("")
        self._pair = QWidget()
        self._dress()
        self._assemble()
        self.empty.activated.connect(self._on_choose)
        self.choose.clicked.connect(self._on_choose)
        self.go.clicked.connect(self.toggle)
        self.take.clicked.connect(self._on_take)
        self.space.chosen.connect(self._on_space)
        self._show_buttons()

    def _dress(self) -> None:
        self.empty.set_content(
            "Find the latent of a picture",
            "Drop a picture here: the generator is searched for the latent that makes it, and you go on from there.",
            "Choose a picture …", "Any PNG, JPEG, WebP, BMP or GIF file",
        )  # fmt: skip
        self.restarts.setRange(1, 16)
        self.restarts.setValue(4)
        self.restarts.setPrefix("restarts ")
        inset(self.restarts)
        self.restarts.setAccessibleName("Restarts")
        self.restarts.setToolTip("How many searches begin from different latents; the best goes on")
        self.bar.setRange(0, STEPS)
        self.bar.setAccessibleName("Progress")
        set_role(self.go, "primary")
        self.choose.setToolTip("Another picture")
        self.take.setToolTip("Make what was found the picture that is explored")

    def _assemble(self) -> None:
        pair = QHBoxLayout()
        pair.setSpacing(12)
        for title, picture in (("Your picture", self.target), ("Found", self.found)):
            column = QVBoxLayout()
            column.setSpacing(4)
            column.addWidget(Caption(title))
            column.addWidget(picture, 1)
            pair.addLayout(column, 1)
        feet = QWidget()
        foot = Flow(8, feet)
        self.words.setMinimumHeight(self.go.sizeHint().height())
        for part in (self.choose, self.space, self.restarts, self.go, self.take, self.words):
            foot.addWidget(part)
        column = QVBoxLayout(self._pair)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(pair, 1)
        column.addWidget(self.bar)
        column.addWidget(feet)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self._pair)

    def refresh(self) -> None:
        """What the model can do."""
        why = self.explorer.why_not("w")
        for name in ("w", "w+"):
            self.space.set_enabled(name, not why, why)
        if why:
            self.space.set_value("z")
        elif self._choosing:
            self.space.set_value("w+")
        self._show_buttons()

    @Slot(str)
    def _on_space(self, _space: str) -> None:
        self._choosing = False

    @property
    def searching(self) -> bool:
        """Whether a search is under way."""
        return self._desk.waits("invert")

    def _show_buttons(self) -> None:
        why = self.explorer.why_not("inversion") or (
            "" if self._pixels is not None else "Choose a picture first."
        )
        searching = self.searching
        self.go.setText("Cancel" if searching else "Find")
        self.go.setEnabled(searching or not why)
        self.go.setToolTip(
            why or ("Stop; the best so far stays" if searching else "Search for the latent of the picture")
        )
        self.take.setEnabled(self._recipe is not None)
        self.bar.setVisible(searching)

    # ------------------------------------------------------------ the picture

    @Slot()
    def _on_choose(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, "A picture", "", FILES)
        if chosen:
            self.take_file(Path(chosen))

    def take_file(self, path: Path) -> bool:
        """Search for a picture from a file; says so, and changes nothing, if it is none."""
        why = self.explorer.why_not("inversion")
        if why:
            self.failed.emit(why, "Open a model that makes pictures.")
            return False
        reader = QImageReader(str(path))
        reader.setAutoTransform(True)
        size = reader.size()
        if size.isValid() and size.width() * size.height() > MOST_PIXELS:
            words = f"{path.name} has {size.width():,} × {size.height():,} pixels, which is more than can be used."
            self.failed.emit(words, "Make it smaller first.")
            return False
        image = reader.read()
        if image.isNull():
            self.failed.emit(
                f"{path.name} cannot be read as a picture.", "Choose a PNG, JPEG, WebP, BMP or GIF file."
            )
            return False
        self._desk.cancel("invert")
        self.refresh()
        self.set_picture(image)
        self.toggle()
        return True

    def set_picture(self, image: QImage) -> None:
        """Show what is searched for: the middle of a picture, in the model's proportions, reduced where it is large."""
        can = self.explorer.can
        if can is not None:
            image = image.copy(middle(image.size(), can.shape.width, can.shape.height))
        if max(image.width(), image.height()) > MOST_SIDE:
            keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            image = image.scaled(MOST_SIDE, MOST_SIDE, keep, smooth)
        image = image.convertToFormat(QImage.Format.Format_RGB888)
        rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
        self._pixels = rows[:, : image.width() * 3].reshape(image.height(), image.width(), 3).copy()
        self.target.set_image(image)
        self._recipe = None
        self._stack.setCurrentWidget(self._pair)
        self._show_buttons()

    # ------------------------------------------------------------ the search

    @Slot()
    def toggle(self) -> None:
        """Search, or stop."""
        if self.searching:
            self._desk.cancel("invert")
            self.words.setText("Stopped. The best so far stays.")
            self._show_buttons()
            return
        model = self.explorer.model
        if model is None or self._pixels is None:
            return
        labels = self.explorer.recipe.labels
        space, restarts = self.space.value(), self.restarts.value()
        request = Invert(0, "invert", model, self._pixels, space, STEPS, restarts, labels)  # type: ignore[arg-type]
        self.words.setText("Searching …")
        self.bar.setValue(0)
        self._desk.ask(request, self._on_report)
        self._show_buttons()

    def _on_report(self, report: object) -> None:
        if isinstance(report, Working):
            self.words.setText(f"{report.what}, {report.done:.0%}")
        elif isinstance(report, CannotExplore):
            self.words.setText("")
            self.failed.emit(report.problem, report.remedy)
        elif isinstance(report, Inverting):
            self._recipe = report.recipe
            self.found.set_image(to_qimage(report.image))
            self.bar.setMaximum(max(report.steps, 1))
            self.bar.setValue(report.step)
            ending = "" if report.done else f" · step {report.step} of {report.steps}"
            self.words.setText(f"PSNR {report.psnr:.1f} dB{ending}")
        self._show_buttons()

    @Slot()
    def _on_take(self) -> None:
        if self._recipe is not None:
            self.explorer.change(self._recipe, "From a picture")
            self.taken.emit()


def middle(size: QSize, width: int, height: int) -> QRect:
    """The largest box in the middle of a picture with the proportions of ``width`` and ``height``."""
    scale = min(size.width() / width, size.height() / height)
    wide, high = max(1, round(width * scale)), max(1, round(height * scale))
    return QRect((size.width() - wide) // 2, (size.height() - high) // 2, wide, high)
