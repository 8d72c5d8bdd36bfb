"""Burn-in: where everything begins and ends, and that the trainer follows it."""

from __future__ import annotations

from math import cos, pi
from typing import Any

import pytest
from support.rounds import place, turn_of
from support.tiny import make_trainer, tiny

from ganstudio.catalog.stabilizers.learning import BurnIn as Settings
from ganstudio.catalog.variants import VARIANTS
from ganstudio.stabilizers.learning import BurnIn
from ganstudio.training.ema import decay

BETAS = (0.5, 0.99)
ADAM = {"kind": "adam", "lr": 1e-3, "betas": list(BETAS)}


def rule(**settings: Any) -> BurnIn:
    return BurnIn(Settings(**settings), place())


@pytest.mark.parametrize(
    ("step", "gamma", "beta", "share"), [(0, 1, 0.9, 0), (50, 0.55, 0.945, 0.5), (100, 0.1, 0.99, 1)]
)
def test_known_values_on_the_way(step: int, gamma: float, beta: float, share: float):
    """R3GAN on CIFAR-10: gamma .05 to .005, beta .9 to .99, half-life 0 to all of it."""
    turn, burn_in = turn_of(step=step, length=100), rule()
    assert burn_in.easing(turn, "r1") == burn_in.easing(turn, "r2") == pytest.approx(gamma)
    assert burn_in.second_beta(turn, 0.99) == pytest.approx(beta)
    assert burn_in.averaging(turn) == pytest.approx(share)


def test_a_length_of_its_own_ends_earlier_and_stays_there():
    burn_in = rule(length=10)
    assert burn_in.left(turn_of(step=5, length=1000)) == pytest.approx((1 + cos(pi / 2)) / 2)
    assert burn_in.left(turn_of(step=10, length=1000)) == burn_in.left(turn_of(step=500, length=1000)) == 0


def test_what_is_switched_off_stays_as_it_is():
    burn_in, turn = rule(penalties=1.0, memory=0.0, average=False), turn_of(step=0, length=10)
    values = (burn_in.easing(turn, "r1"), burn_in.second_beta(turn, 0.99), burn_in.averaging(turn))
    assert values == (1.0, 0.99, 1.0)
    assert rule().easing(turn_of(step=10, length=10), "orthogonal") == 1.0


def test_the_trainer_eases_penalties_and_moves_the_second_beta():
    players = {"generator": ADAM, "discriminator": ADAM}
    config = tiny(steps=4, optimizer=players, stabilizers={"r1": {"gamma": 8.0}, "burn-in": {}})
    trainer, seen = make_trainer(config), []
    for _ in range(5):
        trainer.step()
        seen += [player.optimizer.param_groups[0]["betas"] for player in trainer.players.values()]
    assert seen[0] == (0.5, 0.9) and seen[-1] == BETAS
    assert [beta for _, beta in seen] == sorted(beta for _, beta in seen)


def test_an_eased_penalty_is_a_share_of_the_whole_one():
    whole = make_trainer(tiny(steps=2, stabilizers={"r1": {"gamma": 8.0}}))
    eased = make_trainer(tiny(steps=2, stabilizers={"r1": {"gamma": 8.0}, "burn-in": {"penalties": 0.25}}))
    values = []
    for trainer in (whole, eased):
        trainer.step_count = 2
        trainer.update(trainer.phases[0])
        values.append(trainer.meter.read(True)["penalty/r1"])
    assert values[1] == pytest.approx(values[0] / 4, rel=1e-5)


def test_the_average_forgets_at_once_in_the_beginning():
    ema = tiny().ema
    assert decay(ema, 32, 10**9, share=0.0) == 0.0
    assert decay(ema, 32, 10**9, share=0.5) == pytest.approx(0.5 ** (32 / (ema.half_life / 2)))


def test_r3gan_has_its_schedules():
    own = {settings.kind: settings for settings in VARIANTS["r3gan"].stabilizers}
    assert own["burn-in"] == Settings(penalties=0.1, memory=0.9, average=True)
    assert (own["schedule"].shape, own["schedule"].final) == ("cosine", 0.25)
    assert VARIANTS["r3gan"].generator_optimizer.betas == (0.0, 0.99)
