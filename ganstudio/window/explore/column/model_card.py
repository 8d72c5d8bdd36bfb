"""Which model is explored: the run and its checkpoint."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from ganstudio.catalog.best import best_checkpoint
from ganstudio.core.explore.messages import Opened
from ganstudio.core.explore.recipe import Model
from ganstudio.core.numbers import whole
from ganstudio.core.runs import RunFolder
from ganstudio.window.dialogs.chooser import Chooser, Entry
from ganstudio.window.explore.column.given import choice
from ganstudio.window.explore.column.section import Section, row
from ganstudio.window.explore.state import Explorer
from ganstudio.window.form.cards import ChoiceCard
from ganstudio.window.run_loader import is_run

OPEN = "open"
NEWEST, LIVE = "newest", "live"


class Runs:
    """The runs there are to choose from: the one in the Train workspace first, then the recent ones."""

    def __init__(
        self, recent: Callable[[], list[str]], current: Callable[[], tuple[Path | None, bool]]
    ) -> None:
        self._recent, self._current = recent, current

    def current(self) -> Model | None:
        """The run of the Train workspace; followed live while it trains."""
        folder, active = self._current()
        return None if folder is None else Model(str(folder), None, active)

    def trains(self, run: str) -> bool:
        """Whether this window trains a run now."""
        folder, active = self._current()
        return active and folder is not None and str(folder) == run

    def entries(self, shown: str) -> list[Entry]:
        """For a menu; the id is the run's folder."""
        folder, active = self._current()
        found: list[Entry] = []
        if folder is not None:
            detail = "Trains now; the picture follows it" if active else str(folder)
            found.append(Entry(str(folder), folder.name, detail, group="In the Train workspace"))
        others = [Path(name) for name in self._recent() if folder is None or name != str(folder)]
        found += [
            Entry(str(path), path.name, str(path), group="Recent runs") for path in others if is_run(path)
        ]
        found = [Entry(e.id, e.title, e.detail, group=e.group, current=e.id == shown) for e in found]
        found.append(Entry(OPEN, "Open a run's folder …", "Any folder that holds a run", group="Elsewhere"))
        return found

    def model(self, run: str) -> Model:
        """A run at its newest state."""
        return Model(run, None, self.trains(run))


def choose_run(runs: Runs, below: QWidget, shown: str, taken: Callable[[Model], None]) -> Chooser:
    """Pop the menu of runs up; ``taken`` gets what is chosen."""
    menu = Chooser(runs.entries(shown), "", below)

    def take(id: str) -> None:
        if id == OPEN:
            id = QFileDialog.getExistingDirectory(below, "Open a run's folder", "")
        if id:
            taken(runs.model(id))

    menu.chosen.connect(take)
    menu.open_below(below, 320)
    return menu


class ModelSection(Section):
    """The card of the model and its checkpoints. ``wanted`` carries the :class:`Model` that was chosen."""

    wanted = Signal(object)

    def __init__(self, explorer: Explorer, runs: Runs, parent: QWidget | None = None) -> None:
        super().__init__("Model", explorer, parent)
        self._runs = runs
        self._choices: list[Model] = []
        self.card = ChoiceCard("Model")
        self.step = choice("Checkpoint", (), "Which state of the run is shown", NEWEST)
        self.card.pressed.connect(self.choose)
        self.step.activated.connect(self._on_step)
        self.rows.addWidget(self.card)
        self.rows.addLayout(row("Checkpoint", self.step))
        self._finish()

    def choose(self) -> None:
        """Open the menu of runs."""
        opened = self.explorer.opened
        choose_run(self._runs, self.card, opened.model.run if opened else "", self.wanted.emit)

    def show_model(self) -> None:
        """Name, step and where it stands."""
        opened = self.explorer.opened
        self.step.setEnabled(opened is not None)
        if opened is None:
            self.card.tell("No model", "Choose a run", "Choose a run and explore its generator", "")
            return
        self.card.tell(
            opened.title, standing(opened), f"{opened.model.run}\nClick to choose another run.", ""
        )
        self._choices = checkpoints(opened, self._runs)
        best = best_checkpoint(RunFolder(opened.model.run))
        names = [name_of(model, best) for model in self._choices]
        with QSignalBlocker(self.step):
            self.step.clear()
            self.step.addItems(names)
            at = self._choices.index(opened.model) if opened.model in self._choices else 0
            self.step.setCurrentIndex(at)
        self.say(" ".join(opened.problems))

    @Slot(int)
    def _on_step(self, index: int) -> None:
        if 0 <= index < len(self._choices):
            self.wanted.emit(self._choices[index])


def name_of(model: Model, best: int | None) -> str:
    """What a checkpoint is called in the list; the best one by what was measured says so."""
    if model.live:
        return LIVE
    if model.step is None:
        return NEWEST
    return f"{whole(model.step)} · best" if model.step == best else whole(model.step)


def standing(opened: Opened) -> str:
    """The step, and whether it moves on."""
    words = f"step {whole(opened.step)}"
    return f"{words} · live, follows training" if opened.model.live else words


def checkpoints(opened: Opened, runs: Runs) -> list[Model]:
    """What can be shown of a run: live, the newest, every checkpoint from the newest to the oldest."""
    run = opened.model.run
    live = [Model(run, None, True)] if opened.model.live or runs.trains(run) else []
    return [*live, Model(run), *(Model(run, step) for step in reversed(opened.steps))]
