"""Networks that can grow: the progressively grown ones and those of the first StyleGAN."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ganstudio.catalog.network_base import CHANNELS, Square
from ganstudio.core.schema import option
from ganstudio.core.shapes import DataShape


@dataclass(frozen=True)
class GrowingNetwork(Square):
    """A network with an entry or exit at every size, so that it can begin small."""

    equalized: ClassVar[bool] = True
    grows: ClassVar[bool] = True

    base_channels: int = option(
        16,
        help="Channels at the picture's full size; each size below has twice as many, up to the most. The paper has 16 "
        "at 1024 px.",
        **CHANNELS,
    )
    most_channels: int = option(
        512, label="Most channels", help="The most channels at any size; the paper has 512.", **CHANNELS
    )

    def widths(self, shape: DataShape) -> tuple[int, ...]:
        """Channels at each size, from 4 px to the picture."""
        full = shape.height
        return tuple(
            min(self.base_channels * full // size, self.most_channels) for size in self.stages(shape)
        )


@dataclass(frozen=True)
class ProganGenerator(GrowingNetwork):
    """The progressively grown generator (Karras 2018, table 2)."""

    kind: ClassVar[str] = "progan"
    title: ClassVar[str] = "Progressive GAN"
    idea: ClassVar[str] = (
        "Two convolutions at each size, every pixel's features brought to the same length, and a way out at every size."
    )


@dataclass(frozen=True)
class ProganDiscriminator(GrowingNetwork):
    """The progressively grown discriminator (Karras 2018, table 2)."""

    kind: ClassVar[str] = "progan"
    title: ClassVar[str] = "Progressive GAN"
    idea: ClassVar[str] = (
        "The generator's mirror image: two convolutions at each size and a way in at every size."
    )


@dataclass(frozen=True)
class StyleganGenerator(GrowingNetwork):
    """StyleGAN's generator (Karras 2019, section 2)."""

    kind: ClassVar[str] = "stylegan"
    title: ClassVar[str] = "StyleGAN"
    styles: ClassVar[bool] = True
    idea: ClassVar[str] = (
        "z becomes a style w first; w sets the strength of every feature at every size, and noise adds the fine detail."
    )

    style: int = option(
        512, low=1, high=1024, unit="numbers", label="Style", help="Length of w; the paper has 512."
    )
    mapping: int = option(
        8, low=1, high=16, unit="layers", label="Mapping layers", help="Layers from z to w; the paper has 8."
    )
    mixing: float = option(
        0.9,
        low=0,
        high=1,
        label="Style mixing",
        help="Share of the samples in training whose styles come from two latents, one for the coarse and one for the "
        "fine sizes.",
    )
    noise: bool = option(
        True,
        help="Noise at every pixel, with a strength learned for each channel, for what is left to chance.",
    )


@dataclass(frozen=True)
class StyleganDiscriminator(GrowingNetwork):
    """StyleGAN's discriminator: that of the progressive GAN with a filter before each halving (Karras 2019)."""

    kind: ClassVar[str] = "stylegan"
    title: ClassVar[str] = "StyleGAN"
    idea: ClassVar[str] = (
        "The progressive GAN's discriminator, which blurs a little before it halves, so that no detail is skipped."
    )


GENERATORS: tuple[type[GrowingNetwork], ...] = (ProganGenerator, StyleganGenerator)
DISCRIMINATORS: tuple[type[GrowingNetwork], ...] = (ProganDiscriminator, StyleganDiscriminator)
