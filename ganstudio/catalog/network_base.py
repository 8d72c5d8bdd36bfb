"""What every network of the catalogue declares, whatever its family."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from ganstudio.core.schema import Options, option
from ganstudio.core.shapes import DataShape, sides, size_problem, square_problem

NORMALIZATIONS = ("batch", "layer", "instance", "group", "pixel", "none")
"""What can keep the hidden values of feature maps in range; ``nets.layers`` has the mechanisms."""
FLAT_NORMALIZATIONS = ("none", "batch", "layer", "group", "pixel")
"""The same for vectors, where a channel has one value only and instance norm would leave nothing."""

CHANNELS: dict[str, Any] = dict(low=1, high=2048, logarithmic=True, unit="channels")


@dataclass(frozen=True)
class Network(Options):
    """Settings of one network; ``refuses`` says in words why it cannot serve some data."""

    tag: ClassVar[str] = "network"
    energy: ClassVar[bool] = False
    """The network is an autoencoder whose error is the energy of a sample."""
    zero_start: ClassVar[bool] = False
    """Some weights begin at zero, as a matrix that has no largest direction yet."""
    compiles: ClassVar[bool] = False
    """A pass is a plain chain of layers, which torch.compile can fuse."""
    equalized: ClassVar[bool] = False
    """Weights are scaled whenever they are used (equalised learning rate), which leaves no size to normalise."""
    grows: ClassVar[bool] = False
    """The network can begin with small pictures and take in layer after layer for larger ones."""
    styles: ClassVar[bool] = False
    """A generator whose latent becomes a style w first."""

    def refuses(self, shape: DataShape) -> str:
        """Why no such network can be built for samples of this shape; empty where it can."""
        return ""

    def stages(self, shape: DataShape) -> tuple[int, ...]:
        """The sizes (px of the shorter side) of the feature maps behind which a layer can be put."""
        return ()

    @property
    def smallest_batch(self) -> int:
        """Samples that one update needs at least."""
        return 1


class Convolutional(Network):
    """What networks that double or halve pictures can be built for."""

    def refuses(self, shape: DataShape) -> str:
        """Pictures of 8 to 256 px whose sides can be halved down to 4 to 7 px."""
        if shape.kind != "image":
            return "a convolutional network needs images, not points; take the variant 'gan' or network 'mlp'"
        return size_problem(shape.height, shape.width)


class Square(Network):
    """What networks for square pictures of a power of two can be built for."""

    def refuses(self, shape: DataShape) -> str:
        """Square pictures of 8 to 1024 px, powers of two."""
        if shape.kind != "image":
            return "a convolutional network needs images, not points; take the variant 'gan' or network 'mlp'"
        return square_problem(shape.height, shape.width)

    def stages(self, shape: DataShape) -> tuple[int, ...]:
        """Every size from 4 px to the picture's."""
        return sides(shape.height, shape.width)


class Growing(Convolutional):
    """A generator: feature maps of every size from the seed to the picture."""

    def stages(self, shape: DataShape) -> tuple[int, ...]:
        """Every size, the picture's included."""
        return sides(shape.height, shape.width)


class Shrinking(Convolutional):
    """A discriminator: feature maps of every size from half the picture down to the seed."""

    def stages(self, shape: DataShape) -> tuple[int, ...]:
        """Every size below the picture's."""
        return sides(shape.height, shape.width)[:-1]


def normalization(default: str, help: str = "What keeps the hidden values in range.") -> Any:
    """The choice of a normalisation for feature maps."""
    return option(default, choices=NORMALIZATIONS, help=help)
