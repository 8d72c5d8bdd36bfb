"""What keeps a critic's slope bounded without a penalty, and how often it learns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from ganstudio.catalog.stabilizers import lipschitz as options
from ganstudio.stabilizers.base import Rule, Site, Turn


class WeightClip(Rule[options.WeightClip]):
    """Every parameter of the critic within the limit as its update begins (Arjovsky 2017, arXiv:1701.07875)."""

    @torch.no_grad()
    def begin(self, turn: Turn, net: nn.Module) -> None:
        """Cut the weights."""
        if turn.player == "discriminator":
            for parameter in net.parameters():
                parameter.clamp_(-self.settings.limit, self.settings.limit)


class CriticWarmUp(Rule[options.CriticWarmUp]):
    """100 updates of the critic in each of the first 25 steps and in every 500th, as the published code has it."""

    def repeats(self, player: str, times: int, step: int) -> int:
        """More for the discriminator where it is due, never fewer than otherwise."""
        chosen = self.settings
        due = step < chosen.first or (chosen.every > 0 and step % chosen.every == 0)
        return max(times, chosen.updates) if due and player == "discriminator" else times


RULES: dict[str, Callable[[Any, Site], Rule[Any]]] = {
    "weight-clip": WeightClip,
    "critic-warm-up": CriticWarmUp,
}
