"""Path length regularisation and lazy updates of their own: known lengths, counters, the optimizer's pace."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt
from pathlib import Path
from typing import Any

import pytest
import torch
from support.tiny import POINTS, assert_same_state, make_trainer, tiny, trained

from ganstudio.catalog.resolve import resolve
from ganstudio.core.config import RunConfig
from ganstudio.core.runs import RunFolder
from ganstudio.core.schema import ConfigError
from ganstudio.nets.counted import PixelNoise
from ganstudio.nets.style_base import StyleGenerator
from ganstudio.stabilizers.path_length import PathLength, lengths
from ganstudio.stabilizers.penalties import R1
from ganstudio.training import checkpoint
from ganstudio.training.phases import pace
from ganstudio.training.state import snapshot
from ganstudio.training.trainer import Trainer

LAZY: dict[str, Any] = {"r1": {"every": 4, "apart": True}}


def styled(variant: str = "stylegan2", **more: Any) -> RunConfig:
    """A small run of StyleGAN2."""
    return resolve(
        {
            "variant": variant,
            "data": {"source": "digits", "resolution": 8},
            "batch_size": 8,
            "latent": {"dimension": 4},
            "generator": {"base_channels": 2, "most_channels": 4, "style": 6, "mapping": 2},
            "discriminator": {"base_channels": 2, "most_channels": 4},
            "compute": {"device": "cpu", "threads": 1},
        }
        | more
    )


# ---------------------------------------------------------------- path lengths


def test_the_length_for_a_linear_generator():
    """Picture = A w for one row: J' y is A' y over the root of the pixels."""
    torch.manual_seed(0)
    matrix = torch.randn(2 * 3 * 4, 5, dtype=torch.float64)
    ws = torch.randn(6, 1, 5, dtype=torch.float64, requires_grad=True)
    pictures = (ws[:, 0] @ matrix.T).unflatten(1, (2, 3, 4))
    noise = torch.randn(6, 2, 3, 4, dtype=torch.float64)
    found = lengths(pictures, ws, noise)
    wanted = (noise.flatten(1) @ matrix / sqrt(12)).norm(dim=1)
    assert torch.allclose(found.double(), wanted, rtol=1e-5)


def test_it_is_the_root_of_the_mean_over_rows():
    ws = torch.randn(2, 3, 4, requires_grad=True)
    pictures = (ws * torch.tensor([1.0, 2.0, 2.0])[:, None]).sum(1)[:, :1, None, None]
    found = lengths(pictures, ws, torch.ones(2, 1, 1, 1))
    assert torch.allclose(found, torch.full((2,), sqrt((1 + 4 + 4) / 3)))


def test_the_penalty_and_the_mean_it_follows():
    trainer = make_trainer(styled())
    rule, phase = trainer.rules.stabilizers["path-length"], trainer.phases[3]
    assert isinstance(rule, PathLength) and phase.alone == "path-length"
    assert (phase.player, phase.every, phase.count, phase.real) == ("generator", 4, 4, False)
    rule.state["mean"].fill_(3.0)
    drawn = trainer.draw(phase, trainer.players["generator"], phase.count)
    trainer.game.generator.eval()
    net: Any = trainer.game.generator
    ws = net.styles(drawn.z, None)
    pictures = net.render(ws)
    found = lengths(pictures, ws, drawn.turn.noise_like(pictures, "path length")).detach()
    mean = 3.0 + 0.01 * (found.mean() - 3.0)
    loss = rule.own_loss(trainer.game, drawn)
    assert loss.item() == pytest.approx(((found - mean).square().mean() * 2 * 4).item(), rel=1e-4)
    assert rule.state["mean"].item() == pytest.approx(mean.item(), rel=1e-5)
    loss.backward()
    assert any(p.grad is not None and p.grad.abs().max() > 0 for p in net.layers.parameters())


def test_lengths_go_where_they_are_wanted():
    lazy = {"path-length": {"decay": 1e-9}}
    trainer = make_trainer(styled(optimizer={"generator": {"lr": 0.01}}, stabilizers=lazy))
    rule, phase, net = trainer.rules.stabilizers["path-length"], trainer.phases[3], trainer.game.generator
    assert isinstance(net, StyleGenerator)

    def mean() -> float:
        ws = net.map(torch.randn(64, 4, generator=torch.Generator().manual_seed(1)), track=False)
        pictures = net.render(ws, "none")
        noise = torch.randn(pictures.shape, generator=torch.Generator().manual_seed(2))
        return lengths(pictures, ws, noise).mean().item()

    before = mean()
    rule.state["mean"].fill_(3 * before)
    for step in range(60):
        trainer.step_count = step
        trainer.update(phase)
    assert 1.5 * before < mean() < 4 * before


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ({"variant": "dcgan"}, "no styles w"),
        ({"variant": "gan"}, "no styles w"),
        ({"variant": "stylegan2", "conditioning": {"by": "crowd"}}, "no styles in common"),
    ],
)
def test_it_is_refused_with_the_reason(table: dict[str, Any], reason: str):
    data = {"data": {"source": "digits", "resolution": 8}, "stabilizers": {"path-length": {}}}
    with pytest.raises(ConfigError, match=reason):
        resolve(table | data)


# ---------------------------------------------------------------- updates of their own


def test_k_over_k_plus_one():
    trainer = make_trainer(styled())
    assert trainer.paces == {"generator": 4 / 5, "discriminator": 16 / 17}
    trainer.step()
    groups = {name: player.optimizer.param_groups[0] for name, player in trainer.players.items()}
    for name, c in trainer.paces.items():
        assert groups[name]["lr"] == pytest.approx(2e-3 * c)
        assert groups[name]["betas"] == pytest.approx((0.0, 0.99**c))


@pytest.mark.parametrize(("kind", "memory"), [("adam", "betas"), ("rmsprop", "alpha"), ("sgd", "momentum")])
def test_every_optimizers_memory(kind: str, memory: str):
    optimizer = {"kind": kind, "lr": 1e-3} | ({"momentum": 0.9} if kind == "sgd" else {})
    plain = make_trainer(tiny(optimizer={"discriminator": optimizer}))
    lazy = make_trainer(tiny(optimizer={"discriminator": optimizer}, stabilizers=LAZY))
    before, after = (t.players["discriminator"].optimizer.param_groups[0][memory] for t in (plain, lazy))
    raised = {"adam": (0.5**0.8, 0.999**0.8), "rmsprop": 0.99**0.8, "sgd": 0.9}[kind]
    assert after == pytest.approx(raised)
    assert before == getattr(plain.config.optimizer.discriminator, memory)


def test_several_rules_and_critic_steps():
    trainer = make_trainer(
        tiny(discriminator_steps=2, stabilizers=LAZY | {"r2": {"every": 2, "apart": True}})
    )
    assert [phase.alone for phase in trainer.phases] == ["", "r1", "r2", ""]
    assert pace(trainer.phases, "discriminator") == pytest.approx(2 / (2 + 1 / 4 + 1 / 2))
    assert pace(trainer.phases, "generator") == 1


def test_they_are_no_updates_and_see_no_new_samples():
    plain, lazy = trained(tiny(), 9), make_trainer(tiny(stabilizers=LAZY))
    told: list[tuple[int, str]] = []
    original = R1.own_loss

    def noting(self: R1, game: Any, draw: Any) -> Any:
        told.append((draw.turn.step, draw.turn.alone))
        assert torch.equal(draw.real, lazy.feed.batch(lazy.images - 8, 8)[0])
        return original(self, game, draw)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(R1, "own_loss", noting)
        for _ in range(9):
            lazy.step()
    assert told == [(0, "r1"), (4, "r1"), (8, "r1")]
    assert snapshot(lazy).counters == snapshot(plain).counters
    assert lazy.meter.read(True)["penalty/r1"] > 0


def test_a_penalty_of_its_own_averages_to_the_eager_one():
    """The same networks and samples: k times the eager term, in every k-th step."""
    eager, lazy = make_trainer(tiny(stabilizers={"r1": {}})), make_trainer(tiny(stabilizers=LAZY))
    phase = lazy.phases[1]
    lazy.images = 8
    drawn = lazy.draw(phase, lazy.players["discriminator"], 8)
    own = lazy.rules.stabilizers["r1"].own_loss(lazy.game, drawn).item()
    real = drawn.real.clone().requires_grad_()
    logits = eager.game.discriminator(real)
    (gradient,) = torch.autograd.grad(logits.sum(), real)
    assert own == pytest.approx(4 * gradient.square().sum(1).mean().item() / 2, rel=1e-5)


def test_random_numbers_of_their_own():
    trainer = make_trainer(tiny(stabilizers=LAZY))
    ordinary, own, _ = trainer.phases
    a, b = (trainer.draw(phase, trainer.players["discriminator"], 8).z for phase in (ordinary, own))
    assert not torch.equal(a, b)


def test_switching_it_off_live_gives_the_optimizer_its_pace_back():
    config = tiny(stabilizers=LAZY)
    trainer = make_trainer(config)
    trainer.step()
    trainer.adopt(tiny(stabilizers={"r1": {"every": 4}}))
    trainer.step()
    group = trainer.players["discriminator"].optimizer.param_groups[0]
    assert group["lr"] == config.optimizer.discriminator.lr and group["betas"] == (0.5, 0.999)
    assert [phase.alone for phase in trainer.phases] == ["", ""]


def test_gamma_by_the_picture():
    """0.0002 * pixels / batch, StyleGAN2-ADA's rule of thumb: .41 at 256 px and a batch of 32."""
    trainer = make_trainer(styled())
    rule = trainer.rules.stabilizers["r1"]
    assert isinstance(rule, R1)
    assert rule.strength(8) == pytest.approx(2e-4 * 64 / 8)
    rule.site = replace(rule.site, shape=replace(rule.site.shape, height=256, width=256))
    assert rule.strength(32) == pytest.approx(0.4096)
    with pytest.raises(ConfigError, match="these are points"):
        tiny(POINTS, stabilizers={"r1": {"auto": True}})


# ---------------------------------------------------------------- resuming


def loud(config: RunConfig) -> Trainer:
    trainer = make_trainer(config)
    for module in trainer.game.generator.modules():
        if isinstance(module, PixelNoise):
            torch.nn.init.constant_(module.strength, 0.3)
    return trainer


@pytest.mark.parametrize("variant", ["stylegan2", "stylegan2-ada"])
@pytest.mark.parametrize("labels", [False, True])
def test_a_resume_is_exact_with_noise_mixing_and_lazy_updates(variant: str, labels: bool, tmp_path: Path):
    config = styled(variant, **({"conditioning": {"by": "projection"}} if labels else {}))
    run, whole = RunFolder(tmp_path), loud(config)
    for _ in range(3):
        whole.step()
    checkpoint.save(whole, run, 1.0)
    again = make_trainer(config)
    checkpoint.restore(again, checkpoint.read(run.checkpoint_path(3)).state)
    for _ in range(3):
        whole.step()
        again.step()
    assert_same_state(again, whole)
    assert torch.equal(again.sample(range(4)), whole.sample(range(4)))
