"""The networks of R3GAN (Huang 2024, arXiv:2501.05441, section 3 and appendix), sized by width and blocks.

Residual blocks without normalisation: 1 x 1 to the inner width, grouped 3 x 3, 1 x 1 back, each activation with a
shift of its own. The last convolution begins at zero, the others at fix-up's scale: He's gain times L^(-1/(2m-2)) with
L blocks in the network and m = 3 convolutions in a block (Zhang 2019, arXiv:1901.09321, section 3).
"""

from __future__ import annotations

from math import gcd, sqrt

import torch
from torch import Tensor, nn

from ganstudio.catalog import networks_r3gan as options
from ganstudio.core.shapes import DataShape, seed_size, sides
from ganstudio.nets.base import Discriminator, Generator
from ganstudio.nets.layers import BiasedActivation, Down, Up

WIDE_UP_TO = 32
"""Pixels of the shorter side up to which feature maps have the full width."""
CONVOLUTIONS = 3
"""In a residual branch."""

Settings = options.R3ganGenerator | options.R3ganDiscriminator


def scaled(layer: nn.Conv2d | nn.Linear, gain: float) -> nn.Conv2d | nn.Linear:
    """The layer with weights from N(0, gain^2 / fan-in)."""
    fan_in = layer.weight[0].numel()
    nn.init.normal_(layer.weight, 0.0, gain / sqrt(fan_in))
    return layer


def fixup(blocks: int) -> float:
    """L^(-1/(2m-2)): what keeps the updates of a stack of so many blocks of the same size as a single layer's."""
    return blocks ** (-1 / (2 * CONVOLUTIONS - 2))


class Block(nn.Module):
    """x + conv(act(grouped conv(act(conv x)))), which is x at the start."""

    def __init__(self, channels: int, settings: Settings, share: float, gain: float) -> None:
        super().__init__()
        inside = channels * settings.expansion
        groups = gcd(inside, max(1, int(settings.cardinality * share)))
        gain *= BiasedActivation.gain
        self.layers = nn.Sequential(
            scaled(nn.Conv2d(channels, inside, 1, bias=False), gain),
            BiasedActivation(inside),
            scaled(nn.Conv2d(inside, inside, 3, 1, 1, groups=groups, bias=False), gain),
            BiasedActivation(inside),
            scaled(nn.Conv2d(inside, channels, 1, bias=False), 0.0),
        )

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) -> the same shape."""
        return x + self.layers(x)


def widths_of(settings: Settings, shape: DataShape) -> list[int]:
    """Channels at each size, from the seed to the picture."""
    sizes = sides(shape.height, shape.width)
    return [max(1, settings.width * WIDE_UP_TO // max(size, WIDE_UP_TO)) for size in sizes]


def stage(settings: Settings, channels: int, stages: int) -> list[nn.Module]:
    """The residual blocks at one size."""
    gain, share = fixup(settings.blocks * stages), channels / settings.width
    return [Block(channels, settings, share, gain) for _ in range(settings.blocks)]


def mixed(inner: int, outer: int) -> list[nn.Module]:
    """A 1 x 1 convolution where widths differ."""
    return [] if inner == outer else [scaled(nn.Conv2d(inner, outer, 1, bias=False), 1.0)]


class R3ganGenerator(Generator):
    """z (N, D) -> images (N, C, H, W), about in [-1, 1] but not bounded: there is no tanh."""

    def __init__(self, settings: options.R3ganGenerator, latent: int, shape: DataShape) -> None:
        super().__init__()
        widths, sizes = widths_of(settings, shape), sides(shape.height, shape.width)
        self.basis = nn.Parameter(torch.randn(widths[0], *seed_size(shape.height, shape.width)))
        self.first = scaled(nn.Linear(latent, widths[0], bias=False), 1.0)
        self.layers, inner = nn.Sequential(), widths[0]
        for k, (size, outer) in enumerate(zip(sizes, widths, strict=True)):
            grow = [*mixed(inner, outer), Up()] if k else []
            self.layers.append(nn.Sequential(*grow, *stage(settings, outer, len(sizes))))
            self.stages[size] = (f"layers.{k}", outer)
            inner = outer
        self.last = scaled(nn.Conv2d(inner, shape.channels, 1, bias=False), 1.0)

    def synthesize(self, z: Tensor, labels: Tensor | None) -> Tensor:
        """One image for each latent: a learned seed, each of its channels scaled by z."""
        seed = self.basis.to(z.dtype) * self.first(z)[:, :, None, None]
        return self.last(self.layers(seed.contiguous(memory_format=torch.channels_last)))


class R3ganDiscriminator(Discriminator):
    """Images (N, C, H, W) -> logits (N,)."""

    def __init__(self, settings: options.R3ganDiscriminator, shape: DataShape) -> None:
        super().__init__()
        sizes = sides(shape.height, shape.width)[::-1]
        widths = widths_of(settings, shape)[::-1]
        self.first = scaled(nn.Conv2d(shape.channels, widths[0], 1, bias=False), 1.0)
        self.layers, inner = nn.Sequential(), widths[0]
        for k, (size, outer) in enumerate(zip(sizes, widths, strict=True)):
            shrink = [Down(), *mixed(inner, outer)] if k else []
            self.layers.append(nn.Sequential(*shrink, *stage(settings, outer, len(sizes))))
            self.stages[size] = (f"layers.{k}", outer)
            inner = outer
        seed = seed_size(shape.height, shape.width)
        self.end = scaled(nn.Conv2d(inner, inner, seed, groups=inner, bias=False), 1.0)
        self.finish(inner)

    def make_last(self, channels: int) -> nn.Module:
        """A linear layer without bias."""
        return scaled(nn.Linear(channels, 1, bias=False), 1.0)

    def trunk(self, x: Tensor) -> Tensor:
        """Each channel of what is left, weighted over its pixels: (N, channels)."""
        return self.end(self.layers(self.first(x))).flatten(1)
