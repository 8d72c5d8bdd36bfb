"""The variational estimate of an f-divergence as a game (Nowozin 2016)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import log
from typing import ClassVar

from ganstudio.catalog.objectives.base import ObjectiveOptions
from ganstudio.core.schema import option

LEVEL: dict[str, float] = {"gan": -log(4)}
"""The divergence of equal distributions, where it is not 0."""
SLOPE: dict[str, float] = {"kl": 1.0, "reverse-kl": -1.0, "gan": -log(2)}
"""f'(1), the critic's value (after its activation) where both densities are equal, where it is not 0."""


@dataclass(frozen=True)
class FDivergence(ObjectiveOptions):
    """A critic bounds a divergence from below (Nowozin 2016, equation 6 and table 2); the generator lowers it."""

    probability: ClassVar[bool] = False
    kind: ClassVar[str] = "f-divergence"
    title: ClassVar[str] = "f-divergence"
    idea: ClassVar[str] = (
        "Minus the critic's loss is an estimate of the chosen divergence; the generator learns to make it small."
    )

    divergence: str = option(
        "kl",
        choices=(
            "kl", "reverse-kl", "pearson", "squared-hellinger", "jensen-shannon", "gan", "total-variation",
        ),
        help="Which divergence of generated from real is estimated and made small. KL punishes modes left out, "
        "reverse KL samples where there is no data.",
    )  # fmt: skip
    generator: str = option(
        "heuristic",
        choices=("heuristic", "minimax"),
        help="Minimax lowers the estimate itself; the heuristic raises the critic's score of generated samples, "
        "a strong gradient also while the generator is losing (section 3.2).",
    )

    def expects(self) -> Mapping[str, float]:
        """Equal densities: the estimate is f(1), the critic's value f'(1)."""
        level, slope = LEVEL.get(self.divergence, 0.0), SLOPE.get(self.divergence, 0.0)
        lost = -slope if self.generator == "heuristic" else level - slope
        return {"loss/discriminator": -level, "loss/generator": lost, "divergence": level}

    def middle(self) -> float:
        """The logit at which the critic's value is f'(1) (section 2.3)."""
        return 1.0 if self.divergence == "kl" else 0.0


ALL: tuple[type[ObjectiveOptions], ...] = (FDivergence,)
