"""Feature matching, clipped gradients, schedules and the best k."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from support.rounds import judged, place, round_of, turn_of
from support.tiny import POINTS, make_trainer, tiny, trained
from torch import Tensor

from ganstudio.catalog.resolve import change
from ganstudio.catalog.stabilizers import learning as options
from ganstudio.core.schema import ConfigError
from ganstudio.stabilizers.learning import FeatureMatching, GradientClipping, Schedule, TopK
from ganstudio.training.game import generator_loss
from ganstudio.training.trainer import Trainer

# ---------------------------------------------------------------- feature matching


def test_mean_features_are_compared_and_only_the_generators_move():
    real = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
    fake = torch.tensor([[0.0, 5.0], [2.0, 5.0], [1.0, 5.0]], requires_grad=True)
    rule = FeatureMatching(options.FeatureMatching(strength=3.0), place())
    answers = judged(torch.zeros(3), fake), judged(torch.zeros(2), real)
    term = rule.term(round_of(turn_of("generator"), *answers))
    assert term.item() == pytest.approx(3 * ((2 - 1) ** 2 + (3 - 5) ** 2))
    term.backward()
    assert real.grad is None and fake.grad is not None
    assert torch.allclose(fake.grad, torch.tensor([-1.0, 2.0]) * 2 * 3 / 3)
    assert rule.active(turn_of("generator")) and not rule.active(turn_of("discriminator"))


def losses(trainer: Trainer) -> tuple[float, dict[str, float]]:
    phase = trainer.phases[1]
    assert phase.real
    loss = generator_loss(trainer.game, trainer.draw(phase, trainer.players["generator"], 8))
    return loss.item(), trainer.meter.read(True)


def test_it_is_added_to_the_loss_or_replaces_it():
    config = tiny(stabilizers={"feature-matching": {"strength": 2.0}})
    trainer = make_trainer(config)
    loss, told = losses(trainer)
    assert loss == pytest.approx(told["loss/generator"] + told["penalty/feature-matching"])
    trainer.adopt(change(config, "stabilizers.feature-matching.alone", True))
    loss, told = losses(trainer)
    assert loss == pytest.approx(told["penalty/feature-matching"]) and told["loss/generator"] > 0.1


def test_alone_it_leaves_no_samples_for_the_best_k():
    with pytest.raises(ConfigError, match="looks at averages"):
        tiny(stabilizers={"feature-matching": {"alone": True}, "top-k": {}})


# ---------------------------------------------------------------- clipping


def clipped(gradients: list[list[float]], whose: str = "generator", **settings: Any) -> list[Tensor]:
    parameters = [torch.zeros(len(g), requires_grad=True) for g in gradients]
    for parameter, gradient in zip(parameters, gradients, strict=True):
        parameter.grad = torch.tensor(gradient)
    GradientClipping(options.GradientClipping(**settings), place()).gradients(parameters, turn_of(whose))
    return [p.grad for p in parameters if p.grad is not None]


def test_all_parameters_together_have_one_length():
    first, second = clipped([[3.0], [0.0, 4.0]], norm=1.0)
    assert torch.allclose(first, torch.tensor([0.6]), atol=1e-5)
    assert torch.allclose(second, torch.tensor([0.0, 0.8]), atol=1e-5)
    assert clipped([[3.0], [0.0, 4.0]], norm=10.0)[0].item() == 3.0


def test_entries_are_cut_before_the_length():
    first, second = clipped([[30.0], [0.5, -4.0]], norm=0.0, value=1.0)
    assert first.tolist() == [1.0] and second.tolist() == [0.5, -1.0]
    both = torch.cat(clipped([[30.0], [-40.0]], norm=1.0, value=1.0))
    assert torch.allclose(both, torch.tensor([1.0, -1.0]) / math.sqrt(2), atol=1e-5)


def test_only_the_chosen_player_is_clipped():
    assert clipped([[3.0]], "generator", norm=1.0, player="discriminator")[0].item() == 3.0
    assert clipped([[3.0]], "discriminator", norm=1.0, player="discriminator")[0].item() == pytest.approx(1.0)


def test_gradients_are_clipped_and_weights_are_not():
    config = tiny(
        stabilizers={"gradient-clipping": {"norm": 1e-4}},
        optimizer={"discriminator": {"kind": "sgd", "lr": 1.0}},
    )
    trainer = make_trainer(config)
    trainer.measure = True
    before = [p.detach().clone() for p in trainer.players["discriminator"].parameters]
    trainer.half_step("discriminator")
    moves = [p.detach() - b for p, b in zip(trainer.players["discriminator"].parameters, before, strict=True)]
    assert torch.cat([m.flatten() for m in moves]).norm().item() == pytest.approx(1e-4, rel=1e-2)
    assert max(p.abs().max().item() for p in trainer.players["discriminator"].parameters) > 0.1
    assert trainer.meter.read(True)["grad_norm/discriminator"] == pytest.approx(1e-4, rel=1e-2)
    trainer.half_step("discriminator")
    assert 0 < trainer.meter.read(True)["clipping/discriminator"] < 0.1  # of the update before
    trainer.adopt(change(config, "stabilizers.gradient-clipping.norm", 0.0))
    trainer.half_step("discriminator")
    assert trainer.meter.read(True)["grad_norm/discriminator"] > 1e-3


# ---------------------------------------------------------------- schedules


@pytest.mark.parametrize(
    ("settings", "values"),
    [
        ({"shape": "constant"}, {0: 1, 50: 1, 100: 1, 1000: 1}),
        ({"shape": "linear"}, {0: 1, 25: 0.75, 50: 0.5, 100: 0, 1000: 0}),
        ({"shape": "linear", "final": 0.2, "begin": 50}, {0: 1, 50: 1, 75: 0.6, 100: 0.2, 200: 0.2}),
        ({"shape": "linear", "length": 10}, {0: 1, 5: 0.5, 10: 0, 50: 0}),
        ({"shape": "cosine"}, {0: 1, 25: (1 + math.sqrt(0.5)) / 2, 50: 0.5, 100: 0}),
        ({"shape": "cosine", "final": 0.1}, {0: 1, 50: 0.55, 100: 0.1}),
        ({"shape": "exponential", "final": 0.01}, {0: 1, 50: 0.1, 100: 0.01, 300: 0.01}),
        ({"shape": "constant", "warm_up": 10}, {0: 0.1, 4: 0.5, 9: 1, 50: 1}),
        ({"shape": "linear", "warm_up": 10}, {0: 0.1, 4: 0.5 * 0.96, 50: 0.5}),
        ({"shape": "linear", "begin": 100}, {0: 1, 100: 1, 500: 1}),  # the run is over before it begins
    ],
)
def test_shares_of_the_rate(settings: dict[str, Any], values: dict[int, float]):
    rule = Schedule(options.Schedule(**settings), place())
    for step, share in values.items():
        assert rule.rate(turn_of(step=step, length=100)) == pytest.approx(share, abs=1e-9), step


def rates(trainer: Trainer) -> list[float]:
    return [trainer.players[p].optimizer.param_groups[0]["lr"] for p in ("generator", "discriminator")]


def test_the_optimizers_get_the_rate_and_it_may_change_on_the_way():
    settings = {"shape": "linear", "player": "discriminator"}
    config = tiny(steps=10, stabilizers={"schedule": settings})
    trainer = trained(config, 6)
    assert rates(trainer) == pytest.approx([2e-4, 2e-4 * 0.5])
    trainer.adopt(change(config, "steps", 20))
    trainer.measure = True
    trainer.step()
    assert rates(trainer) == pytest.approx([2e-4, 2e-4 * 0.7])
    assert trainer.meter.read(True)["schedule/discriminator"] == pytest.approx(0.7)
    trainer.adopt(change(config, "stabilizers.schedule.player", "generator"))
    trainer.step()
    assert rates(trainer) == pytest.approx([2e-4 * 0.3, 2e-4])


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"shape": "exponential"}, "never lead to 0"),
        ({"begin": 10, "length": 10}, "must begin before it ends"),
    ],
)
def test_schedules_that_lead_nowhere_are_refused(settings: dict[str, Any], problem: str):
    with pytest.raises(ConfigError, match=problem):
        tiny(stabilizers={"schedule": settings})


# ---------------------------------------------------------------- the best k


@pytest.mark.parametrize(
    ("step", "kept"), [(0, 100), (9, 100), (10, 90), (20, 81), (30, 73), (60, 54), (70, 50), (10_000, 50)]
)
def test_k_falls_to_its_floor(step: int, kept: int):
    rule = TopK(options.TopK(floor=0.5, gamma=0.9, every=10), place())
    assert rule.kept(100, step) == kept


def test_the_best_judged_samples_count():
    rule = TopK(options.TopK(floor=0.5, gamma=0.5, every=1), place())
    weights = rule.weights(torch.tensor([3.0, 1.0, 2.0, 0.0]), turn_of("generator", step=1))
    assert weights is not None and weights.tolist() == [1, 0, 1, 0]
    assert rule.kept(1, 5) == 1


def test_the_generators_loss_is_their_mean_and_the_others_have_no_gradient():
    config = tiny(POINTS, stabilizers={"top-k": {"floor": 0.25, "gamma": 0.1, "every": 1}})
    trainer = trained(config, 1)
    phase = trainer.phases[1]
    drawn = trainer.draw(phase, trainer.players["generator"], 8)
    z = drawn.z.requires_grad_()
    loss = generator_loss(trainer.game, drawn)
    (slope,) = torch.autograd.grad(loss, z)
    assert (slope.abs().sum(1) > 0).sum() == 2
    with torch.no_grad():
        logits = trainer.game.discriminator(trainer.game.generator(drawn.z))
    best = logits.topk(2).values
    assert loss.item() == pytest.approx(torch.nn.functional.softplus(-best).mean().item(), rel=1e-5)
    trainer.measure = True
    trainer.step()
    assert trainer.meter.read(True)["top-k/share"] == 0.25
    trainer.adopt(change(config, "stabilizers.top-k.floor", 1.0))
    trainer.step()
    assert trainer.meter.read(True)["top-k/share"] == 1.0
