"""Layers added to the networks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, cast

from ganstudio.catalog.network_base import Network
from ganstudio.catalog.stabilizers.base import Stabilizer
from ganstudio.core.schema import option

if TYPE_CHECKING:
    from ganstudio.core.config import RunConfig
    from ganstudio.core.shapes import DataShape


@dataclass(frozen=True)
class _Layer(Stabilizer):
    """A stabilizer that changes layers, which takes new networks."""

    group: ClassVar[str] = "Architecture"
    live_switch: ClassVar[bool] = False


def _energy(config: RunConfig, what: str) -> str:
    if not cast("Network", config.discriminator).energy:
        return ""
    return f"{what} stands before the last layer, and an autoencoder as discriminator has none"


@dataclass(frozen=True)
class SpectralNorm(_Layer):
    """Every weight matrix is divided by its largest singular value (Miyato 2018)."""

    kind: ClassVar[str] = "spectral-norm"
    title: ClassVar[str] = "Spectral normalisation"
    idea: ClassVar[str] = (
        "No layer may stretch its input: the discriminator's slope stays bounded everywhere."
    )
    year: ClassVar[int] = 2018
    paper: ClassVar[str] = "arXiv:1802.05957"

    discriminator: bool = option(True, help="Normalise the discriminator's layers, as SNGAN does.")
    generator: bool = option(False, help="Normalise the generator's layers, too, as SAGAN and BigGAN do.")

    def refuses(self, config: RunConfig, shape: DataShape | None) -> str:
        """At least one network, and none whose weights begin at zero ."""
        if not (self.discriminator or self.generator):
            return "is on for neither network: choose the discriminator, the generator or both"
        for name in ("discriminator", "generator"):
            net = cast("Network", getattr(config, name))
            if getattr(self, name) and net.zero_start:
                return f"the {name} {net.title} begins with weights of zero, which cannot be divided by their size"
            if getattr(self, name) and net.equalized:
                return (
                    f"the {name} {net.title} scales its weights itself whenever they are used (equalised learning "
                    "rate), which spectral normalisation would undo"
                )
        return ""


def middle(stages: tuple[int, ...], shape: DataShape) -> int:
    """The largest feature maps that are at most half as large as the picture, or else the smallest there are."""
    fitting = [size for size in stages if size <= min(shape.height, shape.width) // 2]
    return max(fitting) if fitting else min(stages)


@dataclass(frozen=True)
class SelfAttention(_Layer):
    """A layer in which every place looks at every other (Zhang 2019)."""

    kind: ClassVar[str] = "self-attention"
    title: ClassVar[str] = "Self-attention"
    idea: ClassVar[str] = (
        "Every place of a picture sees every other at once, so that distant parts can agree."
    )
    year: ClassVar[int] = 2019
    paper: ClassVar[str] = "arXiv:1805.08318"

    resolution: int = option(
        0,
        choices=(0, 4, 8, 16, 32, 64, 128),
        unit="px",
        help="Size of the feature maps behind which the layer stands, their shorter side; 0 takes half the picture's.",
    )
    generator: bool = option(True, help="Put the layer into the generator.")
    discriminator: bool = option(True, help="Put the layer into the discriminator.")

    def refuses(self, config: RunConfig, shape: DataShape | None) -> str:
        """Both chosen networks must have feature maps of that size."""
        if not (self.discriminator or self.generator):
            return "is on for neither network: choose the discriminator, the generator or both"
        if shape is None:
            return ""
        for name in ("generator", "discriminator"):
            net = cast("Network", getattr(config, name))
            stages = net.stages(shape) if getattr(self, name) else ()
            if getattr(self, name) and not stages:
                return f"the {name} {net.title} has no feature maps behind which attention could stand"
            if stages and self.resolution and self.resolution not in stages:
                sizes = ", ".join(str(size) for size in sorted(stages))
                return (
                    f"the {name} has no feature maps of {self.resolution} px for attention; it has {sizes} px"
                )
        return ""


@dataclass(frozen=True)
class MinibatchStd(_Layer):
    """One feature more: how much the samples of a group differ (Karras 2018)."""

    kind: ClassVar[str] = "minibatch-std"
    title: ClassVar[str] = "Minibatch standard deviation"
    idea: ClassVar[str] = (
        "The discriminator is told how varied a batch is: samples that are all alike give themselves away."
    )
    year: ClassVar[int] = 2018
    paper: ClassVar[str] = "arXiv:1710.10196"

    samples: int = option(
        4,
        low=2,
        high=64,
        unit="samples",
        label="Group",
        help="Samples over which the spread is taken; the batch must be a multiple.",
    )

    def refuses(self, config: RunConfig, shape: DataShape | None) -> str:
        """Every batch must divide into groups."""
        reason = _energy(config, "the standard deviation")
        packs = getattr(config.stabilizers.get("packing"), "samples", 1)
        for batch in (config.batch_size, config.generator_batch or config.batch_size):
            if not reason and (batch // packs) % self.samples:
                packed = f", which are {batch // packs} packs," if packs > 1 else ""
                reason = f"a batch of {batch}{packed} cannot be divided into groups of {self.samples}"
        return reason


@dataclass(frozen=True)
class MinibatchDiscrimination(_Layer):
    """Features that say how close a sample is to the others of its batch (Salimans 2016, section 3.2)."""

    kind: ClassVar[str] = "minibatch-discrimination"
    title: ClassVar[str] = "Minibatch discrimination"
    idea: ClassVar[str] = (
        "The discriminator compares each sample with all others of the batch, and copies are noticed."
    )
    year: ClassVar[int] = 2016
    paper: ClassVar[str] = "arXiv:1606.03498"

    kernels: int = option(
        100, low=1, high=1000, logarithmic=True, help="Ways of measuring closeness; the paper has 100."
    )
    dimension: int = option(
        5, low=1, high=100, label="Dimensions", help="Numbers that each of them looks at; the paper has 5."
    )

    def refuses(self, config: RunConfig, shape: DataShape | None) -> str:
        """There must be a last layer and other samples."""
        if config.batch_size < 2:
            return "a batch of one sample has no others to be compared with"
        return _energy(config, "the comparison")


@dataclass(frozen=True)
class Dropout(_Layer):
    """Values of the discriminator's hidden layers are left out at random (Srivastava 2014)."""

    kind: ClassVar[str] = "dropout"
    title: ClassVar[str] = "Dropout in the discriminator"
    idea: ClassVar[str] = (
        "A discriminator that cannot rely on any single feature learns the training data less by heart."
    )
    year: ClassVar[int] = 2014
    paper: ClassVar[str] = "jmlr.org/papers/v15/srivastava14a.html"

    probability: float = option(
        0.3, low=0, high=0.95, live=True, help="Share of the values behind each activation that is left out."
    )


ALL: tuple[type[Stabilizer], ...] = (
    SpectralNorm,
    SelfAttention,
    MinibatchStd,
    MinibatchDiscrimination,
    Dropout,
)
