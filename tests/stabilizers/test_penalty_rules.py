"""Penalties as rules: where they look, when they are due, whose loss they are in, what is refused."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from support.rounds import turn_of
from support.tiny import IMAGES, make_trainer, tiny
from torch import Tensor, nn

from ganstudio.catalog.resolve import resolve
from ganstudio.catalog.stabilizers import penalties as options
from ganstudio.core.config import Latent
from ganstudio.core.schema import ConfigError
from ganstudio.core.shapes import DataShape
from ganstudio.nets.base import Judgement
from ganstudio.stabilizers import Site
from ganstudio.stabilizers.base import Round
from ganstudio.stabilizers.penalties import R1, R2, GradientPenalty, Orthogonal, PullingAway, matrices

SITE = Site(DataShape("image", 1, 4, 4), Latent(), torch.device("cpu"), 8)
BARE: dict[str, Any] = {"normalization": "none"}


class Critic:
    """Answers with half the squared length, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Tensor | None]] = []

    def __call__(self, x: Tensor, which: str = "", labels: Tensor | None = None) -> Judgement:
        self.asked.append((which, labels))
        return Judgement(x.flatten(1).square().sum(1) / 2, x.flatten(1))


def round_at(
    real: Tensor, fake: Tensor, count: int = 0, labels: Tensor | None = None
) -> tuple[Round, Critic]:
    critic = Critic()
    real, fake = real.requires_grad_(), fake.requires_grad_()
    turn = turn_of(count=count)
    made = Round(turn, fake, None, fake, critic(fake), real, labels, critic(real), critic)
    critic.asked.clear()
    return made, critic


def penalty(**settings: Any) -> GradientPenalty:
    return GradientPenalty(options.GradientPenalty(**settings), SITE)


def test_the_mixture_has_a_share_of_its_own_for_each_sample():
    round, _ = round_at(torch.ones(64, 1, 4, 4), torch.zeros(64, 1, 4, 4))
    at = penalty().places(round)
    first = at[:, 0, 0, 0]
    assert torch.equal(at, first.view(64, 1, 1, 1).expand_as(at)), "one share for all pixels of a sample"
    assert len(first.unique()) > 60 and first.min() >= 0 and first.max() < 1
    assert 0.4 < first.mean() < 0.6
    assert torch.equal(at, penalty().places(round)), "counted by the turn"
    other, _ = round_at(torch.ones(64, 1, 4, 4), torch.zeros(64, 1, 4, 4), count=1)
    assert not torch.equal(at, penalty().places(other))


def test_the_cloud_stays_near_the_data_and_knows_no_generated_sample():
    real = torch.randn(256, 1, 4, 4, generator=torch.Generator().manual_seed(0))
    round, _ = round_at(real, torch.full((256, 1, 4, 4), 1e6))
    moved = penalty(at="data").places(round) - real
    assert moved.min() >= 0 and moved.max() <= 0.5 * real.std(correction=0)
    assert moved.mean().item() == pytest.approx(0.125, rel=0.15), (
        "half of one, times the means of two uniforms"
    )
    assert moved[0].unique().numel() == 16, "noise for every pixel"


def test_the_critic_is_asked_once_about_the_mixture_with_the_real_labels():
    labels = torch.arange(8)
    round, critic = round_at(torch.randn(8, 1, 4, 4), torch.randn(8, 1, 4, 4), labels=labels)
    penalty().term(round)
    assert critic.asked == [("mixture", labels)]


def test_its_value_and_its_settings():
    round, _ = round_at(torch.full((4, 1, 4, 4), 0.5), torch.full((4, 1, 4, 4), 0.5))  # the slope is |x| = 2
    assert penalty(weight=10.0).term(round).item() == pytest.approx(10 * (2 - 1) ** 2)
    assert penalty(weight=3.0, centre="zero").term(round).item() == pytest.approx(3 * 4)
    gentle, _ = round_at(torch.full((4, 1, 4, 4), 0.125), torch.full((4, 1, 4, 4), 0.125))  # 0.5
    assert penalty(weight=10.0).term(gentle).item() == pytest.approx(10 * 0.25)
    assert penalty(weight=10.0, sides="one").term(gentle).item() == 0


def test_r1_and_r2_ask_nothing_and_look_at_their_own_kind():
    round, critic = round_at(torch.ones(2, 1, 4, 4), torch.full((2, 1, 4, 4), 2.0))
    assert R1(options.R1(gamma=2.0), SITE).term(round).item() == pytest.approx(16)
    assert R2(options.R2(gamma=2.0), SITE).term(round).item() == pytest.approx(64)
    assert critic.asked == []


@pytest.mark.parametrize("every", [2, 4, 16])
@pytest.mark.parametrize("rule", [R1, R2, GradientPenalty])
def test_lazy_penalties_average_to_the_eager_ones(rule: Any, every: int):
    total = {}
    for pace in (1, every):
        settings = {"r1": options.R1, "r2": options.R2}.get(rule.__name__.lower(), options.GradientPenalty)
        made, total[pace] = rule(settings(every=pace), SITE), 0.0
        for count in range(3 * every):
            round, _ = round_at(torch.ones(3, 1, 4, 4), torch.ones(3, 1, 4, 4), count)
            if made.active(round.turn):
                total[pace] += made.term(round).item()
    assert total[every] == pytest.approx(total[1], rel=1e-5) and total[1] > 0


def test_none_of_them_is_in_the_generators_loss():
    settings = {"r1": {"gamma": 100}, "r2": {"gamma": 100}, "gradient-penalty": {}}
    plain, steadied = make_trainer(tiny()), make_trainer(tiny(stabilizers=settings))
    for trainer in (plain, steadied):
        trainer.half_step("generator")
    assert not [name for name in steadied.meter.read(True) if name.startswith("penalty/")]
    pairs = zip(plain.players["generator"].parameters, steadied.players["generator"].parameters, strict=True)
    assert all(torch.equal(a, b) for a, b in pairs)
    steadied.half_step("discriminator")
    values = steadied.meter.read(True)
    assert all(values[f"penalty/{name}"] > 0 for name in settings)


def test_r2_changes_no_generated_sample_and_keeps_no_graph_of_the_generator():
    trainer = make_trainer(tiny(stabilizers={"r2": {}}))
    trainer.half_step("discriminator")
    assert all(p.grad is None for p in trainer.players["generator"].parameters)


def test_the_penalty_is_the_same_under_autocast():
    """Half precision in the critic's pass would round the slope."""
    found = []
    for half in (False, True):
        trainer = make_trainer(tiny(IMAGES, discriminator=BARE, stabilizers={"gradient-penalty": {}}))
        phase, player = trainer.phases[0], trainer.players["discriminator"]
        drawn = trainer.draw(phase, player, 8)
        rule = trainer.rules.stabilizers["gradient-penalty"]
        with torch.no_grad():
            fake = trainer.game.generator(drawn.z)
        judged = trainer.game.judge(fake, "fake", drawn.turn)
        round = Round(
            drawn.turn, drawn.z, None, fake, judged, drawn.real, None, judged,
            lambda x, which, y, trainer=trainer, turn=drawn.turn: trainer.game.judge(x, which, turn, y),
        )  # fmt: skip
        with torch.autocast("cpu", torch.bfloat16, enabled=half):
            found.append(rule.term(round))
    assert found[0].dtype == found[1].dtype == torch.float32
    assert found[0].item() == found[1].item()


# ---------------------------------------------------------------- batch norm


def test_batch_norm_in_the_critic_is_refused_with_the_reason():
    with pytest.raises(ConfigError, match="batch norm ties the samples"):
        tiny(IMAGES, stabilizers={"gradient-penalty": {}})
    tiny(IMAGES, stabilizers={"gradient-penalty": {"at": "data"}})
    for normalization in ("none", "layer"):
        tiny(IMAGES, discriminator={"normalization": normalization}, stabilizers={"gradient-penalty": {}})


def coupling(variant: str, **more: Any) -> float:
    """How much the answer to the first sample depends on the second."""
    table = {"variant": variant, "data": {"source": "digits", "resolution": 16}, "compute": {"device": "cpu"}}
    small = {"base_channels": 4}
    trainer = make_trainer(resolve(table | {"generator": small, "discriminator": small | more}))
    x = torch.randn(4, 1, 16, 16, generator=torch.Generator().manual_seed(0)).requires_grad_()
    (gradient,) = torch.autograd.grad(trainer.players["discriminator"].net(x)[0], x)
    return gradient[1:].abs().max().item()


@pytest.mark.parametrize("variant", ["wgan-gp", "wgan-lp", "dragan", "rpgan"])
def test_critics_with_penalties_judge_each_sample_alone(variant: str):
    assert coupling(variant) == 0


def test_batch_norm_would_couple_them():
    assert coupling("dcgan", normalization="batch") > 0


# ---------------------------------------------------------------- weights


def test_which_weights_are_kept_orthogonal():
    net = nn.Module()
    net.embedding = nn.Embedding(5, 7)
    net.up = nn.ConvTranspose2d(3, 4, 2)
    net.conv = nn.Conv2d(3, 6, 2)
    net.norm = nn.LayerNorm([2, 2])
    net.batch = nn.BatchNorm2d(4)
    net.linear = nn.utils.parametrizations.spectral_norm(nn.Linear(8, 9))
    net.named = nn.utils.parametrizations.spectral_norm(nn.Embedding(3, 2))
    assert sorted(tuple(m.shape) for m in matrices(net)) == [(4, 12), (6, 12), (9, 8)]
    up = next(m for m in matrices(net) if m.shape == (4, 12))
    assert torch.equal(up[1], net.up.weight[:, 1].flatten()), (
        "rows are the outputs of a transposed convolution"
    )


@pytest.mark.parametrize(("on", "players"), [("generator", 1), ("discriminator", 1), ("both", 2)])
def test_orthogonal_weights_learn(on: str, players: int):
    settings = {"orthogonal": {"weight": 1e3, "on": on}}
    plain = make_trainer(tiny(optimizer={"generator": {"lr": 0.0}, "discriminator": {"lr": 0.0}}))
    kept = make_trainer(tiny(stabilizers=settings))
    changed = 0
    for player in ("generator", "discriminator"):
        before, after = plain.players[player].net, kept.players[player].net
        for _ in range(60):
            kept.half_step(player)
        rule = Orthogonal(options.Orthogonal(weight=1.0, on="both"), SITE)
        amounts = []
        for net in (before, after):
            rule.begin(turn_of(player), net)
            amounts.append(rule.term(Round(turn_of(player), *[None] * 8)).item())  # type: ignore[arg-type]
        changed += amounts[1] < 0.9 * amounts[0]
    assert changed == players
    assert kept.meter.read(True)["penalty/orthogonal"] > 0


def test_pulling_away_spreads_the_features():
    rule = PullingAway(options.PullingAway(weight=0.5), SITE)
    assert rule.active(turn_of("generator")) and not rule.active(turn_of("discriminator"))
    alike = Judgement(torch.zeros(4), torch.ones(4, 3))
    round = Round(
        turn_of("generator"), torch.zeros(4, 1), None, torch.zeros(4, 1), alike, None, None, None, None
    )  # type: ignore[arg-type]
    assert rule.term(round).item() == pytest.approx(0.5)
    trainer = make_trainer(tiny(stabilizers={"pulling-away": {}}))
    trainer.step()
    assert 0 < trainer.meter.read(True)["penalty/pulling-away"] <= 0.1
