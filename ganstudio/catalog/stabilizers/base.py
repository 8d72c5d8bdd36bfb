"""What every stabilizer declares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from ganstudio.core.schema import Options

if TYPE_CHECKING:
    from ganstudio.core.config import RunConfig
    from ganstudio.core.shapes import DataShape


@dataclass(frozen=True)
class Stabilizer(Options):
    """What a stabilizer is called, to which ``group`` of the palette it belongs, since when it is known.

    ``live_switch`` is false where switching it on or off takes other networks, so that it needs a new run.
    ``compiles`` is true where networks may be compiled beside it: it leaves their layers alone and takes no
    gradient of a gradient, for which torch.compile has no backward pass.
    """

    group: ClassVar[str] = ""
    year: ClassVar[int] = 0
    paper: ClassVar[str] = ""
    live_switch: ClassVar[bool] = True
    compiles: ClassVar[bool] = False

    def refuses(self, config: RunConfig, shape: DataShape | None) -> str:
        """Why this has no meaning beside the other choices; empty where it has. ``shape`` may not be known yet."""
        return ""


def couples_samples(network: Options) -> bool:
    """Whether a network makes one sample's output depend on the others of its batch (batch norm)."""
    return getattr(network, "normalization", "none") == "batch"


def tells_by_sign(objective: Options) -> bool:
    """Whether a logit's sign alone says real or generated: where it is a probability's, or a margin around 0."""
    if getattr(objective, "paired", False):
        return False
    return bool(getattr(objective, "probability", False)) or objective.kind == "hinge"
