"""What a rule is, and the questions that rules ask of series."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ganstudio.core.diagnosis.facts import Facts
from ganstudio.core.diagnosis.record import Record, Stretch
from ganstudio.core.messages import Advice

SPAN = 200
"""Steps that something must last before it is told."""
COUNT = 10
"""Values that must say so."""
MOST = 0.8
"""The share of these values that must."""
BETTER = 0.95
"""What is left of a distance that is still falling, from one window to the next."""

HARDLY = 0.75
"""What is left of a distance that hardly falls, from one window to the next but one."""


@dataclass(frozen=True)
class Evidence:
    """Why a rule speaks: which series, since which step, in words, and what could be done."""

    series: tuple[str, ...]
    since: int
    text: str
    advice: tuple[Advice, ...] = ()


@dataclass(frozen=True)
class Rule:
    """One thing that can be wrong with a run.

    ``look`` gives evidence or ``None``; its last argument is the slack, 1 to raise a finding and less to keep one: what
    has been raised is taken back only once the series are clearly well, so that nothing flickers. A rule
    speaks only where none of a lower ``rank`` does: what explains all the rest comes first, what is vague last.
    """

    kind: str
    title: str
    severity: str
    look: Callable[[Record, Facts, float], Evidence | None]
    rank: int = 1


def lasting(stretch: Stretch, level: float, above: bool, span: int = SPAN, count: int = COUNT) -> int | None:
    """Since when a series has been above (or below) a level without a break; ``None`` unless that has lasted.

    It has lasted if most of the newest values, over ``span`` steps and ``count`` values at least, lie there and their
    median does. Three values in a row on the other side are a break.
    """
    newest = stretch.latest(span, count)
    if newest is None:
        return None
    there = newest.values > level if above else newest.values < level
    middle = newest.median > level if above else newest.median < level
    if there.mean() < MOST or not middle:
        return None
    return _since(stretch, stretch.values > level if above else stretch.values < level)


def _since(stretch: Stretch, there: np.ndarray) -> int:
    missed = 0
    since = int(stretch.steps[-1])
    for step, here in zip(stretch.steps[::-1], there[::-1], strict=True):
        missed = 0 if here else missed + 1
        if missed == 3:
            break
        if here:
            since = int(step)
    return since


def falling(stretch: Stretch, span: int = SPAN, count: int = COUNT) -> bool:
    """Whether the newest window lies clearly below the one before it, or there is no window before it."""
    newest = stretch.latest(span, count)
    if newest is None:
        return True
    before = stretch.before(newest).latest(span // 2, count // 2)
    return before is None or newest.median < BETTER * before.median


def rising(stretch: Stretch, span: int = SPAN, count: int = COUNT) -> bool:
    """Whether the newest window lies clearly above the one before it, or there is no window before it."""
    newest = stretch.latest(span, count)
    if newest is None:
        return True
    before = stretch.before(newest).latest(span // 2, count // 2)
    return before is None or newest.median * BETTER > before.median


def improving(record: Record) -> bool:
    """Whether the generated samples still come nearer to the data."""
    return falling(record["distance/data"])


def slow(record: Record) -> bool:
    """Whether the samples have come hardly nearer to the data since two windows ago; not before anybody can tell."""
    distance = record["distance/data"]
    newest = distance.latest(SPAN, COUNT)
    earlier = None if newest is None else distance.before(newest).latest(2 * SPAN, 2 * COUNT)
    if newest is None or earlier is None:
        return False
    return newest.median > HARDLY * earlier.parts(2)[0].median


def far(record: Record, level: float) -> bool:
    """Whether the generated samples are further from the data than ``level``, or nobody knows."""
    newest = record["distance/data"].latest(SPAN // 2, COUNT // 2)
    return newest is None or newest.median > level


def swings(stretch: Stretch, factor: float) -> list[int]:
    """The steps at which a positive series turns around between two moves by ``factor`` or more."""
    heights = np.log(np.maximum(stretch.values, 1e-9)).tolist()
    turns: list[int] = []
    direction, extreme, at = 0, heights[0] if heights else 0.0, 0
    for step, height in zip(stretch.steps.tolist(), heights, strict=True):
        if direction * (height - extreme) > 0:
            extreme, at = height, step
        elif abs(height - extreme) >= math.log(factor):
            turns += [at] if direction else []
            direction, extreme, at = (1 if height > extreme else -1), height, step
    return turns
