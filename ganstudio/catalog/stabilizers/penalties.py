"""Penalties on the slope and the weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ganstudio.catalog.stabilizers.base import Stabilizer
from ganstudio.core.schema import option


@dataclass(frozen=True)
class R1(Stabilizer):
    """The R1 penalty (Mescheder 2018): gamma/2 times the squared gradient of the discriminator at real data."""

    kind: ClassVar[str] = "r1"
    title: ClassVar[str] = "R1 penalty"
    idea: ClassVar[str] = (
        "The discriminator must be flat around real data: the game then settles instead of circling."
    )
    group: ClassVar[str] = "Penalties"
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


ALL: tuple[type[Stabilizer], ...] = (R1,)
