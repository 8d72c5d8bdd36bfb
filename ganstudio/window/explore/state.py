"""What is explored, in one place: models, recipe with its history, directions, timeline. Views read it and ask it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from ganstudio.core.explore.messages import Capabilities, Opened
from ganstudio.core.explore.recipe import Direction, Model, Place, Recipe, Seed
from ganstudio.window.explore import edits
from ganstudio.window.explore.history import Entry, History
from ganstudio.window.explore.timeline import Timeline

PINNED = 8
"""Sliders of directions at the most, unless more are in use: more are harder to use, not easier (Dang et al. 2022,
arXiv:2202.00965)."""


@dataclass(frozen=True)
class Pin:
    """A direction with a slider, and the rows that it moves (0 to -1: all)."""

    direction: Direction
    first: int = 0
    last: int = -1


class Explorer(QObject):
    """The state of the workspace. Only its methods change it; every change is told by a signal."""

    model_changed = Signal()
    """Another model, another checkpoint, or more is known of it."""
    recipe_changed = Signal()
    history_changed = Signal()
    pins_changed = Signal()
    timeline_changed = Signal()
    refused = Signal(str)
    """Something cannot be done; the reason in one sentence."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.model: Model | None = None
        self.opened: Opened | None = None
        self.other: Model | None = None
        self.other_opened: Opened | None = None
        self.recipe = Recipe()
        self.history = History(self.recipe)
        self.pins: tuple[Pin, ...] = ()
        self.found: tuple[Direction, ...] = ()
        self.timeline = Timeline()
        self.locked = False

    # ------------------------------------------------------------ models

    @property
    def can(self) -> Capabilities | None:
        """What the model can do; ``None`` while none is open."""
        return self.opened.capabilities if self.opened is not None else None

    def why_not(self, tool: str) -> str:
        """Why the model cannot do something; empty where it can."""
        if self.can is None:
            return "Open a model first."
        return self.can.refusals.get(tool, "")

    def take_opened(self, opened: Opened) -> None:
        """A model is there. Another run begins a history of its own, with the seed that was shown."""
        before, self.opened, self.model = self.opened, opened, opened.model
        if before is None or before.model.run != opened.model.run:
            kept = before is not None and _alike(before.capabilities, opened.capabilities)
            self.recipe = self.recipe if kept else Recipe(Seed(edits.base_seed(self.recipe.place)))
            if not kept:
                self.pins, self.found = (), ()
                self.timeline = Timeline()
            self.history = History(self.recipe, timeline=self.timeline)
            for signal in (self.history_changed, self.pins_changed, self.timeline_changed):
                signal.emit()
        self.model_changed.emit()
        self.recipe_changed.emit()

    def take_step(self, step: int) -> None:
        """A live model has moved on."""
        if self.opened is not None:
            self.opened = replace(self.opened, step=step)
            self.model_changed.emit()

    def take_steps(self, run: str, steps: tuple[int, ...]) -> None:
        """A run has other checkpoints than before."""
        if self.opened is not None and self.opened.model.run == run and self.opened.steps != steps:
            self.opened = replace(self.opened, steps=steps)
            self.model_changed.emit()

    def take_other(self, opened: Opened | None) -> None:
        """The model at the other side of a comparison."""
        self.other_opened = opened
        self.other = opened.model if opened is not None else None
        self.model_changed.emit()

    def close(self) -> None:
        """No model."""
        self.model = self.opened = self.other = self.other_opened = None
        self.model_changed.emit()

    # ------------------------------------------------------------ recipe

    def change(self, recipe: Recipe, label: str, key: str = "") -> None:
        """The one way to another picture; changes with one ``key`` that follow each other are one entry."""
        if recipe == self.recipe:
            return
        if edits.depth(recipe.place) > edits.DEEPEST_PLACE:
            self.refused.emit(
                "This place is far from any seed: a step more could not be saved. Start from a seed."
            )
            return
        self.recipe = recipe
        self.history.push(recipe, label, key)
        self._pin_moves()
        self.history_changed.emit()
        self.recipe_changed.emit()

    def edit(self, label: str, key: str = "", **changes: Any) -> None:
        """Change parts of the recipe by name."""
        self.change(replace(self.recipe, **changes), label, key)

    def go(self, place: Place, label: str, key: str = "") -> None:
        """Another place, unless the seed is locked."""
        if self.locked:
            self.refused.emit("The seed is locked. Unlock it to move on.")
            return
        self.change(self.recipe.at(place), label, key)

    def show_moving(self, recipe: Recipe) -> None:
        """A frame of something that plays: shown, but no step of the history."""
        if recipe != self.recipe:
            self.recipe = recipe
            self.recipe_changed.emit()

    def settle(self, label: str) -> None:
        """What played has stopped: where it stands becomes a step of the history."""
        self.history.push(self.recipe, label)
        self.history.seal()
        self.history_changed.emit()

    def seal(self) -> None:
        """A drag is over."""
        self.history.seal()

    def undo(self) -> None:
        """Back one step."""
        if self.history.undo():
            self._show_current()

    def redo(self) -> None:
        """On one step."""
        if self.history.redo():
            self._show_current()

    def jump(self, entry: Entry) -> None:
        """To any step; what is done next branches off from it."""
        if self.history.jump(entry):
            self._show_current()

    def _show_current(self) -> None:
        entry = self.history.current
        self.recipe, moved = entry.recipe, entry.timeline != self.timeline
        self.timeline = entry.timeline
        self._pin_moves()
        self.history_changed.emit()
        if moved:
            self.timeline_changed.emit()
        self.recipe_changed.emit()

    def _pin_moves(self) -> None:
        """A slider for every direction that the recipe goes along: what acts can be taken back."""
        pinned = {pin.direction for pin in self.pins}
        missing = tuple(
            Pin(move.direction, move.first, move.last)
            for move in self.recipe.moves
            if move.direction not in pinned
        )
        if missing:
            self.pins += missing
            self.pins_changed.emit()

    # ------------------------------------------------------------ directions

    def pin(self, *directions: Direction) -> None:
        """Give directions a slider, the newest last. Others at 0 give way where there are too many; what acts stays."""
        kept = [pin for pin in self.pins if pin.direction not in directions]
        idle = [pin for pin in kept if not edits.amount_of(self.recipe, pin.direction)]
        for pin in idle[: max(0, len(kept) + len(directions) - PINNED)]:
            kept.remove(pin)
        self.pins = (*kept, *(Pin(direction) for direction in directions))
        self.pins_changed.emit()

    def unpin(self, direction: Direction) -> None:
        """Take a slider away, and what it did."""
        self.pins = tuple(pin for pin in self.pins if pin.direction != direction)
        self.pins_changed.emit()
        self.change(edits.with_move(self.recipe, direction, 0.0), f"Without {direction.name}")

    def rename(self, direction: Direction, name: str) -> Direction:
        """A direction under another name."""
        new = replace(direction, name=name)
        self.pins = tuple(replace(p, direction=new) if p.direction == direction else p for p in self.pins)
        self.pins_changed.emit()
        self.change(edits.renamed(self.recipe, direction, new), f"Name {name}")
        return new

    def set_range(self, direction: Direction, first: int, last: int) -> None:
        """The rows that a direction moves."""
        self.pins = tuple(Pin(direction, first, last) if p.direction == direction else p for p in self.pins)
        self.pins_changed.emit()
        amount = edits.amount_of(self.recipe, direction)
        self.change(edits.with_move(self.recipe, direction, amount, first, last), f"Rows of {direction.name}")

    # ------------------------------------------------------------ timeline

    def set_timeline(self, timeline: Timeline, label: str = "Timeline") -> None:
        """Other keys, or another way between them: a step of the history, too."""
        if timeline != self.timeline:
            self.timeline = timeline
            self.history.push(self.recipe, label, timeline=timeline)
            self.history.seal()
            self.history_changed.emit()
            self.timeline_changed.emit()


def _alike(one: Capabilities, other: Capabilities) -> bool:
    """Whether a recipe of one model means something to another."""
    same = (
        "shape",
        "prior",
        "dimension",
        "width",
        "styles",
        "rows",
        "categorical",
        "categories",
        "continuous",
    )
    return all(getattr(one, name) == getattr(other, name) for name in same)
