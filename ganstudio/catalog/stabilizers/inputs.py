"""What the discriminator gets to see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, cast

from ganstudio.catalog.stabilizers.augment import AdaptiveAugment, DiffAugment
from ganstudio.catalog.stabilizers.base import Stabilizer
from ganstudio.core.schema import option

if TYPE_CHECKING:
    from ganstudio.catalog.conditioning import Conditioning
    from ganstudio.catalog.networks import Network
    from ganstudio.core.config import RunConfig
    from ganstudio.core.shapes import DataShape

MAX_POOL_BYTES = 2 << 30
"""The most that remembered samples may take."""


@dataclass(frozen=True)
class InstanceNoise(Stabilizer):
    """Gaussian noise on everything the discriminator sees (Sønderby 2017; Arjovsky & Bottou 2017)."""

    kind: ClassVar[str] = "instance-noise"
    title: ClassVar[str] = "Instance noise"
    idea: ClassVar[str] = (
        "Noise on real and generated alike makes the two overlap, so that the gradient has a direction."
    )
    group: ClassVar[str] = "Inputs"
    year: ClassVar[int] = 2017
    paper: ClassVar[str] = "arXiv:1610.04490"
    compiles: ClassVar[bool] = True

    deviation: float = option(
        0.1, low=0, high=2, live=True, help="Standard deviation of the noise; images range from -1 to 1."
    )
    fade: int = option(
        0, low=0, high=10**9, unit="steps", help="Steps over which the noise fades to nothing; 0 keeps it."
    )


@dataclass(frozen=True)
class Packing(Stabilizer):
    """The discriminator judges several samples at once (PacGAN, Lin 2018)."""

    kind: ClassVar[str] = "packing"
    title: ClassVar[str] = "Packing"
    idea: ClassVar[str] = (
        "The discriminator sees several samples side by side: packs that are all alike give a collapse away."
    )
    group: ClassVar[str] = "Inputs"
    year: ClassVar[int] = 2017
    paper: ClassVar[str] = "arXiv:1712.04086"
    live_switch: ClassVar[bool] = False
    compiles: ClassVar[bool] = True

    samples: int = option(
        2,
        low=2,
        high=4,
        label="Samples in a pack",
        help="How many samples are judged together, side by side.",
    )

    def refuses(self, config: RunConfig, shape: DataShape | None) -> str:
        """Packs need full packs, and samples without labels."""
        if config.conditioning.kind != "nothing":
            return "a pack holds samples of several labels or codes and has none of its own: take it unconditionally"
        for name, size in (("batch_size", config.batch_size), ("generator_batch", config.generator_batch)):
            if size % self.samples:
                return f"{name} {size} cannot be divided into packs of {self.samples}"
        needed = cast("Network", config.discriminator).smallest_batch
        if min(config.batch_size, config.generator_batch or config.batch_size) // self.samples < needed:
            return f"the discriminator needs at least {needed} packs of {self.samples} in a batch"
        return ""


@dataclass(frozen=True)
class Replay(Stabilizer):
    """A pool of earlier samples (Shrivastava 2017, section 2.3; CycleGAN's pool)."""

    kind: ClassVar[str] = "replay"
    title: ClassVar[str] = "Experience replay"
    idea: ClassVar[str] = (
        "The discriminator also sees samples of earlier generators: it does not forget what it knew of them."
    )
    group: ClassVar[str] = "Inputs"
    year: ClassVar[int] = 2017
    paper: ClassVar[str] = "arXiv:1612.07828"
    compiles: ClassVar[bool] = True

    capacity: int = option(
        512,
        low=1,
        high=65536,
        logarithmic=True,
        unit="samples",
        help="How many generated samples are remembered; CycleGAN has 50 for batches of one.",
    )
    probability: float = option(
        0.5,
        low=0,
        high=1,
        live=True,
        help="How likely a new sample is swapped for a remembered one once the pool is full.",
    )

    def refuses(self, config: RunConfig, shape: DataShape | None) -> str:
        """Samples are remembered with their labels, but not with their codes nor with a partner."""
        way = cast("Conditioning", config.conditioning)
        if way.codes:
            return "remembered samples have lost the codes that should be read from them"
        if way.labels and getattr(config.objective, "paired", False):
            return "remembered samples have other labels than the real ones they are compared with"
        if shape is not None and self.capacity * shape.numel * 4 > MAX_POOL_BYTES:
            return f"{self.capacity} samples of this size take more than {MAX_POOL_BYTES >> 30} GB; remember fewer"
        return ""


@dataclass(frozen=True)
class FadingBlur(Stabilizer):
    """A blur of what the discriminator sees that fades away (Karras 2021, arXiv:2106.12423, appendix F)."""

    kind: ClassVar[str] = "fading-blur"
    title: ClassVar[str] = "Fading blur"
    idea: ClassVar[str] = (
        "At first the discriminator sees coarse shapes only: it cannot win by details before the shapes are there."
    )
    group: ClassVar[str] = "Inputs"
    year: ClassVar[int] = 2021
    paper: ClassVar[str] = "arXiv:2106.12423"

    deviation: float = option(
        10.0,
        low=0,
        high=100,
        unit="px",
        help="Standard deviation of the blur at the start; the paper has 10.",
    )
    fade: int = option(
        200_000, low=1, high=10**9, logarithmic=True, unit="images", help="Images until all is sharp."
    )

    def refuses(self, config: RunConfig, shape: DataShape | None) -> str:
        """Points have no details."""
        if shape is not None and shape.kind != "image":
            return "points have no details that a blur could hide: it is for pictures"
        return ""


ALL: tuple[type[Stabilizer], ...] = (InstanceNoise, FadingBlur, DiffAugment, AdaptiveAugment, Replay, Packing)
