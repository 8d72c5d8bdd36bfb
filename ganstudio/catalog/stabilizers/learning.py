"""How gradients become updates, and what the generator is rewarded for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from ganstudio.catalog.stabilizers.base import Stabilizer, couples_samples, tells_by_sign
from ganstudio.core.schema import option

if TYPE_CHECKING:
    from ganstudio.core.config import RunConfig
    from ganstudio.core.shapes import DataShape

GROUP = "Learning"
WHO = ("both", "generator", "discriminator")
SLOPED = ("r1", "r2", "gradient-penalty")
"""Penalties that take a gradient of a gradient."""


@dataclass(frozen=True)
class FeatureMatching(Stabilizer):
    """The generator matches the discriminator's mean features (Salimans 2016, section 3.1)."""

    kind: ClassVar[str] = "feature-matching"
    title: ClassVar[str] = "Feature matching"
    idea: ClassVar[str] = (
        "The generator imitates the average of what the discriminator looks at: a goal that does not run away."
    )
    group: ClassVar[str] = GROUP
    year: ClassVar[int] = 2016
    paper: ClassVar[str] = "arXiv:1606.03498"
    compiles: ClassVar[bool] = True

    strength: float = option(
        1.0, low=0, high=1000, live=True, logarithmic=True, help="Strength of the squared distance."
    )
    alone: bool = option(
        False,
        live=True,
        help="It replaces the generator's loss, as in the paper, instead of being added to it.",
    )


@dataclass(frozen=True)
class Unrolling(Stabilizer):
    """The generator plays against the discriminator of some updates ahead (Metz 2017)."""

    kind: ClassVar[str] = "unrolling"
    title: ClassVar[str] = "Unrolling"
    idea: ClassVar[str] = (
        "The generator foresees how the discriminator will answer: hopping to the next mode no longer pays."
    )
    group: ClassVar[str] = GROUP
    year: ClassVar[int] = 2016
    paper: ClassVar[str] = "arXiv:1611.02163"

    ahead: int = option(
        5,
        low=1,
        high=10,
        live=True,
        unit="updates",
        label="Updates ahead",
        help="How many updates of the discriminator are foreseen; time and memory grow with each.",
    )
    optimizer: str = option(
        "same",
        choices=("same", "sgd"),
        help="How the foreseen updates are made: as the discriminator's own optimizer would go on, "
        "or by plain gradient descent.",
    )
    rate: float = option(
        0.0,
        low=0,
        high=10,
        live=True,
        logarithmic=True,
        help="Learning rate of the foreseen updates; 0 takes the discriminator's own.",
    )

    def refuses(self, config: RunConfig, shape: DataShape | None) -> str:
        """Only updates that can be differentiated can be foreseen."""
        own = config.optimizer.discriminator
        if self.optimizer == "same" and own.kind not in ("adam", "rmsprop", "sgd"):
            return f"updates by {own.title} cannot be foreseen: take unrolling.optimizer sgd"
        if "weight-clip" in config.stabilizers:
            return "clipping the weights cuts the gradient through the foreseen updates"
        sloped = [kind for kind in SLOPED if kind in config.stabilizers]
        if sloped and couples_samples(config.discriminator):
            return (
                f"batch norm cannot be differentiated a third time, as foreseeing updates with the penalty {sloped[0]} "
                "takes: choose layer norm or none in the discriminator, or one of the two"
            )
        return ""


@dataclass(frozen=True)
class GradientClipping(Stabilizer):
    """Gradients are shortened before the optimizer sees them (Pascanu 2013)."""

    kind: ClassVar[str] = "gradient-clipping"
    title: ClassVar[str] = "Gradient clipping"
    idea: ClassVar[str] = (
        "A single wild batch cannot throw the weights far: gradients are cut, the weights themselves are not."
    )
    group: ClassVar[str] = GROUP
    year: ClassVar[int] = 2013
    paper: ClassVar[str] = "arXiv:1211.5063"
    compiles: ClassVar[bool] = True

    norm: float = option(
        1.0,
        low=0,
        high=1e6,
        live=True,
        logarithmic=True,
        help="Longest gradient of a player, all its parameters taken together; 0 switches this off.",
    )
    value: float = option(
        0.0,
        low=0,
        high=1e6,
        live=True,
        logarithmic=True,
        help="Largest entry of a gradient, cut before its length is; 0 switches this off.",
    )
    player: str = option("both", choices=WHO, live=True, help="Whose gradients are clipped.")


@dataclass(frozen=True)
class Schedule(Stabilizer):
    """Learning rates that change with time."""

    kind: ClassVar[str] = "schedule"
    title: ClassVar[str] = "Learning-rate schedule"
    idea: ClassVar[str] = "Large steps find the way, small ones at the end arrive."
    group: ClassVar[str] = GROUP
    year: ClassVar[int] = 2016
    paper: ClassVar[str] = "arXiv:1608.03983"
    compiles: ClassVar[bool] = True

    shape: str = option(
        "linear",
        choices=("constant", "linear", "cosine", "exponential"),
        help="How the rate falls: not at all, along a line, along half a cosine wave, or by equal factors.",
    )
    final: float = option(
        0.0, low=0, high=1, live=True, label="Share at the end", help="What is left of the rate at the end."
    )
    begin: int = option(
        0, low=0, high=10**9, live=True, unit="steps", help="Steps before the rate begins to fall."
    )
    length: int = option(
        0,
        low=0,
        high=10**9,
        live=True,
        unit="steps",
        help="The step at which the rate has fallen to its share at the end; 0 takes the run's last.",
    )
    warm_up: int = option(
        0,
        low=0,
        high=10**9,
        live=True,
        unit="steps",
        help="Steps in which the rate rises from nothing at first.",
    )
    player: str = option("both", choices=WHO, live=True, help="Whose rate changes.")

    def refuses(self, config: RunConfig, shape: DataShape | None) -> str:
        """Equal factors never reach nothing."""
        if self.shape == "exponential" and self.final == 0:
            return "equal factors never lead to 0: give a share at the end above 0"
        if 0 < self.length <= self.begin:
            return f"the rate cannot fall from step {self.begin} to step {self.length}: it must begin before it ends"
        return ""


@dataclass(frozen=True)
class BurnIn(Stabilizer):
    """What R3GAN changes while it trains, beside the learning rate (Huang 2024, appendix)."""

    kind: ClassVar[str] = "burn-in"
    title: ClassVar[str] = "Burn-in"
    idea: ClassVar[str] = (
        "Careful at first, bold later: strong penalties and quick averages while everything still changes."
    )
    group: ClassVar[str] = GROUP
    year: ClassVar[int] = 2024
    paper: ClassVar[str] = "arXiv:2501.05441"

    length: int = option(
        0,
        low=0,
        high=10**9,
        live=True,
        unit="steps",
        help="Steps until everything has its last value, along half a cosine wave; 0 takes the run's.",
    )
    penalties: float = option(
        0.1,
        low=0,
        high=1,
        live=True,
        label="Penalties at the end",
        help="What is left of the strength of gradient penalties; 1 leaves it as it is.",
    )
    memory: float = option(
        0.9,
        low=0,
        high=1,
        open_high=True,
        live=True,
        label="Second beta at first",
        help="Adam's second beta at the beginning, from where it goes to its own setting; 0 leaves it alone.",
    )
    average: bool = option(
        True,
        live=True,
        label="Average grows longer",
        help="The half-life of the averaged weights rises from nothing to its setting.",
    )


@dataclass(frozen=True)
class Balance(Stabilizer):
    """The player that is ahead waits for the other."""

    kind: ClassVar[str] = "balance"
    title: ClassVar[str] = "Automatic balance"
    idea: ClassVar[str] = "Whoever is too far ahead is left out for a while, so that the other can learn."
    group: ClassVar[str] = GROUP
    year: ClassVar[int] = 2015
    paper: ClassVar[str] = "torch.ch/blog/2015/11/13/gan.html"
    compiles: ClassVar[bool] = True

    high: float = option(
        0.8,
        low=0.5,
        high=1,
        live=True,
        label="Discriminator waits above",
        help="The discriminator is left out while its accuracy, over real and generated, is above this; "
        "1 never leaves it out.",
    )
    low: float = option(
        0.4,
        low=0,
        high=0.5,
        live=True,
        label="Generator waits below",
        help="The generator is left out while the discriminator's accuracy is below this; 0 never leaves it out.",
    )
    most: int = option(
        10,
        low=1,
        high=1000,
        live=True,
        unit="updates",
        help="Updates in a row that a player may be left out.",
    )

    def refuses(self, config: RunConfig, shape: DataShape | None) -> str:
        """Accuracy needs answers with a threshold."""
        if not tells_by_sign(config.objective):
            return f"{config.objective.title} gives answers whose sign says nothing: there is no accuracy to balance"
        return ""


@dataclass(frozen=True)
class TopK(Stabilizer):
    """The generator learns from its best samples (Sinha 2020)."""

    kind: ClassVar[str] = "top-k"
    title: ClassVar[str] = "Top-k samples"
    idea: ClassVar[str] = (
        "The samples that the discriminator finds worst point nowhere useful: the generator ignores them."
    )
    group: ClassVar[str] = GROUP
    year: ClassVar[int] = 2020
    paper: ClassVar[str] = "arXiv:2002.06224"
    compiles: ClassVar[bool] = True

    floor: float = option(
        0.5,
        low=0,
        open_low=True,
        high=1,
        live=True,
        label="Smallest share",
        help="The share of the batch that is always kept (the paper's nu, 0.5 to 0.75).",
    )
    gamma: float = option(
        0.99,
        low=0,
        open_low=True,
        high=1,
        live=True,
        help="What each fall leaves of the share (the paper's gamma).",
    )
    every: int = option(
        100,
        low=1,
        high=10**6,
        live=True,
        unit="steps",
        help="Steps from one fall to the next; the paper takes an epoch.",
    )

    def refuses(self, config: RunConfig, shape: DataShape | None) -> str:
        """There must be a loss whose samples can be weighed."""
        matching = config.stabilizers.get("feature-matching")
        if isinstance(matching, FeatureMatching) and matching.alone:
            return "feature matching replaces the generator's loss, and it looks at averages, not at samples"
        return ""


ALL: tuple[type[Stabilizer], ...] = (
    FeatureMatching,
    Unrolling,
    GradientClipping,
    Schedule,
    BurnIn,
    Balance,
    TopK,
)
