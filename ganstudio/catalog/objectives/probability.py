"""Losses whose logits are those of a probability."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import log
from typing import ClassVar

from ganstudio.catalog.objectives.base import ObjectiveOptions


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


ALL: tuple[type[ObjectiveOptions], ...] = (NonSaturating, Saturating)
