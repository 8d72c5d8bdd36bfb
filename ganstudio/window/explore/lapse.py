"""A pinned recipe and its time-lapse: one picture for each checkpoint, which grows while training goes on."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from ganstudio.core.explore.messages import CannotExplore, Rendered, Saved, Through
from ganstudio.core.explore.recipe import Model, Recipe
from ganstudio.window.explore.desk import Desk
from ganstudio.window.explore.state import Explorer

SLOT = "lapse"


class Lapse(QObject):
    """``recipe`` is the pinned one, ``None`` while nothing is pinned; the picture that is shown moves on without it.

    Pictures of checkpoints that training has removed since stay: a run keeps its newest checkpoints only.
    """

    changed = Signal()

    def __init__(self, explorer: Explorer, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.explorer, self._desk = explorer, desk
        self.recipe: Recipe | None = None
        self.problem = ""
        self._run = ""
        self._made: dict[int, NDArray[Any]] = {}
        self._there: tuple[int, ...] = ()
        self._follows = False
        desk.saved.connect(self._on_saved)
        desk.lost.connect(self._on_lost)
        explorer.model_changed.connect(self._on_model)

    @property
    def pinned(self) -> bool:
        """Whether there is a time-lapse."""
        return self.recipe is not None

    def toggle(self) -> None:
        """Pin the recipe that is shown, or let go of the pinned one."""
        if self.pinned:
            self._let_go()
        elif self.explorer.opened is not None:
            self.recipe, self._run = self.explorer.recipe, self.explorer.opened.model.run
            self._there = self.explorer.opened.steps
            self._ask()
        self.changed.emit()

    def frames(self) -> tuple[tuple[int, NDArray[Any]], ...]:
        """Step and picture of every checkpoint seen so far, oldest first: uint8 (H, W, C), or a point (D,)."""
        return tuple(sorted(self._made.items(), key=lambda pair: pair[0]))

    def on_disk(self, step: int) -> bool:
        """Whether the checkpoint of a step is still there."""
        return step in self._there

    def refresh(self) -> None:
        """Follow the run anew, where the child that did has gone."""
        if self.pinned and not self._follows:
            self._ask()

    # ------------------------------------------------------------ growing

    def _ask(self) -> None:
        if self.recipe is not None:
            self._follows = True
            newest = max(self._made, default=-1)
            request = Through(0, SLOT, Model(self._run), self.recipe, after=newest, follow=True)
            self._desk.ask(request, self._on_part)

    def _on_part(self, report: object) -> None:
        if isinstance(report, CannotExplore):
            self.problem = report.problem
        elif isinstance(report, Rendered):
            self.problem = ""
            self._made |= zip(report.steps, np.array(report.images), strict=True)
        self.changed.emit()

    @Slot(object)
    def _on_saved(self, saved: Saved) -> None:
        if self.pinned and saved.run == self._run:
            self._there = saved.steps
            if max(saved.steps, default=-1) > max(self._made, default=-1):
                self._ask()
            else:
                self.changed.emit()

    @Slot(str)
    def _on_lost(self, _how: str) -> None:
        self._follows = False

    @Slot()
    def _on_model(self) -> None:
        opened = self.explorer.opened
        if self.pinned and opened is not None and opened.model.run != self._run:
            self._let_go()
            self.changed.emit()

    def _let_go(self) -> None:
        self.recipe, self.problem, self._follows = None, "", False
        self._made = {}
        self._desk.cancel(SLOT)
