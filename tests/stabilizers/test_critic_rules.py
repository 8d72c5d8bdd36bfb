"""Weight clipping and the warm-up of the critic."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from support.tiny import make_trainer, tiny

from ganstudio.catalog.resolve import resolve
from ganstudio.catalog.stabilizers import lipschitz as options
from ganstudio.core.config import Latent
from ganstudio.core.schema import ConfigError
from ganstudio.core.shapes import DataShape
from ganstudio.stabilizers import Site
from ganstudio.stabilizers.lipschitz import CriticWarmUp
from ganstudio.training.trainer import Trainer

SITE = Site(DataShape("points", 2), Latent(), torch.device("cpu"), 8)


def largest(trainer: Trainer, player: str) -> float:
    return max(p.abs().max().item() for p in trainer.players[player].parameters)


def test_weights_are_cut_before_each_update_and_not_after_it(monkeypatch: pytest.MonkeyPatch):
    """Algorithm 1 in its published form: the critic of every update is inside the box."""
    trainer = make_trainer(tiny(stabilizers={"weight-clip": {"limit": 0.01}}))
    assert largest(trainer, "discriminator") > 0.01
    net: Any = trainer.players["discriminator"].net
    judge, seen = net.judge, []

    def watched(*arguments: Any) -> Any:
        seen.append(largest(trainer, "discriminator"))
        return judge(*arguments)

    monkeypatch.setattr(net, "judge", watched)
    for _ in range(3):
        trainer.half_step("discriminator")
        assert max(seen) <= 0.01 + 1e-9
        assert largest(trainer, "discriminator") > 0.01, "the step itself may leave the box"
        seen.clear()


@pytest.mark.parametrize("variant", ["progan", "stylegan", "stylegan2", "stylegan3-t"])
def test_weights_that_are_scaled_when_used_are_not_cut(variant: str):
    """What lies in memory is drawn from N(0, 1) and is not the weight: a box of 0.01 would leave nothing of it."""
    whole: dict[str, Any] = {"variant": variant, "data": {"source": "digits"}}
    with pytest.raises(ConfigError, match=r"equalised learning rate.*take a gradient penalty") as error:
        resolve(whole | {"stabilizers": {"weight-clip": {}}})
    assert error.value.key == "stabilizers.weight-clip"
    other = {"discriminator": {"network": "dcgan", "normalization": "none"}}
    plain = {"stabilizers": {"growing": False, "weight-clip": {}}} | other
    assert resolve(whole | plain).stabilizers["weight-clip"]


def test_the_generator_is_never_cut():
    trainer = make_trainer(tiny(stabilizers={"weight-clip": {"limit": 0.01}}))
    for _ in range(2):
        trainer.step()
    assert largest(trainer, "generator") > 0.1


@pytest.mark.parametrize(
    ("step", "updates"), [(0, 100), (24, 100), (25, 5), (26, 5), (499, 5), (500, 100), (501, 5), (1000, 100)]
)
def test_the_published_schedule(step: int, updates: int):
    rule = CriticWarmUp(options.CriticWarmUp(), SITE)
    assert rule.repeats("discriminator", 5, step) == updates
    assert rule.repeats("generator", 1, step) == 1


def test_a_warm_up_never_takes_updates_away():
    rule = CriticWarmUp(options.CriticWarmUp(updates=3), SITE)
    assert rule.repeats("discriminator", 5, 0) == 5


def test_the_trainer_makes_them():
    settings = {"critic-warm-up": {"updates": 7, "first": 2, "every": 4}}
    trainer = make_trainer(tiny(discriminator_steps=2, stabilizers=settings))
    made = []
    for _ in range(6):
        before = trainer.players["discriminator"].updates
        trainer.step()
        made.append(trainer.players["discriminator"].updates - before)
    assert made == [7, 7, 2, 2, 7, 2]
    assert trainer.players["generator"].updates == 6
