"""The recipe in the middle of its neighbours: a click makes a neighbour the middle."""

from __future__ import annotations

import secrets

import numpy as np
from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ganstudio.core.explore.messages import CannotExplore, Render, Rendered
from ganstudio.core.explore.recipe import Recipe
from ganstudio.window.explore import edits
from ganstudio.window.explore.desk import Desk
from ganstudio.window.explore.dial import Dial
from ganstudio.window.explore.grids import PickGrid
from ganstudio.window.explore.images import pictures
from ganstudio.window.explore.state import Explorer

ACROSS, DOWN = 7, 5
COUNT = ACROSS * DOWN
FARTHEST_SALT = 1_000_000


class VariationsView(QWidget):
    """Parts: ``grid``, ``radius``, ``others``."""

    failed = Signal(str, str)

    def __init__(self, explorer: Explorer, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.explorer, self._desk = explorer, desk
        self._salt = 50_000
        self._asked: tuple[object, ...] | None = None
        self._recipes: tuple[Recipe, ...] = ()
        self._images: np.ndarray | None = None
        self.grid = PickGrid("Variations", "Click to make this one the middle")
        self.grid.outlined = COUNT // 2
        self.radius = Dial(
            "Radius",
            0.02,
            1.0,
            0.3,
            "How far the neighbours are on the way to other seeds; at 1 they are those.",
        )
        self.others = QPushButton("Other neighbours")
        self.others.setToolTip("Neighbours in other directions")
        foot = QHBoxLayout()
        foot.setSpacing(12)
        foot.addWidget(self.radius, 1)
        foot.addWidget(self.others)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.grid, 1)
        column.addLayout(foot)
        self.grid.picked.connect(self._on_picked)
        self.radius.moved.connect(self._on_radius)
        self.others.clicked.connect(self._on_others)

    def refresh(self) -> None:
        """Ask for the neighbours, where they are not those that are shown."""
        explorer = self.explorer
        if explorer.model is None or explorer.opened is None or not self.isVisible():
            return
        recipes = edits.around(explorer.recipe, self.radius.value(), COUNT, self._salt)
        wanted = (explorer.opened.model, explorer.opened.step, recipes)
        if wanted != self._asked:
            self._asked = wanted
            self._desk.ask(
                Render(0, "variations", explorer.model, recipes), _Parts(self, recipes), patient=True
            )

    def take_part(self, recipes: tuple[Recipe, ...], report: object) -> None:
        """Some of the neighbours have come."""
        if isinstance(report, CannotExplore):
            self.failed.emit(report.problem, report.remedy)
        elif isinstance(report, Rendered):
            shown = pictures(report.images)
            if report.first == 0 or self._images is None or self._images.shape[1:] != shown.shape[1:]:
                fresh = np.zeros((report.total, *shown.shape[1:]), np.uint8)
                kept = (
                    self._images if self._images is not None and self._images.shape == fresh.shape else fresh
                )
                self._images = kept.copy()
            self._images[report.first : report.first + len(shown)] = shown
            self._recipes = recipes
            self.grid.set_images(self._images, ACROSS)

    @Slot(float)
    def _on_radius(self, _value: float) -> None:
        self.refresh()

    @Slot()
    def _on_others(self) -> None:
        self._salt = secrets.randbelow(FARTHEST_SALT)
        self.refresh()

    @Slot(int)
    def _on_picked(self, index: int) -> None:
        if index < len(self._recipes) and index != COUNT // 2:
            self._salt += COUNT
            self.explorer.go(self._recipes[index].place, "Variation")


class _Parts:
    """Hands parts over together with what was asked for."""

    def __init__(self, view: VariationsView, recipes: tuple[Recipe, ...]) -> None:
        self._view, self._recipes = view, recipes

    def __call__(self, report: object) -> None:
        self._view.take_part(self._recipes, report)
