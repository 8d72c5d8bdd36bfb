"""Runs so small that a step takes a millisecond or two."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor

from ganstudio.catalog.resolve import merge, resolve
from ganstudio.core.config import RunConfig
from ganstudio.data import load, make_feed
from ganstudio.training.checkpoint import Snapshot, snapshot
from ganstudio.training.trainer import Trainer

torch.set_num_threads(1)  # such small sums are slower on more

POINTS: dict[str, Any] = {
    "variant": "gan",
    "data": {"source": "ring"},
    "batch_size": 8,
    "latent": {"dimension": 4},
    "generator": {"width": 16, "depth": 2},
    "discriminator": {"width": 16, "depth": 2},
    "samples": {"count": 4},
    "compute": {"device": "cpu", "threads": 1},
}
IMAGES: dict[str, Any] = {
    "variant": "dcgan",
    "data": {"source": "digits", "resolution": 8},
    "batch_size": 8,
    "latent": {"dimension": 8},
    "generator": {"base_channels": 4},
    "discriminator": {"base_channels": 4},
    "samples": {"count": 4},
    "compute": {"device": "cpu", "threads": 1},
}


def tiny(base: Mapping[str, Any] = POINTS, **changes: Any) -> RunConfig:
    """A small config with some tables or values changed."""
    return resolve(merge(base, changes))


def make_trainer(config: RunConfig, device: str = "cpu") -> Trainer:
    """A fresh trainer for a config."""
    place = torch.device(device)
    return Trainer(config, make_feed(load(config.data), place, config.seed), place)


def trained(config: RunConfig, steps: int) -> Trainer:
    """A trainer after so many steps."""
    trainer = make_trainer(config)
    for _ in range(steps):
        trainer.step()
    return trainer


def readings(trainer: Trainer, steps: int = 5) -> dict[str, float]:
    """What a trainer measures over its next steps, by name."""
    trainer.measure = True
    trainer.meter.clear()
    for _ in range(steps):
        trainer.step()
    return trainer.meter.read(True)


@contextmanager
def never_waiting() -> Iterator[None]:
    """On CUDA any wait of the host for the device raises."""
    torch.cuda.set_sync_debug_mode("error")
    try:
        yield
    finally:
        torch.cuda.set_sync_debug_mode("default")


def tensors_of(trainer: Trainer) -> dict[str, Tensor]:
    """Copies of all tensors that training goes by: networks, average, optimizers."""
    return all_tensors(snapshot(trainer, copy=True))


def all_tensors(state: Snapshot) -> dict[str, Tensor]:
    """Weights and optimizer state by name; no name is in both."""
    assert not state.weights.keys() & state.optimizers.keys()
    return state.weights | {f"optimizer {name}": tensor for name, tensor in state.optimizers.items()}


def assert_same_tensors(found: Mapping[str, Tensor], wanted: Mapping[str, Tensor]) -> None:
    """Bit for bit, name for name."""
    assert found.keys() == wanted.keys()
    different = [name for name, tensor in wanted.items() if not torch.equal(found[name], tensor)]
    assert not different, f"{len(different)} of {len(wanted)} differ, first {different[0]}"


def assert_same_state(found: Trainer, wanted: Trainer) -> None:
    """Equal tensors and equal counters: they will train on equally."""
    assert snapshot(found).counters == snapshot(wanted).counters
    assert_same_tensors(tensors_of(found), tensors_of(wanted))
