"""The ways a generator can be told what to make, and a discriminator what to expect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from ganstudio.core.schema import Options, option

_STRENGTH = dict(low=0, high=1000, live=True, logarithmic=True)
_EMBEDDING: dict[str, Any] = dict(
    low=0,
    high=1024,
    unit="numbers",
    help="Length of the learned vector that stands for a class in the generator's input; 0 takes one-hot.",
)


@dataclass(frozen=True)
class Conditioning(Options):
    """``labels`` says that the data must have classes, ``codes`` that the latent must have some."""

    tag: ClassVar[str] = "by"
    labels: ClassVar[bool] = False
    codes: ClassVar[bool] = False


@dataclass(frozen=True)
class Unconditional(Conditioning):
    """Neither player is told anything."""

    kind: ClassVar[str] = "nothing"
    title: ClassVar[str] = "Nothing"
    idea: ClassVar[str] = "The generator makes what it likes; labels are not used."


@dataclass(frozen=True)
class Concatenated(Conditioning):
    """The label goes in beside the input of either network (Mirza & Osindero 2014)."""

    kind: ClassVar[str] = "concatenation"
    title: ClassVar[str] = "Label beside the input"
    idea: ClassVar[str] = "Both networks read the label together with their input."
    labels: ClassVar[bool] = True

    embedding: int = option(0, **_EMBEDDING)


@dataclass(frozen=True)
class Projected(Conditioning):
    """The discriminator's logit gains an inner product of label and features (Miyato & Koyama 2018)."""

    kind: ClassVar[str] = "projection"
    title: ClassVar[str] = "Projection"
    idea: ClassVar[str] = (
        "The discriminator asks how well the features match the class, as one inner product."
    )
    labels: ClassVar[bool] = True

    embedding: int = option(
        64,
        low=1,
        high=1024,
        unit="numbers",
        help="Length of the learned vector that stands for a class in the generator's input, "
        "for networks without class-conditional normalisation.",
    )


@dataclass(frozen=True)
class Classified(Conditioning):
    """An auxiliary classifier shares the discriminator's features (Odena 2017)."""

    kind: ClassVar[str] = "classifier"
    title: ClassVar[str] = "Auxiliary classifier"
    idea: ClassVar[str] = "The discriminator also names the class; the generator is rewarded for clear ones."
    labels: ClassVar[bool] = True

    embedding: int = option(0, **_EMBEDDING)
    discriminator_weight: float = option(
        1.0, help="Strength of the class's cross-entropy in the discriminator's loss.", **_STRENGTH
    )
    generator_weight: float = option(
        1.0, help="Strength of the class's cross-entropy in the generator's loss.", **_STRENGTH
    )
    on_fake: bool = option(
        True,
        live=True,
        help="The discriminator's classifier learns from generated samples, too, as in the paper; "
        "some later work leaves them out.",
    )


@dataclass(frozen=True)
class Coded(Conditioning):
    """Part of the latent must be readable from the sample (InfoGAN, Chen 2016)."""

    kind: ClassVar[str] = "codes"
    title: ClassVar[str] = "Readable codes"
    idea: ClassVar[str] = (
        "Some numbers of the latent must be recognisable in the sample: without labels they come to mean something."
    )
    codes: ClassVar[bool] = True

    categorical_weight: float = option(
        1.0, help="Strength of the categorical codes' mutual information in both losses.", **_STRENGTH
    )
    continuous_weight: float = option(
        1.0, help="Strength of the continuous codes' mutual information in both losses.", **_STRENGTH
    )
    spread: str = option(
        "fixed",
        choices=("fixed", "learned"),
        advanced=True,
        help="A continuous code is read as a Gaussian whose spread is 1, as in the authors' program, or read, too.",
    )


@dataclass(frozen=True)
class Crowd(Conditioning):
    """Several generators, and a classifier that keeps them apart (MGAN, Hoang 2018)."""

    kind: ClassVar[str] = "crowd"
    title: ClassVar[str] = "Several generators"
    idea: ClassVar[str] = (
        "A classifier tells whose sample it is; each generator is rewarded for being recognisable."
    )

    generators: int = option(4, low=2, high=64, help="How many generators share the work.")
    shared: bool = option(
        True,
        help="The generators share all layers but the first, as in the paper; otherwise each has its own network.",
    )
    diversity: float = option(
        1.0, help="How much the generators gain from being told apart (the paper's beta).", **_STRENGTH
    )


CONDITIONINGS: dict[str, type[Options]] = {
    cls.kind: cls for cls in (Unconditional, Concatenated, Projected, Classified, Coded, Crowd)
}
