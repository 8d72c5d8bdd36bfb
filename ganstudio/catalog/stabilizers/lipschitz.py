"""What keeps a critic's slope bounded without a penalty, and how often it learns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, cast

from ganstudio.catalog.network_base import Network
from ganstudio.catalog.stabilizers.base import Stabilizer
from ganstudio.core.schema import option

if TYPE_CHECKING:
    from ganstudio.core.config import RunConfig
    from ganstudio.core.shapes import DataShape


@dataclass(frozen=True)
class WeightClip(Stabilizer):
    """Weights of the critic cut to a box (Arjovsky 2017, algorithm 1). Not the clipping of gradients."""

    kind: ClassVar[str] = "weight-clip"
    title: ClassVar[str] = "Weight clipping"
    idea: ClassVar[str] = (
        "Weights of the discriminator are cut to a small box, so that its slope cannot grow without end."
    )
    group: ClassVar[str] = "Slope of the critic"
    year: ClassVar[int] = 2017
    paper: ClassVar[str] = "arXiv:1701.07875"
    compiles: ClassVar[bool] = True

    limit: float = option(
        0.01,
        low=0,
        high=100,
        open_low=True,
        live=True,
        logarithmic=True,
        help="Largest size of any weight of the discriminator; cut before each of its updates.",
    )

    def refuses(self, config: RunConfig, shape: DataShape | None) -> str:
        """Not for weights that are only scaled when they are used: a box would hold the numbers behind them, of about
        1 whatever the layer."""
        net = cast("Network", config.discriminator)
        if net.equalized:
            return (
                f"the discriminator {net.title} scales its weights itself whenever they are used (equalised learning "
                "rate), so that the box would cut other numbers than the weights; take a gradient penalty instead"
            )
        return ""


@dataclass(frozen=True)
class CriticWarmUp(Stabilizer):
    """More updates of the critic at the start and now and then (the published code of Arjovsky 2017)."""

    kind: ClassVar[str] = "critic-warm-up"
    title: ClassVar[str] = "Critic warm-up"
    idea: ClassVar[str] = (
        "The critic learns longer at the start and now and then, so that its estimate is worth following."
    )
    group: ClassVar[str] = "Slope of the critic"
    year: ClassVar[int] = 2017
    paper: ClassVar[str] = "arXiv:1701.07875"
    compiles: ClassVar[bool] = True

    updates: int = option(
        100, low=1, high=10000, live=True, help="Updates of the discriminator in such a step."
    )
    first: int = option(25, low=0, high=10**9, unit="steps", help="Steps at the start that are such steps.")
    every: int = option(
        500, low=0, high=10**9, unit="steps", help="Later, every so-many-th step is one; 0 for none."
    )


ALL: tuple[type[Stabilizer], ...] = (WeightClip, CriticWarmUp)
