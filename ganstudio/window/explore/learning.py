"""Learning a direction: mark samples with + and −, and what tells them apart becomes a slider."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from ganstudio.core.explore.messages import (
    CannotExplore,
    FoundDirections,
    LearnDirection,
    Render,
    Rendered,
    Working,
)
from ganstudio.core.explore.recipe import Recipe, Seed
from ganstudio.core.numbers import MINUS
from ganstudio.window.explore.desk import Desk
from ganstudio.window.explore.grids import PickGrid
from ganstudio.window.explore.images import pictures
from ganstudio.window.explore.state import Explorer
from ganstudio.window.theme.style import set_role
from ganstudio.window.widgets.basic import Caption
from ganstudio.window.widgets.toggle import ToggleSwitch

COUNT, ACROSS, LEAST = 60, 10, 3
SIZE = QSize(760, 540)
"""Samples of 32 pixels are shown at twice their size."""
NEXT = {"": "+", "+": MINUS, MINUS: ""}


class LearnDialog(QDialog):
    """A click on a sample goes from + to − to unmarked. ``learned`` comes when the slider is there."""

    learned = Signal()

    def __init__(self, explorer: Explorer, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Learn a direction")
        self.explorer, self._desk = explorer, desk
        self._first = 0
        self._kept: dict[int, str] = {}
        self._images: np.ndarray | None = None
        self.grid = PickGrid("Samples", "Click: + shows it, again: − does not, again: unmarked")
        self.name = QLineEdit()
        self.apart = ToggleSwitch("Keep apart from the other sliders")
        self.more = QPushButton("More samples")
        self.learn = QPushButton("Learn")
        self.words = Caption(
            "Mark at least three samples that show it (+) and three that do not (−).", wrap=True
        )
        self._dress()
        self._assemble()
        self._load()

    def _dress(self) -> None:
        self.name.setPlaceholderText("What it changes, such as smile")
        self.name.setAccessibleName("Name of the direction")
        self.name.setMinimumWidth(240)
        self.name.setToolTip("The name of the slider")
        self.apart.setToolTip("Leave alone what the sliders that are there change")
        self.more.setToolTip("The next samples; the marks stay")
        set_role(self.learn, "primary")
        self.grid.setMinimumSize(QSize(640, 380))
        self.resize(SIZE)
        self._show_marks()

    def _assemble(self) -> None:
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.name, 1)
        for part in (self.apart, self.more, self.learn):
            foot.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(10)
        column.addWidget(self.words)
        column.addWidget(self.grid, 1)
        column.addLayout(foot)
        self.grid.picked.connect(self._on_picked)
        self.more.clicked.connect(self._on_more)
        self.learn.clicked.connect(self._on_learn)

    # ------------------------------------------------------------ samples

    def _recipe(self, seed: int) -> Recipe:
        return self.explorer.recipe.at(Seed(seed))

    def _load(self) -> None:
        model = self.explorer.model
        if model is not None:
            recipes = tuple(self._recipe(self._first + i) for i in range(COUNT))
            self._images = None
            self._desk.ask(Render(0, "learn-grid", model, recipes, height=96), self._on_samples)

    def _on_samples(self, report: object) -> None:
        if isinstance(report, CannotExplore):
            self.words.setText(report.problem)
        elif isinstance(report, Rendered):
            shown = pictures(report.images)
            if self._images is None:
                self._images = np.zeros((report.total, *shown.shape[1:]), np.uint8)
            self._images[report.first : report.first + len(shown)] = shown
            self.grid.set_images(self._images, ACROSS)
            self.grid.set_seeds(range(self._first, self._first + COUNT))

    @Slot()
    def _on_more(self) -> None:
        self._first += COUNT
        self._load()
        self._show_marks()

    @Slot(int)
    def _on_picked(self, index: int) -> None:
        seed = self._first + index
        sign = NEXT[self._kept.get(seed, "")]
        if sign:
            self._kept[seed] = sign
        else:
            self._kept.pop(seed, None)
        self._show_marks()

    def marked(self, sign: str) -> tuple[Recipe, ...]:
        """The samples with a sign."""
        return tuple(self._recipe(seed) for seed, kept in self._kept.items() if kept == sign)

    def _show_marks(self) -> None:
        shown = {seed - self._first: s for seed, s in self._kept.items() if 0 <= seed - self._first < COUNT}
        self.grid.set_marks(shown)
        plus, minus = len(self.marked("+")), len(self.marked(MINUS))
        enough = plus >= LEAST and minus >= LEAST
        self.learn.setEnabled(enough)
        why = f"Three of each are needed; there are {plus} with + and {minus} with {MINUS}."
        self.learn.setToolTip("Fit what tells the two apart, and make it a slider" if enough else why)

    # ------------------------------------------------------------ learning

    @Slot()
    def _on_learn(self) -> None:
        model = self.explorer.model
        if model is None:
            return
        name = self.name.text().strip()[:40] or "learned"
        others = tuple(pin.direction for pin in self.explorer.pins) if self.apart.isChecked() else ()
        self.words.setText("Learning …")
        request = LearnDirection(0, "learn", model, name, self.marked("+"), self.marked(MINUS), others)
        self._desk.ask(request, self._on_report)

    def _on_report(self, report: object) -> None:
        if isinstance(report, Working):
            self.words.setText(f"{report.what}, {report.done:.0%}")
        elif isinstance(report, CannotExplore):
            self.words.setText(f"{report.problem} {report.remedy}".strip())
        elif isinstance(report, FoundDirections):
            self.explorer.pin(*report.directions)
            score = (
                f"{report.held_out:.0%} of samples left out were told apart."
                if report.held_out is not None
                else ""
            )
            self.words.setText(f"A slider was added. {score} Close this, or mark more and learn again.")
            self.learned.emit()

    def done(self, result: int) -> None:
        """Nothing is asked for any more."""
        for slot in ("learn-grid", "learn"):
            self._desk.cancel(slot)
        super().done(result)
