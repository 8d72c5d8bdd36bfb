"""BigGAN (Brock, Donahue, Simonyan 2019, arXiv:1809.11096, appendix B), sized by width and depth.

Every normalisation of the generator is a batch norm whose gain, one plus a linear map, and shift listen to the class
(a vector shared by all blocks) and to the block's own part of z. Weights start orthogonal. Attention and spectral
normalisation are stabilizers, the projection is a way of conditioning: none of them is built in here.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ganstudio.catalog import networks_residual as options
from ganstudio.core.shapes import DataShape, doublings, seed_size, sides
from ganstudio.nets.base import Generator
from ganstudio.nets.layers import ConditionalNorm, PlainNorm
from ganstudio.nets.resnet import ResidualTrunk
from ganstudio.nets.resnet_blocks import MakeNorm, UpBlock, orthogonal

WIDTHS: dict[int, tuple[int, ...]] = {
    4: (16, 8, 4, 2),
    5: (16, 8, 4, 2, 1),
    6: (16, 8, 8, 4, 2, 1),
}
"""Channels behind each doubling in multiples of the base, by the number of doublings (appendix B, tables 4 to 6)."""
JUDGING_WIDTHS: dict[int, tuple[int, ...]] = {
    4: (1, 2, 4, 8, 16),
    5: (1, 2, 4, 8, 16, 16),
    6: (1, 2, 4, 8, 8, 16, 16),
}
"""Channels of the discriminator's blocks, the last of which does not halve."""
SMALL_WIDTH = 4
"""The same for pictures of up to 32 px, at every size (the authors' program for CIFAR-10)."""


def widths_of(shape: DataShape, base: int) -> list[int]:
    """Channels behind each doubling of the generator."""
    steps = doublings(shape.height, shape.width)
    return [base * times for times in WIDTHS.get(steps, (SMALL_WIDTH,) * steps)]


def parts_of(latent: int, parts: int) -> list[int]:
    """z shared out: the seed's part first, as even as can be, the first ones longer by what is left over."""
    return [latent // parts + (k < latent % parts) for k in range(parts)]


def linear_norm(channels: int, condition: int) -> nn.Module:
    """Batch norm with gain 1 + A c and shift B c; a plain one where there is no condition."""
    if not condition:
        return PlainNorm("batch", channels)
    gain, shift = (nn.Linear(condition, channels, bias=False) for _ in range(2))
    return ConditionalNorm("batch", channels, gain, shift)


class BigganGenerator(Generator):
    """z (N, D), and labels where it is class-conditional, -> images (N, C, H, W) in [-1, 1]."""

    def __init__(self, settings: options.BigganGenerator, latent: int, shape: DataShape) -> None:
        super().__init__()
        self.takes_labels = shape.classes > 0
        widths = widths_of(shape, settings.base_channels)
        blocks = len(widths) * settings.depth
        self.split = parts_of(latent, blocks + 1) if settings.hierarchical else [latent] + [0] * blocks
        self.classes = nn.Embedding(shape.classes, settings.embedding) if self.takes_labels else None
        extra = settings.embedding if self.takes_labels else 0
        seed = widths[0]
        self.seed = (seed, *seed_size(shape.height, shape.width))
        self.first = nn.Linear(self.split[0], self.seed[0] * self.seed[1] * self.seed[2])
        self.blocks, self.places = nn.ModuleList(), nn.ModuleList()
        inner, sizes = seed, sides(shape.height, shape.width)
        self.start, self.stages = nn.Identity(), {sizes[0]: ("start", seed)}
        conditions = iter(part + extra for part in self.split[1:])
        for size, outer in zip(sizes[1:], widths, strict=True):
            for level in range(settings.depth):
                self.blocks.append(UpBlock(inner, outer, _maker(next(conditions)), grows=level == 0))
                self.places.append(nn.Identity())
                inner = outer
            self.stages[size] = (f"places.{len(self.places) - 1}", outer)
        self.last = nn.Sequential(
            nn.BatchNorm2d(inner), nn.ReLU(), nn.Conv2d(inner, shape.channels, 3, 1, 1), nn.Tanh()
        )
        orthogonal(self)

    def synthesize(self, z: Tensor, labels: Tensor | None) -> Tensor:
        """One image for each latent."""
        parts = z.split(self.split, 1)
        known = [] if self.classes is None else [self.classes(labels).to(z.dtype)]
        seed = self.first(parts[0]).unflatten(1, self.seed)
        x = self.start(seed.contiguous(memory_format=torch.channels_last))
        for block, place, part in zip(self.blocks, self.places, parts[1:], strict=True):
            x = place(block(x, torch.cat([*known, part], 1)))
        return self.last(x)


def _maker(condition: int) -> MakeNorm:
    return lambda channels: linear_norm(channels, condition)


class BigganDiscriminator(ResidualTrunk):
    """Images (N, C, H, W) -> logits (N,)."""

    def __init__(self, settings: options.BigganDiscriminator, shape: DataShape) -> None:
        super().__init__()
        times, base = settings.halvings(shape), settings.base_channels
        widths = JUDGING_WIDTHS.get(times, (SMALL_WIDTH,) * (times + 2))
        plan = [
            (base * width, k < times and level == 0)
            for k, width in enumerate(widths)
            for level in range(settings.depth)
        ]
        self.stack(shape, plan, "none", wide=True)
        self.finish(plan[-1][0])
        orthogonal(self)

    def make_last(self, channels: int) -> nn.Module:
        """A linear layer."""
        last = nn.Linear(channels, 1)
        orthogonal(last)
        return last
