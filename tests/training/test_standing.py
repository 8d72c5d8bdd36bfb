"""Standing statistics: measured for the averaged weights, on a copy, the same wherever they are measured."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from support.tiny import IMAGES, assert_same_state, make_trainer, tiny, trained
from torch import nn

from ganstudio.core.config import Latent
from ganstudio.core.runs import RunFolder
from ganstudio.latent.sampling import load_generator, sample_images
from ganstudio.training import checkpoint
from ganstudio.training.standing import BATCHES, measured

STANDING: dict[str, Any] = {"ema": {"statistics": "standing", "half_life": 1000.0, "ramp": 0.0}}
CLASSES: dict[str, Any] = {
    "generator": {"network": "biggan", "base_channels": 2, "embedding": 4},
    "discriminator": {"normalization": "none"},
    "conditioning": {"by": "projection"},
}


class Shifted(nn.Module):
    """z -> 3 z + 5, behind a batch norm that remembers what it saw."""

    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.BatchNorm1d(4)

    def forward(self, z: torch.Tensor) -> torch.Tensor:
        """(N, 4) -> (N, 4)."""
        return self.norm(3 * z + 5)


def test_statistics_are_those_of_what_comes_by():
    config = tiny(batch_size=512, latent={"dimension": 4, "prior": "normal"})
    assert config.latent == Latent(dimension=4)
    net = Shifted()
    found = measured(net, config, 0, torch.device("cpu"))
    assert isinstance(found, Shifted) and not found.training and not found.norm.training
    assert found.norm.num_batches_tracked == BATCHES
    assert torch.allclose(found.norm.running_mean, torch.full((4,), 5.0), atol=0.15)  # type: ignore[arg-type]
    assert torch.allclose(found.norm.running_var, torch.full((4,), 9.0), atol=0.5)  # type: ignore[arg-type]
    assert net.norm.num_batches_tracked == 0 and net.norm.momentum == 0.1


@pytest.mark.parametrize("more", [{}, CLASSES], ids=["plain", "classes"])
def test_looking_changes_nothing_in_training(more: dict[str, Any]):
    looked, blind = trained(tiny(IMAGES, **STANDING, **more), 2), trained(tiny(IMAGES, **STANDING, **more), 2)
    for _ in range(2):
        looked.sample(range(3))
        looked.step()
        blind.step()
    assert_same_state(looked, blind)


def test_copied_and_standing_statistics_give_other_samples_of_the_same_weights():
    trainer = trained(tiny(IMAGES, **STANDING), 3)
    standing = trainer.sample(range(5))
    trainer.adopt(tiny(IMAGES, ema={"statistics": "copied", "half_life": 1000.0, "ramp": 0.0}))
    assert not torch.equal(trainer.sample(range(5)), standing)


def test_they_are_measured_anew_after_every_step_and_only_then(monkeypatch: pytest.MonkeyPatch):
    trainer = make_trainer(tiny(IMAGES, **STANDING))
    calls: list[int] = []
    monkeypatch.setattr("ganstudio.training.standing.measured", lambda *a: calls.append(1) or measured(*a))
    for _ in range(2):
        trainer.sample(range(2))
        trainer.sample(range(2))
        trainer.step()
    assert len(calls) == 2


@pytest.mark.parametrize("more", [{}, CLASSES], ids=["plain", "classes"])
def test_a_loaded_generator_measures_the_same(tmp_path: Path, more: dict[str, Any]):
    trainer, run = trained(tiny(IMAGES, **STANDING, **more), 3), RunFolder(tmp_path)
    checkpoint.save(trainer, run, 1.0)
    assert torch.equal(sample_images(load_generator(run), range(6)), trainer.sample(range(6)))


def test_without_batch_norm_there_is_nothing_to_measure():
    trainer = trained(tiny(IMAGES, generator={"normalization": "none"}, **STANDING), 1)
    trainer.sample(range(2))
    assert trainer.standing.known is None
