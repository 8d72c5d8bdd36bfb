"""Penalties on the slope and the weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, cast

from ganstudio.catalog.network_base import Network
from ganstudio.catalog.stabilizers.base import Stabilizer, couples_samples
from ganstudio.core.schema import option

if TYPE_CHECKING:
    from ganstudio.core.config import RunConfig
    from ganstudio.core.shapes import DataShape

_GAMMA: dict[str, Any] = dict(low=0, high=10000, live=True, logarithmic=True, help="Strength of the penalty.")
_WEIGHT: dict[str, Any] = dict(low=0, high=1000, live=True, logarithmic=True)
_EVERY: dict[str, Any] = dict(
    low=1,
    high=1000,
    unit="updates",
    help="Apply it only every so often, that many times as strong (lazy).",
)
_APART: dict[str, Any] = dict(
    advanced=True,
    label="On its own",
    help="Give it an update of its own each time, as StyleGAN2 does, instead of adding it to the ordinary one; "
    "the learning rate and the optimizer's memory make up for the further updates.",
)
_AUTO: dict[str, Any] = dict(
    advanced=True,
    label="By the picture",
    help="Gamma counts in units of 0.0002 times the picture's pixels over the images in a batch, "
    "the rule of thumb of StyleGAN2-ADA; 1 is its own choice.",
)


def _by_pixels(auto: bool, shape: DataShape | None) -> str:
    if auto and shape is not None and shape.kind != "image":
        return "gamma by the picture needs pictures, and these are points: give gamma itself"
    return ""


@dataclass(frozen=True)
class _Flat(Stabilizer):
    """What R1 and R2 have in common: gamma/2 times the squared gradient of the discriminator at some samples."""

    group: ClassVar[str] = "Penalties"
    year: ClassVar[int] = 2018
    paper: ClassVar[str] = "arXiv:1801.04406"

    gamma: float = option(1.0, **_GAMMA)
    every: int = option(1, **_EVERY)
    apart: bool = option(False, **_APART)
    auto: bool = option(False, **_AUTO)

    def refuses(self, config: RunConfig, shape: DataShape | None) -> str:
        """The rule of thumb counts pixels."""
        return _by_pixels(self.auto, shape)


@dataclass(frozen=True)
class R1(_Flat):
    """The R1 penalty (Mescheder 2018): gamma/2 times the squared gradient of the discriminator at real data."""

    kind: ClassVar[str] = "r1"
    title: ClassVar[str] = "R1 penalty"
    idea: ClassVar[str] = (
        "The discriminator must be flat around real data: the game then settles instead of circling."
    )


@dataclass(frozen=True)
class R2(_Flat):
    """The R2 penalty (Mescheder 2018): gamma/2 times the squared gradient at generated samples.

    It belongs to the discriminator's loss alone; the generator never sees it.
    """

    kind: ClassVar[str] = "r2"
    title: ClassVar[str] = "R2 penalty"
    idea: ClassVar[str] = (
        "The discriminator must be flat around generated samples, too: with R1 it settles even far from the data."
    )


@dataclass(frozen=True)
class GradientPenalty(Stabilizer):
    """A wanted slope of the critic at samples between real and generated ones, or around real ones.

    Gulrajani 2017 (WGAN-GP), Petzka 2018 (WGAN-LP: one side), Kodali 2017 (DRAGAN: around the data),
    Thanh-Tung 2019 (centre zero).
    """

    kind: ClassVar[str] = "gradient-penalty"
    title: ClassVar[str] = "Gradient penalty"
    idea: ClassVar[str] = (
        "Where the generator has to travel, the critic's slope is held near one: steep enough to follow, never a cliff."
    )
    group: ClassVar[str] = "Penalties"
    year: ClassVar[int] = 2017
    paper: ClassVar[str] = "arXiv:1704.00028"

    weight: float = option(10.0, help="Strength of the penalty (lambda).", **_WEIGHT)
    centre: str = option(
        "one", choices=("one", "zero"), live=True, help="The slope that costs nothing: one, or flat ground."
    )
    sides: str = option(
        "both",
        choices=("both", "one"),
        live=True,
        help="Whether too gentle a slope costs, too, or only too steep a one (WGAN-LP).",
    )
    at: str = option(
        "between",
        choices=("between", "data"),
        live=True,
        help="Where the slope is taken: on straight lines between real and generated samples, "
        "or in a cloud around real ones (DRAGAN).",
    )
    every: int = option(1, **_EVERY)

    def refuses(self, config: RunConfig, shape: DataShape | None) -> str:
        """A slope belongs to one sample; batch norm mixes those of a batch."""
        if self.at == "between" and couples_samples(config.discriminator):
            return (
                "batch norm ties the samples of a batch together, so that none has a slope of its own: "
                "take layer norm or none in the discriminator"
            )
        return ""


@dataclass(frozen=True)
class Drift(Stabilizer):
    """The drift term (Karras 2018, appendix A.1): the mean squared answer to real samples."""

    kind: ClassVar[str] = "drift"
    title: ClassVar[str] = "Drift term"
    idea: ClassVar[str] = (
        "A critic's answers count only by their differences: a weak pull keeps those to real samples near zero."
    )
    group: ClassVar[str] = "Penalties"
    year: ClassVar[int] = 2017
    paper: ClassVar[str] = "arXiv:1710.10196"

    weight: float = option(1e-3, help="Strength of the pull (epsilon); the paper has 0.001.", **_WEIGHT)

    def refuses(self, config: RunConfig, shape: DataShape | None) -> str:
        """An energy has a zero of its own."""
        if getattr(config.discriminator, "energy", False):
            return "an energy is never below zero and is kept small at real samples by the loss itself"
        return ""


@dataclass(frozen=True)
class Orthogonal(Stabilizer):
    """Orthogonal regularisation without the diagonal (Brock 2018, equation 3)."""

    kind: ClassVar[str] = "orthogonal"
    title: ClassVar[str] = "Orthogonal weights"
    idea: ClassVar[str] = (
        "Filters of a layer are pushed to right angles, so that none repeats another; their lengths stay free."
    )
    group: ClassVar[str] = "Penalties"
    year: ClassVar[int] = 2018
    paper: ClassVar[str] = "arXiv:1809.11096"
    compiles: ClassVar[bool] = True

    weight: float = option(1e-4, help="Strength of the penalty (beta).", **_WEIGHT)
    on: str = option(
        "generator",
        choices=("generator", "discriminator", "both"),
        live=True,
        help="Whose weights; the paper has the generator's.",
    )


@dataclass(frozen=True)
class PullingAway(Stabilizer):
    """The repelling regulariser of EBGAN (Zhao 2016, section 2.4)."""

    kind: ClassVar[str] = "pulling-away"
    title: ClassVar[str] = "Pulling away"
    idea: ClassVar[str] = (
        "The generator is charged for samples whose features point the same way, so that they spread."
    )
    group: ClassVar[str] = "Penalties"
    year: ClassVar[int] = 2016
    paper: ClassVar[str] = "arXiv:1609.03126"
    compiles: ClassVar[bool] = True

    weight: float = option(0.1, help="Strength of the penalty.", **_WEIGHT)


@dataclass(frozen=True)
class PathLength(Stabilizer):
    """Path length regularisation (Karras 2020, section 3.2)."""

    kind: ClassVar[str] = "path-length"
    title: ClassVar[str] = "Path length"
    idea: ClassVar[str] = (
        "Equal steps in w change the picture equally everywhere, so that the way from face to face is even."
    )
    group: ClassVar[str] = "Penalties"
    year: ClassVar[int] = 2019
    paper: ClassVar[str] = "arXiv:1912.04958"

    weight: float = option(2.0, help="Strength of the penalty.", **_WEIGHT)
    decay: float = option(
        0.01,
        low=0,
        open_low=True,
        high=1,
        live=True,
        advanced=True,
        help="How fast the wanted length follows the lengths that are found.",
    )
    every: int = option(
        4, low=1, high=1000, unit="steps", help="Steps between two updates for it, as many times as strong."
    )
    shrink: int = option(
        2, low=1, high=64, advanced=True, help="It looks at one of so many samples of a batch."
    )

    def refuses(self, config: RunConfig, shape: DataShape | None) -> str:
        """There must be styles to go along."""
        if not cast("Network", config.generator).styles:
            return f"the generator {config.generator.title} has no styles w whose paths could be measured"
        if config.conditioning.kind == "crowd":
            return "several generators have no styles in common whose paths could be measured"
        return ""


ALL: tuple[type[Stabilizer], ...] = (R1, R2, GradientPenalty, Drift, Orthogonal, PullingAway, PathLength)
