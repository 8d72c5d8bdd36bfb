"""What a terminal is told of the measuring that goes on beside training."""

from __future__ import annotations

from ganstudio.cli.terminal import Progress
from ganstudio.core import messages as m
from ganstudio.core.measurement import Measurement
from ganstudio.core.numbers import significant


class ScheduleWords:
    """Numbers as they come, a line for each checkpoint; the same failure is told once."""

    def __init__(self, bar: Progress) -> None:
        self.bar = bar
        self.waited_for = False
        """Whether training is over and only the last numbers are waited for."""
        self.best: int | None = None
        self._found: list[Measurement] = []
        self._failure = ""

    def tell(self, report: object) -> None:
        """One report of the child that measures."""
        match report:
            case m.Measured(_, measurement):
                self._found.append(measurement)
            case m.MeasureEnded():
                self._tell_numbers()
                self._tell_best(report.best)
            case m.MeasureFailed(_, problem, remedy):
                self._tell_numbers()
                self._tell_failure(f"{problem} {remedy}".strip())
            case m.Preparing(what, done) if self.waited_for:
                self.bar.show(done, f"{what} (Ctrl-C leaves it for the next time)")
            case _:
                pass

    def _tell_numbers(self) -> None:
        if self._found:
            told = ", ".join(f"{one.metric} {significant(one.value, 4)}" for one in self._found)
            self.bar.note(f"Measured at step {self._found[0].step or 0:,}: {told}")
        self._found.clear()

    def _tell_best(self, best: int | None) -> None:
        if best is not None and best != self.best:
            self.bar.note(f"The best checkpoint so far is that of step {best:,}")
            self.best = best

    def _tell_failure(self, words: str) -> None:
        if words != self._failure:
            self._failure = words
            self.bar.note(f"Not measured: {words}")
