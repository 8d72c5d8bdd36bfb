"""What the players minimise, as data: names, ideas and what theory says of the equilibrium."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING, ClassVar

from ganstudio.core.schema import Options

if TYPE_CHECKING:
    from ganstudio.core.config import RunConfig


@dataclass(frozen=True)
class ObjectiveOptions(Options):
    """``probability`` says that sigmoid(logit) is the probability of "real"; ``equilibrium`` gives the value
    of a series where the generated distribution equals the data's and the discriminator is optimal. ``targets``
    says that other targets than 1 for real and 0 for generated have a meaning, ``paired`` that real and
    generated samples are judged against each other, ``energy`` that the discriminator must be an autoencoder."""

    tag: ClassVar[str] = "loss"
    probability: ClassVar[bool] = True
    equilibrium: ClassVar[Mapping[str, float]] = {}
    targets: ClassVar[bool] = False
    paired: ClassVar[bool] = False
    energy: ClassVar[bool] = False

    def refuses(self, config: RunConfig) -> str:
        """Why this loss cannot be played for with the other choices; empty where it can."""
        if self.energy and not getattr(config.discriminator, "energy", False):
            return f"{self.title} needs an autoencoder as discriminator, whose error is the energy"
        if not self.energy and getattr(config.discriminator, "energy", False):
            return f"{self.title} needs logits, and an autoencoder as discriminator has an energy instead"
        return ""


@dataclass(frozen=True)
class NonSaturating(ObjectiveOptions):
    """The generator maximises log D(G(z)) (Goodfellow 2014, section 3)."""

    targets: ClassVar[bool] = True
    kind: ClassVar[str] = "non-saturating"
    title: ClassVar[str] = "Non-saturating"
    idea: ClassVar[str] = (
        "The generator makes its samples more likely to be called real: a strong gradient also while it is losing."
    )
    equilibrium: ClassVar[Mapping[str, float]] = {
        "loss/discriminator": 2 * log(2),
        "loss/generator": log(2),
        "score/real": 0.5,
        "score/fake": 0.5,
    }


@dataclass(frozen=True)
class Saturating(ObjectiveOptions):
    """The minimax game itself: the generator minimises log(1 - D(G(z))) (Goodfellow 2014, equation 1)."""

    targets: ClassVar[bool] = True
    kind: ClassVar[str] = "saturating"
    title: ClassVar[str] = "Saturating (minimax)"
    idea: ClassVar[str] = (
        "The game as the paper's theory has it: the gradient fades when the discriminator is sure of itself."
    )
    equilibrium: ClassVar[Mapping[str, float]] = {
        "loss/discriminator": 2 * log(2),
        "loss/generator": -log(2),
        "score/real": 0.5,
        "score/fake": 0.5,
    }


OBJECTIVES: dict[str, type[Options]] = {cls.kind: cls for cls in (NonSaturating, Saturating)}
