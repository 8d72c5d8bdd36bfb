"""DCGAN (Radford, Metz, Chintala 2015, arXiv:1511.06434), at 8 to 128 px.

The reference has four doublings from 4 px to 64 px; other sizes have fewer or more of the same. No batch norm
after the generator's last layer nor after the discriminator's first, no biases, weights from N(0, .02), batch
norm gains from N(1, .02), logits without a sigmoid.
"""

from __future__ import annotations

from math import log2

import torch
from torch import Tensor, nn

from ganstudio.catalog import networks as options
from ganstudio.core.shapes import DataShape
from ganstudio.nets.base import Discriminator, Generator

SLOPE = 0.2
STD = 0.02


def doublings(resolution: int) -> int:
    """How often 4 px must double to reach the resolution."""
    return int(log2(resolution)) - 2


def initialize(net: nn.Module) -> None:
    """The paper's start: convolutions from N(0, .02), batch norm gains from N(1, .02), shifts 0."""
    for module in net.modules():
        if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
            nn.init.normal_(module.weight, 0.0, STD)
        elif isinstance(module, nn.BatchNorm2d):
            nn.init.normal_(module.weight, 1.0, STD)
            nn.init.zeros_(module.bias)


def norm(name: str, channels: int) -> list[nn.Module]:
    """Batch norm, or nothing."""
    return [nn.BatchNorm2d(channels)] if name == "batch" else []


class DcganGenerator(Generator):
    """z (N, D) -> images (N, C, R, R) in [-1, 1]."""

    def __init__(self, settings: options.DcganGenerator, latent: int, shape: DataShape) -> None:
        super().__init__()
        steps = doublings(shape.height)
        channels = settings.base_channels * 2 ** (steps - 1)
        layers: list[nn.Module] = [
            nn.ConvTranspose2d(latent, channels, 4, 1, 0, bias=False),
            *norm(settings.normalization, channels),
            nn.ReLU(inplace=True),
        ]
        for _ in range(steps - 1):
            layers += [
                nn.ConvTranspose2d(channels, channels // 2, 4, 2, 1, bias=False),
                *norm(settings.normalization, channels // 2),
                nn.ReLU(inplace=True),
            ]
            channels //= 2
        layers += [nn.ConvTranspose2d(channels, shape.channels, 4, 2, 1, bias=False), nn.Tanh()]
        self.layers = nn.Sequential(*layers)
        initialize(self)

    def synthesize(self, z: Tensor, labels: Tensor | None) -> Tensor:
        """One image for each latent."""
        seed = z[:, :, None, None].contiguous(memory_format=torch.channels_last)
        return self.layers(seed)


class DcganDiscriminator(Discriminator):
    """Images (N, C, R, R) -> logits (N,)."""

    def __init__(self, settings: options.DcganDiscriminator, shape: DataShape) -> None:
        super().__init__()
        channels = settings.base_channels
        layers: list[nn.Module] = [
            nn.Conv2d(shape.channels, channels, 4, 2, 1, bias=False),
            nn.LeakyReLU(SLOPE, inplace=True),
        ]
        for _ in range(doublings(shape.height) - 1):
            layers += [
                nn.Conv2d(channels, channels * 2, 4, 2, 1, bias=False),
                *norm(settings.normalization, channels * 2),
                nn.LeakyReLU(SLOPE, inplace=True),
            ]
            channels *= 2
        self.layers = nn.Sequential(*layers)
        self.finish(channels, area=16)
        initialize(self)

    def make_last(self, channels: int) -> nn.Module:
        """A convolution over the whole of what is left: one number for each image."""
        last = nn.Conv2d(channels, 1, 4, 1, 0, bias=False)
        initialize(last)
        return last

    def trunk(self, x: Tensor) -> Tensor:
        """The feature maps before the last layer."""
        return self.layers(x)
