"""One-sided label smoothing (Salimans 2016, section 3.4)."""

from __future__ import annotations

from torch import Tensor

from ganstudio.catalog import stabilizers as options
from ganstudio.stabilizers.base import Rule, Targets, Turn


class LabelSmoothing(Rule[options.LabelSmoothing]):
    """Real samples have a target below one; generated ones keep zero."""

    def targets(self, targets: Targets, real: Tensor, fake: Tensor, turn: Turn) -> Targets:
        """The softer target."""
        return Targets(self.settings.target, targets.fake)
