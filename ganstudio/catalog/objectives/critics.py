"""Losses of a critic: scores that are no probabilities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from ganstudio.catalog.objectives.base import ObjectiveOptions


@dataclass(frozen=True)
class LeastSquares(ObjectiveOptions):
    """Regression to 1 for real and 0 for generated, half the squared error each (Mao 2016, equation 9)."""

    probability: ClassVar[bool] = False
    targets: ClassVar[bool] = True
    boundary: ClassVar[float | None] = 0.5
    kind: ClassVar[str] = "least-squares"
    title: ClassVar[str] = "Least squares"
    idea: ClassVar[str] = (
        "Answers are pulled to 1 and 0 by their squared distance, so that samples far from real are pulled hardest."
    )
    equilibrium: ClassVar[Mapping[str, float]] = {
        "loss/discriminator": 0.25,
        "loss/generator": 0.125,
        "score/real": 0.5,
        "score/fake": 0.5,
    }


@dataclass(frozen=True)
class Wasserstein(ObjectiveOptions):
    """The difference of the mean scores (Arjovsky 2017, equation 3); the critic's slope must be bounded."""

    probability: ClassVar[bool] = False
    boundary: ClassVar[float | None] = None
    kind: ClassVar[str] = "wasserstein"
    title: ClassVar[str] = "Wasserstein"
    idea: ClassVar[str] = (
        "The critic's scores part by as much as its slope allows: minus its loss estimates the distance to the data."
    )
    equilibrium: ClassVar[Mapping[str, float]] = {"loss/discriminator": 0.0}


@dataclass(frozen=True)
class Hinge(ObjectiveOptions):
    """A margin of one on either side of zero (Lim & Ye 2017; Miyato 2018, equations 16 and 17)."""

    probability: ClassVar[bool] = False
    kind: ClassVar[str] = "hinge"
    title: ClassVar[str] = "Hinge"
    idea: ClassVar[str] = (
        "The discriminator learns only from samples it is not yet sure of; the generator raises its score without end."
    )
    equilibrium: ClassVar[Mapping[str, float]] = {"loss/discriminator": 2.0}


ALL: tuple[type[ObjectiveOptions], ...] = (LeastSquares, Wasserstein, Hinge)
