"""The networks a run can be built from, and what each lets a person choose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ganstudio.core.schema import Options, option
from ganstudio.core.shapes import DataShape


@dataclass(frozen=True)
class Network(Options):
    """Settings of one network; ``refuses`` says in words why it cannot serve some data."""

    tag: ClassVar[str] = "network"
    energy: ClassVar[bool] = False
    """The network is an autoencoder whose error is the energy of a sample."""

    def refuses(self, shape: DataShape) -> str:
        """Why no such network can be built for samples of this shape; empty where it can."""
        return ""

    @property
    def smallest_batch(self) -> int:
        """Samples that one update needs at least."""
        return 1


_WIDTH = dict(low=1, high=8192, logarithmic=True, unit="neurons")


@dataclass(frozen=True)
class MlpGenerator(Network):
    """Fully connected layers from z to the sample."""

    kind: ClassVar[str] = "mlp"
    title: ClassVar[str] = "Fully connected"
    idea: ClassVar[str] = (
        "Layers in which every neuron sees every other: enough for points and small pictures."
    )

    width: int = option(128, help="Neurons in each hidden layer.", **_WIDTH)
    depth: int = option(3, low=1, high=32, help="Hidden layers.")
    activation: str = option(
        "relu",
        choices=("relu", "leaky-relu", "tanh"),
        help="What bends the straight lines between the layers.",
    )
    normalization: str = option(
        "none", choices=("none", "batch", "layer"), help="What keeps the hidden values in range."
    )

    @property
    def smallest_batch(self) -> int:
        """Batch norm over a single sample has no spread to divide by."""
        return 2 if self.normalization == "batch" else 1


@dataclass(frozen=True)
class MlpDiscriminator(Network):
    """Fully connected layers from the sample to one logit."""

    kind: ClassVar[str] = "mlp"
    title: ClassVar[str] = "Fully connected"
    idea: ClassVar[str] = "Layers in which every neuron sees every other, down to one number."

    width: int = option(128, help="Neurons in each hidden layer.", **_WIDTH)
    depth: int = option(3, low=1, high=32, help="Hidden layers.")
    activation: str = option(
        "leaky-relu",
        choices=("relu", "leaky-relu", "tanh"),
        help="What bends the straight lines between the layers.",
    )
    normalization: str = option(
        "none", choices=("none", "layer"), help="What keeps the hidden values in range."
    )


class _Convolutional(Network):
    """What both halves of a DCGAN can be built for."""

    sizes: ClassVar[tuple[int, ...]] = (8, 16, 32, 64, 128)

    def refuses(self, shape: DataShape) -> str:
        """DCGAN doubles the picture from 4 px up: square powers of two from 8 to 128."""
        if shape.kind != "image":
            return "a convolutional network needs images, not points; take the variant 'gan' or network 'mlp'"
        if shape.height != shape.width or shape.height not in self.sizes:
            sizes = ", ".join(str(size) for size in self.sizes)
            return f"{shape.width} x {shape.height} px is not a square of {sizes} px, which is what DCGAN can build"
        return ""


_CHANNELS = dict(low=1, high=1024, logarithmic=True, unit="channels")


@dataclass(frozen=True)
class DcganGenerator(_Convolutional):
    """Transposed convolutions from 4 x 4 up (Radford 2015)."""

    kind: ClassVar[str] = "dcgan"
    title: ClassVar[str] = "DCGAN"
    idea: ClassVar[str] = "Transposed convolutions that double the picture from 4 x 4 up to full size."

    base_channels: int = option(
        64,
        help="Channels before the last layer; each layer towards the latent has twice as many.",
        **_CHANNELS,
    )
    normalization: str = option(
        "batch",
        choices=("batch", "none"),
        help="What keeps the hidden values in range; the paper has batch norm.",
    )


@dataclass(frozen=True)
class DcganDiscriminator(_Convolutional):
    """Strided convolutions down to 4 x 4 (Radford 2015)."""

    kind: ClassVar[str] = "dcgan"
    title: ClassVar[str] = "DCGAN"
    idea: ClassVar[str] = "Strided convolutions that halve the picture down to 4 x 4, then one logit."

    base_channels: int = option(
        64, help="Channels after the first layer; each further layer has twice as many.", **_CHANNELS
    )
    normalization: str = option(
        "batch",
        choices=("batch", "none"),
        help="What keeps the hidden values in range; the paper has batch norm.",
    )


GENERATORS: dict[str, type[Options]] = {cls.kind: cls for cls in (MlpGenerator, DcganGenerator)}
DISCRIMINATORS: dict[str, type[Options]] = {cls.kind: cls for cls in (MlpDiscriminator, DcganDiscriminator)}
