"""A discriminator that guesses: a weakness only where samples are far for as long."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from ganstudio.core.diagnosis import Facts, Record
from ganstudio.core.diagnosis.balance import too_weak

GUESSING = 2 * math.log(2)
FACTS = Facts(equilibrium={"loss/discriminator": GUESSING, "loss/generator": math.log(2)})


def record_of(distance: Callable[[int], float], steps: int = 1000) -> Record:
    """A report in every tenth step of a discriminator that guesses all the time."""
    record = Record()
    for step in range(10, steps + 1, 10):
        record.add(step, {"loss/discriminator": GUESSING, "distance/data": distance(step)})
    return record


@pytest.mark.parametrize(("away", "told"), [(100, False), (150, False), (400, True), (1000, True)])
def test_samples_must_have_been_far_for_as_long_as_the_guessing_must_last(away: int, told: bool):
    found = too_weak(record_of(lambda step: 0.8 if step > 1000 - away else 0.05), FACTS, 1.0)
    assert (found is not None) == told
    if found is not None:
        assert found.since == max(10, 1010 - away)


def test_circles_around_the_equilibrium_are_no_weakness():
    looks = [
        too_weak(record_of(lambda step: 0.25 + 0.3 * math.sin(step / 50), steps), FACTS, 1.0)
        for steps in range(800, 1500, 10)
    ]
    assert not any(looks)


def test_one_that_says_the_same_of_everything_is_told_also_while_samples_creep_nearer():
    nearer = record_of(lambda step: 1.2 * 0.5 ** (step / 1000))
    assert too_weak(nearer, FACTS, 1.0) is not None
    better = Record()
    for step in range(10, 1001, 10):
        better.add(
            step,
            {"loss/discriminator": 0.98 * GUESSING, "distance/data": 1.2 * 0.5 ** (step / 1000)},
        )
    assert too_weak(better, FACTS, 1.0) is None


def test_a_run_may_take_time_to_begin_and_nothing_is_said_where_nobody_knows_the_distance():
    assert too_weak(record_of(lambda _: 0.8, steps=700), FACTS, 1.0) is None
    unknown = Record()
    for step in range(10, 1001, 10):
        unknown.add(step, {"loss/discriminator": GUESSING})
    assert too_weak(unknown, FACTS, 1.0) is None
