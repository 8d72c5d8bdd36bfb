"""The networks of R3GAN: residual blocks of today without any normalisation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from ganstudio.catalog.network_base import CHANNELS, Convolutional, Network
from ganstudio.core.schema import option
from ganstudio.core.shapes import DataShape, sides

_WIDTH = (
    "Channels at sizes up to 32 px; each doubling beyond has half as many. The paper has 768 for CIFAR-10."
)
_EXPANSION: dict[str, Any] = dict(low=1, high=8, help="How many times wider a block is inside.")
_CARDINALITY: dict[str, Any] = dict(
    low=1,
    high=1024,
    logarithmic=True,
    unit="groups",
    help="Groups of the 3 x 3 convolution inside a block, or as many fewer as share its channels out evenly; "
    "the paper has 96, of 16 channels each.",
)
_BLOCKS: dict[str, Any] = dict(
    low=1, high=8, unit="blocks", help="Residual blocks at each size; the paper has 2."
)


class _Blocks(Convolutional):
    """What both halves have in common."""

    zero_start: ClassVar[bool] = True

    def stages(self, shape: DataShape) -> tuple[int, ...]:
        """Every size, in both networks."""
        return sides(shape.height, shape.width)


@dataclass(frozen=True)
class R3ganGenerator(_Blocks):
    """R3GAN's generator (Huang 2024, section 3 and appendix)."""

    kind: ClassVar[str] = "r3gan"
    title: ClassVar[str] = "R3GAN"
    idea: ClassVar[str] = (
        "Grouped residual blocks that begin as doing nothing, so that no normalisation is needed."
    )

    width: int = option(48, help=_WIDTH, **CHANNELS)
    blocks: int = option(1, **_BLOCKS)
    expansion: int = option(2, **_EXPANSION)
    cardinality: int = option(6, **_CARDINALITY)


@dataclass(frozen=True)
class R3ganDiscriminator(_Blocks):
    """R3GAN's discriminator, the generator's mirror image (Huang 2024, section 3 and appendix)."""

    kind: ClassVar[str] = "r3gan"
    title: ClassVar[str] = "R3GAN"
    idea: ClassVar[str] = "The generator's mirror image: grouped residual blocks that begin as doing nothing."

    width: int = option(48, help=_WIDTH, **CHANNELS)
    blocks: int = option(1, **_BLOCKS)
    expansion: int = option(2, **_EXPANSION)
    cardinality: int = option(6, **_CARDINALITY)


GENERATORS: tuple[type[Network], ...] = (R3ganGenerator,)
DISCRIMINATORS: tuple[type[Network], ...] = (R3ganDiscriminator,)
