"""What every loss declares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from ganstudio.core.schema import Options

if TYPE_CHECKING:
    from ganstudio.core.config import RunConfig


@dataclass(frozen=True)
class ObjectiveOptions(Options):
    """``probability`` says that sigmoid(logit) is the probability of "real"; ``equilibrium`` gives the value
    of a series where the generated distribution equals the data's and the discriminator is optimal. ``targets``
    says that other targets than 1 for real and 0 for generated have a meaning, ``paired`` that real and
    generated samples are judged against each other, ``energy`` that the discriminator must be an autoencoder.
    ``boundary`` is the logit that lies in the middle between real and generated, ``None`` where there is none."""

    tag: ClassVar[str] = "loss"
    probability: ClassVar[bool] = True
    equilibrium: ClassVar[Mapping[str, float]] = {}
    targets: ClassVar[bool] = False
    paired: ClassVar[bool] = False
    energy: ClassVar[bool] = False
    boundary: ClassVar[float | None] = 0.0

    def expects(self) -> Mapping[str, float]:
        """The equilibrium under these settings: series -> value."""
        return self.equilibrium

    def middle(self) -> float | None:
        """The boundary under these settings."""
        return self.boundary

    def refuses(self, config: RunConfig) -> str:
        """Why this loss cannot be played for with the other choices; empty where it can."""
        if self.energy and not getattr(config.discriminator, "energy", False):
            return f"{self.title} needs an autoencoder as discriminator, whose error is the energy"
        if not self.energy and getattr(config.discriminator, "energy", False):
            return f"{self.title} needs logits, and an autoencoder as discriminator has an energy instead"
        return ""
