"""Several generators: who makes a sample, what is shared, and who pays for being recognised."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from support.rounds import judged, place, round_of, turn_of
from support.tiny import IMAGES, POINTS, make_trainer, readings, tiny, trained
from torch import nn

from ganstudio.catalog import conditioning as options
from ganstudio.catalog.resolve import change
from ganstudio.conditioning.crowd import OwnPlace, Team, Together
from ganstudio.training.trainer import Trainer

LABELS = torch.tensor([2, 0, 1, 2])
BOTH = pytest.mark.parametrize("base", [POINTS, IMAGES], ids=["points", "images"])


def crowd(base: Any = POINTS, **settings: Any) -> Trainer:
    return make_trainer(tiny(base, conditioning={"by": "crowd", "generators": 3, **settings}))


def test_a_linear_layer_behind_the_places_is_one_layer_for_each_generator():
    place_in, linear = OwnPlace(3, 5), nn.Linear(18, 7)
    assert place_in.width == 18
    z = torch.randn(4, 5)
    found = linear(place_in(z, LABELS))
    for n, k in enumerate(LABELS.tolist()):
        own = linear.weight[:, 5 * k : 5 * k + 5] * math.sqrt(3)
        wanted = own @ z[n] + linear.weight[:, 15 + k] + linear.bias
        assert torch.allclose(found[n], wanted, atol=1e-5)


@BOTH
def test_the_first_layer_is_every_generators_own_and_the_rest_is_shared(base: Any):
    shared, single = crowd(base), make_trainer(tiny(base))
    shapes = [{n: tuple(p.shape) for n, p in t.game.generator.named_parameters()} for t in (shared, single)]
    assert [n for n in shapes[1] if shapes[0][n] != shapes[1][n]] == ["layers.0.weight"]
    trainer = crowd(base)
    z = torch.randn(1, trainer.config.latent.width).expand(3, -1)
    samples = trainer.render(z, torch.arange(3))
    assert not torch.allclose(samples[0], samples[1]) and not torch.allclose(samples[1], samples[2])


@BOTH
def test_generators_may_share_nothing(base: Any):
    trainer = crowd(base, shared=False)
    team = trainer.game.generator.eval()
    assert isinstance(team, Team) and len(team.members) == 3
    z = torch.randn(4, trainer.config.latent.width)
    with torch.no_grad():
        found = team(z, LABELS)
        for n, k in enumerate(LABELS.tolist()):
            assert torch.allclose(found[n], team.members[k](z)[n], atol=1e-6)


def test_every_generator_makes_its_share():
    trainer = crowd()
    for phase in trainer.phases:
        labels = trainer.draw(phase, trainer.players[phase.player], 9000).labels
        assert labels is not None
        assert (torch.bincount(labels, minlength=3) / 9000).tolist() == pytest.approx([1 / 3] * 3, abs=0.02)


def crowd_round(player: str, sure: float) -> Any:
    said = nn.functional.one_hot(LABELS, 3).float() * sure
    return round_of(turn_of(player), judged(torch.zeros(4), generators=said), labels=LABELS)


def test_classifier_and_generators_pay_for_the_same():
    rule = Together(options.Crowd(generators=3, diversity=0.25), place())
    assert rule.term(crowd_round("discriminator", 0)).item() == pytest.approx(math.log(3))
    assert rule.term(crowd_round("generator", 0)).item() == pytest.approx(math.log(3) / 4)
    assert rule.term(crowd_round("discriminator", 20)).item() < 1e-6
    assert rule.measures(crowd_round("generator", 20))["told-apart"].item() == 1
    assert rule.measures(crowd_round("generator", -20))["told-apart"].item() == 0


def test_real_samples_do_not_teach_the_classifier():
    """Whatever is said of real samples, it costs nothing; what is said of generated ones teaches the head."""
    rule = Together(options.Crowd(generators=3), place())
    sure = crowd_round("discriminator", 20)
    real = judged(torch.zeros(4), generators=torch.randn(4, 3) * 50)
    round = round_of(turn_of(), sure.fake_judged, real, sure.labels)
    assert rule.term(round).item() < 1e-6
    trainer = crowd()
    phase = trainer.phases[0]
    trainer.gradients(phase, trainer.draw(phase, trainer.players["discriminator"], 8))
    head = trainer.game.discriminator.heads["generators"]
    taught = [p.grad.abs().sum().item() for p in head.parameters() if p.grad is not None]
    assert len(taught) == 2 and min(taught) > 0


def test_generators_come_apart():
    config = tiny(
        variant="multi-generator", batch_size=64, conditioning={"by": "crowd", "generators": 4},
        optimizer={"generator": {"lr": 2e-3}, "discriminator": {"lr": 2e-3}},
    )  # fmt: skip
    assert readings(trained(config, 150))["told-apart"] > 0.6


def test_diversity_may_change_on_the_way():
    config = tiny(conditioning={"by": "crowd"})
    trainer = make_trainer(config)
    trainer.update(trainer.phases[1])
    assert trainer.meter.read(True)["penalty/crowd"] > 1
    trainer.adopt(change(config, "conditioning.diversity", 0.0))
    trainer.update(trainer.phases[1])
    assert trainer.meter.read(True)["penalty/crowd"] == 0
