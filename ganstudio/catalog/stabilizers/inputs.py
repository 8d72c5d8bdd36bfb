"""What the discriminator gets to see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ganstudio.catalog.stabilizers.base import Stabilizer
from ganstudio.core.schema import option


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

    deviation: float = option(
        0.1, low=0, high=2, live=True, help="Standard deviation of the noise; images range from -1 to 1."
    )
    fade: int = option(
        0, low=0, high=10**9, unit="steps", help="Steps over which the noise fades to nothing; 0 keeps it."
    )


ALL: tuple[type[Stabilizer], ...] = (InstanceNoise,)
