"""DCGAN (Radford, Metz, Chintala 2015, arXiv:1511.06434), at 8 to 256 px, square or not.

The reference has four doublings from 4 px to 64 px; other sizes have fewer or more of the same. No batch norm
after the generator's last layer nor after the discriminator's first, no biases beside a normalisation that shifts,
weights from N(0, .02), batch norm gains from N(1, .02), logits without a sigmoid.

``refined`` makes of it the standard network of SNGAN (Miyato 2018, arXiv:1802.05957, table 3): a 3 x 3 convolution at
full size behind the generator's doublings, one before each of the discriminator's halvings and one at the end.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ganstudio.catalog import networks as options
from ganstudio.core.shapes import DataShape, doublings, seed_size, sides
from ganstudio.nets.base import Discriminator, Generator
from ganstudio.nets.layers import SLOPE, has_shift, normalization

STD = 0.02
REFINED_SLOPE = 0.1
"""Of the leaky rectifiers in SNGAN's standard network."""


def initialize(net: nn.Module) -> None:
    """The paper's start: convolutions from N(0, .02), batch norm gains from N(1, .02), shifts and biases 0."""
    for module in net.modules():
        if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
            nn.init.normal_(module.weight, 0.0, STD)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
        elif isinstance(module, nn.BatchNorm2d):
            nn.init.normal_(module.weight, 1.0, STD)
            nn.init.zeros_(module.bias)


class DcganGenerator(Generator):
    """z (N, D) -> images (N, C, H, W) in [-1, 1]."""

    def __init__(self, settings: options.DcganGenerator, latent: int, shape: DataShape) -> None:
        super().__init__()
        steps, self.norm = doublings(shape.height, shape.width), settings.normalization
        self.bias = not has_shift(self.norm)
        channels = settings.base_channels * 2 ** (steps if settings.refined else steps - 1)
        sizes = iter(sides(shape.height, shape.width))
        self.layers = nn.Sequential()
        seed = seed_size(shape.height, shape.width)
        self._block(nn.ConvTranspose2d(latent, channels, seed, 1, 0, bias=self.bias), channels, next(sizes))
        for _ in range(steps if settings.refined else steps - 1):
            grow = nn.ConvTranspose2d(channels, channels // 2, 4, 2, 1, bias=self.bias)
            channels //= 2
            self._block(grow, channels, next(sizes))
        if settings.refined:
            self.layers.append(nn.Conv2d(channels, shape.channels, 3, 1, 1, bias=self.bias))
        else:
            self.layers.append(nn.ConvTranspose2d(channels, shape.channels, 4, 2, 1, bias=self.bias))
        self.layers.append(nn.Tanh())
        initialize(self)

    def _block(self, grow: nn.Module, channels: int, size: int) -> None:
        for layer in (grow, *normalization(self.norm, channels), nn.ReLU(inplace=True)):
            self.layers.append(layer)
        self.stages[size] = (f"layers.{len(self.layers) - 1}", channels)

    def synthesize(self, z: Tensor, labels: Tensor | None) -> Tensor:
        """One image for each latent."""
        seed = z[:, :, None, None].contiguous(memory_format=torch.channels_last)
        return self.layers(seed)


class DcganDiscriminator(Discriminator):
    """Images (N, C, H, W) -> logits (N,)."""

    def __init__(self, settings: options.DcganDiscriminator, shape: DataShape) -> None:
        super().__init__()
        self.norm, self.slope = settings.normalization, REFINED_SLOPE if settings.refined else SLOPE
        self.seed = seed_size(shape.height, shape.width)
        self.layers = nn.Sequential()
        inner, channels, bias = shape.channels, settings.base_channels, not has_shift(self.norm)
        for size in reversed(sides(shape.height, shape.width)[:-1]):
            if settings.refined:
                self._block(nn.Conv2d(inner, channels, 3, 1, 1, bias=bias), channels)
                inner = channels
            self._block(nn.Conv2d(inner, channels, 4, 2, 1, bias=bias), channels)
            self.stages[size] = (f"layers.{len(self.layers) - 1}", channels)
            inner, channels = channels, channels * 2
        if settings.refined:
            self._block(nn.Conv2d(inner, channels, 3, 1, 1, bias=bias), channels)
            inner = channels
        self.finish(inner, area=self.seed[0] * self.seed[1])
        initialize(self)

    def _block(self, shrink: nn.Module, channels: int) -> None:
        """A convolution with its normalisation, which the first one of all has not."""
        norm = normalization(self.norm, channels) if len(self.layers) else []
        for layer in (shrink, *norm, nn.LeakyReLU(self.slope, inplace=True)):
            self.layers.append(layer)

    def make_last(self, channels: int) -> nn.Module:
        """A convolution over the whole of what is left: one number for each image."""
        last = nn.Conv2d(channels, 1, self.seed, 1, 0, bias=False)
        initialize(last)
        return last

    def trunk(self, x: Tensor) -> Tensor:
        """The feature maps before the last layer."""
        return self.layers(x)
