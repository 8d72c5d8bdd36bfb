"""Autoencoders in the discriminator's place: a sample's energy is how badly it is rebuilt (EBGAN, BEGAN)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ganstudio.catalog.network_base import CHANNELS, Convolutional, Network, normalization
from ganstudio.core.schema import option
from ganstudio.core.shapes import DataShape, sides

_CODE = dict(low=1, high=4096, logarithmic=True, unit="numbers")
_ERROR = dict(choices=("l2", "l1"))


@dataclass(frozen=True)
class Autoencoder(Convolutional):
    """Strided convolutions to a code and back (Zhao 2017, arXiv:1609.03126, section 4)."""

    kind: ClassVar[str] = "autoencoder"
    title: ClassVar[str] = "Autoencoder"
    idea: ClassVar[str] = (
        "Squeezes a picture and rebuilds it: what it has learned to rebuild well counts as real."
    )
    energy: ClassVar[bool] = True

    base_channels: int = option(
        32,
        help="Channels after the first layer; each further one has twice as many. The paper has 64.",
        **CHANNELS,
    )
    code: int = option(
        0,
        low=0,
        high=4096,
        unit="numbers",
        help="Length of the code in the middle; 0 takes the smallest feature maps themselves, as the paper does.",
    )
    normalization: str = normalization("batch")
    error: str = option(
        "l2", help="How a difference counts: squared, as in EBGAN, or as its size, as in BEGAN.", **_ERROR
    )


@dataclass(frozen=True)
class MlpAutoencoder(Network):
    """Fully connected layers to a code and back, for points and small pictures."""

    kind: ClassVar[str] = "mlp-autoencoder"
    title: ClassVar[str] = "Fully connected autoencoder"
    idea: ClassVar[str] = (
        "Squeezes a sample and rebuilds it: what it has learned to rebuild well counts as real."
    )
    energy: ClassVar[bool] = True

    width: int = option(
        128, low=1, high=8192, logarithmic=True, unit="neurons", help="Neurons in each hidden layer."
    )
    depth: int = option(2, low=1, high=16, help="Hidden layers on either side of the code.")
    code: int = option(8, help="Length of the code in the middle.", **_CODE)
    activation: str = option(
        "relu",
        choices=("relu", "leaky-relu", "tanh"),
        help="What bends the straight lines between the layers.",
    )
    error: str = option(
        "l2", help="How a difference counts: squared, as in EBGAN, or as its size, as in BEGAN.", **_ERROR
    )


@dataclass(frozen=True)
class BeganGenerator(Convolutional):
    """BEGAN's generator (Berthelot 2017, arXiv:1703.10717, figure 1)."""

    kind: ClassVar[str] = "began"
    title: ClassVar[str] = "BEGAN"
    idea: ClassVar[str] = "Two convolutions at each size from 8 px up, all equally wide, enlarged in between."

    base_channels: int = option(32, help="Channels of every layer; the paper has 64 or 128.", **CHANNELS)

    def stages(self, shape: DataShape) -> tuple[int, ...]:
        """Every size from 8 px up."""
        return sides(shape.height, shape.width)[1:]


@dataclass(frozen=True)
class BeganAutoencoder(Convolutional):
    """BEGAN's discriminator: an encoder, and a decoder built like the generator."""

    kind: ClassVar[str] = "began"
    title: ClassVar[str] = "BEGAN's autoencoder"
    idea: ClassVar[str] = "Squeezes a picture into a short code and rebuilds it with a second generator."
    energy: ClassVar[bool] = True

    base_channels: int = option(
        32, help="Channels at full size; the encoder gets as many more at each halving.", **CHANNELS
    )
    code: int = option(64, help="Length of the code in the middle; the paper has 64 or 128.", **_CODE)
    error: str = option("l1", help="How a difference counts: as its size, as in BEGAN, or squared.", **_ERROR)


GENERATORS: tuple[type[Network], ...] = (BeganGenerator,)
DISCRIMINATORS: tuple[type[Network], ...] = (Autoencoder, BeganAutoencoder, MlpAutoencoder)
