"""What the discriminator is told its answers should be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from torch import Tensor

from ganstudio.catalog.stabilizers import targets as options
from ganstudio.stabilizers.base import Rule, Site, Targets, Turn


class LabelSmoothing(Rule[options.LabelSmoothing]):
    """Real samples have a target below one; generated ones keep zero."""

    def targets(self, targets: Targets, real: Tensor, fake: Tensor, turn: Turn) -> Targets:
        """The softer target."""
        return Targets(self.settings.target, targets.fake)


RULES: dict[str, Callable[[Any, Site], Rule[Any]]] = {"label-smoothing": LabelSmoothing}
