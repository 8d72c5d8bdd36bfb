"""Every variant with every kind of data, loss, optimizer and stabilizer: builds, trains, saves, loads, samples."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from support.tiny import assert_same_state, make_trainer

from ganstudio.catalog.optimizers import OPTIMIZERS
from ganstudio.catalog.resolve import resolve
from ganstudio.catalog.stabilizers import STABILIZERS
from ganstudio.catalog.variants import VARIANTS
from ganstudio.core.config import RunConfig
from ganstudio.core.runs import RunFolder
from ganstudio.training import checkpoint

SOURCES = {"image": {"source": "digits", "resolution": 8}, "points": {"source": "mixture-3"}}
SMALL: dict[str, dict[str, Any]] = {
    "mlp": {"width": 8, "depth": 2},
    "dcgan": {"base_channels": 4},
}


def small(name: str, data: str, **more: Any) -> RunConfig:
    """The variant with networks of the size of a test."""
    variant = VARIANTS[name]
    table: dict[str, Any] = {
        "variant": name,
        "data": SOURCES[data],
        "batch_size": 8,
        "latent": {"dimension": 4},
        "generator": SMALL[variant.generator[data].kind],
        "discriminator": SMALL[variant.discriminator[data].kind],
        "compute": {"device": "cpu"},
    }
    return resolve(table | more)


def entries() -> Iterator[Any]:
    for name, variant in VARIANTS.items():
        for data in variant.data:
            changes: dict[str, dict[str, Any]] = {"plain": {}}
            changes |= {loss: {"objective": {"loss": loss}} for loss in variant.objectives}
            changes |= {kind: {"stabilizers": {kind: {}}} for kind in STABILIZERS}
            changes["all-stabilizers"] = {"stabilizers": {kind: {} for kind in STABILIZERS}}
            for kind in OPTIMIZERS:
                player = {"kind": kind, "lr": 1e-3}
                changes[kind] = {"optimizer": {"generator": player, "discriminator": player}}
            momentum = {"kind": "sgd", "lr": 1e-3, "momentum": 0.9}
            changes["momentum"] = {"optimizer": {"generator": momentum, "discriminator": momentum}}
            for label, change in changes.items():
                yield pytest.param(name, data, change, id=f"{name}-{data}-{label}")


@pytest.mark.parametrize(("name", "data", "change"), list(entries()))
def test_entry(name: str, data: str, change: dict[str, Any], tmp_path: Path):
    config = small(name, data, **change)
    trainer, run = make_trainer(config), RunFolder(tmp_path)
    for _ in range(2):
        trainer.step()
    checkpoint.save(trainer, run, 1.5)
    stored = checkpoint.read(run.checkpoint_path(2))
    assert stored.config == config and stored.step == 2 and stored.seconds == 1.5
    again = make_trainer(stored.config)
    checkpoint.restore(again, stored.state)
    assert_same_state(again, trainer)
    samples = again.sample(range(5))
    assert samples.shape == (5, *again.feed.shape.size) and torch.isfinite(samples).all()
    assert torch.equal(samples, trainer.sample(range(5)))
    for _ in range(2):  # 2 k steps at once, or k, save, load and k more: the same to the last bit
        trainer.step()
        again.step()
    assert_same_state(again, trainer)
