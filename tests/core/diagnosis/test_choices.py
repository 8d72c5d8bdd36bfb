"""What is said of settings: rates of 0 or far apart, a handful of samples in a batch; only where it does harm."""

from __future__ import annotations

import math

import pytest

from ganstudio.core.diagnosis import Facts, Record
from ganstudio.core.diagnosis.choices import idle, rates_apart, small_batch
from ganstudio.core.messages import Change


def facts(generator: float = 2e-4, discriminator: float = 2e-4, batch: int = 64) -> Facts:
    rates = {"optimizer.generator.lr": generator, "optimizer.discriminator.lr": discriminator}
    return Facts(settings=rates | {"batch_size": batch})


def far(steps: int = 1000, halving: float = math.inf, level: float = 0.9) -> Record:
    """Samples at a distance that halves every so many steps."""
    record = Record()
    for step in range(10, steps + 1, 10):
        record.add(step, {"distance/data": level * 0.5 ** (step / halving)})
    return record


@pytest.mark.parametrize(
    ("generator", "discriminator", "quick"),
    [
        (2e-4, 6e-3, "discriminator"),
        (2e-2, 2e-4, "generator"),
        (2e-4, 8e-4, ""),
        (0.0, 2e-4, ""),
        (2e-4, 0.0, ""),
    ],
)
def test_rates_that_are_far_apart(generator: float, discriminator: float, quick: str):
    found = rates_apart(far(), facts(generator, discriminator), 1.0)
    assert (found is not None) == bool(quick)
    if found is not None:
        first, second = found.advice
        assert f"The {quick}'s rate is" in found.text and first.label.startswith(f"Slow the {quick}")
        assert second.label.startswith("Speed up")


def test_what_works_is_left_alone():
    assert rates_apart(far(halving=300), facts(2e-4, 6e-3), 1.0) is None
    assert rates_apart(far(level=0.3), facts(2e-4, 6e-3), 1.0) is None
    assert rates_apart(far(steps=400), facts(2e-4, 6e-3), 1.0) is None
    assert small_batch(far(halving=300), facts(batch=2), 1.0) is None
    assert small_batch(far(level=0.1), facts(batch=2), 1.0) is None


def test_a_handful_of_samples():
    found = small_batch(far(), facts(batch=2), 1.0)
    assert found is not None and found.advice[0].commands == (Change("batch_size", 64),)
    assert small_batch(far(), facts(batch=16), 1.0) is None


def test_a_discriminator_that_cannot_learn_is_told_once_that_does_harm():
    assert idle(far(), facts(discriminator=0.0), 1.0) is not None
    assert idle(far(halving=300), facts(discriminator=0.0), 1.0) is None
    assert idle(far(halving=300), facts(generator=0.0), 1.0) is not None
