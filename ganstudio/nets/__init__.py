"""Networks, a family per file, registered under the names of the catalogue."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from ganstudio.core.shapes import DataShape
from ganstudio.nets import (
    autoencoder,
    biggan,
    dcgan,
    mlp,
    progan,
    r3gan,
    resnet,
    stylegan,
    stylegan2,
    stylegan3,
)
from ganstudio.nets.base import Discriminator, Generator

# A generator's shape has classes only where its own layers may be class-conditional.
GENERATORS: dict[str, Callable[[Any, int, DataShape], Generator]] = {
    "mlp": mlp.MlpGenerator,
    "dcgan": dcgan.DcganGenerator,
    "resnet": resnet.ResnetGenerator,
    "biggan": biggan.BigganGenerator,
    "began": autoencoder.BeganGenerator,
    "r3gan": r3gan.R3ganGenerator,
    "progan": progan.ProganGenerator,
    "stylegan": stylegan.StyleganGenerator,
    "stylegan2": stylegan2.Stylegan2Generator,
    "stylegan3": stylegan3.Stylegan3Generator,
}
DISCRIMINATORS: dict[str, Callable[[Any, DataShape], Discriminator]] = {
    "mlp": mlp.MlpDiscriminator,
    "dcgan": dcgan.DcganDiscriminator,
    "resnet": resnet.ResnetDiscriminator,
    "biggan": biggan.BigganDiscriminator,
    "autoencoder": autoencoder.Autoencoder,
    "began": autoencoder.BeganAutoencoder,
    "mlp-autoencoder": autoencoder.MlpAutoencoder,
    "r3gan": r3gan.R3ganDiscriminator,
    "progan": progan.ProganDiscriminator,
    "stylegan": stylegan.StyleganDiscriminator,
    "stylegan2": stylegan2.Stylegan2Discriminator,
}


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
