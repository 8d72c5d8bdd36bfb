"""Circles that shrink and circles that do not, samples that fly away, standing still."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from ganstudio.core.diagnosis import Facts, Record
from ganstudio.core.diagnosis.motion import divergence, oscillation, stalled
from ganstudio.core.messages import Change

FACTS = Facts(
    settings={"optimizer.generator.lr": 2e-4, "optimizer.discriminator.lr": 2e-4, "batch_size": 64},
    ready={"r1": "R1 penalty"},
)


def record_of(distance: Callable[[int], float], steps: int = 1500, every: int = 10) -> Record:
    """A report in every tenth step of the distance to the data alone."""
    record = Record()
    for step in range(every, steps + 1, every):
        record.add(step, {"distance/data": distance(step)})
    return record


def circle(period: int, growth: float = 1.0) -> Callable[[int], float]:
    """A distance that swings by a factor of 10 up to 1 and changes by a factor in a thousand steps."""
    return lambda step: math.sqrt(0.1) ** (1 + math.cos(math.tau * step / period)) * growth ** (step / 1000)


@pytest.mark.parametrize(
    ("period", "growth", "told"),
    [
        (250, 1.0, True),
        (250, 1.5, True),
        (250, 0.3, False),
        (30, 1.0, False),
        (30, 4.0, True),
        (30, 0.3, False),
        (900, 1.0, False),
    ],
)
def test_circles_are_told_unless_they_shrink_and_quick_ones_if_they_widen(
    period: int, growth: float, told: bool
):
    found = oscillation(record_of(circle(period, growth)), FACTS, 1.0)
    assert (found is not None) == told
    if found is not None:
        assert found.advice[0].commands == (Change("stabilizers.r1", True),)


def test_a_game_is_given_time_to_settle():
    assert oscillation(record_of(circle(250), steps=900), FACTS, 1.0) is None


def test_what_wavers_near_the_data_goes_in_no_circles():
    def settled(
        step: int,
    ) -> float:  # at the data, where a factor of ten is chance; far from it only at first
        return 0.9 if step < 500 else 0.002 if step // 40 % 2 else 0.02

    assert oscillation(record_of(settled), FACTS, 1.0) is None
    assert oscillation(record_of(lambda step: 40 * settled(step), steps=2000), FACTS, 1.0) is not None


def test_samples_that_fly_away_are_told_until_they_come_back():
    def flown(step: int) -> float:
        return 0.5 if step < 600 else 30.0

    found = divergence(record_of(flown), FACTS, 1.0)
    assert found is not None and found.since == 600 and "distance 30" in found.text.replace("\u00a0", " ")
    assert found.advice[0].commands[0] == Change("optimizer.generator.lr", 2e-5)
    assert divergence(record_of(lambda step: 30.0 * 0.5 ** (step / 200)), FACTS, 1.0) is None, (
        "it comes nearer"
    )
    assert divergence(record_of(lambda _: 2.0), FACTS, 1.0) is None, "a bad beginning is no flight"


def test_to_stand_still_is_more_than_to_have_no_trend():
    def swinging(step: int) -> float:
        return 0.7 + 0.3 * math.sin(step / 25)

    assert stalled(record_of(lambda _: 0.7), FACTS, 1.0) is not None
    assert stalled(record_of(lambda step: 0.7 + 0.02 * (step // 10 % 2)), FACTS, 1.0) is not None, "chance"
    assert stalled(record_of(swinging), FACTS, 1.0) is None
    assert stalled(record_of(lambda _: 0.2), FACTS, 1.0) is None, "near enough to be done"
