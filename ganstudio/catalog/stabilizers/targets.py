"""What the discriminator is told its answers should be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from ganstudio.catalog.stabilizers.base import Stabilizer
from ganstudio.core.schema import option

if TYPE_CHECKING:
    from ganstudio.core.config import RunConfig
    from ganstudio.core.shapes import DataShape


class _Target(Stabilizer):
    """What needs a loss with a target."""

    group: ClassVar[str] = "Targets"
    year: ClassVar[int] = 2016
    paper: ClassVar[str] = "arXiv:1606.03498"

    def refuses(self, config: RunConfig, shape: DataShape | None) -> str:
        """Only losses with a target can have another one."""
        loss = config.objective
        return "" if getattr(loss, "targets", False) else f"{loss.title} has no target that could be changed"


@dataclass(frozen=True)
class LabelSmoothing(_Target):
    """Label smoothing, one-sided as in Salimans 2016, section 3.4, or two-sided (Szegedy 2015)."""

    kind: ClassVar[str] = "label-smoothing"
    title: ClassVar[str] = "Label smoothing"
    idea: ClassVar[str] = (
        "Real images count as 0.9 real: the discriminator is never rewarded for being too sure."
    )
    compiles: ClassVar[bool] = True

    target: float = option(
        0.9,
        low=0.5,
        high=1,
        live=True,
        label="Target for real",
        help="What the discriminator should answer to real.",
    )
    fake_target: float = option(
        0.0,
        low=0,
        high=0.5,
        live=True,
        label="Target for generated",
        help="What it should answer to generated samples: 0 is one-sided smoothing, which the paper advises; "
        "more is two-sided and holds bad samples in place.",
    )


@dataclass(frozen=True)
class LabelFlipping(_Target):
    """Noisy labels: some samples are passed off as the other kind (Chintala 2016, "How to train a GAN?", tip 6)."""

    kind: ClassVar[str] = "label-flipping"
    title: ClassVar[str] = "Label flipping"
    idea: ClassVar[str] = (
        "The discriminator is told wrong now and then, so that it never becomes too sure of itself."
    )
    paper: ClassVar[str] = "github.com/soumith/ganhacks"
    compiles: ClassVar[bool] = True

    probability: float = option(
        0.05,
        low=0,
        high=0.5,
        live=True,
        help="Share of real and of generated samples whose target is swapped, drawn anew in every update.",
    )


ALL: tuple[type[Stabilizer], ...] = (LabelSmoothing, LabelFlipping)
