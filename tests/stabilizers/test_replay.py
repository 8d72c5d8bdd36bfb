"""The pool of earlier samples."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from support.rounds import place, turn_of
from support.tiny import IMAGES, make_trainer, tiny
from torch import Tensor

from ganstudio.catalog.stabilizers.inputs import Replay as Settings
from ganstudio.core.schema import ConfigError
from ganstudio.core.shapes import DataShape
from ganstudio.stabilizers.replay import Replay

SITE = place(1, 8)


def batch(number: int, count: int = 8) -> tuple[Tensor, Tensor]:
    """Pictures whose every pixel is their label."""
    labels = torch.arange(number * count, (number + 1) * count)
    return labels.float().view(-1, 1, 1, 1).expand(-1, 1, 8, 8).clone(), labels


def replayed(rule: Replay, number: int, count: int = 8) -> tuple[Tensor, Tensor]:
    samples, labels = rule.recall(*batch(number, count), turn_of(count=number))
    assert labels is not None
    return samples, labels


def test_first_the_pool_fills_and_samples_pass():
    rule = Replay(Settings(capacity=20, probability=1.0), SITE)
    for number in range(3):
        samples, labels = replayed(rule, number)
        assert torch.equal(samples, batch(number)[0]) and torch.equal(labels, batch(number)[1])
    assert rule.state["labels"].tolist() == list(range(20))
    assert torch.equal(rule.state["samples"][:, 0, 0, 0], torch.arange(20.0))


def test_then_samples_are_swapped_and_labels_go_with_them():
    rule = Replay(Settings(capacity=16), SITE)
    old = 0
    for number in range(200):
        samples, labels = replayed(rule, number)
        assert torch.equal(samples[:, 0, 0, 0], labels.float())
        assert torch.equal(rule.state["samples"][:, 0, 0, 0], rule.state["labels"].float())
        old += int((labels < number * 8).sum())
        # Nothing is doubled or lost: what is out is not in the pool.
        assert not set(labels.tolist()) & set(rule.state["labels"].tolist()) or number < 2
    assert old / (198 * 8) == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize(("probability", "share"), [(0.0, 0.0), (1.0, 1.0)])
def test_the_probability_is_what_was_asked_for(probability: float, share: float):
    rule = Replay(Settings(capacity=8, probability=probability), SITE)
    replayed(rule, 0)
    _, labels = replayed(rule, 1)
    assert (labels < 8).float().mean().item() == share


def test_a_pool_smaller_than_the_batch_swaps_what_it_holds():
    rule = Replay(Settings(capacity=3, probability=1.0), SITE)
    replayed(rule, 0)
    _, labels = replayed(rule, 1)
    assert sorted(labels[:3].tolist()) == [0, 1, 2] and labels[3:].tolist() == list(range(11, 16))


def test_only_the_discriminators_turn_recalls():
    trainer = make_trainer(tiny(IMAGES, stabilizers={"replay": {"capacity": 8}}))
    pool = trainer.rules.stabilizers["replay"].state["samples"]
    trainer.half_step("generator")
    assert not pool.any()
    trainer.half_step("discriminator")
    assert pool.any() and not pool.requires_grad
    before = pool.clone()
    trainer.half_step("generator")
    assert torch.equal(pool, before)


def test_what_is_judged_is_what_was_recalled():
    """With probability 1 the discriminator's second batch is its first one."""
    trainer = make_trainer(tiny(stabilizers={"replay": {"capacity": 8, "probability": 1.0}}))
    rule = trainer.rules.stabilizers["replay"]
    trainer.half_step("discriminator")
    first = rule.state["samples"].clone()
    seen: list[Tensor] = []
    original = trainer.game.discriminator.judge

    def judge(x: Tensor, labels: Tensor | None = None) -> Any:
        seen.append(x)
        return original(x, labels)

    trainer.game.discriminator.judge = judge  # type: ignore[method-assign]
    trainer.half_step("discriminator")
    assert torch.equal(seen[1].sort(0).values, first.sort(0).values)


def test_codes_comparisons_and_huge_pools_are_refused():
    with pytest.raises(ConfigError, match="lost the codes"):
        tiny(stabilizers={"replay": {}}, conditioning={"by": "codes"}, latent={"continuous": 1})
    huge = Settings(capacity=65536).refuses(tiny(), DataShape("image", 3, 256, 256))
    assert "more than 2 GB" in huge
