"""Penalties on the slope and the weights of the networks, eager or lazy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from torch import Tensor

from ganstudio.catalog.stabilizers import penalties as options
from ganstudio.objectives import penalties as formulas
from ganstudio.stabilizers.base import Round, Rule, Site, Turn


class R1(Rule[options.R1]):
    """gamma/2 |grad D|^2 at real data, every k-th update k times as strong (Karras 2019, appendix B)."""

    wants_real_gradient = True

    def active(self, turn: Turn) -> bool:
        """In every k-th update of the discriminator, the first included."""
        return turn.player == "discriminator" and turn.count % self.settings.every == 0

    def term(self, round: Round) -> Tensor:
        """The penalty, scaled so that it averages to the eager one."""
        real, judged = round.reals
        return formulas.r1(judged.logits, real, self.settings.gamma) * self.settings.every


RULES: dict[str, Callable[[Any, Site], Rule[Any]]] = {"r1": R1}
