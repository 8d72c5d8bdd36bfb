"""The networks of the progressive GAN (Karras 2018, arXiv:1710.10196, table 2 and appendix A), sized by width.

Two convolutions at each size, all layers with an equalised learning rate, pixelwise normalisation in the generator.
The way out of (into) every size is a 1 x 1 convolution; which one is used, and how it blends with the one before, is
what :class:`~ganstudio.nets.growth.Growth` says. In training pictures have the size that the networks have grown to;
in evaluation the generator enlarges them to full size. Minibatch standard deviation is a stabilizer.
"""

from __future__ import annotations

from math import sqrt

import torch
from torch import Tensor, nn

from ganstudio.catalog import networks_growing as options
from ganstudio.core.shapes import SEED_SIDE, DataShape
from ganstudio.nets.base import Discriminator, Generator
from ganstudio.nets.equalized import EqualizedConv2d, EqualizedLinear
from ganstudio.nets.growth import Growth, enlarged
from ganstudio.nets.layers import SLOPE, PixelNorm, doubled, halved

GAIN = sqrt(2)
"""He's gain, for a layer before a rectifier."""
AREA = SEED_SIDE**2


class Double(nn.Module):
    """(N, C, H, W) -> (N, C, 2H, 2W): every pixel four times."""

    def forward(self, x: Tensor) -> Tensor:
        """The larger maps."""
        return doubled(x)


class Halve(nn.Module):
    """(N, C, H, W) -> (N, C, H/2, W/2): means of two by two pixels."""

    def forward(self, x: Tensor) -> Tensor:
        """The smaller maps."""
        return halved(x)


def convolution(inputs: int, outputs: int) -> list[nn.Module]:
    """A 3 x 3 convolution with its rectifier."""
    return [EqualizedConv2d(inputs, outputs, 3, gain=GAIN), nn.LeakyReLU(SLOPE)]


class Exits(nn.ModuleList):
    """The ways out of a generator that grows: a 1 x 1 convolution to so many ``colours`` for each size up to ``side``
    px, the smallest first."""

    def __init__(self, colours: int, side: int) -> None:
        super().__init__()
        self.colours, self.side = colours, side

    def add(self, channels: int) -> None:
        """One more, from maps of so many channels."""
        self.append(EqualizedConv2d(channels, self.colours, 1))

    def picture(self, x: Tensor, before: Tensor, level: int, alpha: float) -> Tensor:
        """Pictures from the maps of a level, which has faded in by ``alpha``, and from those of the level below.

        In evaluation they are enlarged to full size.
        """
        image = self[level](x)
        if level and alpha < 1:
            image = torch.lerp(doubled(self[level - 1](before)), image, alpha)
        return image if self.training else enlarged(image, self.side)


class ProganGenerator(Generator):
    """z (N, D) -> images (N, C, H, W), about in [-1, 1] but not bounded: there is no tanh."""

    def __init__(self, settings: options.ProganGenerator, latent: int, shape: DataShape) -> None:
        super().__init__()
        widths, sizes = settings.widths(shape), settings.stages(shape)
        self.growth = Growth(len(sizes))
        # A fourth of He's gain, as in the authors' program; the normalisation behind it leaves only its learning rate.
        seed = EqualizedLinear(latent, widths[0] * AREA, gain=GAIN / 4)
        self.first = nn.Sequential(
            PixelNorm(), seed, nn.Unflatten(1, (widths[0], SEED_SIDE, SEED_SIDE)), nn.LeakyReLU(SLOPE), PixelNorm(),
            *convolution(widths[0], widths[0]), PixelNorm(),
        )  # fmt: skip
        self.blocks, self.leave = nn.ModuleList(), Exits(shape.channels, shape.height)
        for k, outer in enumerate(widths):
            if k:
                grow = (
                    *convolution(widths[k - 1], outer),
                    PixelNorm(),
                    *convolution(outer, outer),
                    PixelNorm(),
                )
                self.blocks.append(nn.Sequential(Double(), *grow))
            self.stages[sizes[k]] = (f"blocks.{k - 1}" if k else "first", outer)
            self.leave.add(outer)

    def synthesize(self, z: Tensor, labels: Tensor | None) -> Tensor:
        """One image for each latent, of the size grown to; of full size in evaluation."""
        level, alpha = self.growth.read()
        x = before = self.first(z)
        for block in list(self.blocks)[:level]:
            before, x = x, block(x)
        return self.leave.picture(x, before, level, alpha)


class GrowingDiscriminator(Discriminator):
    """Images (N, C, H, W) of the size grown to -> logits (N,). A family makes the blocks that halve."""

    def __init__(self, settings: options.GrowingNetwork, shape: DataShape) -> None:
        super().__init__()
        widths, sizes = settings.widths(shape), settings.stages(shape)
        self.growth = Growth(len(sizes))
        self.blocks, self.enter = nn.ModuleList(), nn.ModuleList()
        for k, width in enumerate(widths):
            enter = EqualizedConv2d(shape.channels, width, 1, gain=GAIN)
            self.enter.append(nn.Sequential(enter, nn.LeakyReLU(SLOPE)))
            if k:
                self.blocks.append(self.make_block(width, widths[k - 1]))
                self.stages[sizes[k - 1]] = (f"blocks.{k - 1}", widths[k - 1])
        self.stages[sizes[-1]] = (f"enter.{len(sizes) - 1}", widths[-1])
        self.finish(widths[0], AREA)

    def make_block(self, inner: int, outer: int) -> nn.Module:
        """Maps (N, inner, H, W) -> (N, outer, H/2, W/2)."""
        raise AssertionError(f"{type(self).__name__} does not say how it halves")

    def make_last(self, channels: int) -> nn.Module:
        """A convolution, then two layers over all that is left."""
        width = self.channels
        return nn.Sequential(
            *convolution(channels, width), nn.Flatten(), EqualizedLinear(width * AREA, width, gain=GAIN),
            nn.LeakyReLU(SLOPE), EqualizedLinear(width, 1),
        )  # fmt: skip

    def trunk(self, x: Tensor) -> Tensor:
        """The feature maps of 4 px."""
        level, alpha = self.growth.read()
        seen = self.enter[level](x)
        for k in range(level, 0, -1):
            seen = self.blocks[k - 1](seen)
            if k == level and alpha < 1:
                seen = torch.lerp(self.enter[k - 1](halved(x)), seen, alpha)
        return seen


class ProganDiscriminator(GrowingDiscriminator):
    """The progressive GAN's: means of two by two pixels behind two convolutions."""

    def make_block(self, inner: int, outer: int) -> nn.Module:
        """Two convolutions, then half the size."""
        return nn.Sequential(*convolution(inner, inner), *convolution(inner, outer), Halve())
