"""The R1 penalty, eager or lazy."""

from __future__ import annotations

from torch import Tensor

from ganstudio.catalog import stabilizers as options
from ganstudio.objectives import penalties
from ganstudio.stabilizers.base import Round, Rule, Turn


class R1(Rule[options.R1]):
    """gamma/2 |grad D|^2 at real data, every k-th update k times as strong (Karras 2019, appendix B)."""

    wants_real_gradient = True

    def active(self, turn: Turn) -> bool:
        """In every k-th update of the discriminator, the first included."""
        return turn.player == "discriminator" and turn.count % self.settings.every == 0

    def term(self, round: Round) -> Tensor:
        """The penalty, scaled so that it averages to the eager one."""
        real, judged = round.reals
        return penalties.r1(judged.logits, real, self.settings.gamma) * self.settings.every
