"""The balance: who waits, how long, and that a resume changes nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import torch
from support.rounds import judged, place, round_of, turn_of
from support.tiny import IMAGES, assert_same_state, make_trainer, tiny, trained

from ganstudio.catalog.objectives.critics import Hinge, Wasserstein
from ganstudio.catalog.resolve import change
from ganstudio.catalog.stabilizers.learning import Balance as Settings
from ganstudio.stabilizers.balance import LAG, Balance
from ganstudio.training.checkpoint import restore, snapshot

RIGHT, WRONG = torch.ones(4), -torch.ones(4)


def settled(
    rule: Balance, number: int, on_real: float, on_fake: float, player: str = "discriminator"
) -> None:
    """One update in which the discriminator was right on these shares of four real and four generated samples."""
    real = torch.where(torch.arange(4) < 4 * on_real, 1.0, -1.0)
    fake = torch.where(torch.arange(4) < 4 * on_fake, -1.0, 1.0)
    turn = turn_of(player, count=number)
    rule.settle(round_of(turn, judged(fake), judged(real) if player == "discriminator" else None))


def filled(on_real: float, on_fake: float, **changes: Any) -> Balance:
    rule = Balance(Settings(**changes), place())
    for number in range(LAG):
        settled(rule, number, on_real, on_fake)
    return rule


@pytest.mark.parametrize(
    ("on_real", "on_fake", "discriminator", "generator"),
    [
        (1.0, 1.0, True, False),
        (1.0, 0.75, True, False),
        (0.75, 0.75, False, False),
        (1.0, 0.5, False, False),  # 0.75 in all: both kinds count
        (0.5, 0.5, False, False),
        (0.25, 0.25, False, True),
        (0.0, 0.75, False, True),
    ],
)
def test_whoever_is_ahead_waits(on_real: float, on_fake: float, discriminator: bool, generator: bool):
    assert filled(on_real, on_fake).skips(turn_of("discriminator", LAG)) is discriminator
    assert filled(on_real, on_fake).skips(turn_of("generator", LAG)) is generator


def test_nobody_waits_before_there_is_a_measure():
    rule = Balance(Settings(), place())
    for number in range(LAG):
        assert not rule.skips(turn_of(count=number))
        settled(rule, number, 1, 1)
    assert rule.skips(turn_of(count=LAG))


def test_the_measure_is_so_many_updates_old():
    rule = filled(0.5, 0.5)
    for number in range(LAG, 2 * LAG):
        assert not rule.skips(turn_of(count=number))
        settled(rule, number, 1, 1)
    assert rule.skips(turn_of(count=2 * LAG))


def test_nobody_waits_for_ever():
    rule = filled(1, 1, most=3)
    waits = [rule.skips(turn_of(count=LAG)) for _ in range(8)]
    assert waits == [True, True, True, False, True, True, True, False]
    measured = rule.measures(round_of(turn_of(), judged(RIGHT), judged(RIGHT)))
    assert measured["balance/skipped/discriminator"].item() == pytest.approx(6 / 8)
    assert measured["balance/skipped/generator"].item() == 0


def test_the_generators_turns_tell_of_generated_samples():
    rule = filled(1, 1)
    for number in range(LAG, 2 * LAG):
        settled(rule, number, 0, 0, "generator")
    assert rule.state["accuracy"].tolist() == [0.5] * LAG
    assert not rule.skips(turn_of(count=2 * LAG))


def test_at_the_ends_of_its_range_nobody_waits():
    assert not filled(1, 1, high=1.0).skips(turn_of(count=LAG))
    assert not filled(0, 0, low=0.0).skips(turn_of("generator", LAG))


STRONG: dict[str, Any] = {
    "optimizer": {"discriminator": {"lr": 0.05}, "generator": {"lr": 1e-5}},
    "stabilizers": {"balance": {"high": 0.6, "most": 3}},
}


def test_a_discriminator_that_is_ahead_makes_fewer_updates():
    trainer, free = trained(tiny(**STRONG), 60), trained(tiny(optimizer=STRONG["optimizer"]), 60)
    assert free.players["discriminator"].updates == 60
    assert 15 < trainer.players["discriminator"].updates < 50
    assert trainer.players["generator"].updates > 50 and trainer.step_count == 60
    trainer.measure = True
    for _ in range(4):
        trainer.step()
    assert 0.1 < trainer.meter.read(True)["balance/skipped/discriminator"] < 0.8


def test_a_resume_goes_on_with_the_same_decisions():
    config = tiny(**STRONG)
    whole = trained(config, 30)
    stored = snapshot(whole, copy=True)
    again = make_trainer(config)
    restore(again, stored)
    for _ in range(30):
        whole.step()
        again.step()
    assert_same_state(again, whole)
    assert whole.players["discriminator"].updates < 60


def test_thresholds_may_change_on_the_way():
    config = tiny(**STRONG)
    trainer = trained(config, 30)
    trainer.adopt(change(config, "stabilizers.balance.high", 1.0))
    before = trainer.players["discriminator"].updates
    for _ in range(10):
        trainer.step()
    assert trainer.players["discriminator"].updates == before + 10


def test_answers_without_a_sign_are_refused():
    assert "no accuracy" in Settings().refuses(replace(tiny(IMAGES), objective=Wasserstein()), None)
    assert not Settings().refuses(replace(tiny(IMAGES), objective=Hinge()), None)
