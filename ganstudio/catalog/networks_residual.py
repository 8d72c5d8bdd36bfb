"""Residual networks: those of WGAN-GP and SNGAN, and BigGAN's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ganstudio.catalog.network_base import CHANNELS, Growing, Network, Shrinking, normalization
from ganstudio.core.schema import option
from ganstudio.core.shapes import DataShape, doublings, sides

_GROWTH = (
    "constant: every block has as many channels, as for CIFAR-10; double: twice as many with each halving of the size, "
    "as for larger pictures."
)
SMALL = 3
"""Doublings of a picture of 32 px; BigGAN's plans for larger ones narrow towards the picture."""


def halvings(shape: DataShape, to_seed: bool) -> int:
    """How often a residual discriminator halves: down to 4 px, or to 8 px in the plans of CIFAR-10."""
    times = doublings(shape.height, shape.width)
    return times if to_seed else max(1, times - 1)


class _Residual(Shrinking):
    """A residual discriminator."""

    def halvings(self, shape: DataShape) -> int:
        """How often it halves a picture."""
        raise AssertionError(f"{type(self).__name__} does not say how often it halves")

    def stages(self, shape: DataShape) -> tuple[int, ...]:
        """Every size that a block ends at."""
        return sides(shape.height, shape.width)[-1 - self.halvings(shape) : -1]


@dataclass(frozen=True)
class ResnetGenerator(Growing):
    """Residual blocks that double the picture (Gulrajani 2017; Miyato 2018, table 4)."""

    kind: ClassVar[str] = "resnet"
    title: ClassVar[str] = "ResNet"
    idea: ClassVar[str] = "Blocks that add to an enlarged copy of their input: deep, and still easy to train."
    compiles: ClassVar[bool] = True

    base_channels: int = option(
        64,
        help="Channels of a block; with growing widths those of the last. SNGAN has 256 for CIFAR-10, WGAN-GP 128.",
        **CHANNELS,
    )
    growth: str = option("constant", choices=("constant", "double"), help=_GROWTH)
    normalization: str = normalization(
        "batch", "What keeps the hidden values in range; where there are labels, it depends on the class."
    )


@dataclass(frozen=True)
class ResnetDiscriminator(_Residual):
    """Residual blocks that halve the picture, then a sum or a mean over what is left (Miyato 2018, table 4)."""

    kind: ClassVar[str] = "resnet"
    title: ClassVar[str] = "ResNet"
    idea: ClassVar[str] = "Blocks that add to a reduced copy of their input, then one number from all pixels."
    compiles: ClassVar[bool] = True

    base_channels: int = option(
        64,
        help="Channels of a block; with growing widths those of the first. The papers have 128.",
        **CHANNELS,
    )
    growth: str = option("constant", choices=("constant", "double"), help=_GROWTH)
    normalization: str = normalization(
        "none", "What keeps the hidden values in range; with a gradient penalty layer norm or none."
    )
    pooling: str = option(
        "sum", choices=("sum", "mean"), help="How the last feature maps become one vector: SNGAN sums."
    )

    def halvings(self, shape: DataShape) -> int:
        """Down to the seed only where widths grow."""
        return halvings(shape, self.growth == "double")


@dataclass(frozen=True)
class BigganGenerator(Growing):
    """BigGAN's generator (Brock 2019, appendix B)."""

    kind: ClassVar[str] = "biggan"
    title: ClassVar[str] = "BigGAN"
    idea: ClassVar[str] = (
        "Residual blocks whose normalisation listens to the class and to a part of z of its own, at every size."
    )

    base_channels: int = option(
        16, help="The unit of width; the paper has 96 at 128 px, and 64 for CIFAR-10.", **CHANNELS
    )
    depth: int = option(1, low=1, high=8, unit="blocks", help="Residual blocks at each size.")
    embedding: int = option(
        128,
        low=1,
        high=1024,
        unit="numbers",
        help="Length of the vector that stands for a class in all blocks.",
    )
    hierarchical: bool = option(
        True, help="Every block gets a part of z for itself; otherwise z enters at the seed only."
    )


@dataclass(frozen=True)
class BigganDiscriminator(_Residual):
    """BigGAN's discriminator (Brock 2019, appendix B)."""

    kind: ClassVar[str] = "biggan"
    title: ClassVar[str] = "BigGAN"
    idea: ClassVar[str] = "Wide residual blocks without normalisation, then a sum over all that is left."

    base_channels: int = option(
        16, help="The unit of width; the paper has 96 at 128 px, and 64 for CIFAR-10.", **CHANNELS
    )
    depth: int = option(1, low=1, high=8, unit="blocks", help="Residual blocks at each size.")

    def halvings(self, shape: DataShape) -> int:
        """Down to 8 px for pictures up to 32 px, otherwise to the seed."""
        return halvings(shape, doublings(shape.height, shape.width) > SMALL)


GENERATORS: tuple[type[Network], ...] = (ResnetGenerator, BigganGenerator)
DISCRIMINATORS: tuple[type[Network], ...] = (ResnetDiscriminator, BigganDiscriminator)
