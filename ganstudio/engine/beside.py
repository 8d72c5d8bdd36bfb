"""Measuring beside a training that has no window: a child that is started when the first checkpoint is due.

This module imports no torch. Nothing here waits while training goes on: :meth:`Beside.poll` looks whether the child
has said something.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

from ganstudio.core import marks
from ganstudio.core.explore.messages import ExploreReport
from ganstudio.core.messages import Measure, MeasureEnded, MeasureFailed, Report
from ganstudio.core.runs import RunFolder
from ganstudio.core.schedule import Schedule
from ganstudio.engine.keeping import tidy
from ganstudio.engine.launch import EngineProcess, serve_measuring

LOOK = 0.2
"""Seconds between two looks at whether to stop waiting for the last number."""
Hear = Callable[[Report | ExploreReport], None]


class Beside:
    """Measures what is due, one checkpoint after the other, and hands on what the child reports.

    ``hear`` gets its reports, ``left_out`` the step of a checkpoint for which there was no time.
    """

    def __init__(
        self,
        hear: Hear,
        left_out: Callable[[int], None],
        target: Callable[[Connection], None] | None = None,
    ) -> None:
        self._hear, self._left_out, self._target = hear, left_out, target or serve_measuring
        self._engine: EngineProcess | None = None
        self._folder = RunFolder("")
        self.schedule = Schedule()

    def due(self, folder: Path, step: int) -> None:
        """A checkpoint waits to be measured."""
        self._folder = RunFolder(folder)
        left_out = self.schedule.due(step)
        if left_out is not None:
            self._left_out(left_out)
        self._go_on()

    def poll(self) -> None:
        """Hear what the child has to say by now."""
        while self._engine is not None and self._engine.connection.poll():
            self._take(self._engine)

    def finish(self, stopped: Callable[[], bool]) -> None:
        """Wait until all that is due is measured, or ``stopped``; then the child is ended.

        What was not measured still waits in the run, and is due again when it goes on.
        """
        while self.schedule.busy is not None and self._engine is not None and not stopped():
            if self._engine.connection.poll(LOOK):
                self._take(self._engine)
        self.close()

    def close(self) -> None:
        """End the child at once; what was measured is on the disk."""
        if self._engine is not None:
            self._engine.process.kill()
            self._engine.close(2.0)
            if self.schedule.busy is not None:
                marks.wait_again(self._folder, self.schedule.busy)
                self._look_after()
        self._engine = None

    def _look_after(self) -> None:
        """What a child left that was ended in the middle."""
        with contextlib.suppress(OSError):
            tidy(self._folder)

    def _go_on(self) -> None:
        step = self.schedule.start()
        if step is None:
            return
        if not marks.hold(self._folder, step):  # a newer one has just been saved in its place
            self.schedule.ended()
            self._left_out(step)
            return
        try:
            self._engine = self._engine or EngineProcess(self._target)
        except OSError as error:
            self._hear(MeasureFailed(step, f"Measuring could not be started ({error.strerror or error})."))
            self.schedule.ended()
            marks.release(self._folder, step)
            return
        self._engine.send(Measure(str(self._folder.path), checkpoint=step, number=step, scheduled=True))

    def _take(self, engine: EngineProcess) -> None:
        try:
            report = engine.receive()
        except EOFError:
            step, how = self.schedule.busy or 0, engine.exit_text()
            engine.close(2.0)
            self._engine = None
            self._look_after()
            report = MeasureFailed(step, f"The process that measures has gone: {how}.")
        self._hear(report)
        if isinstance(report, MeasureEnded | MeasureFailed) and self.schedule.busy is not None:
            marks.release(self._folder, self.schedule.busy)
            self.schedule.ended()
            self._go_on()
