"""Losses that judge real and generated samples against each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import log
from typing import ClassVar

from ganstudio.catalog.objectives.base import ObjectiveOptions


@dataclass(frozen=True)
class Relativistic(ObjectiveOptions):
    """Each real sample against one generated sample (Jolicoeur-Martineau 2018, RpGAN, equations 3 and 4)."""

    probability: ClassVar[bool] = False
    paired: ClassVar[bool] = True
    boundary: ClassVar[float | None] = None
    kind: ClassVar[str] = "relativistic"
    title: ClassVar[str] = "Relativistic pairing"
    idea: ClassVar[str] = (
        "The discriminator says which of two samples is more real, so that every mode has to be won on its own."
    )
    equilibrium: ClassVar[Mapping[str, float]] = {"loss/discriminator": log(2), "loss/generator": log(2)}


@dataclass(frozen=True)
class RelativisticAverage(ObjectiveOptions):
    """Each sample against the mean of the other kind (Jolicoeur-Martineau 2018, RaGAN, section 4.2)."""

    probability: ClassVar[bool] = False
    paired: ClassVar[bool] = True
    boundary: ClassVar[float | None] = None
    kind: ClassVar[str] = "relativistic-average"
    title: ClassVar[str] = "Relativistic average"
    idea: ClassVar[str] = (
        "A sample is real if it looks more real than the other kind does on average; both kinds teach both players."
    )
    equilibrium: ClassVar[Mapping[str, float]] = {
        "loss/discriminator": 2 * log(2),
        "loss/generator": 2 * log(2),
    }


ALL: tuple[type[ObjectiveOptions], ...] = (Relativistic, RelativisticAverage)
