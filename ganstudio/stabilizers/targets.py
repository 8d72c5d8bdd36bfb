"""What the discriminator is told its answers should be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from torch import Tensor

from ganstudio.catalog.stabilizers import targets as options
from ganstudio.stabilizers.base import Rule, Site, Targets, Turn


class LabelSmoothing(Rule[options.LabelSmoothing]):
    """Brings targets of 0 and 1 to softer ones (Salimans 2016, section 3.4: 0 stays 0)."""

    def targets(self, targets: Targets, real: Tensor, fake: Tensor, turn: Turn) -> Targets:
        """The softer targets: 1 becomes ``target``, 0 ``fake_target``, whichever kind of sample has it."""
        low, high = self.settings.fake_target, self.settings.target
        return Targets(low + targets.real * (high - low), low + targets.fake * (high - low))


class LabelFlipping(Rule[options.LabelFlipping]):
    """Swaps the targets of some samples, each by a counted random number of its own."""

    def targets(self, targets: Targets, real: Tensor, fake: Tensor, turn: Turn) -> Targets:
        """The targets, with some of the one kind taken from the other."""
        if self.settings.probability == 0:
            return targets
        return Targets(
            self._flipped(real, "real", targets.real, targets.fake, turn),
            self._flipped(fake, "fake", targets.fake, targets.real, turn),
        )

    def _flipped(
        self, logits: Tensor, which: str, own: float | Tensor, other: float | Tensor, turn: Turn
    ) -> Tensor:
        chance = turn.uniform(logits.shape, logits, f"label flipping {which}")
        swapped = (chance < self.settings.probability).to(logits.dtype)
        return own + swapped * (other - own)


RULES: dict[str, Callable[[Any, Site], Rule[Any]]] = {
    "label-smoothing": LabelSmoothing,
    "label-flipping": LabelFlipping,
}
