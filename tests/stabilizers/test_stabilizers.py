"""What each stabilizer does to the game, in numbers."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
import torch
from support.tiny import IMAGES, make_trainer, tiny
from torch import Tensor

from ganstudio.catalog.resolve import change
from ganstudio.catalog.stabilizers import STABILIZERS, inputs, penalties, targets
from ganstudio.core.config import Latent, RunConfig
from ganstudio.core.schema import ConfigError
from ganstudio.core.shapes import DataShape
from ganstudio.nets.base import Judgement
from ganstudio.stabilizers import Site, Turn
from ganstudio.stabilizers.base import Round, Targets
from ganstudio.stabilizers.inputs import InstanceNoise
from ganstudio.stabilizers.penalties import R1
from ganstudio.stabilizers.targets import LabelSmoothing
from ganstudio.training.game import discriminator_loss
from ganstudio.training.streams import Streams

STREAMS = Streams(0, torch.device("cpu"))
SITE = Site(DataShape("points", 2), Latent(), torch.device("cpu"), 8)


def turn(count: int = 0, step: int = 0, player: str = "discriminator") -> Turn:
    return Turn(player, count, step, STREAMS)


def test_smoothing_changes_the_real_target_only():
    rule = LabelSmoothing(targets.LabelSmoothing(target=0.8), SITE)
    assert rule.targets(Targets(), torch.zeros(2), torch.zeros(2), turn()) == Targets(0.8, 0.0)


def test_noise_has_the_deviation_that_was_asked_for():
    rule = InstanceNoise(inputs.InstanceNoise(deviation=0.3), SITE)
    added = rule.before_discriminator(torch.zeros(40_000), "real", turn())
    assert added.std().item() == pytest.approx(0.3, rel=0.02)
    assert added.mean().item() == pytest.approx(0, abs=0.006)


@pytest.mark.parametrize(
    ("step", "deviation"), [(0, 0.4), (25, 0.3), (50, 0.2), (99, 0.004), (100, 0.0), (5000, 0.0)]
)
def test_noise_fades_linearly(step: int, deviation: float):
    rule = InstanceNoise(inputs.InstanceNoise(deviation=0.4, fade=100), SITE)
    assert rule.deviation(step) == pytest.approx(deviation)
    x = torch.ones(20_000)
    seen = rule.before_discriminator(x, "fake", turn(step=step))
    assert (seen - x).std().item() == pytest.approx(deviation, rel=0.05, abs=1e-9)


def test_noise_is_counted_and_differs_where_it_should():
    rule, x = InstanceNoise(inputs.InstanceNoise(), SITE), torch.zeros(64)
    first = rule.before_discriminator(x, "real", turn(3))
    assert torch.equal(first, rule.before_discriminator(x, "real", turn(3)))
    others = [
        rule.before_discriminator(x, "fake", turn(3)),
        rule.before_discriminator(x, "real", turn(4)),
        rule.before_discriminator(x, "real", turn(3, player="generator")),
    ]
    assert not any(torch.equal(first, other) for other in others)


def r1_over(every: int, updates: int) -> float:
    """The mean penalty over some updates of one discriminator, x'x/2 at fixed points."""
    rule = R1(penalties.R1(gamma=10, every=every), SITE)
    real = torch.tensor([[1.0, 0.0], [0.0, 3.0]], requires_grad=True)
    total = 0.0
    for count in range(updates):
        if rule.active(turn(count)):
            judged = Judgement(real.square().sum(1) / 2, real)
            never: Any = None
            round = Round(turn(count), real, None, real, judged, real, None, judged, never)
            total += rule.term(round).item()
    return total / updates


@pytest.mark.parametrize("every", [2, 4, 16])
def test_lazy_r1_averages_to_the_eager_one(every: int):
    assert r1_over(1, 1) == pytest.approx(10 / 2 * (1 + 9) / 2)
    assert r1_over(every, 3 * every) == pytest.approx(r1_over(1, 3 * every))


def test_a_lazy_penalty_is_in_the_loss_only_when_its_turn_comes():
    trainer = make_trainer(tiny(stabilizers={"r1": {"gamma": 50, "every": 3}}))
    phase = trainer.phases[0]
    seen: list[bool] = []
    for _ in range(7):
        trainer.meter.clear()
        trainer.update(phase)
        seen.append("penalty/r1" in trainer.meter.read(True))
    assert seen == [True, False, False, True, False, False, True]


def test_penalties_are_added_to_the_loss_but_reported_beside_it():
    plain, steadied = make_trainer(tiny()), make_trainer(tiny(stabilizers={"r1": {"gamma": 100}}))
    losses: list[Tensor] = []
    for trainer in (plain, steadied):
        phase = trainer.phases[0]
        losses.append(
            discriminator_loss(trainer.game, trainer.draw(phase, trainer.players["discriminator"], 8))
        )
    values = steadied.meter.read(True)
    assert values["penalty/r1"] > 0
    assert values["loss/discriminator"] == pytest.approx(losses[0].item(), rel=1e-6)
    assert losses[1].item() == pytest.approx(losses[0].item() + values["penalty/r1"], rel=1e-5)


def as_many_as_go_together(names: list[str]) -> RunConfig:
    """A config with every switch that those before it in the list do not rule out."""
    config = tiny(IMAGES, discriminator={"normalization": "none"})
    for name in names:
        with contextlib.suppress(ConfigError):
            config = change(config, f"stabilizers.{name}", True)
    return config


@pytest.mark.parametrize("turned_round", [False, True])
def test_all_that_go_together_train_pictures(turned_round: bool):
    config = as_many_as_go_together([*sorted(STABILIZERS, reverse=turned_round), "r1"])
    trainer = make_trainer(config)
    assert len(trainer.rules.stabilizers) == len(config.stabilizers) > len(STABILIZERS) / 2
    for _ in range(2):
        trainer.step()
    values = trainer.meter.read(True)
    assert all(v == v for v in values.values()) and "penalty/r1" in values
