"""Keeps what is measured: numbers in the run's evaluations, its checkpoint meanwhile, and the best one for good."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from ganstudio.catalog.best import settle
from ganstudio.core import marks
from ganstudio.core.measurement import Measurement
from ganstudio.core.runs import RunFolder


class KeepingError(Exception):
    """A number that cannot be written down: what is wrong and what to do about it, one sentence each."""

    def __init__(self, metric: str, folder: RunFolder, why: str) -> None:
        self.problem = f"{metric} was measured but cannot be kept in {folder.path} ({why})."
        self.remedy = "Make room or give permission there, and measure again."
        super().__init__(f"{self.problem} {self.remedy}")


@contextmanager
def kept(folder: RunFolder | None, step: int | None) -> Generator[None]:
    """Keep the checkpoint at a step (``None``: the newest) for the length of a block; without a folder do nothing."""
    if folder is None:
        yield
        return
    at = step if step is not None else max(folder.checkpoint_steps(), default=None)
    with marks.held(folder, at):
        tidy(folder)
        yield


def note(folder: RunFolder, measurement: Measurement) -> int | None:
    """Write a number down, and move the mark of the best checkpoint if the run chooses it by this metric.

    The step of the best one, where that was looked at. Raises :class:`KeepingError`.
    """
    try:
        folder.append_evaluation(measurement)
    except OSError as error:
        raise KeepingError(measurement.metric, folder, error.strerror or str(error)) from error
    chosen = "" if measurement.step is None else marks.criterion(folder, measurement.step)
    return settle(folder, chosen) if measurement.metric == chosen else None


def tidy(folder: RunFolder) -> None:
    """Catch up on what a killed process left: the mark it had not moved yet, then the checkpoints it held."""
    settle(folder, marks.criterion(folder))
    marks.forget_the_dead(folder)
