"""The run on the screen, in one place: its life, config, series, findings and files. Views read it."""

from __future__ import annotations

import logging
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from ganstudio.catalog.resolve import data_shape
from ganstudio.core.config import RunConfig
from ganstudio.core.lifecycle import Lifecycle, State
from ganstudio.core.measurement import Measurement
from ganstudio.core.messages import (
    Cloud,
    Density,
    Failed,
    Finding,
    Finished,
    Picture,
    Scalars,
    Scores,
    Started,
)
from ganstudio.core.runs import RunFolder
from ganstudio.core.shapes import DataShape
from ganstudio.window.model.series import SeriesStore
from ganstudio.window.run_loader import StoredRun
from ganstudio.window.widgets.charts.spec import Mark

log = logging.getLogger(__name__)
RATE_REPORTS = 40
"""Reports over which the rate is taken: about four seconds."""


@dataclass(frozen=True)
class Preparation:
    """Long work of the engine, with ``done`` from 0 to 1, negative where nobody knows."""

    what: str
    done: float


class RunModel(QObject):
    """What is known of the run on the screen. Only the controller changes it."""

    state_changed = Signal()
    run_changed = Signal()
    progress_changed = Signal()
    findings_changed = Signal()
    samples_changed = Signal()
    marks_changed = Signal()
    measurements_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.life = Lifecycle()
        self.series = SeriesStore()
        self.devices: tuple[str, ...] = ()
        self.clear()

    def clear(self) -> None:
        """No run at all."""
        self.folder: RunFolder | None = None
        self.config: RunConfig | None = None
        self.started: Started | None = None
        self.stored: StoredRun | None = None
        self.shape: DataShape | None = None
        self.last: Scalars | None = None
        self.findings: list[Finding] = []
        self.followed = ""
        """The advice that was followed last, as long as the form can take it back in one step."""
        self.marks: list[Mark] = []
        self.sample_steps: list[int] = []
        self.measurements: list[Measurement] = []
        self.saved_step: int | None = None
        self.preparing: Preparation | None = None
        self.failure: Failed | None = None
        self.finished: Finished | None = None
        self.lost = ""
        self.waiting = ""
        self.picture: Picture | None = None
        self.row_names: tuple[str, ...] = ()
        """The rows of the grid as it is drawn."""
        self.cloud: Cloud | None = None
        self.scores: Scores | None = None
        self.real: NDArray[Any] | None = None
        self.density: Density | None = None
        self.step = 0
        self._rates: deque[tuple[float, int]] = deque(maxlen=RATE_REPORTS)
        self.series.clear()

    # ------------------------------------------------------------ its life

    @property
    def state(self) -> State:
        """Where the run is in its life."""
        return self.life.state

    @property
    def active(self) -> bool:
        """Whether a run is under way, paused or not."""
        return self.life.active

    def move(self, state: State) -> bool:
        """Follow the run's life. A report that the window has overtaken (a pause under a stop) changes nothing."""
        if state is not self.state and not self.life.may(state):
            log.debug("a late report: %s after %s", state.name, self.state.name)
            return False
        changed = self.life.move(state)
        if changed:
            self.waiting = ""
            if state is not State.STARTING:
                self.preparing = None
            self.state_changed.emit()
        return changed

    # ------------------------------------------------------------ what the engine reports

    def begin(self, folder: Path, config: RunConfig) -> None:
        """A new run is about to start."""
        self.clear()
        self.folder, self.config = RunFolder(folder), config
        self.shape = data_shape(config.data)
        self.run_changed.emit()

    def take_stored(self, run: StoredRun) -> None:
        """Show a run from the disk."""
        self.clear()
        self.folder, self.config, self.stored = RunFolder(run.folder), run.config, run
        self.shape, self.step = run.shape, run.step
        self.sample_steps, self.marks = list(run.sample_steps), list(run.marks)
        self.saved_step = run.checkpoint_steps[-1] if run.checkpoint_steps else None
        self.series.load(run.metrics)
        self.findings, self.measurements = list(run.findings), list(run.measurements)
        self._mark_findings()
        self.run_changed.emit()

    def take_started(self, started: Started) -> None:
        """The engine has set the run up; what lies behind the step it goes on from is gone."""
        self.started, self.config, self.shape = started, started.config, started.shape
        self.folder = RunFolder(started.folder)
        self.step = started.step
        self._rates.clear()
        self.sample_steps = [s for s in self.folder.sample_steps() if s <= started.step]
        checkpoints = [s for s in self.folder.checkpoint_steps() if s <= started.step]
        self.saved_step = checkpoints[-1] if checkpoints else None
        self.measurements = self.folder.evaluations()
        self.run_changed.emit()

    def take_scalars(self, reports: list[Scalars]) -> None:
        """New points of all series."""
        for report in reports:
            self.series.append(report)
            self._rates.append((report.seconds, report.step))
        self.last = reports[-1]
        self.step = max(self.step, reports[-1].step)
        self.progress_changed.emit()

    def take_samples(self, steps: list[int]) -> None:
        """Grids that now lie in the folder."""
        known = set(self.sample_steps)
        fresh = [step for step in steps if step not in known]
        if fresh:
            self.sample_steps = sorted({*known, *fresh})
            self.samples_changed.emit()

    def take_measured(self, measurement: Measurement) -> None:
        """A number of one of the run's checkpoints."""
        self.measurements.append(measurement)
        self.measurements_changed.emit()

    def take_finding(self, finding: Finding) -> None:
        """A finding replaces an older one of its kind."""
        self.findings = [f for f in self.findings if f.kind != finding.kind] + [finding]
        self._mark_findings()

    def dismiss(self, kind: str) -> None:
        """A finding has been dealt with."""
        self.findings = [f for f in self.findings if f.kind != kind]
        self._mark_findings()

    def follow(self, advice: str) -> None:
        """An advice has been followed; empty once that is taken back or something else has been changed."""
        if self.followed != advice:
            self.followed = advice
            self.findings_changed.emit()

    def _mark_findings(self) -> None:
        """The beginning of what each finding is about, in every chart, as long as it is shown."""
        kept = [mark for mark in self.marks if mark.kind != "finding"]
        since = [Mark(f.since, f.title, "finding", f.series) for f in self.findings if f.series]
        if kept + since != self.marks:
            self.marks = kept + since
            self.marks_changed.emit()
        self.findings_changed.emit()

    def take_mark(self, mark: Mark) -> None:
        """A change or a resumption, shown in every chart."""
        self.marks.append(mark)
        self.marks_changed.emit()

    # ------------------------------------------------------------ what follows from it

    @property
    def total_steps(self) -> int:
        """The run's length in steps; 0 without a run."""
        return self.config.steps if self.config else 0

    @property
    def steps_per_second(self) -> float:
        """Training rate over the last seconds; 0 where nothing is known."""
        if len(self._rates) < 2:
            return 0.0
        (first, low), (last, high) = self._rates[0], self._rates[-1]
        return (high - low) / (last - first) if last > first else 0.0

    @property
    def seconds_left(self) -> float | None:
        """Time to the last step at the present rate."""
        rate = self.steps_per_second
        return (self.total_steps - self.step) / rate if rate > 0 else None

    @property
    def memory_total(self) -> int:
        """Bytes of memory beside which a CPU run's use can be judged; 0 for another device."""
        on_cpu = self.started is not None and self.started.device.startswith("CPU")
        return int(psutil.virtual_memory().total) if on_cpu else 0

    @property
    def labels(self) -> tuple[str, ...]:
        """The names of what the generator can be told to make; empty where it is told nothing."""
        if self.config is None or self.shape is None:
            return ()
        if not getattr(self.config.conditioning, "labels", False):
            return self.row_names
        named = self.started.class_names if self.started is not None else ()
        return tuple(named[i] if i < len(named) else str(i + 1) for i in range(self.shape.classes))

    def resume_step(self) -> int | None:
        """The newest checkpoint the folder holds, if another process does not train there."""
        if self.folder is None or self.active:
            return None
        steps = self.folder.checkpoint_steps()
        return steps[-1] if steps else None

    def value(self, name: str) -> float | None:
        """The newest finite value of a series."""
        if self.last is None:
            return None
        value = self.last.values.get(name)
        return value if value is not None and np.isfinite(value) else None
