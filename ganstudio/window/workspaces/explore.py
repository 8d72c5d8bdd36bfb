"""The Explore workspace: a model, a recipe, and the pictures that follow from it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedLayout, QVBoxLayout, QWidget

from ganstudio.core.explore.messages import (
    PICTURE,
    CannotExplore,
    Moved,
    Open,
    Opened,
    Render,
    Rendered,
    Saved,
)
from ganstudio.core.explore.recipe import Model, Recipe, Seed
from ganstudio.window.background import Background
from ganstudio.window.controller import RunController
from ganstudio.window.explore.column.column import Column
from ganstudio.window.explore.column.model_card import Runs
from ganstudio.window.explore.desk import Desk
from ganstudio.window.explore.history_card import HistoryCard
from ganstudio.window.explore.images import qimages
from ganstudio.window.explore.lapse import Lapse
from ganstudio.window.explore.playing import Player
from ganstudio.window.explore.side import SideColumn
from ganstudio.window.explore.stage import ExploreStage
from ganstudio.window.explore.state import Explorer
from ganstudio.window.explore.taking_home import TakingHome
from ganstudio.window.explore.timeline_card import TimelineCard
from ganstudio.window.explore.verbs import Verbs
from ganstudio.window.form.model import FormModel
from ganstudio.window.theme.style import set_role
from ganstudio.window.widgets.basic import EmptyState

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

REST_MS = 150
"""How long the recipe must rest before strips, neighbours and the matrix are asked for."""
NARROW = 1180
"""Px of the workspace below which what stands beside the picture becomes narrow."""
LIVE_REST_MS = 3000
"""How often these follow a run that trains: rarely, since training has the same cores."""


class ExploreWorkspace(QWidget):
    """Parts: ``explorer`` (the state), ``desk``, ``column``, ``stage``, ``timeline``, ``history``, ``side``."""

    action_wanted = Signal(str)
    undo_changed = Signal()
    told = Signal(str)
    """A sentence for the status bar."""
    problem = Signal(str, str, str)
    """Title, what is wrong, and what to do."""

    def __init__(
        self,
        controller: RunController,
        _form_model: FormModel,
        background: Background,
        parent: QWidget | None = None,
        target: Callable[[Connection], None] | None = None,
    ) -> None:
        super().__init__(parent)
        self.controller, self.background = controller, background
        self.explorer = Explorer(self)
        self.desk = Desk(target, self)
        self.runs = Runs(self._recent, self._current)
        self.column = Column(self.explorer, self.desk, self.runs)
        self.lapse = Lapse(self.explorer, self.desk, self)
        self.stage = ExploreStage(self.explorer, self.desk, self.runs, self.lapse)
        self.timeline = TimelineCard(self.explorer, self.desk)
        self.history = HistoryCard(self.explorer, self.desk)
        self.side = SideColumn(self.explorer, self.desk)
        self.player = Player(self.explorer, self.column.where.walk, self.column.where.speed, self)
        self.timeline.set_player(self.player)
        self.home = TakingHome(self)
        self.empty = EmptyState()
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._wanted_seed: tuple[int, int] | None = None
        self.shown: Recipe | None = None
        """The recipe whose picture is on the screen."""
        self._unasked = False
        """Whether the model being opened is one that nobody has asked for by name."""
        self.verbs = Verbs(self)
        self._assemble()
        self._connect()
        self._show_empty()

    def _recent(self) -> list[str]:
        return self.controller.settings.settings.recent

    def _current(self) -> tuple[Path | None, bool]:
        model = self.controller.model
        return (model.folder.path if model.folder is not None else None), model.active

    def _assemble(self) -> None:
        below = QWidget()
        lines = QVBoxLayout(below)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(10)
        lines.addWidget(self.timeline)
        lines.addWidget(self.history)
        self._splitter = QSplitter(Qt.Orientation.Vertical)
        self._splitter.setHandleWidth(10)
        self._splitter.addWidget(self.stage)
        self._splitter.addWidget(below)
        self._splitter.setStretchFactor(0, 1)
        self._splitter.setStretchFactor(1, 0)
        self._splitter.setChildrenCollapsible(False)
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(12, 12, 10, 12)
        column.addWidget(self._splitter)
        full = QWidget()
        line = QHBoxLayout(full)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        line.addWidget(self.column)
        line.addWidget(middle, 1)
        line.addWidget(self.side)
        self._full = full
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(full)
        set_role(self, "window")

    def _connect(self) -> None:
        self.empty.activated.connect(self._on_empty)
        self.column.model.wanted.connect(self.open_model)
        self.column.noise.map_wanted.connect(self.show_noise)
        self.column.directions.touched.connect(self.side.show_direction)
        self.column.directions.learn_wanted.connect(self.learn)
        self.column.directions.failed.connect(self._on_problem)
        self.stage.failed.connect(self._on_problem)
        self.stage.one.save_wanted.connect(self.home.save_picture)
        self.stage.one.step_wanted.connect(self._on_step)
        self.stage.one.film_wanted.connect(self.home.save_training)
        self.stage.one.told.connect(self.told)
        self.lapse.changed.connect(self.undo_changed)
        self.stage.view_changed.connect(self._on_view)
        self.stage.told.connect(self.told)
        self.timeline.film_wanted.connect(self.home.save_film)
        self.timeline.failed.connect(self._on_problem)
        self.side.matrix.save_wanted.connect(self.home.save_matrix)
        self.side.failed.connect(self._on_problem)
        self.explorer.recipe_changed.connect(self._on_recipe)
        self.explorer.history_changed.connect(self.undo_changed)
        self.explorer.timeline_changed.connect(self.undo_changed)
        self.explorer.refused.connect(self.told)
        self.desk.moved.connect(self._on_moved)
        self.desk.saved.connect(self._on_saved)
        self.desk.lost.connect(self._on_lost)
        self.background.done.connect(self._on_background)
        self._rest.timeout.connect(self._on_rest)
        self.controller.model.run_changed.connect(self._show_empty)
        self.controller.model.state_changed.connect(self._show_empty)

    # ------------------------------------------------------------ models

    @Slot(object)
    def open_model(self, model: Model) -> None:
        """Load a model; the one that is shown stays until it is there."""
        self._unasked = False
        self.told.emit(f"Opening {Path(model.run).name} …")
        self.desk.ask(Open(0, "open", model), self._on_opened)
        self._show_empty()

    def _on_opened(self, report: object) -> None:
        if isinstance(report, CannotExplore):
            self.told.emit("")
            self.home.give_up()
            if self._unasked:
                self.empty.set_content(
                    "Nothing to explore yet", f"{report.problem} {report.remedy}", "Try again"
                )
            else:
                self._show_empty()
                self.problem.emit("This model cannot be opened", report.problem, report.remedy)
        elif isinstance(report, Opened):
            self.told.emit("")
            before = self.explorer.opened
            if before is None or before.model.run != report.model.run:
                self.history.clear()
            self._stack.setCurrentWidget(self._full)
            self.explorer.take_opened(report)
            self._rest.start(REST_MS)
            self._take_seed()
            self.home.take_opened(report)
            self.undo_changed.emit()

    @Slot(str, int, object)
    def _on_background(self, tag: str, number: int, result: object) -> None:
        if tag == "recipe" and number == self.background.newest(tag):
            self.home.take_read(result)

    def known_runs(self) -> list[str]:
        """The folders of the runs that are known, the one of the Train workspace first."""
        current, _ = self._current()
        return [*([str(current)] if current is not None else []), *self._recent()]

    @Slot(int)
    def _on_step(self, step: int) -> None:
        if self.explorer.model is not None:
            self.open_model(Model(self.explorer.model.run, step))

    @Slot(object)
    def _on_moved(self, moved: Moved) -> None:
        """The run that is followed has new weights: everything shown of it is asked for again, where somebody looks."""
        model = self.explorer.model
        if model is not None and model.live and moved.model.run == model.run:
            self.explorer.take_step(moved.step)
            if self.isVisible():
                self._ask_picture()
                if not self._rest.isActive():
                    self._rest.start(LIVE_REST_MS)

    @Slot(object)
    def _on_saved(self, saved: Saved) -> None:
        """A run that is followed has other checkpoints. With the first one comes a discriminator to ask."""
        self.explorer.take_steps(saved.run, saved.steps)
        model = self.explorer.model
        if model is not None and model.live and model.run == saved.run and self.explorer.why_not("score"):
            self.desk.ask(Open(0, "open", model), self._on_opened)
        if not self._rest.isActive() and self.isVisible():
            self._rest.start(REST_MS)

    def open_seed(self, model: Model, seed: int, row: int = -1) -> None:
        """A picture of the Train workspace: its run, its seed, and its class or code (-1: none)."""
        self._wanted_seed = (seed, row)
        if self.explorer.opened is not None and self.explorer.opened.model == model:
            self._take_seed()
        else:
            self.open_model(model)

    def _take_seed(self) -> None:
        wanted, self._wanted_seed, can = self._wanted_seed, None, self.explorer.can
        if wanted is None or can is None:
            return
        seed, row = wanted
        recipe = Recipe(Seed(seed))
        if row >= 0 and can.classes:
            recipe = replace(recipe, labels=((row, 1.0),))
        elif row >= 0 and can.categorical:
            rest = (None,) * (can.categorical + can.continuous - 1)
            recipe = replace(recipe, codes=(float(row), *rest))
        self.explorer.change(recipe, f"Seed {seed}")

    # ------------------------------------------------------------ the picture

    @Slot()
    def _on_recipe(self) -> None:
        self._ask_picture()
        if not self.player.playing:
            self._rest.start(REST_MS)

    def _ask_picture(self) -> None:
        explorer = self.explorer
        if explorer.model is None or explorer.opened is None:
            return
        recipe, can = explorer.recipe, explorer.opened.capabilities
        scored = "score" not in can.refusals
        request = Render(0, PICTURE, explorer.model, (recipe,), scored)
        self.desk.ask(request, _Awaiting(self, recipe), patient=True)

    def take_picture(self, recipe: Recipe, report: object) -> None:
        """What the child says of a recipe."""
        if isinstance(report, CannotExplore):
            self.stage.show_refusal(report.problem)
            self.told.emit(f"{report.problem} {report.remedy}".strip())
        elif isinstance(report, Rendered) and len(report.images):
            image = qimages(report.images[:1])[0]
            self.shown = recipe
            score = None if report.scores is None else float(report.scores[0])
            self.stage.show_picture(recipe, image, score)
            self.history.take_picture(recipe, image)

    @Slot()
    def _on_rest(self) -> None:
        """The recipe rests: what stands around the picture follows."""
        if self.explorer.opened is not None and self.isVisible():
            self.stage.refresh()
            self.timeline.refresh()
            self.side.refresh()
            self.history.fill()
            self.lapse.refresh()

    @Slot()
    def _on_view(self) -> None:
        self._rest.start(REST_MS)
        self.told.emit("")

    @Slot()
    def show_noise(self) -> None:
        """How much each pixel depends on the noise, beside the picture."""
        self.stage.set_view("one")
        self.stage.one.show_noise()

    @Slot()
    def learn(self) -> None:
        """Mark samples, and learn what tells them apart."""
        from ganstudio.window.explore.learning import LearnDialog

        dialog = LearnDialog(self.explorer, self.desk, self)
        dialog.open()

    @Slot(str, str)
    def _on_problem(self, problem: str, remedy: str) -> None:
        self.problem.emit("This cannot be done", problem, remedy)

    @Slot(str)
    def _on_lost(self, how: str) -> None:
        self.told.emit(f"The process that renders has gone ({how}); another one goes on where it was.")

    # ------------------------------------------------------------ undo, from the window's actions

    def undo_words(self) -> tuple[str, str]:
        """What undo and redo would do; empty where there is nothing."""
        history = self.explorer.history
        return (history.undo_text, history.redo_text) if self.explorer.opened is not None else ("", "")

    # ------------------------------------------------------------ coming and going

    @Slot()
    def _show_empty(self) -> None:
        """What will be here, and the action that fills it."""
        if self.explorer.opened is not None:
            return
        self._stack.setCurrentWidget(self.empty)
        if self.desk.waits("open"):
            self.empty.set_content(
                "Opening the run …", "The first one takes some seconds: PyTorch is loaded."
            )
        elif self.runs.current() is not None:
            self.empty.set_content(
                "Explore this generator",
                "Travel through its latent space, turn what it has learned, mix, and take films home.",
                "Explore the run", "Open the run of the Train workspace",
            )  # fmt: skip
        else:
            self.empty.set_content(
                "A generator to explore",
                "Its pictures, directions and films appear here. Train a run first, or open one that is saved.",
                "Open a run …", "Choose a run's folder; Ctrl+1 leads to the Train workspace",
            )  # fmt: skip

    @Slot()
    def _on_empty(self) -> None:
        current = self.runs.current()
        if current is not None:
            self.open_model(current)
        else:
            from ganstudio.window.explore.column.model_card import choose_run

            choose_run(self.runs, self.empty.button, "", self.open_model)

    def showEvent(self, event: QShowEvent) -> None:
        """The first visit opens the run of the Train workspace, if there is one."""
        super().showEvent(event)
        current = self.runs.current()
        if self.explorer.opened is None and current is not None and not self.desk.waits("open"):
            self.open_model(current)
            self._unasked = True
        elif self.explorer.opened is not None:
            self._ask_picture()
            self._rest.start(REST_MS)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room the picture keeps its share."""
        super().resizeEvent(event)
        self.side.set_narrow(self.width() < NARROW)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing plays and nothing is asked for where nobody looks."""
        super().hideEvent(event)
        self.player.stop()
        self._rest.stop()

    def shut_down(self) -> None:
        """No timer, no thread and no child is left."""
        self.player.stop()
        self._rest.stop()
        self.desk.close()


class _Awaiting:
    """Hands the answer to a picture over together with its recipe."""

    def __init__(self, workspace: ExploreWorkspace, recipe: Recipe) -> None:
        self._workspace, self._recipe = workspace, recipe

    def __call__(self, report: object) -> None:
        self._workspace.take_picture(self._recipe, report)
