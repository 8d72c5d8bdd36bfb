"""The averaged generator."""

from __future__ import annotations

import pytest
import torch
from support.tiny import IMAGES, make_trainer, tiny
from torch import nn

from ganstudio.core.config import Ema
from ganstudio.training.ema import AverageWeights, decay


@pytest.mark.parametrize("batch", [1, 64, 1000])
def test_half_life(batch: int):
    """After as many images as the half-life an old weight counts half."""
    settings = Ema(half_life=8000.0, ramp=0)
    assert decay(settings, batch, 0) == pytest.approx(0.5 ** (batch / 8000))
    updates = 8000 // batch
    assert decay(settings, batch, 0) ** updates == pytest.approx(0.5)


def test_the_ramp_limits_the_half_life_to_a_share_of_the_images_seen():
    settings = Ema(half_life=4000.0, ramp=0.05)
    assert decay(settings, 64, 6400) == pytest.approx(0.5 ** (64 / 320))
    assert decay(settings, 64, 80_000) == pytest.approx(0.5 ** (64 / 4000))
    assert decay(settings, 64, 10**9) == pytest.approx(0.5 ** (64 / 4000))
    assert decay(settings, 64, 0) == 0


def test_half_life_zero_switches_the_average_off():
    assert decay(Ema(half_life=0.0), 64, 10**6) == 0
    trainer = make_trainer(tiny(IMAGES, ema={"half_life": 0.0}))
    for _ in range(3):
        trainer.step()
    ours, theirs = trainer.average.net.state_dict(), trainer.players["generator"].net.state_dict()
    assert all(torch.equal(ours[name], tensor) for name, tensor in theirs.items())


def test_update_by_hand_and_buffers_are_copied():
    net = nn.BatchNorm1d(2)
    average = AverageWeights(net)
    with torch.no_grad():
        net.weight.copy_(torch.tensor([3.0, 5.0]))
        net.running_mean.copy_(torch.tensor([7.0, -7.0]))  # type: ignore[union-attr]
        net.num_batches_tracked.fill_(9)  # type: ignore[union-attr]
    average.update(0.75)
    assert torch.allclose(average.net.weight, torch.tensor([1.5, 2.0]))  # type: ignore[arg-type]
    average.update(0.75)
    assert torch.allclose(average.net.weight, torch.tensor([1.875, 2.75]))  # type: ignore[arg-type]
    assert torch.equal(average.net.running_mean, net.running_mean)  # type: ignore[arg-type]
    assert average.net.num_batches_tracked == 9


def test_the_average_is_apart_and_needs_no_gradients():
    net = nn.Linear(2, 2)
    average = AverageWeights(net)
    assert not average.net.training and not any(p.requires_grad for p in average.net.parameters())
    before = average.net.weight.clone()  # type: ignore[operator]
    with torch.no_grad():
        net.weight.add_(1)
    assert torch.equal(average.net.weight, before)  # type: ignore[arg-type]


def test_trainer_moves_the_average_by_the_formula():
    config = tiny(ema={"half_life": 100.0, "ramp": 0.5})
    trainer = make_trainer(config)
    wanted = [p.detach().clone() for p in trainer.average.net.parameters()]
    for step in range(1, 6):
        trainer.step()
        keep = 0.5 ** (8 / min(100, 8 * step * 0.5))
        for mine, theirs in zip(wanted, trainer.players["generator"].net.parameters(), strict=True):
            mine.lerp_(theirs.detach(), 1 - keep)
    for found, mine in zip(trainer.average.net.parameters(), wanted, strict=True):
        assert torch.allclose(found, mine, atol=1e-7)
