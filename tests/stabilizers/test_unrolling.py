"""Foreseen updates: their gradient, their agreement with the real optimizers, and that nothing is touched."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from support.rounds import place, turn_of
from support.tiny import IMAGES, POINTS, make_trainer, tensors_of, tiny, trained
from torch import Tensor, nn
from torch.nn.functional import softplus

from ganstudio.catalog.objectives import NonSaturating as Options
from ganstudio.catalog.resolve import change, resolve
from ganstudio.catalog.stabilizers.learning import Unrolling as Settings
from ganstudio.core.schema import ConfigError
from ganstudio.nets.base import Discriminator, Generator
from ganstudio.objectives.losses import NonSaturating
from ganstudio.stabilizers.unrolling import Foresight, Unrolling
from ganstudio.training.game import Draw, Game, generator_loss
from ganstudio.training.meter import Meter

RATE = 0.7


class Dirac(Discriminator):
    """D(x) = psi x."""

    def __init__(self, psi: float) -> None:
        super().__init__()
        self.finish(1)
        self.last = nn.Linear(1, 1, bias=False)
        nn.init.constant_(self.last.weight, psi)

    def trunk(self, x: Tensor) -> Tensor:
        return x


class Point(Generator):
    """Always theta."""

    def __init__(self, theta: float) -> None:
        super().__init__()
        self.theta = nn.Parameter(torch.tensor([theta]))

    def synthesize(self, z: Tensor, labels: Tensor | None) -> Tensor:
        return self.theta.expand(len(z), 1)


def foreseen_cost(theta: Tensor, psi: Tensor, ahead: int, through: bool = True) -> Tensor:
    """The generator's cost after so many steps of gradient descent by hand; the data sit at 1."""
    for _ in range(ahead):
        slope = -torch.sigmoid(-psi) + torch.sigmoid(psi * theta) * theta
        psi = psi - RATE * (slope if through else slope.detach())
    return softplus(-psi * theta)


def dirac_gradient(theta: float, psi: float, ahead: int) -> tuple[float, Game]:
    settings = Settings(ahead=ahead, optimizer="sgd", rate=RATE)
    generator, discriminator = Point(theta), Dirac(psi)
    optimizers: dict[str, Any] = {"discriminator": torch.optim.SGD(discriminator.parameters(), lr=0.1)}
    rule = Unrolling(settings, place())
    game = Game(generator, discriminator, NonSaturating(Options()), (rule,), Meter(), optimizers)
    draw = Draw(torch.zeros(4, 1), None, torch.ones(4, 1), None, turn_of("generator"))
    generator_loss(game, draw).backward()
    assert generator.theta.grad is not None
    return generator.theta.grad.item(), game


@pytest.mark.parametrize("ahead", [1, 2, 5, 10])
def test_the_gradient_flows_through_the_foreseen_updates(ahead: int):
    theta = torch.tensor(0.3, dtype=torch.float64, requires_grad=True)
    psi = torch.tensor(0.5, dtype=torch.float64)
    (wanted,) = torch.autograd.grad(foreseen_cost(theta, psi, ahead), theta)
    (cut,) = torch.autograd.grad(foreseen_cost(theta, psi, ahead, through=False), theta)
    found, _ = dirac_gradient(0.3, 0.5, ahead)
    assert found == pytest.approx(wanted.item(), rel=1e-5)
    assert abs(found - cut.item()) > 0.01  # what it would be if the updates were taken for constants


def test_the_discriminator_is_where_it_was():
    _, game = dirac_gradient(0.3, 0.5, 3)
    assert game.discriminator.last.weight.item() == 0.5
    assert game.discriminator.last.weight.grad is None


@pytest.mark.parametrize("base", [POINTS, IMAGES], ids=["points", "images"])
@pytest.mark.parametrize("kind", ["adam", "rmsprop", "sgd"])
def test_a_generators_update_leaves_discriminator_buffers_and_optimizer_alone(base: Any, kind: str):
    """Batch norm statistics, too: without unrolling the generator's turn brings them forward."""
    data = {"resolution": 16} if base is IMAGES else {}
    player = {"kind": kind, "lr": 1e-3}
    config = tiny(base, data=data, stabilizers={"unrolling": {}}, optimizer={"discriminator": player})
    trainer = trained(config, 2)
    before = tensors_of(trainer)
    trainer.half_step("generator")
    after = tensors_of(trainer)
    for name, tensor in before.items():
        same = torch.equal(tensor, after[name])
        assert same or not name.startswith(("discriminator", "optimizer discriminator")), name
    assert not all(torch.equal(t, after[n]) for n, t in before.items() if n.startswith("generator"))


@pytest.mark.parametrize("rules", [{"spectral-norm": {}}, {"dropout": {}}, {"minibatch-std": {}}, {"r2": {}}])
def test_layers_with_a_memory_of_their_own_are_left_alone(rules: dict[str, Any]):
    """Power iterations run on in the foreseen discriminators, not in the real one; the gradient is still there."""
    plain = {"discriminator": {"base_channels": 4, "normalization": "none"}}
    trainer = trained(tiny(IMAGES, stabilizers={"unrolling": {"ahead": 2}, **rules}, **plain), 2)
    before = tensors_of(trainer)
    trainer.half_step("generator")
    after = tensors_of(trainer)
    changed = {name.split(".")[0] for name, tensor in before.items() if not torch.equal(tensor, after[name])}
    assert "generator" in changed and "discriminator" not in changed


OPTIMIZERS: dict[str, Any] = {
    "adam": lambda params: torch.optim.Adam(params, lr=0.01, betas=(0.5, 0.99)),
    "rmsprop": lambda params: torch.optim.RMSprop(params, lr=0.01, alpha=0.9),
    "sgd": lambda params: torch.optim.SGD(params, lr=0.01),
    "momentum": lambda params: torch.optim.SGD(params, lr=0.01, momentum=0.9),
}


@pytest.mark.parametrize("before", [0, 3], ids=["fresh", "under way"])
@pytest.mark.parametrize("kind", list(OPTIMIZERS))
def test_foreseen_updates_are_those_the_optimizer_makes(kind: str, before: int):
    net = Dirac(0.4)
    optimizer = OPTIMIZERS[kind](net.parameters())
    slopes = torch.randn(before + 4, 1, 1, generator=torch.Generator().manual_seed(2))

    def move(net: Dirac, optimizer: torch.optim.Optimizer, slope: Tensor) -> None:
        net.last.weight.grad = slope.clone()
        optimizer.step()

    for slope in slopes[:before]:
        move(net, optimizer, slope)
    foresight = Foresight(net, optimizer, Settings())
    parameters = {name: p.detach().clone() for name, p in net.named_parameters()}
    for slope in slopes[before:]:
        parameters = foresight.update(parameters, {"last.weight": slope})
        move(net, optimizer, slope)
        assert torch.allclose(parameters["last.weight"], net.last.weight.detach(), atol=1e-7)


def test_a_dead_neuron_gives_no_nan():
    net = Dirac(0.4)
    optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
    dead = torch.zeros(1, 1, requires_grad=True)
    after = Foresight(net, optimizer, Settings()).update(
        dict(net.named_parameters()), {"last.weight": dead * 0}
    )
    (slope,) = torch.autograd.grad(after["last.weight"].sum(), dead)
    assert torch.isfinite(slope).all()


def test_penalties_are_foreseen():
    """A penalty so strong that the foreseen discriminator is flat leaves the generator without a slope."""
    changes: dict[str, Any] = {"unrolling": {"ahead": 1, "optimizer": "sgd", "rate": 0.01}}
    plain = make_trainer(tiny(stabilizers=changes))
    steep = make_trainer(tiny(stabilizers=changes | {"r1": {"gamma": 100.0}}))
    losses = [
        trainer.phases[1].loss(trainer.game, trainer.draw(trainer.phases[1], trainer.players["generator"], 8))
        for trainer in (plain, steep)
    ]
    assert losses[0].item() != losses[1].item()
    losses[1].backward()
    assert all(p.grad is not None and p.grad.isfinite().all() for p in steep.players["generator"].parameters)


def test_a_foreseen_penalty_takes_the_slope_at_its_samples_alone(monkeypatch: pytest.MonkeyPatch):
    """Earlier foreseen updates came from the same samples: the way through them is no part of the slope."""
    trainer = make_trainer(tiny(stabilizers={"unrolling": {"ahead": 3}, "r1": {}, "r2": {}}))
    whole, ways = type(trainer.game).imagined_loss, []

    def watched(game: Game, draw: Draw, fake: Tensor, real: Tensor, judge: Any) -> Tensor:
        elsewhere = judge(torch.ones_like(real), None).logits.sum()
        ways.append(torch.autograd.grad(elsewhere, (real, fake), retain_graph=True, allow_unused=True))
        return whole(game, draw, fake, real, judge)

    monkeypatch.setattr(type(trainer.game), "imagined_loss", watched)
    trainer.step()
    assert ways == [(None, None)] * 3


def test_conditional_games_are_foreseen_with_their_labels():
    trainer = trained(tiny(conditioning={"by": "classifier"}, stabilizers={"unrolling": {"ahead": 2}}), 2)
    assert math.isfinite(trainer.meter.read(True)["loss/generator"])


def test_how_far_ahead_may_change_on_the_way():
    config = tiny(stabilizers={"unrolling": {"ahead": 1}})
    one, other = trained(config, 2), trained(config, 2)
    other.adopt(change(config, "stabilizers.unrolling.ahead", 4))
    one.step()
    other.step()
    first, second = tensors_of(one), tensors_of(other)
    assert not torch.equal(first["generator.layers.0.weight"], second["generator.layers.0.weight"])


def test_clipped_weights_and_unknown_optimizers_are_refused(monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(ConfigError, match="cuts the gradient"):
        tiny(stabilizers={"unrolling": {}, "weight-clip": {}})
    config = tiny(stabilizers={"unrolling": {}})
    monkeypatch.setattr(type(config.optimizer.discriminator), "kind", "lion")
    assert "cannot be foreseen" in Settings().refuses(config, None)
    assert not Settings(optimizer="sgd").refuses(config, None)


def test_eleven_steps_are_too_many():
    with pytest.raises(ConfigError, match="at most 10"):
        resolve(
            {
                "variant": "unrolled-gan",
                "data": {"source": "ring"},
                "stabilizers": {"unrolling": {"ahead": 11}},
            }
        )


def test_batch_norm_with_a_penalty_on_the_slope_is_refused_in_either_order():
    batch_norm = {"discriminator": {"normalization": "batch"}}
    for first, second in (("unrolling", "r1"), ("r2", "unrolling")):
        config = tiny(IMAGES, stabilizers={first: {}}, **batch_norm)
        with pytest.raises(ConfigError, match="a third time"):
            change(config, f"stabilizers.{second}", True)
