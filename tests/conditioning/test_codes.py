"""Readable codes: the cost in nats, in both players' losses, and what is told of it."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from support.rounds import judged, place, round_of, turn_of
from support.tiny import IMAGES, make_trainer, readings, tiny, trained
from torch import Tensor
from torch.nn.functional import one_hot

from ganstudio.catalog import conditioning as options
from ganstudio.catalog.resolve import change, resolve
from ganstudio.conditioning.codes import Codes
from ganstudio.core.config import Latent
from ganstudio.core.schema import ConfigError
from ganstudio.nets.base import Discriminator

LATENT = Latent(dimension=3, categorical=2, categories=4, continuous=2)
COUNT = 400
NAMES = torch.randint(4, (COUNT, 2), generator=torch.Generator().manual_seed(0))
DIALS = torch.rand(COUNT, 2, generator=torch.Generator().manual_seed(1)) * 2 - 1
Z = torch.cat([torch.zeros(COUNT, 3), one_hot(NAMES, 4).float().flatten(1), DIALS], 1)


def codes(latent: Latent = LATENT, **settings: Any) -> Codes:
    return Codes(options.Coded(**settings), place(latent=latent))


def code_round(said: Tensor, player: str = "discriminator", z: Tensor = Z) -> Any:
    return round_of(turn_of(player), judged(torch.zeros(len(z)), codes=said), z=z)


KNOWN = one_hot(NAMES, 4).float().flatten(1) * 20
HALF_LOG = math.log(2 * math.pi) / 2


def test_what_is_read_perfectly_costs_nothing_beyond_the_spread():
    categorical, continuous = codes().costs(code_round(torch.cat([KNOWN, DIALS], 1)))
    assert categorical.item() == pytest.approx(0, abs=1e-5)
    assert continuous.item() == pytest.approx(2 * HALF_LOG)


def test_what_is_not_read_costs_the_entropy():
    categorical, continuous = codes().costs(code_round(torch.zeros(COUNT, 10)))
    assert categorical.item() == pytest.approx(2 * math.log(4), rel=1e-5)
    assert continuous.item() == pytest.approx(
        2 * HALF_LOG + DIALS.square().sum(1).mean().item() / 2, rel=1e-5
    )


def test_learned_spreads_are_between_e_to_the_minus_3_and_e():
    rule = codes(spread="learned")
    for raw, log_std in ((0.0, -1.0), (100.0, 1.0), (-100.0, -3.0)):
        said = torch.cat([KNOWN, DIALS, torch.full((COUNT, 2), raw)], 1)
        _, continuous = rule.costs(code_round(said))
        assert continuous.item() == pytest.approx(2 * (HALF_LOG + log_std), rel=1e-4)


def test_weights_in_both_turns():
    rule = codes(categorical_weight=2.0, continuous_weight=0.5)
    wanted = 2 * 2 * math.log(4) + 0.5 * (2 * HALF_LOG + DIALS.square().sum(1).mean().item() / 2)
    for player in ("generator", "discriminator"):
        assert rule.active(turn_of(player))
        assert rule.term(code_round(torch.zeros(COUNT, 10), player)).item() == pytest.approx(wanted, rel=1e-5)


def test_the_information_of_perfect_reading():
    only = Latent(dimension=3, categorical=2, categories=4)
    told = codes(only).measures(code_round(KNOWN, z=Z[:, :11]))["information"]
    assert told.item() == pytest.approx(2 * math.log(4), abs=1e-4)
    nothing = codes(only).measures(code_round(torch.zeros(COUNT, 8), z=Z[:, :11]))["information"]
    assert nothing.item() == pytest.approx(0, abs=1e-5)


def test_the_information_of_dials_grows_with_their_precision():
    noise = torch.randn(COUNT, 2, generator=torch.Generator().manual_seed(2))
    for error in (0.3, 0.1, 0.01):
        said = torch.cat([KNOWN, DIALS + noise * error], 1)
        told = codes().measures(code_round(said))["information"].item()
        each = math.log(2) - math.log(error * math.sqrt(2 * math.pi * math.e))
        assert told == pytest.approx(2 * math.log(4) + 2 * each, abs=0.15)


@pytest.mark.parametrize("spread", ["fixed", "learned"])
def test_the_reader_has_a_number_for_everything(spread: str):
    trainer = make_trainer(
        tiny(
            conditioning={"by": "codes", "spread": spread},
            latent={"dimension": 4, "categorical": 1, "categories": 3, "continuous": 2},
        )
    )
    head = trainer.game.discriminator.heads["codes"]
    assert head[-1].out_features == 3 + 2 * (2 if spread == "learned" else 1)  # type: ignore[index]


def slopes(trainer: Any, player: str) -> list[Tensor]:
    phase = next(p for p in trainer.phases if p.player == player)
    trainer.gradients(phase, trainer.draw(phase, trainer.players[player], 8))
    return [torch.zeros(()) if p.grad is None else p.grad.clone() for p in trainer.players[player].parameters]


@pytest.mark.parametrize("player", ["generator", "discriminator"])
def test_the_information_is_in_either_players_loss(player: str):
    """The error of a mutual information that reaches one of the losses only."""
    changes: dict[str, Any] = {"conditioning": {"by": "codes"}, "latent": {"dimension": 4, "continuous": 1}}
    config = tiny(**changes)
    trainer = make_trainer(config)
    with_it = slopes(trainer, player)
    told = trainer.meter.read(True)
    assert told["penalty/codes"] > 0.5
    trainer.adopt(change(config, "conditioning.continuous_weight", 0.0))
    without = slopes(trainer, player)
    assert any(not torch.equal(a, b) for a, b in zip(with_it, without, strict=True))
    if player == "discriminator":
        net = trainer.game.discriminator
        assert isinstance(net, Discriminator)
        names = [n for n, _ in net.named_parameters()]
        reader = [s for n, s in zip(names, with_it, strict=True) if n.startswith("heads.codes")]
        assert len(reader) == 4 and all(s.abs().sum() > 0 for s in reader[-2:])


def test_the_papers_setting_for_digits():
    config = resolve({"variant": "infogan", "data": {"source": "digits"}})
    latent = config.latent
    assert (latent.dimension, latent.prior, latent.categorical, latent.categories) == (62, "uniform", 1, 10)
    assert latent.continuous == 2 and latent.width == 74 and config.batch_size == 128
    rates = [getattr(config.optimizer, p).lr for p in ("generator", "discriminator")]
    assert rates == [1e-3, 2e-4]


def test_without_codes_there_is_nothing_to_read():
    with pytest.raises(ConfigError, match="at least one code"):
        resolve(
            {"variant": "infogan", "data": {"source": "ring"}, "latent": {"categorical": 0, "continuous": 0}}
        )


def test_reading_gets_better():
    config = tiny(
        IMAGES, variant="infogan", latent={"dimension": 8}, batch_size=32,
        optimizer={"generator": {"lr": 2e-3}, "discriminator": {"lr": 2e-3}},
    )  # fmt: skip
    assert readings(trained(config, 150))["information"] > 1.0
