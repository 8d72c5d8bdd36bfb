"""The networks of StyleGAN2 (Karras 2020, arXiv:1912.04958, sections 2 and 4), sized by their widths.

The generator sums up what each size adds to the picture (skips), the discriminator is residual: the pair that the paper
chose (section 4.1, table 2). Minibatch standard deviation, path length and R1 are stabilizers and labels in the
discriminator a way of conditioning: none of them is built in here.
"""

from __future__ import annotations

from itertools import pairwise
from math import sqrt

import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d, leaky_relu

from ganstudio.catalog import networks_style as options
from ganstudio.core.shapes import DataShape, seed_size, sides
from ganstudio.nets.base import Discriminator
from ganstudio.nets.counted import PixelNoise
from ganstudio.nets.equalized import EqualizedConv2d, EqualizedLinear
from ganstudio.nets.filters import doubled, halved, kernel, resample
from ganstudio.nets.layers import SLOPE
from ganstudio.nets.mapping import MappingNetwork
from ganstudio.nets.modulated import BINOMIAL, GrowingModulatedConv2d, ModulatedConv2d
from ganstudio.nets.style_base import StyleGenerator

Settings = options.Stylegan2Generator | options.Stylegan2Discriminator
KEEP = 0.998
"""Share of an old average of w in each pass."""


def widths_of(settings: Settings, shape: DataShape) -> list[int]:
    """Channels at each size, from the seed to the picture."""
    halvings = range(len(sides(shape.height, shape.width)) - 1, -1, -1)
    return [min(settings.base_channels << k, settings.most_channels) for k in halvings]


class StyledConv(nn.Module):
    """Modulated 3 x 3 convolution, noise, shift, leaky rectifier times sqrt 2 (figure 2d)."""

    def __init__(
        self, inner: int, outer: int, side: int, settings: options.Stylegan2Generator, grows: bool
    ) -> None:
        super().__init__()
        width = settings.style
        self.conv = (GrowingModulatedConv2d if grows else ModulatedConv2d)(inner, outer, width)
        self.noise = PixelNoise(side, side) if settings.noise else None
        self.bias = nn.Parameter(torch.zeros(outer))

    def forward(self, x: Tensor, w: Tensor, noise: str) -> Tensor:
        """Maps (N, inner, H, W) and styles (N, width) -> (N, outer, side, side)."""
        x = self.conv(x, w)
        if self.noise is not None:
            x = self.noise(x, noise)
        return leaky_relu(x + self.bias.to(x.dtype)[:, None, None], SLOPE) * sqrt(2)


class ToPicture(nn.Module):
    """Feature maps to colours by a modulated 1 x 1 convolution without demodulation."""

    def __init__(self, channels: int, colours: int, width: int) -> None:
        super().__init__()
        self.conv = ModulatedConv2d(channels, colours, width, 1, demodulate=False)
        self.bias = nn.Parameter(torch.zeros(colours))

    def forward(self, x: Tensor, w: Tensor) -> Tensor:
        """Maps (N, channels, H, W) and styles (N, width) -> (N, colours, H, W)."""
        return self.conv(x, w) + self.bias.to(x.dtype)[:, None, None]


class Stylegan2Generator(StyleGenerator):
    """z (N, D), and labels where it is class-conditional, -> images (N, C, R, R), about in [-1, 1] but not bounded.

    Rows of styles: one for the seed's convolution, two for those of each further size, one for the last colours. The
    colours of a size listen to the row of the next size's first convolution.
    """

    taps: Tensor

    def __init__(self, settings: options.Stylegan2Generator, latent: int, shape: DataShape) -> None:
        super().__init__()
        sizes, widths = sides(shape.height, shape.width), widths_of(settings, shape)
        width = settings.style
        self.mapping = MappingNetwork(latent, shape.classes, width, settings.mapping, keep=KEEP)
        self.mix_styles(settings.mixing)
        self.seed = nn.Parameter(torch.randn(widths[0], *seed_size(shape.height, shape.width)))
        self.layers = nn.ModuleList([StyledConv(widths[0], widths[0], sizes[0], settings, grows=False)])
        self.colours, self.places = nn.ModuleList(), nn.ModuleList()
        self.style_rows = (sizes[0],)
        for k, (side, outer) in enumerate(zip(sizes, widths, strict=True)):
            if k:
                self.layers.append(StyledConv(widths[k - 1], outer, side, settings, grows=True))
                self.layers.append(StyledConv(outer, outer, side, settings, grows=False))
                self.style_rows += (side, side)
            self.colours.append(ToPicture(outer, shape.channels, width))
            self.places.append(nn.Identity())
            self.stages[side] = (f"places.{k}", outer)
        self.style_rows += (sizes[-1],)
        self.register_buffer("taps", kernel(BINOMIAL), persistent=False)

    def render(self, ws: Tensor, noise: str = "") -> Tensor:
        """Pictures for styles (N, rows, width); ``noise`` as for every style-based generator."""
        rows = ws.unbind(1)
        seed = self.seed.expand(ws.shape[0], -1, -1, -1)
        x = self.layers[0](seed.contiguous(memory_format=torch.channels_last), rows[0], noise)
        x = self.places[0](x)
        picture = self.colours[0](x, rows[1])
        for k in range(1, len(self.colours)):
            x = self.layers[2 * k - 1](x, rows[2 * k - 1], noise)
            x = self.places[k](self.layers[2 * k](x, rows[2 * k], noise))
            picture = doubled(picture, self.taps) + self.colours[k](x, rows[2 * k + 1])
        return picture


class ShrinkingConv2d(EqualizedConv2d):
    """(N, inputs, H, W) -> (N, outputs, H/2, W/2): binomial filter, then a 3 x 3 convolution at stride 2."""

    taps: Tensor

    def __init__(self, inputs: int, outputs: int, gain: float) -> None:
        super().__init__(inputs, outputs, 3, gain=gain)
        self.register_buffer("taps", kernel(BINOMIAL), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        """The convolution of the filtered maps at every other pixel."""
        return conv2d(
            resample(x, self.taps, padding=(2, 2, 2, 2)), self.weight * self.scale, self.bias, stride=2
        )


class DownBlock(nn.Module):
    """Two convolutions beside a 1 x 1 one, the sum over sqrt 2; (N, inner, H, W) -> (N, outer, H/2, W/2)."""

    taps: Tensor

    def __init__(self, inner: int, outer: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            EqualizedConv2d(inner, inner, gain=sqrt(2)),
            nn.LeakyReLU(SLOPE),
            ShrinkingConv2d(inner, outer, gain=sqrt(2)),
            nn.LeakyReLU(SLOPE),
        )
        self.around = EqualizedConv2d(inner, outer, 1, bias=False)
        self.register_buffer("taps", kernel(BINOMIAL), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        """The input, halved, and what the two convolutions make of it."""
        return (self.layers(x) + self.around(halved(x, self.taps))) * sqrt(0.5)


class Stylegan2Discriminator(Discriminator):
    """Images (N, C, R, R) -> logits (N,)."""

    def __init__(self, settings: options.Stylegan2Discriminator, shape: DataShape) -> None:
        super().__init__()
        sizes, widths = sides(shape.height, shape.width)[::-1], widths_of(settings, shape)[::-1]
        self.first = nn.Sequential(
            EqualizedConv2d(shape.channels, widths[0], 1, gain=sqrt(2)), nn.LeakyReLU(SLOPE)
        )
        self.layers = nn.Sequential()
        for k, (inner, outer) in enumerate(pairwise(widths)):
            self.layers.append(DownBlock(inner, outer))
            self.stages[sizes[k + 1]] = (f"layers.{k}", outer)
        self.seed = seed_size(shape.height, shape.width)
        self.finish(widths[-1], self.seed[0] * self.seed[1])

    def make_last(self, channels: int) -> nn.Module:
        """A 3 x 3 convolution, a hidden layer, one logit."""
        width = self.channels
        return nn.Sequential(
            EqualizedConv2d(channels, width, gain=sqrt(2)),
            nn.LeakyReLU(SLOPE),
            nn.Flatten(),
            EqualizedLinear(width * self.area, width, gain=sqrt(2)),
            nn.LeakyReLU(SLOPE),
            EqualizedLinear(width, 1),
        )

    def trunk(self, x: Tensor) -> Tensor:
        """The feature maps of the smallest size, (N, channels, 4, 4)."""
        return self.layers(self.first(x))
