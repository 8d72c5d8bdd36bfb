"""The networks of StyleGAN2 and StyleGAN3: styles that scale the filters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from ganstudio.catalog.network_base import CHANNELS, Network, Square
from ganstudio.core.schema import option
from ganstudio.core.shapes import DataShape, sides

_BASE = "Channels at the picture's size; twice as many with each halving. "
_MOST: dict[str, Any] = CHANNELS | dict(
    low=2, help="No feature maps have more channels than this; the papers have 512."
)
_STYLE: dict[str, Any] = dict(
    low=1,
    high=2048,
    logarithmic=True,
    unit="numbers",
    label="Length of w",
    help="Numbers in a style vector w, and neurons of the layers that make it; the papers have 512.",
)
_MAPPING: dict[str, Any] = dict(
    low=1,
    high=16,
    unit="layers",
    label="Mapping layers",
    help="Layers from z to w: 8 in StyleGAN2, 2 in its set-up for CIFAR-10 and in StyleGAN3.",
)
_MIXING = (
    "Share of the samples in training that take two latents, each for some of the sizes, so that styles of different "
    "sizes do not depend on each other."
)


class _Style(Square):
    """What all of them have in common."""

    equalized: ClassVar[bool] = True


@dataclass(frozen=True)
class Stylegan2Generator(_Style):
    """StyleGAN2's generator (Karras 2020, arXiv:1912.04958)."""

    kind: ClassVar[str] = "stylegan2"
    title: ClassVar[str] = "StyleGAN2"
    idea: ClassVar[str] = (
        "A latent becomes a style, and the style scales the filters of every layer; each size adds to the picture."
    )
    styles: ClassVar[bool] = True

    base_channels: int = option(16, help=_BASE + "The paper has 32 at 1024 px, and 512 at 32 px.", **CHANNELS)
    most_channels: int = option(128, **_MOST)
    style: int = option(128, **_STYLE)
    mapping: int = option(8, **_MAPPING)
    mixing: float = option(0.9, low=0, high=1, label="Style mixing", help=_MIXING)
    noise: bool = option(
        True,
        help="Add random detail to every pixel of every layer, such as hair and grain; pictures that are drawn without "
        "any are learnt sooner without it.",
    )


@dataclass(frozen=True)
class Stylegan2Discriminator(_Style):
    """StyleGAN2's residual discriminator (Karras 2020, arXiv:1912.04958, section 4.1)."""

    kind: ClassVar[str] = "stylegan2"
    title: ClassVar[str] = "StyleGAN2"
    idea: ClassVar[str] = "Residual blocks that halve the picture behind a smoothing filter, down to 4 x 4."

    base_channels: int = option(16, help=_BASE + "The paper has 32 at 1024 px, and 512 at 32 px.", **CHANNELS)
    most_channels: int = option(128, **_MOST)

    def stages(self, shape: DataShape) -> tuple[int, ...]:
        """Every size below the picture's."""
        return sides(shape.height, shape.width)[:-1]


@dataclass(frozen=True)
class Stylegan3Generator(_Style):
    """StyleGAN3's generator (Karras 2021, arXiv:2106.12423)."""

    kind: ClassVar[str] = "stylegan3"
    title: ClassVar[str] = "StyleGAN3"
    idea: ClassVar[str] = (
        "Every layer treats its maps as samples of a smooth signal: no pixel grid is left for details to stick to."
    )
    styles: ClassVar[bool] = True

    equivariance: str = option(
        "translation",
        choices=("translation", "rotation"),
        help="What the picture's content follows smoothly: shifts (StyleGAN3-T), or shifts and turns (StyleGAN3-R), "
        "which takes 1 x 1 convolutions, round filters and twice the channels.",
    )
    base_channels: int = option(
        16, help=_BASE + "The paper has 32 at 1024 px, and twice as many for turns.", **CHANNELS
    )
    most_channels: int = option(128, **_MOST)
    style: int = option(128, **_STYLE)
    mapping: int = option(2, **_MAPPING)
    layers: int = option(
        14,
        low=4,
        high=32,
        unit="layers",
        help="Layers before the last colours; the paper has 14 at any size.",
    )
    margin: int = option(
        10,
        low=1,
        high=64,
        unit="px",
        advanced=True,
        help="How far maps reach beyond the picture, so that its edge tells no layer where it is; the paper has 10.",
    )

    def stages(self, shape: DataShape) -> tuple[int, ...]:
        """None: its maps have a margin, and a layer that sees the whole map would see where it ends."""
        return ()


GENERATORS: tuple[type[Network], ...] = (Stylegan2Generator, Stylegan3Generator)
DISCRIMINATORS: tuple[type[Network], ...] = (Stylegan2Discriminator,)
