"""The residual networks of WGAN-GP and SNGAN (Gulrajani 2017, arXiv:1704.00028; Miyato 2018, arXiv:1802.05957).

With 256 and 128 base channels and constant widths these are SNGAN's networks for CIFAR-10 (table 4), with 64 and
growing widths those for larger pictures (table 5); WGAN-GP's have 128, mean pooling and layer norm or none in the
critic.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ganstudio.catalog import networks_residual as options
from ganstudio.core.shapes import DataShape, doublings, seed_size, sides
from ganstudio.nets.base import Discriminator, Generator
from ganstudio.nets.layers import ConditionalNorm, PlainNorm, normalization
from ganstudio.nets.resnet_blocks import DownBlock, MakeNorm, UpBlock, glorot

WIDEST = 16
"""Times the base that growing widths grow to at most."""


def class_norm(name: str, channels: int, classes: int) -> ConditionalNorm:
    """Normalisation with a gain and a shift for each class, which begin at one and zero."""
    norm = ConditionalNorm(name, channels, nn.Embedding(classes, channels), nn.Embedding(classes, channels))
    for table in (norm.gain, norm.shift):
        assert isinstance(table, nn.Embedding)
        nn.init.zeros_(table.weight)
    return norm


class ResnetGenerator(Generator):
    """z (N, D), and labels where it is class-conditional, -> images (N, C, H, W) in [-1, 1].

    With classes every normalisation depends on the class (conditional batch norm); without normalisation there is
    nothing that could, and the family takes no labels.
    """

    def __init__(self, settings: options.ResnetGenerator, latent: int, shape: DataShape) -> None:
        super().__init__()
        self.takes_labels = shape.classes > 0 and settings.normalization != "none"
        steps, base = doublings(shape.height, shape.width), settings.base_channels
        widths = [base] * steps
        if settings.growth == "double":
            widths = [base * min(2 ** (steps - 1 - k), WIDEST) for k in range(steps)]
        self.seed = (widths[0], *seed_size(shape.height, shape.width))
        self.first = nn.Linear(latent, self.seed[0] * self.seed[1] * self.seed[2])
        self.blocks = nn.ModuleList()
        norm = self._norm(settings.normalization, shape.classes)
        for inner, outer in zip([widths[0], *widths], widths, strict=False):
            self.blocks.append(UpBlock(inner, outer, norm))
        self.last = nn.Sequential(
            *normalization(settings.normalization, widths[-1]),
            nn.ReLU(),
            nn.Conv2d(widths[-1], shape.channels, 3, 1, 1),
            nn.Tanh(),
        )
        self.start = nn.Identity()
        self.places = nn.ModuleList(nn.Identity() for _ in widths)
        self.stages = {
            size: (path, width)
            for size, path, width in zip(
                sides(shape.height, shape.width),
                ["start", *(f"places.{k}" for k in range(steps))],
                [widths[0], *widths],
                strict=True,
            )
        }
        glorot(self)

    def _norm(self, name: str, classes: int) -> MakeNorm:
        if self.takes_labels:
            return lambda channels: class_norm(name, channels, classes)
        return lambda channels: PlainNorm(name, channels)

    def synthesize(self, z: Tensor, labels: Tensor | None) -> Tensor:
        """One image for each latent."""
        seed = self.first(z).unflatten(1, self.seed)
        x = self.start(seed.contiguous(memory_format=torch.channels_last))
        for block, place in zip(self.blocks, self.places, strict=True):
            x = place(block(x, labels))
        return self.last(x)


class ResidualTrunk(Discriminator):
    """Residual blocks, a rectifier, and a sum or a mean over all pixels: images (N, C, H, W) -> features (N, K)."""

    pooling = "sum"

    def stack(self, shape: DataShape, plan: list[tuple[int, bool]], norm: str, wide: bool = False) -> None:
        """Blocks of these widths, those marked true halving."""
        self.layers = nn.Sequential()
        inner, size = shape.channels, min(shape.height, shape.width)
        for k, (outer, shrinks) in enumerate(plan):
            self.layers.append(DownBlock(inner, outer, norm, shrinks, opens=k == 0, wide=wide))
            size = size // 2 if shrinks else size
            self.stages[size] = (f"layers.{k}", outer)
            inner = outer
        self.end = nn.Sequential(*normalization(norm, inner), nn.ReLU())

    def trunk(self, x: Tensor) -> Tensor:
        """The last maps, summed or averaged over pixels."""
        x = self.end(self.layers(x))
        return x.sum((2, 3)) if self.pooling == "sum" else x.mean((2, 3))


class ResnetDiscriminator(ResidualTrunk):
    """Images (N, C, H, W) -> logits (N,)."""

    def __init__(self, settings: options.ResnetDiscriminator, shape: DataShape) -> None:
        super().__init__()
        self.pooling, base = settings.pooling, settings.base_channels
        times = settings.halvings(shape)
        widths = [base] * (times + 2)
        if settings.growth == "double":
            widths = [base * min(2**k, WIDEST) for k in range(times)]
            widths.append(widths[-1])
        self.stack(shape, [(width, k < times) for k, width in enumerate(widths)], settings.normalization)
        self.finish(widths[-1])
        glorot(self)

    def make_last(self, channels: int) -> nn.Module:
        """A linear layer without bias, as in SNGAN."""
        last = nn.Linear(channels, 1, bias=False)
        glorot(last)
        return last
