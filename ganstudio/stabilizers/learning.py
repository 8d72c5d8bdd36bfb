"""How gradients become updates, and what the generator is rewarded for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import ceil, cos, pi
from typing import Any

import torch
from torch import Tensor, nn

from ganstudio.catalog.stabilizers import learning as options
from ganstudio.stabilizers.balance import Balance
from ganstudio.stabilizers.base import Round, Rule, Site, Turn
from ganstudio.stabilizers.unrolling import Unrolling

PLAYERS = ("generator", "discriminator")


class FeatureMatching(Rule[options.FeatureMatching]):
    """|mean f(x) - mean f(G(z))|^2, f what the discriminator's last layer sees (Salimans 2016, section 3.1)."""

    wants_real = True

    @property
    def replaces_generator_loss(self) -> bool:
        """As in the paper, if so set."""
        return self.settings.alone

    def active(self, turn: Turn) -> bool:
        """In the generator's turn."""
        return turn.player == "generator"

    def term(self, round: Round) -> Tensor:
        """The squared distance of the batches' mean features; only the generated ones have a gradient."""
        _, judged = round.reals
        goal = judged.features.mean(0).detach()
        distance = (round.fake_judged.features.mean(0) - goal).square().sum()
        return distance * self.settings.strength


class GradientClipping(Rule[options.GradientClipping]):
    """Cuts gradients between the backward pass and the optimizer's step."""

    def __init__(self, settings: options.GradientClipping, site: Site) -> None:
        super().__init__(settings, site)
        self.state = {"kept": torch.ones(2, device=site.device)}

    def gradients(self, parameters: Sequence[Tensor], turn: Turn) -> None:
        """Entries first, then the length of all of them together (Pascanu 2013, algorithm 1)."""
        if self.settings.player not in ("both", turn.player):
            return
        if self.settings.value:
            nn.utils.clip_grad_value_(parameters, self.settings.value)
        if self.settings.norm:
            length = nn.utils.clip_grad_norm_(parameters, self.settings.norm)
            kept = (self.settings.norm / length.clamp(min=1e-12)).clamp(max=1.0)
            self.state["kept"][PLAYERS.index(turn.player)].copy_(kept)

    def measures(self, round: Round) -> Mapping[str, Tensor]:
        """What was left of the gradient's length in the player's update before this one."""
        player = round.turn.player
        return {f"clipping/{player}": self.state["kept"][PLAYERS.index(player)].clone()}


class Schedule(Rule[options.Schedule]):
    """Multiplies learning rates by a function of the step."""

    def rate(self, turn: Turn) -> float:
        """The share of the rate in this turn."""
        if self.settings.player not in ("both", turn.player):
            return 1.0
        warm_up = self.settings.warm_up
        rise = min(1.0, (turn.step + 1) / warm_up) if warm_up else 1.0
        return rise * self.fall(turn.step, self.settings.length or turn.length)

    def fall(self, step: int, end: int) -> float:
        """1 up to ``begin``, then down to ``final`` at ``end`` (cosine: Loshchilov & Hutter 2017, equation 5)."""
        begin, final = self.settings.begin, self.settings.final
        done = min(max((step - begin) / (end - begin), 0.0), 1.0) if end > begin else 0.0
        match self.settings.shape:
            case "linear":
                return 1 - (1 - final) * done
            case "cosine":
                return final + (1 - final) * (1 + cos(pi * done)) / 2
            case "exponential":
                return final**done
            case _:
                return 1.0

    def measures(self, round: Round) -> Mapping[str, Tensor]:
        """The share in this turn."""
        share = torch.full((), self.rate(round.turn), device=self.site.device)
        return {f"schedule/{round.turn.player}": share}


EASED = ("r1", "r2", "gradient-penalty")
"""The penalties that burn-in lets go of."""


class BurnIn(Rule[options.BurnIn]):
    """Moves penalties, Adam's second beta and the average's half-life to their last values.

    Each goes from its first value a to its last b as b + (a - b) (1 + cos(pi t)) / 2, t the share of the way that is
    done (Huang 2024, arXiv:2501.05441, appendix).
    """

    def left(self, turn: Turn) -> float:
        """How much of the way is still to go, from 1 to 0 along half a cosine wave."""
        length = self.settings.length or turn.length
        done = min(turn.step / length, 1.0) if length else 0.0
        return (1 + cos(pi * done)) / 2

    def easing(self, turn: Turn, name: str) -> float:
        """From all of a gradient penalty to its share at the end."""
        last = self.settings.penalties
        return last + (1 - last) * self.left(turn) if name in EASED else 1.0

    def second_beta(self, turn: Turn, own: float) -> float:
        """From ``memory`` to the optimizer's own."""
        return own + (self.settings.memory - own) * self.left(turn) if self.settings.memory else own

    def averaging(self, turn: Turn) -> float:
        """From nothing to all of the half-life."""
        return 1 - self.left(turn) if self.settings.average else 1.0

    def measures(self, round: Round) -> Mapping[str, Tensor]:
        """How far it has come."""
        return {"burn-in": torch.full((), 1 - self.left(round.turn), device=self.site.device)}


class TopK(Rule[options.TopK]):
    """The generator's loss is the mean over the k samples with the highest answers (Sinha 2020, section 3).

    k falls from the batch by ``gamma`` for every ``every`` steps, down to ``floor`` of the batch.
    """

    def kept(self, batch: int, step: int) -> int:
        """k in this step."""
        share = max(self.settings.floor, self.settings.gamma ** (step // self.settings.every))
        return max(1, ceil(share * batch - 1e-9))

    def weights(self, fake: Tensor, turn: Turn) -> Tensor | None:
        """1 for the best k, 0 for the others."""
        best = fake.topk(self.kept(len(fake), turn.step)).indices
        return torch.zeros_like(fake).scatter(0, best, 1.0)

    def measures(self, round: Round) -> Mapping[str, Tensor]:
        """The share of the batch that the generator learns from."""
        if round.turn.player != "generator":
            return {}
        batch = len(round.fake_judged.logits)
        share = self.kept(batch, round.turn.step) / batch
        return {"top-k/share": torch.full((), share, device=self.site.device)}


RULES: dict[str, Callable[[Any, Site], Rule[Any]]] = {
    "feature-matching": FeatureMatching,
    "unrolling": Unrolling,
    "gradient-clipping": GradientClipping,
    "schedule": Schedule,
    "burn-in": BurnIn,
    "balance": Balance,
    "top-k": TopK,
}
