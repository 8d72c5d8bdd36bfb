"""What the players minimise: pure functions of logits, registered under the names of the catalogue."""

from __future__ import annotations

from ganstudio.objectives import losses
from ganstudio.objectives.losses import Objective

OBJECTIVES: dict[str, Objective] = {
    "non-saturating": losses.NON_SATURATING,
    "saturating": losses.SATURATING,
}
