"""Networks, a family per file, registered under the names of the catalogue."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from ganstudio.core.config import RunConfig
from ganstudio.core.seeds import derive
from ganstudio.core.shapes import DataShape
from ganstudio.nets import dcgan, mlp

GENERATORS: dict[str, Callable[[Any, int, DataShape], nn.Module]] = {
    "mlp": mlp.MlpGenerator,
    "dcgan": dcgan.DcganGenerator,
}
DISCRIMINATORS: dict[str, Callable[[Any, DataShape], nn.Module]] = {
    "mlp": mlp.MlpDiscriminator,
    "dcgan": dcgan.DcganDiscriminator,
}


def build_generator(config: RunConfig, shape: DataShape) -> nn.Module:
    """The generator of a run on the CPU, freshly initialised: (N, latent dimension) -> (N, *shape.size)."""
    with seeded(derive(config.seed, "weights", 0)):
        return GENERATORS[config.generator.kind](config.generator, config.latent.dimension, shape)


def build_discriminator(config: RunConfig, shape: DataShape) -> nn.Module:
    """The discriminator of a run on the CPU, freshly initialised: (N, *shape.size) -> logits (N,)."""
    with seeded(derive(config.seed, "weights", 1)):
        return DISCRIMINATORS[config.discriminator.kind](config.discriminator, shape)


class seeded:
    """Within the block, torch's CPU random numbers start at ``seed``; afterwards they go on as if nothing happened."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def __enter__(self) -> None:
        self.before = torch.get_rng_state()
        torch.default_generator.manual_seed(self.seed)

    def __exit__(self, *_: object) -> None:
        torch.set_rng_state(self.before)


def parameter_count(net: nn.Module) -> int:
    """How many numbers a network learns."""
    return sum(p.numel() for p in net.parameters())
