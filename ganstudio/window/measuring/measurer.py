"""What is measured now and what next: the wishes of a person first, then what the run has made due."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from ganstudio.core import marks
from ganstudio.core.measurement import Measurement
from ganstudio.core.messages import (
    FetchWeights,
    Measure,
    Measured,
    MeasureEnded,
    MeasureFailed,
    Preparing,
    StopMeasuring,
    WeightsHere,
)
from ganstudio.core.published import NETWORKS
from ganstudio.core.runs import RunFolder
from ganstudio.core.schedule import Schedule, left_out_words
from ganstudio.engine.keeping import tidy
from ganstudio.window.controller import RunController
from ganstudio.window.measuring.worker import MeasuringWorker

STARTING = "Starting a process that measures"


@dataclass
class Job:
    """One wish and how far it is: what is being done, 0 to 1 (negative: unknown), and what came of it."""

    wish: Measure | FetchWeights
    what: str = STARTING
    done: float = -1.0
    found: list[Measurement] = field(default_factory=list[Measurement])
    problem: str = ""
    ended: bool = False
    cancelled: bool = False
    best: int | None = None

    @property
    def scheduled(self) -> bool:
        """Whether the run asked for it."""
        return isinstance(self.wish, Measure) and self.wish.scheduled

    @property
    def step(self) -> int | None:
        """The checkpoint that is measured, where it was named."""
        return self.wish.checkpoint if isinstance(self.wish, Measure) else None

    @property
    def run(self) -> RunFolder | None:
        """The run that is measured."""
        return RunFolder(self.wish.run) if isinstance(self.wish, Measure) and self.wish.run else None


class Measurer(QObject):
    """The only one who talks to the child that measures. One wish is worked on at a time.

    A person's wish ends one of the schedule, which waits again. ``asked`` is the last job that a person wanted.
    """

    changed = Signal()
    """What it does, how far it is, or what came of it."""
    told = Signal(str)
    """A sentence for the status strip."""
    weights_here = Signal(object)
    """A :class:`WeightsHere`."""

    def __init__(self, controller: RunController, target: Callable[[Connection], None] | None = None) -> None:
        super().__init__(controller)
        self.controller, self._target = controller, target
        self.worker: MeasuringWorker | None = None
        self.job: Job | None = None
        self.asked: Job | None = None
        self.schedule = Schedule()
        self.wanted = False
        """Whether the dialog is open: then the child stays, ready for the next wish."""
        self._scheduled_run = ""
        self._next: Measure | FetchWeights | None = None
        self._saving: Measure | None = None
        self._failure = ""
        self._number = 0
        controller.due.connect(self._on_due)
        controller.model.state_changed.connect(self._on_state)

    # ------------------------------------------------------------ what a person wants

    def measure(self, wish: Measure, save_first: bool = False) -> None:
        """Measure a run; with ``save_first`` the one that trains, as it stands now."""
        if save_first and self.controller.model.active:
            self._saving = wish
            self.asked = Job(wish, "Saving a checkpoint to measure")
            self.controller.save(measure=True)
            self.changed.emit()
        else:
            self._want(wish)

    def fetch(self, network: str, path: str = "") -> None:
        """Take the weights of a published network from a file, or download them."""
        self._want(FetchWeights(network, path))

    def cancel(self) -> None:
        """End what goes on, or what a person waits for; what has been measured stays."""
        self._saving = self._next = None
        if self.asked is not None and not self.asked.ended and self.asked is not self.job:
            self.asked.ended = self.asked.cancelled = True
        if self.job is not None and self.worker is not None:
            self.worker.send(StopMeasuring())
        self.changed.emit()

    def let_rest(self) -> None:
        """Nobody has the dialog open any more."""
        self.wanted = False
        self._go_on()

    @property
    def busy(self) -> bool:
        """Whether a person's wish is worked on or waits."""
        return self.asked is not None and not self.asked.ended

    def shut_down(self) -> None:
        """No thread and no child is left; what was being measured on schedule waits for the next time."""
        if self.worker is not None:
            self.worker.close()
            self.worker.wait(10_000)
            self.worker = None
        if self.job is not None:
            self._put_back(self.job)
            self._look_after(self.job)
        self.job = None

    # ------------------------------------------------------------ one after the other

    def _want(self, wish: Measure | FetchWeights) -> None:
        self._number += 1
        self._next = replace(wish, number=self._number)
        self.asked = Job(self._next)
        if self.job is not None and self.worker is not None:
            self.worker.send(StopMeasuring())
        self._go_on()

    def _go_on(self) -> None:
        if self.job is None:
            if self._next is not None and self.asked is not None:
                self.job, self._next = self.asked, None
                self._begin(self.job)
            elif (step := self.schedule.start()) is not None:
                self._begin_scheduled(step)
            elif self.worker is not None and not self.wanted and not self._more_to_come():
                self.worker.rest()
        self.changed.emit()

    def _begin_scheduled(self, step: int) -> None:
        if not marks.hold(RunFolder(self._scheduled_run), step):  # a newer one was saved in its place
            self.schedule.ended()
            self.told.emit(left_out_words(step))
            return
        self._number += 1
        self.job = Job(Measure(self._scheduled_run, checkpoint=step, number=self._number, scheduled=True))
        self._begin(self.job)

    def _more_to_come(self) -> bool:
        model = self.controller.model
        return model.active and model.config is not None and model.config.measure.every > 0

    def _begin(self, job: Job) -> None:
        if job.run is not None and job.step is not None:
            marks.hold(job.run, job.step)
        if self.worker is None:
            self.worker = MeasuringWorker(self._target, self)
            self.worker.report.connect(self._on_report)
            self.worker.lost.connect(self._on_lost)
            self.worker.start()
        self.worker.send(job.wish)

    def _put_back(self, job: Job) -> None:
        """A job that was ended before its end: on schedule it waits again, unless a newer one does."""
        if job.run is None or job.step is None:
            return
        newer = self.schedule.next is not None and self.schedule.next > job.step
        if job.scheduled and not newer:
            marks.wait_again(job.run, job.step)
            if str(job.run.path) == self._scheduled_run:
                self.schedule.next = job.step
        else:
            marks.release(job.run, job.step)

    def _end(self, job: Job) -> None:
        job.ended, self.job = True, None
        if job.scheduled:
            self.schedule.ended()
        if job.cancelled and job.scheduled and self._next is not None:
            self._put_back(job)
        elif job.run is not None and job.step is not None:
            marks.release(job.run, job.step)
        self._go_on()

    # ------------------------------------------------------------ what comes back

    @Slot(object)
    def _on_report(self, report: object) -> None:
        job = self.job
        if job is None or getattr(report, "number", job.wish.number) != job.wish.number:
            return
        match report:
            case Preparing(what, done):
                job.what, job.done = what, done
                self.changed.emit()
            case Measured(_, measurement):
                job.found.append(measurement)
                if job.run is not None:
                    self.controller.take_measured(job.run.path, measurement)
                self.changed.emit()
            case MeasureFailed(_, problem, remedy):
                self._fail(job, f"{problem} {remedy}".strip())
            case MeasureEnded():
                job.cancelled, job.best = report.cancelled, report.best
                job.problem = " ".join(f"Passed over a damaged checkpoint: {one}." for one in report.problems)
                self._end(job)
            case WeightsHere():
                self._end(job)
                self.weights_here.emit(report)
            case _:
                pass

    @staticmethod
    def _look_after(job: Job) -> None:
        """What a child left that was ended in the middle."""
        if job.run is not None:
            with contextlib.suppress(OSError):
                tidy(job.run)

    @Slot(str)
    def _on_lost(self, how: str) -> None:
        if self.job is not None:
            self._look_after(self.job)
            self._fail(
                self.job, f"The process that measures has gone: {how}. Measure again to start another one."
            )

    def _fail(self, job: Job, words: str) -> None:
        """A person's wish tells it where it was asked; the schedule tells the same failure once."""
        job.problem = words
        if job.scheduled and words != self._failure:
            self._failure = words
            self.told.emit(f"Step {job.step or 0:,} was not measured: {words}")
        self._end(job)

    # ------------------------------------------------------------ the run

    @Slot(int)
    def _on_due(self, step: int) -> None:
        folder = self.controller.model.folder
        if folder is None:
            return
        if self._saving is not None:
            wish, self._saving = replace(self._saving, checkpoint=step), None
            self._want(wish)
            return
        if str(folder.path) != self._scheduled_run:
            self.schedule.next, self._scheduled_run = None, str(folder.path)
        left_out = self.schedule.due(step)
        if left_out is not None:
            self.told.emit(left_out_words(left_out))
        self._go_on()

    @Slot()
    def _on_state(self) -> None:
        """A run that ended before it could save what a person wanted measured has saved it now."""
        if self._saving is not None and not self.controller.model.active:
            wish, self._saving = self._saving, None
            self._want(wish)


def title_of(job: Job) -> str:
    """What is measured, in a few words."""
    if isinstance(job.wish, FetchWeights):
        return f"Weights of {NETWORKS[job.wish.network].words}"
    where = f"step {job.step:,}" if job.step is not None else "the newest checkpoint"
    name = Path(job.wish.run).name
    return f"{name}, {where}" if not job.scheduled else f"Measuring {where}"
