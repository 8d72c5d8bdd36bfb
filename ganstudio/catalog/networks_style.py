"""The networks of StyleGAN2 and StyleGAN3: styles that scale the filters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from ganstudio.catalog.network_base import CHANNELS, Network
from ganstudio.core.schema import option
from ganstudio.core.shapes import DataShape, sides

SMALLEST, LARGEST = 8, 1024
"""Pixels of a side."""

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


def square_problem(shape: DataShape) -> str:
    """Why a style-based network cannot be built for such samples; empty where it can."""
    if shape.kind != "image":
        return "a style-based network needs images, not points; take the variant 'gan' or network 'mlp'"
    side = shape.height
    if side == shape.width and SMALLEST <= side <= LARGEST and not side & (side - 1):
        return ""
    return (
        f"{shape.width} x {side} px: style-based networks make square pictures whose side is a power of two "
        f"from {SMALLEST} to {LARGEST} px, such as 32 or 64"
    )


class _Square(Network):
    """What can be built for squares of a power of two."""

    equalized: ClassVar[bool] = True

    def refuses(self, shape: DataShape) -> str:
        """Squares of 8, 16 ... 1024 px."""
        return square_problem(shape)


@dataclass(frozen=True)
class Stylegan2Generator(_Square):
    """StyleGAN2's generator (Karras 2020, arXiv:1912.04958)."""

    kind: ClassVar[str] = "stylegan2"
    title: ClassVar[str] = "StyleGAN2"
    idea: ClassVar[str] = (
        "A latent becomes a style, and the style scales the filters of every layer; each size adds to the picture."
    )
    styles: ClassVar[bool] = True

    base_channels: int = option(
        16, help=_BASE + "The paper has 32 at 1024 px, and 512 at 32 px.", **CHANNELS
    )
    most_channels: int = option(128, **_MOST)
    style: int = option(128, **_STYLE)
    mapping: int = option(8, **_MAPPING)
    mixing: float = option(0.9, low=0, high=1, label="Style mixing", help=_MIXING)

    def stages(self, shape: DataShape) -> tuple[int, ...]:
        """Every size, the picture's included."""
        return sides(shape.height, shape.width)


@dataclass(frozen=True)
class Stylegan2Discriminator(_Square):
    """StyleGAN2's residual discriminator (Karras 2020, arXiv:1912.04958, section 4.1)."""

    kind: ClassVar[str] = "stylegan2"
    title: ClassVar[str] = "StyleGAN2"
    idea: ClassVar[str] = "Residual blocks that halve the picture behind a smoothing filter, down to 4 x 4."

    base_channels: int = option(
        16, help=_BASE + "The paper has 32 at 1024 px, and 512 at 32 px.", **CHANNELS
    )
    most_channels: int = option(128, **_MOST)

    def stages(self, shape: DataShape) -> tuple[int, ...]:
        """Every size below the picture's."""
        return sides(shape.height, shape.width)[:-1]


GENERATORS: tuple[type[Network], ...] = (Stylegan2Generator,)
DISCRIMINATORS: tuple[type[Network], ...] = (Stylegan2Discriminator,)
