"""Keeps what is measured: numbers in the run's evaluations, its checkpoint meanwhile, and the best one for good."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from ganstudio.catalog.best import settle
from ganstudio.core import marks
from ganstudio.core.measurement import Measurement
from ganstudio.core.runs import RunFolder


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

    The step of the best one, where that was looked at.
    """
    folder.append_evaluation(measurement)
    chosen = "" if measurement.step is None else marks.criterion(folder, measurement.step)
    return settle(folder, chosen) if measurement.metric == chosen else None


def tidy(folder: RunFolder) -> None:
    """Catch up on what a killed process left: the mark it had not moved yet, then the checkpoints it held."""
    settle(folder, marks.criterion(folder))
    marks.forget_the_dead(folder)
