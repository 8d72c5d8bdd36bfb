"""Saving what is on the screen with the recipe that remakes it, and restoring what was saved."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Slot

from ganstudio.core.explore import files, library
from ganstudio.core.explore.files import RecipeError, Recipeless
from ganstudio.core.explore.messages import CannotExplore, Export, Opened, Written
from ganstudio.core.explore.recipe import Direction, Model, Numbers, Recipe
from ganstudio.core.explore.recipe import Path as Way
from ganstudio.core.explore.records import Record, facts
from ganstudio.core.files import write_atomically
from ganstudio.window.explore import edits
from ganstudio.window.explore.film_dialog import FilmDialog
from ganstudio.window.explore.timeline import MOST_KEYS, Timeline
from ganstudio.window.opening import PICTURES
from ganstudio.window.run_loader import is_run
from ganstudio.window.widgets.saving import SaveDialog

if TYPE_CHECKING:
    from ganstudio.window.workspaces.explore import ExploreWorkspace

SHORTEST = 0.5
"""Seconds of a timeline at least."""
STRIP = 12
"""Pictures of a strip."""


class TakingHome(QObject):
    """The verbs of saving and restoring, for one workspace."""

    def __init__(self, workspace: ExploreWorkspace) -> None:
        super().__init__(workspace)
        self._space = workspace
        self._waiting: Record | None = None

    # ------------------------------------------------------------ saving

    def _name(self, kind: str = "") -> str:
        recipe, opened = self._space.explorer.recipe, self._space.explorer.opened
        run = opened.title if opened is not None else "picture"
        return f"{run}-{kind or edits.place_name(recipe.place)}".replace(" ", "-").replace(",", "")

    def _export(
        self, kind: str, recipes: tuple[Recipe, ...], columns: int = 0, scale: int = 1, **more: Any
    ) -> None:
        model = self._space.explorer.model
        path = SaveDialog.ask(self._space, "Save", self._name(kind), ".png") if model is not None else None
        if path is None or model is None:
            return
        request = Export(0, "export", model, recipes, str(path), columns, scale, more, bool(columns))
        self._space.desk.ask(request, self._on_written)

    def _on_written(self, report: object) -> None:
        if isinstance(report, CannotExplore):
            self._space.problem.emit("Not saved", report.problem, report.remedy)
        elif isinstance(report, Written):
            self._space.told.emit(f"Saved {Path(report.path).name}.")

    @Slot()
    def save_picture(self) -> None:
        """The picture, pixel for pixel."""
        self._export("", (self._space.explorer.recipe,))

    @Slot()
    def save_strip(self) -> None:
        """The timeline as one row of pictures."""
        explorer = self._space.explorer
        if explorer.timeline.plays:
            recipes = explorer.timeline.strip(explorer.recipe, STRIP)
            self._export("strip", recipes, timeline=files.to_table(explorer.timeline))

    @Slot()
    def save_matrix(self) -> None:
        """The mixing matrix."""
        matrix = self._space.side.matrix
        recipes, across = matrix.cells()
        self._export("matrix", recipes, across, **matrix.record())

    @Slot()
    def save_film(self) -> None:
        """Ask how, then render frame by frame."""
        self._film("")

    @Slot()
    def save_training(self) -> None:
        """The film of one recipe through training."""
        self._film("through")

    def _film(self, what: str) -> None:
        dialog = FilmDialog(self._space.explorer, self._space.desk, self._space.lapse, what, self._space)
        dialog.written.connect(self._on_film)
        dialog.open()

    @Slot(str)
    def _on_film(self, path: str) -> None:
        self._space.told.emit(f"Saved {Path(path).name}.")

    @Slot()
    def save_latents(self) -> None:
        """The recipe and the timeline as JSON; as safetensors with the numbers of the latents, too."""
        explorer = self._space.explorer
        opened = explorer.opened
        path = (
            SaveDialog.ask(self._space, "Save latents", self._name(), *library.SUFFIXES)
            if opened is not None
            else None
        )
        if path is None or opened is None:
            return
        more = {"timeline": files.to_table(explorer.timeline)} if explorer.timeline.keys else {}
        if path.suffix.lower() == library.SAFE:
            keys = tuple(explorer.recipe.at(place) for place in explorer.timeline.keys)
            request = Export(0, "export", opened.model, (explorer.recipe, *keys), str(path), record=more)
            self._space.desk.ask(request, self._on_written)
            return
        record = Record("picture", Path(opened.model.run).name, opened.step, (explorer.recipe,), more=more)
        try:
            write_atomically(path, json.dumps(facts(record)).encode())
        except OSError as error:
            SaveDialog.tell_failure(self._space, path, error)
            return
        self._space.told.emit(f"Saved {path.name}.")

    # ------------------------------------------------------------ restoring

    def restore(self, path: Path) -> None:
        """Whatever was saved from here; any other picture becomes the target of an inversion."""
        self._space.background.submit("recipe", partial(_read, path))

    def take_read(self, result: object) -> None:
        """A file has been read."""
        if isinstance(result, Record):
            self._take_record(result)
        elif isinstance(result, Direction | Numbers):
            self._take_entry(result)
        elif isinstance(result, NoRecipe):
            opened = self._space.explorer.opened
            if not result.damaged and result.path.suffix.lower() in PICTURES and opened is not None:
                if self._space.stage.made("invert").take_file(result.path):
                    self._space.stage.set_view("invert")
            else:
                self._space.problem.emit("This file cannot be restored", f"{result.problem.rstrip('.')}.", "")

    def _take_entry(self, entry: library.Entry) -> None:
        """A direction becomes a slider, a latent's numbers the picture that is shown."""
        if self._space.explorer.opened is None:
            self._space.problem.emit("Open a run first", "A latent or direction belongs to a model.", "")
        elif isinstance(entry, Direction):
            self._space.column.directions.take(entry)
        else:
            explorer = self._space.explorer
            explorer.change(explorer.recipe.at(entry), "Restore latent")
            self._space.stage.show_recipe()

    def _take_record(self, record: Record) -> None:
        opened = self._space.explorer.opened
        if opened is not None and Path(opened.model.run).name == record.run:
            self._apply(record)
            return
        run = next(
            (
                name
                for name in self._space.known_runs()
                if Path(name).name == record.run and is_run(Path(name))
            ),
            None,
        )
        if run is not None:
            self._waiting = record
            self._space.open_model(Model(run))
        elif opened is not None:
            self._apply(record)
        else:
            words = f"It was made with the run {record.run}, which is not among the recent ones."
            self._space.problem.emit("Open its run first", words, "Open the run, then drop the file again.")

    def take_opened(self, _opened: Opened) -> None:
        """The run of a file is there."""
        record, self._waiting = self._waiting, None
        if record is not None:
            self._apply(record)

    def give_up(self) -> None:
        """The run of a file cannot be opened."""
        self._waiting = None

    def _apply(self, record: Record) -> None:
        explorer = self._space.explorer
        try:
            timeline = timeline_of(record)
        except RecipeError as error:
            self._space.problem.emit("This file cannot be restored", f"Its timeline is damaged: {error}.", "")
            return
        if timeline is not None:
            explorer.set_timeline(timeline, "Restore timeline")
        if record.kind == "matrix":
            self._space.side.matrix.take_record(record.more)
        recipe = record.recipes[0]
        if record.kind == "matrix":
            recipe = replace(recipe, mixes=())
        explorer.change(recipe, f"Restore {record.kind}")
        self._space.stage.show_recipe()
        self._space.told.emit(self._restored(record))

    def _restored(self, record: Record) -> str:
        """What was restored, and with which model it is shown where its own is not at hand."""
        opened = self._space.explorer.opened
        words = f"Restored a {record.kind} made with {record.run} at step {record.step:,}"
        if opened is None or Path(opened.model.run).name == record.run:
            return f"{words}."
        return f"{words}; that run is not among the recent ones, so {opened.title} makes the picture."


def timeline_of(record: Record) -> Timeline | None:
    """The timeline that a file was made from; of a strip or film of the command line the way of its first frame.

    Raises :class:`RecipeError` for a damaged one.
    """
    table, place = record.more.get("timeline"), record.recipes[0].place
    if table is not None:
        return files.read(Timeline, table, "timeline")
    if not isinstance(place, Way) or len(record.recipes) < 2:
        return None
    way = Timeline(place.keys[:MOST_KEYS], place.mode, place.space, place.easing, place.loop)
    timed = record.kind == "film" and record.fps > 0
    return replace(way, seconds=max(SHORTEST, len(record.recipes) / record.fps)) if timed else way


class NoRecipe:
    """A file that gives no recipe, and why; ``damaged`` where there is one that cannot be used."""

    def __init__(self, path: Path, problem: str, damaged: bool) -> None:
        self.path, self.problem, self.damaged = path, problem, damaged


def _read(path: Path) -> Record | library.Entry | NoRecipe:
    from ganstudio.engine.recipes_in_files import recipe_in

    try:
        return recipe_in(path)
    except RecipeError as error:
        no_recipe = NoRecipe(path, str(error), not isinstance(error, Recipeless))
    try:
        return library.load(path) if path.suffix.lower() in library.SUFFIXES else no_recipe
    except library.LibraryError:
        return no_recipe
