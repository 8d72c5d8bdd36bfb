"""Losses of an energy: low for real samples, which an autoencoder reproduces well."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from ganstudio.catalog.objectives.base import ObjectiveOptions
from ganstudio.core.schema import option


@dataclass(frozen=True)
class EnergyMargin(ObjectiveOptions):
    """Low energy for real samples, at least a margin for generated ones (Zhao 2016, equations 1 and 2)."""

    probability: ClassVar[bool] = False
    energy: ClassVar[bool] = True
    boundary: ClassVar[float | None] = None
    kind: ClassVar[str] = "energy-margin"
    title: ClassVar[str] = "Energy with a margin"
    idea: ClassVar[str] = (
        "Generated samples are pushed away only while their energy is below the margin, so that the push can end."
    )

    margin: float = option(
        1.0,
        low=0,
        high=10000,
        open_low=True,
        live=True,
        logarithmic=True,
        help="Energy from which on a generated sample is bad enough; in the unit of the autoencoder's error.",
    )

    def expects(self) -> Mapping[str, float]:
        """Theorem 2 of the paper: both kinds have one energy between 0 and the margin."""
        return {"loss/discriminator": self.margin}


@dataclass(frozen=True)
class BoundaryEquilibrium(ObjectiveOptions):
    """A balance between the reconstruction of real and of generated samples (Berthelot 2017, section 3.3)."""

    probability: ClassVar[bool] = False
    energy: ClassVar[bool] = True
    boundary: ClassVar[float | None] = None
    kind: ClassVar[str] = "boundary-equilibrium"
    title: ClassVar[str] = "Boundary equilibrium"
    idea: ClassVar[str] = (
        "A weight k, steered all the time, decides how much the discriminator cares about generated samples."
    )
    equilibrium: ClassVar[Mapping[str, float]] = {"convergence": 0.0}

    gamma: float = option(
        0.5,
        low=0,
        high=1,
        open_low=True,
        live=True,
        help="Wanted ratio of the generated samples' error to the real ones'. "
        "Lower gives clearer pictures of fewer kinds.",
    )
    rate: float = option(
        1e-3,
        low=0,
        high=1,
        live=True,
        logarithmic=True,
        label="Rate of k",
        help="How fast k follows the imbalance (the paper's lambda_k).",
    )


ALL: tuple[type[ObjectiveOptions], ...] = (EnergyMargin, BoundaryEquilibrium)
