"""Which checkpoint is the best one, by what was measured: the one rule that marks, reports and commands follow."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ganstudio.catalog.measures import LOWER, MEASURES, NONE
from ganstudio.core import marks
from ganstudio.core.measurement import Measurement, newest, way
from ganstudio.core.runs import RunFolder

LEADING = ("fid", "fd-domain", "kid", "kd-domain", "w1", "js", "reverse-kl", "is", "is-domain")
"""What decides where nothing was chosen: the first that was measured. Variety alone (ms-ssim, recall) decides nothing:
noise has most of it."""


def leading(measurements: Sequence[Measurement], chosen: str = "") -> str:
    """The metric that decides: the chosen one where it was measured, else the first leading one; empty for none."""
    names = {m.metric for m in measurements if usable(m)}
    told = (chosen,) if chosen in MEASURES and MEASURES[chosen].better != NONE else ()
    return next((name for name in (*told, *LEADING) if name in names), "")


def usable(measurement: Measurement) -> bool:
    """Whether it is a finite number of a checkpoint."""
    return measurement.step is not None and math.isfinite(measurement.value)


def alike(measurements: Sequence[Measurement], metric: str) -> list[Measurement]:
    """The numbers of one metric that may be compared, one for each step.

    They were found as the newest one was that the run itself asked for, or as the newest of all where it never did: a
    number that somebody measured by hand in another way does not unseat what the schedule has compared so far.
    """
    told = [m for m in measurements if m.metric == metric and usable(m)]
    if not told:
        return []
    like = way(next((m for m in reversed(told) if m.scheduled), told[-1]))
    return newest(m for m in told if way(m) == like)


def best_of(measurements: Sequence[Measurement], chosen: str = "") -> Measurement | None:
    """The best number by the metric that decides, the later of two equal ones; ``None`` where nothing does."""
    metric = leading(measurements, chosen)
    if not metric:
        return None
    found = sorted(alike(measurements, metric), key=lambda m: -(m.step or 0))
    pick = min if MEASURES[metric].better == LOWER else max
    return pick(found, key=lambda m: m.value)


def present(run: RunFolder, measurements: Sequence[Measurement]) -> list[Measurement]:
    """Those whose checkpoint is still there, with the very weights that were measured."""
    known = {step: marks.weights_of(run, step) for step in run.checkpoint_steps()}
    return [m for m in measurements if m.step in known and m.weights in ("", known[m.step])]


def best_checkpoint(run: RunFolder) -> int | None:
    """The step of the run's best checkpoint: the marked one, else the best that was measured and is still there."""
    marked = marks.best(run)
    if marked is not None:
        return marked
    found = best_of(present(run, run.evaluations()), marks.criterion(run))
    return found.step if found else None


def settle(run: RunFolder, chosen: str) -> int | None:
    """Move the mark to the best checkpoint by the chosen metric; its step, ``None`` where nothing is chosen or known.

    For whoever has just measured. A number in a run's evaluations counts only for the weights it was found with.
    """
    told = [m for m in run.evaluations() if m.metric == chosen]
    found = best_of(present(run, told), chosen) if chosen else None
    if found is None or found.step is None or found.metric != chosen:
        return None
    marks.mark_best(run, found.step)
    return found.step
