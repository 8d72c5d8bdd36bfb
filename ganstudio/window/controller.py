"""Steers the run: turns what a person wants into commands, and what the engine reports into the model."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from ganstudio.core.config import RunConfig
from ganstudio.core.lifecycle import State
from ganstudio.core.measurement import Measurement
from ganstudio.core.messages import (
    Begin,
    Change,
    Changed,
    Cloud,
    Command,
    Density,
    Due,
    Failed,
    Finding,
    Finished,
    Healed,
    Look,
    Pause,
    Picture,
    Preparing,
    Ready,
    RealSamples,
    Refused,
    Resume,
    RollBack,
    Save,
    Saved,
    Started,
    StateChanged,
    Step,
    Stop,
)
from ganstudio.core.runs import new_run_folder
from ganstudio.window.run_loader import StoredRun, change_text
from ganstudio.window.run_model import Preparation, RunModel
from ganstudio.window.settings import SettingsFile
from ganstudio.window.widgets.charts.spec import Mark
from ganstudio.window.worker import TrainingWorker

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Fresh:
    """What a poll of the mailbox brought."""

    scalars: bool = False
    picture: bool = False
    cloud: bool = False
    scores: bool = False


class RunController(QObject):
    """The only one who sends commands and changes the model."""

    refused = Signal(str)
    """A command could not be obeyed; the reason in one sentence."""
    failed = Signal(object)
    """A run failed with a :class:`Failed`; a lost engine is told by the model's state."""
    setting_changed = Signal(str, object)
    """A live setting took effect: dotted key and value."""
    recent_changed = Signal()
    due = Signal(int)
    """A checkpoint of the run waits to be measured: its step."""
    closed = Signal()

    def __init__(
        self,
        settings: SettingsFile,
        target: Callable[[Connection], None] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.settings = settings
        self.model = RunModel(self)
        self.worker = TrainingWorker(target, settings.settings.prestart, self)
        self.worker.report.connect(self._on_report)
        self.worker.lost.connect(self._on_lost)
        self.worker.finished.connect(self._on_worker_finished)
        self._closing = False
        self._quit_when_ended = False

    def start_engine(self) -> None:
        """Start the worker, which warms an engine up in the background."""
        self.worker.start()

    # ------------------------------------------------------------ what a person wants

    def start(self, config: RunConfig, paused: bool = False) -> None:
        """Train a config in a new run folder."""
        if self.model.active:
            return
        folder = new_run_folder(config.name, self.settings.settings.runs)
        self._settle()
        self.model.begin(folder, config)
        self.model.move(State.STARTING)
        self._remember(folder)
        self.worker.send(Begin(str(folder), config, paused=paused))

    def resume_run(self, checkpoint: int | None = None, steps: int | None = None) -> None:
        """Go on with the run on the screen from its newest checkpoint, or the one at ``checkpoint``."""
        model = self.model
        if model.active or model.folder is None:
            return
        self._settle()
        model.lost, model.failure, model.finished, model.stored = "", None, None, None
        model.findings.clear()
        model.findings_changed.emit()
        model.move(State.STARTING)
        self._remember(model.folder.path)
        self.worker.send(Begin(str(model.folder.path), None, resume=True, checkpoint=checkpoint, steps=steps))

    def pause(self) -> None:
        """Pause after this step."""
        if self.model.state is State.RUNNING:
            self._expect("Pausing after this step.")
            self.worker.send(Pause())

    def resume(self) -> None:
        """Go on after a pause."""
        if self.model.state is State.PAUSED:
            self._expect("Going on.")
            self.worker.send(Resume())

    def step(self, player: str = "") -> None:
        """One update of both players, or of one, then pause."""
        if self.model.state in (State.RUNNING, State.PAUSED):
            self.worker.send(Step(player))

    def stop(self, save: bool = True) -> None:
        """End the run, with a checkpoint unless ``save`` is false."""
        if self.model.active and self.model.state is not State.STOPPING:
            self.model.move(State.STOPPING)
            self.worker.send(Stop(save))

    def save(self, measure: bool = False) -> None:
        """Write a checkpoint now; one that is to be measured is told by ``due``."""
        if self.model.state in (State.RUNNING, State.PAUSED):
            self.worker.send(Save(measure))

    def take_measured(self, run: Path, measurement: Measurement) -> None:
        """A number was found; it is shown if it is of the run on the screen."""
        if self.model.folder is not None and self.model.folder.path == run:
            self.model.take_measured(measurement)

    def change(self, key: str, value: Any) -> None:
        """Set a live setting from the next step on."""
        if self.model.active:
            self.worker.send(Change(key, value))

    def look(self, codes: tuple[float | None, ...], label: int | None) -> None:
        """Show samples with codes or a label set; nothing else changes."""
        if self.model.active:
            self.worker.send(Look(codes, label))

    def obey(self, commands: tuple[Command, ...]) -> None:
        """Send the commands of an advice. A run that has ended can only begin again."""
        for command in commands:
            if isinstance(command, Begin):
                self._begin_advised(command)
            elif self.model.active:
                if isinstance(command, RollBack):
                    self._expect("Returning to the last good state.")
                self.worker.send(command)

    def _begin_advised(self, command: Begin) -> None:
        if self.model.active:
            return
        self._settle()
        if command.config is not None and not command.resume:
            self.model.begin(Path(command.folder), command.config)
        self.model.lost, self.model.failure, self.model.finished = "", None, None
        self.model.findings.clear()
        self.model.findings_changed.emit()
        self.model.move(State.STARTING)
        self.worker.send(command)

    def show_stored(self, run: StoredRun) -> None:
        """Show a run that was read from the disk."""
        if self.model.active:
            return
        self._settle()
        self.model.take_stored(run)
        self._remember(run.folder)

    def close_run(self) -> None:
        """Show no run."""
        if not self.model.active:
            self._settle()
            self.model.clear()
            self.model.run_changed.emit()

    def _settle(self) -> None:
        """A run that has ended gives way."""
        if self.model.state in (State.FINISHED, State.FAILED):
            self.model.life.move(State.IDLE)
            self.model.state_changed.emit()

    def _expect(self, what: str) -> None:
        self.model.waiting = what
        self.model.state_changed.emit()

    def _remember(self, folder: Path) -> None:
        self.settings.settings.remember(folder)
        self.settings.save()
        self.recent_changed.emit()

    # ------------------------------------------------------------ closing

    def shut_down(self, save: bool) -> None:
        """End everything; ``closed`` tells when no thread and no child is left. Never blocks."""
        if self._closing:
            return
        if self.model.active and save:
            self._quit_when_ended = True
            self.stop(save=True)
            return
        self.stop(save=False)
        self._close_worker()

    @property
    def saving(self) -> bool:
        """Whether the window waits for a checkpoint before it closes."""
        return self._quit_when_ended

    @property
    def leaving(self) -> bool:
        """Whether everything comes to its end, so that nothing more is to begin."""
        return self._closing or self._quit_when_ended

    def close_now(self) -> None:
        """Give up waiting for a save."""
        self._quit_when_ended = False
        self._close_worker()

    def _close_worker(self) -> None:
        if self._closing:
            return
        self._closing = True
        if self.worker.isRunning():
            self.worker.close()
        else:
            self.closed.emit()

    @Slot()
    def _on_worker_finished(self) -> None:
        if self._closing:
            self.closed.emit()
        elif self.model.active:
            self._on_lost("its thread in the window has ended")

    # ------------------------------------------------------------ what the engine reports

    def poll(self) -> Fresh:
        """Fetch what lies in the mailbox; called by the window's one timer."""
        scalars = self.worker.mailbox.scalars()
        newest, saved = self.worker.mailbox.newest()
        if self.model.folder is None or self.model.stored is not None:
            return Fresh()
        if scalars:
            self.model.take_scalars(scalars)
        if saved:
            self.model.take_samples(saved)
        picture = cloud = scores = False
        for report in newest:
            if isinstance(report, Picture):
                self.model.picture, picture = report, True
                self.model.row_names = report.rows or self.model.row_names
            elif isinstance(report, Cloud):
                self.model.cloud, cloud = report, True
            else:
                self.model.scores, scores = report, True
        return Fresh(bool(scalars), picture, cloud, scores)

    @Slot(object)
    def _on_report(self, report: object) -> None:
        handler = self._handlers.get(type(report))
        if handler is not None:
            handler(self, report)

    @Slot(str)
    def _on_lost(self, how: str) -> None:
        self.poll()
        if not self.model.active:
            log.info("an idle engine has ended: %s", how)
            return
        self.model.lost = how
        self._end(State.FAILED)

    def _end(self, state: State) -> None:
        if not self.model.move(state):
            return
        self.model.samples_changed.emit()
        if self._quit_when_ended:
            self._quit_when_ended = False
            self._close_worker()

    def _ready(self, report: Ready) -> None:
        self.model.devices = report.devices
        self.model.state_changed.emit()

    def _started(self, report: Started) -> None:
        self.model.take_started(report)
        if report.step > 0:
            self.model.take_mark(Mark(report.step, "resumed", "resume"))

    def _state(self, report: StateChanged) -> None:
        self.poll()
        self.model.step = report.step
        self.model.progress_changed.emit()
        if report.state in (State.FINISHED, State.FAILED):
            self._end(report.state)
        else:
            self.model.move(report.state)

    def _preparing(self, report: Preparing) -> None:
        self.model.preparing = Preparation(report.what, report.done)
        self.model.state_changed.emit()

    def _real(self, report: RealSamples) -> None:
        self.model.real = report.images
        self.model.samples_changed.emit()

    def _density(self, report: Density) -> None:
        self.model.density = report
        self.model.samples_changed.emit()

    def _changed(self, report: Changed) -> None:
        from ganstudio.catalog.resolve import change

        if self.model.config is not None:
            self.model.config = change(self.model.config, report.key, report.new)
        self.model.take_mark(Mark(report.step, change_text(report.key, report.old, report.new)))
        self.setting_changed.emit(report.key, report.new)
        self.model.progress_changed.emit()

    def _refused(self, report: Refused) -> None:
        self.model.waiting = ""
        if report.command.lower() == "begin" and self.model.state is State.STARTING:
            self._failed(Failed(report.reason))
            return
        self.model.state_changed.emit()
        self.refused.emit(report.reason)

    def _saved(self, report: Saved) -> None:
        self.model.saved_step = report.step
        self.model.progress_changed.emit()

    def _due(self, report: Due) -> None:
        self.due.emit(report.step)

    def _finding(self, report: Finding) -> None:
        self.model.take_finding(report)

    def _healed(self, report: Healed) -> None:
        self.model.dismiss(report.kind)

    def _failed(self, report: Failed) -> None:
        self.poll()
        self.model.failure = report
        self._end(State.FAILED)
        self.failed.emit(report)

    def _finished(self, report: Finished) -> None:
        self.poll()
        self.model.finished = report
        self.model.step = report.step
        self._end(State.FINISHED)
        self.model.state_changed.emit()

    _handlers: dict[type, Callable[[RunController, Any], None]] = {
        Ready: _ready,
        Started: _started,
        StateChanged: _state,
        Preparing: _preparing,
        RealSamples: _real,
        Density: _density,
        Changed: _changed,
        Refused: _refused,
        Saved: _saved,
        Due: _due,
        Finding: _finding,
        Healed: _healed,
        Failed: _failed,
        Finished: _finished,
    }
