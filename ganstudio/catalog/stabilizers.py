"""Tricks that steady the game: each a switch with its own strength."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from ganstudio.core.schema import Options, option

if TYPE_CHECKING:
    from ganstudio.core.config import RunConfig
    from ganstudio.core.shapes import DataShape


@dataclass(frozen=True)
class Stabilizer(Options):
    """What a stabilizer is called, since when it is known, and its idea in one line."""

    year: ClassVar[int] = 0
    paper: ClassVar[str] = ""

    def refuses(self, config: RunConfig, shape: DataShape | None) -> str:
        """Why this has no meaning beside the other choices; empty where it has. ``shape`` may not be known yet."""
        return ""


def couples_samples(network: Options) -> bool:
    """Whether a network makes one sample's output depend on the others of its batch (batch norm)."""
    return getattr(network, "normalization", "none") == "batch"


@dataclass(frozen=True)
class LabelSmoothing(Stabilizer):
    """One-sided label smoothing (Salimans 2016, section 3.4)."""

    kind: ClassVar[str] = "label-smoothing"
    title: ClassVar[str] = "Label smoothing"
    idea: ClassVar[str] = (
        "Real images count as 0.9 real: the discriminator is never rewarded for being too sure."
    )
    year: ClassVar[int] = 2016
    paper: ClassVar[str] = "arXiv:1606.03498"

    target: float = option(
        0.9,
        low=0.5,
        high=1,
        live=True,
        label="Target for real",
        help="What the discriminator should answer to real.",
    )

    def refuses(self, config: RunConfig, shape: DataShape | None) -> str:
        """Only losses with a target can have another one."""
        loss = config.objective
        return "" if getattr(loss, "targets", False) else f"{loss.title} has no target that could be softened"


@dataclass(frozen=True)
class InstanceNoise(Stabilizer):
    """Gaussian noise on everything the discriminator sees (Sønderby 2017; Arjovsky & Bottou 2017)."""

    kind: ClassVar[str] = "instance-noise"
    title: ClassVar[str] = "Instance noise"
    idea: ClassVar[str] = (
        "Noise on real and generated alike makes the two overlap, so that the gradient has a direction."
    )
    year: ClassVar[int] = 2017
    paper: ClassVar[str] = "arXiv:1610.04490"

    deviation: float = option(
        0.1, low=0, high=2, live=True, help="Standard deviation of the noise; images range from -1 to 1."
    )
    fade: int = option(
        0, low=0, high=10**9, unit="steps", help="Steps over which the noise fades to nothing; 0 keeps it."
    )


@dataclass(frozen=True)
class R1(Stabilizer):
    """The R1 penalty (Mescheder 2018): gamma/2 times the squared gradient of the discriminator at real data."""

    kind: ClassVar[str] = "r1"
    title: ClassVar[str] = "R1 penalty"
    idea: ClassVar[str] = (
        "The discriminator must be flat around real data: the game then settles instead of circling."
    )
    year: ClassVar[int] = 2018
    paper: ClassVar[str] = "arXiv:1801.04406"

    gamma: float = option(
        1.0, low=0, high=10000, live=True, logarithmic=True, help="Strength of the penalty."
    )
    every: int = option(
        1,
        low=1,
        high=1000,
        unit="updates",
        help="Apply it only every so often, that many times as strong (lazy).",
    )


STABILIZERS: dict[str, type[Options]] = {cls.kind: cls for cls in (LabelSmoothing, InstanceNoise, R1)}
