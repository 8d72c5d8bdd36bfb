"""A controller that trains nothing: tests say what becomes of each run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from ganstudio.catalog.resolve import resolve
from ganstudio.core.config import RunConfig, dump_toml
from ganstudio.core.lifecycle import State
from ganstudio.core.messages import Failed, Finished, Scalars, Started
from ganstudio.core.runs import RunFolder
from ganstudio.core.shapes import DataShape
from ganstudio.window.compare.sweeps.queue import RunQueue
from ganstudio.window.compare.sweeps.roster import Wish
from ganstudio.window.compare.sweeps.store import ItemState
from ganstudio.window.run_loader import StoredRun
from ganstudio.window.run_model import RunModel


def ring(name: str = "toy", **changes: object) -> RunConfig:
    """A small config."""
    return resolve({"name": name, "variant": "gan", "data": {"source": "ring"}, "steps": 100} | changes)


class FakeController(QObject):
    """Moves a real model as the controller does, at a test's word."""

    failed = Signal(object)

    def __init__(self, runs: Path) -> None:
        super().__init__()
        self.model = RunModel(self)
        self.leaving = False
        self.begun: list[str] = []
        self._runs = runs

    def start(self, config: RunConfig) -> None:
        """A new run begins."""
        if self.model.active:
            return
        self._begin(self._runs / f"{len(self.begun)}-{config.name}", config)

    def show_stored(self, run: StoredRun) -> None:
        """A run from the disk."""
        self._settle()
        self.model.take_stored(run)

    def resume_run(self) -> None:
        """It goes on."""
        assert self.model.folder is not None
        assert self.model.config is not None
        self._begin(self.model.folder.path, self.model.config, resumed=True)

    def _begin(self, folder: Path, config: RunConfig, resumed: bool = False) -> None:
        self._settle()
        if not resumed:
            self.model.begin(folder, config)
        self.model.move(State.STARTING)
        self.begun.append(config.name)

    def _settle(self) -> None:
        if self.model.state in (State.FINISHED, State.FAILED):
            self.model.life.move(State.IDLE)
            self.model.state_changed.emit()

    def stop(self) -> None:
        """By hand."""
        self.end("stopped")

    # ------------------------------------------------------------ what tests say

    def train(self, step: int = 10) -> None:
        """The engine has set it up and reports a step."""
        model = self.model
        assert model.folder is not None
        assert model.config is not None
        if not RunFolder(model.folder.path).exists():
            RunFolder(model.folder.path).create(dump_toml(model.config))
        shape = DataShape("points", 2)
        model.take_started(Started(str(model.folder.path), model.config, shape, (), 0, "CPU", "ring", (1, 1)))
        model.move(State.RUNNING)
        self.report(step)

    def report(self, step: int) -> None:
        """A tenth of a second a step."""
        self.model.take_scalars([Scalars(step, 64 * step, 0.1 * step, {"loss/generator": 0.7}, 0)])

    def end(self, reason: str = "done") -> None:
        """The engine's two reports of an end."""
        assert self.model.folder is not None
        self.model.move(State.FINISHED)
        self.model.finished = Finished(self.model.step, 1.0, str(self.model.folder.path), reason)
        self.model.state_changed.emit()

    def fail(self, problem: str) -> None:
        """The engine's two reports of a failure."""
        self.model.move(State.FAILED)
        self.model.failure = Failed(problem)
        self.failed.emit(self.model.failure)


class Desk:
    """A queue over the fake controller."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.qtbot, self.folder = qtbot, folder
        self.controller = FakeController(folder / "runs")
        self.settings = SimpleNamespace(path=folder / "config" / "window.toml")
        self.queues: list[RunQueue] = []
        self.told: list[str] = []
        self.queue = self.open()

    def open(self) -> RunQueue:
        """A window's queue."""
        queue = RunQueue(self.controller, self.settings, self.controller)  # type: ignore[arg-type]
        queue.told.connect(self.told.append)
        self.queues.append(queue)
        self.queue = queue
        return queue

    def add(self, *names: str, sweep: str = "") -> None:
        """Runs by name."""
        self.queue.add([Wish(ring(name), sweep) for name in names])

    def until_begun(self, *names: str) -> None:
        """Until these runs have begun, in this order."""
        self.qtbot.waitUntil(lambda: self.controller.begun == list(names), timeout=20_000)

    def states(self) -> list[tuple[str, str]]:
        """Name and state of every run."""
        return [(item.config.name, item.state.name) for item in self.queue.items]

    def ids(self, *names: str) -> list[int]:
        """The ids of runs."""
        return [item.id for item in self.queue.items if item.config.name in names]


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    """A queue over the fake controller."""
    made = Desk(qtbot, tmp_path)
    yield made
    for queue in made.queues:
        queue.shut_down()


WAITING, RUNNING = ItemState.WAITING.name, ItemState.RUNNING.name
DONE, FAILED, STOPPED = ItemState.DONE.name, ItemState.FAILED.name, ItemState.STOPPED.name
