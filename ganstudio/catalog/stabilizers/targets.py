"""What the discriminator is told its answers should be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from ganstudio.catalog.stabilizers.base import Stabilizer
from ganstudio.core.schema import option

if TYPE_CHECKING:
    from ganstudio.core.config import RunConfig
    from ganstudio.core.shapes import DataShape


@dataclass(frozen=True)
class LabelSmoothing(Stabilizer):
    """One-sided label smoothing (Salimans 2016, section 3.4)."""

    kind: ClassVar[str] = "label-smoothing"
    title: ClassVar[str] = "Label smoothing"
    idea: ClassVar[str] = (
        "Real images count as 0.9 real: the discriminator is never rewarded for being too sure."
    )
    group: ClassVar[str] = "Targets"
    year: ClassVar[int] = 2016
    paper: ClassVar[str] = "arXiv:1606.03498"

    target: float = option(
        0.9,
        low=0.5,
        high=1,
        live=True,
        label="Target for real",
        help="What the discriminator should answer to real.",
    )

    def refuses(self, config: RunConfig, shape: DataShape | None) -> str:
        """Only losses with a target can have another one."""
        loss = config.objective
        return "" if getattr(loss, "targets", False) else f"{loss.title} has no target that could be softened"


ALL: tuple[type[Stabilizer], ...] = (LabelSmoothing,)
