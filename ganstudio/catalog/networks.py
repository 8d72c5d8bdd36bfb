"""The networks a run can be built from, and what each lets a person choose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from ganstudio.catalog import (
    networks_autoencoder,
    networks_growing,
    networks_r3gan,
    networks_residual,
    networks_style,
)
from ganstudio.catalog.network_base import (
    CHANNELS,
    FLAT_NORMALIZATIONS,
    NORMALIZATIONS,
    Convolutional,
    Growing,
    Network,
    Shrinking,
    normalization,
)
from ganstudio.core.schema import Options, option
from ganstudio.core.shapes import DataShape

__all__ = [
    "DISCRIMINATORS", "FLAT_NORMALIZATIONS", "GENERATORS", "NORMALIZATIONS", "Convolutional", "DcganDiscriminator",
    "DcganGenerator", "MlpDiscriminator", "MlpGenerator", "Network",
]  # fmt: skip

_WIDTH: dict[str, Any] = dict(low=1, high=8192, logarithmic=True, unit="neurons")
_ACTIVATION: dict[str, Any] = dict(
    choices=("relu", "leaky-relu", "tanh"), help="What bends the straight lines between the layers."
)


@dataclass(frozen=True)
class _FullyConnected(Network):
    """What both players have in common where every neuron sees every other."""

    kind: ClassVar[str] = "mlp"
    title: ClassVar[str] = "Fully connected"
    compiles: ClassVar[bool] = True

    width: int = option(128, help="Neurons in each hidden layer.", **_WIDTH)
    depth: int = option(3, low=1, high=32, help="Hidden layers.")
    activation: str = option("leaky-relu", **_ACTIVATION)
    normalization: str = option(
        "none", choices=FLAT_NORMALIZATIONS, help="What keeps the hidden values in range."
    )

    @property
    def smallest_batch(self) -> int:
        """Batch norm over a single sample has no spread to divide by."""
        return 2 if self.normalization == "batch" else 1


@dataclass(frozen=True)
class MlpGenerator(_FullyConnected):
    """Fully connected layers from z to the sample."""

    idea: ClassVar[str] = (
        "Layers in which every neuron sees every other: enough for points and small pictures."
    )

    activation: str = option("relu", **_ACTIVATION)


@dataclass(frozen=True)
class MlpDiscriminator(_FullyConnected):
    """Fully connected layers from the sample to one logit."""

    idea: ClassVar[str] = "Layers in which every neuron sees every other, down to one number."


_REFINED = (
    "Put a 3 x 3 convolution beside each one that changes the size, as in the standard network of SNGAN (Miyato 2018, "
    "table 3)."
)
_PAPER = "What keeps the hidden values in range; the paper has batch norm."


@dataclass(frozen=True)
class DcganGenerator(Growing):
    """Transposed convolutions from 4 to 7 px up (Radford 2015)."""

    kind: ClassVar[str] = "dcgan"
    title: ClassVar[str] = "DCGAN"
    idea: ClassVar[str] = "Transposed convolutions that double the picture from 4 x 4 up to full size."
    compiles: ClassVar[bool] = True

    base_channels: int = option(
        64,
        help="Channels before the last layer; each layer towards the latent has twice as many.",
        **CHANNELS,
    )
    normalization: str = normalization("batch", _PAPER)
    refined: bool = option(False, advanced=True, help=_REFINED)

    def stages(self, shape: DataShape) -> tuple[int, ...]:
        """The last doubling makes the picture itself, unless a convolution follows."""
        found = super().stages(shape)
        return found if self.refined else found[:-1]


@dataclass(frozen=True)
class DcganDiscriminator(Shrinking):
    """Strided convolutions down to 4 x 4 (Radford 2015)."""

    kind: ClassVar[str] = "dcgan"
    title: ClassVar[str] = "DCGAN"
    idea: ClassVar[str] = "Strided convolutions that halve the picture down to 4 x 4, then one logit."
    compiles: ClassVar[bool] = True

    base_channels: int = option(
        64, help="Channels after the first layer; each further layer has twice as many.", **CHANNELS
    )
    normalization: str = normalization("batch", _PAPER)
    refined: bool = option(False, advanced=True, help=_REFINED)


_FAMILIES = (networks_residual, networks_autoencoder, networks_r3gan, networks_growing, networks_style)
GENERATORS: dict[str, type[Options]] = {
    cls.kind: cls for cls in (MlpGenerator, DcganGenerator, *(c for f in _FAMILIES for c in f.GENERATORS))
}
DISCRIMINATORS: dict[str, type[Options]] = {
    cls.kind: cls
    for cls in (MlpDiscriminator, DcganDiscriminator, *(c for f in _FAMILIES for c in f.DISCRIMINATORS))
}
