"""The stage: one of several views of the recipe, made when it is first looked at."""

from __future__ import annotations

import importlib
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QStackedWidget, QWidget

from ganstudio.core.explore.recipe import Recipe
from ganstudio.window.explore import edits
from ganstudio.window.explore.column.model_card import Runs
from ganstudio.window.explore.desk import Desk
from ganstudio.window.explore.lapse import Lapse
from ganstudio.window.explore.state import Explorer
from ganstudio.window.explore.views.one import OneView
from ganstudio.window.widgets.basic import Card
from ganstudio.window.widgets.segmented import SegmentedControl

VIEWS = (
    ("one", "One", "The picture, large (Alt+1)"),
    ("variations", "Variations", "The picture amid its neighbours (Alt+2)"),
    ("map", "Map", "A thousand latents in the plane (Alt+3)"),
    ("compare", "A / B", "Two checkpoints or runs with one latent (Alt+4)"),
    ("inside", "Inside", "What the layers of both players do (Alt+5)"),
    ("invert", "Invert", "Find the latent of a picture of your own (Alt+6)"),
)
FACTORIES = {
    "variations": "variations:VariationsView",
    "map": "map:MapView",
    "compare": "compare:CompareView",
    "inside": "inside:InsideView",
    "invert": "invert:InvertView",
}


class ExploreStage(Card):
    """Parts: ``one``, ``views`` (the control), and the others once they were looked at."""

    view_changed = Signal()
    failed = Signal(str, str)
    told = Signal(str)

    def __init__(
        self, explorer: Explorer, desk: Desk, runs: Runs, lapse: Lapse, parent: QWidget | None = None
    ) -> None:
        super().__init__("Picture", "", parent)
        self.explorer, self._desk, self.runs = explorer, desk, runs
        self.views = SegmentedControl(VIEWS, "View")
        self.one = OneView(explorer, desk, lapse)
        self._made: dict[str, Any] = {"one": self.one}
        self._last: tuple[QImage, float | None] | None = None
        self._stack = QStackedWidget()
        self._stack.addWidget(self.one)
        self.add_control(self.views)
        self.body.addWidget(self._stack, 1)
        self.views.chosen.connect(self.set_view)
        self.one.failed.connect(self.failed)
        self.setMinimumHeight(240)

    def view(self) -> str:
        """The name of the view that is shown."""
        return self.views.value()

    def current(self) -> Any:
        """The view that is shown."""
        return self._made[self.views.value()]

    def made(self, name: str) -> Any:
        """A view, shown or not."""
        if name not in self._made:
            module, _, cls = FACTORIES[name].partition(":")
            made = getattr(importlib.import_module(f"ganstudio.window.explore.views.{module}"), cls)
            view = made(self.explorer, self._desk)
            view.failed.connect(self.failed)
            if hasattr(view, "set_runs"):
                view.set_runs(self.runs)
            if hasattr(view, "taken"):
                view.taken.connect(self.show_recipe)
            self._made[name] = view
            self._stack.addWidget(view)
        return self._made[name]

    @Slot(str)
    def set_view(self, name: str) -> None:
        """Show another view."""
        before, view = self._stack.currentWidget(), self.made(name)
        self.views.set_value(name)
        self._stack.setCurrentWidget(view)
        if before is not view:
            self._hand_over()
            self.view_changed.emit()

    @Slot()
    def show_recipe(self) -> None:
        """A view that shows the recipe, in place of the only one that does not."""
        if self.view() == "invert":
            self.set_view("one")

    def show_picture(self, recipe: Recipe, image: QImage, score: float | None) -> None:
        """The picture of the recipe has come."""
        self._name(recipe)
        self._last = (image, score)
        self.one.show_picture(image, score)
        if self.current() is not self.one:
            self._hand_over()

    def _hand_over(self) -> None:
        """A view that shows the picture, too, gets the last one."""
        view = self.current()
        if self._last is not None and hasattr(view, "show_picture"):
            view.show_picture(*self._last)

    def _name(self, recipe: Recipe) -> None:
        name = edits.place_name(recipe.place)
        can = self.explorer.can
        self.set_title(name[:1].upper() + name[1:])
        self.set_caption(edits.details(recipe, can.classes if can is not None else ()))

    def show_refusal(self, problem: str) -> None:
        """The recipe cannot be shown."""
        self.set_caption(problem)

    def refresh(self) -> None:
        """The recipe rests: what stands around the picture is asked for."""
        self.current().refresh()
