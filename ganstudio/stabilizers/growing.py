"""Networks that begin with small pictures and grow (Karras 2018, arXiv:1710.10196, section 2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor, nn

from ganstudio.catalog.stabilizers import growing as options
from ganstudio.core.shapes import SEED_SIDE
from ganstudio.nets.base import Discriminator, Generator
from ganstudio.nets.growth import Growth, faded, growths, reduced
from ganstudio.stabilizers.base import Round, Rule, Site, Turn

PLAYERS = ("generator", "discriminator")


class Growing(Rule[options.Growing]):
    """Both networks work at the size that the number of real images seen says; real images are faded like them.

    The lengths of the phases are remembered, so that a run that is made longer does not shrink again; the level of each
    player's last update is, so that its optimizer begins anew with the next one. Both are counts on the host.
    """

    def __init__(self, settings: options.Growing, site: Site) -> None:
        super().__init__(settings, site)
        self.first = _level(settings.start)
        self.doublings = max(0, _level(site.shape.height) - self.first)
        self.grown: list[Growth] = []
        self.state = {
            "lengths": torch.tensor(settings.lengths(site.planned, self.doublings)),
            "level": torch.full((len(PLAYERS),), self.first),
        }

    def stage(self, images: int) -> tuple[int, float]:
        """Level (0 is 4 px) and alpha after so many real images."""
        stable, fade = self.state["lengths"].tolist()
        doubled, alpha = options.stage_at(images, self.doublings, stable, fade)
        return self.first + doubled, alpha

    def remodel_generator(self, net: Generator) -> None:
        """Begin small."""
        self._adopt(net)

    def remodel_discriminator(self, net: Discriminator) -> None:
        """Begin small."""
        self._adopt(net)

    def _adopt(self, net: nn.Module) -> None:
        for growth in growths(net):
            growth.set(*self.stage(0))
            self.grown.append(growth)

    def batch(self, turn: Turn, count: int) -> int:
        """Fewer samples at large sizes, where that is set."""
        level, _ = self.stage(turn.images)
        return self.settings.batch_at(SEED_SIDE << level, count)

    def rate(self, turn: Turn) -> float:
        """Higher at large sizes, where that is set."""
        level, _ = self.stage(turn.images)
        return self.settings.rate_at(SEED_SIDE << level)

    def restarts(self, turn: Turn) -> bool:
        """In a player's first update at a new level."""
        level, _ = self.stage(turn.images)
        return self.settings.restart and level != int(self.state["level"][PLAYERS.index(turn.player)])

    def begin(self, turn: Turn, net: nn.Module) -> None:
        """Bring both networks to where this update stands."""
        level, alpha = self.stage(turn.images)
        for growth in self.grown:
            growth.set(level, alpha)

    def prepare(self, real: Tensor, turn: Turn) -> Tensor:
        """Real images of the size grown to, their finest detail faded in as the newest layers are."""
        level, alpha = self.stage(turn.images)
        return faded(reduced(real, SEED_SIDE << level), alpha)

    def settle(self, round: Round) -> None:
        """Note the level."""
        level, _ = self.stage(round.turn.images)
        self.state["level"][PLAYERS.index(round.turn.player)] = level

    def measures(self, round: Round) -> Mapping[str, Tensor]:
        """The side of the pictures in px, and alpha, in the discriminator's turn: a mean over both could be neither."""
        if round.turn.player != "discriminator":
            return {}
        level, alpha = self.stage(round.turn.images)
        told = {"growth/resolution": float(SEED_SIDE << level), "growth/alpha": alpha}
        return {name: torch.full((), value, device=self.site.device) for name, value in told.items()}


def _level(size: int) -> int:
    """How often 4 px double to that size."""
    return (size // SEED_SIDE).bit_length() - 1


RULES: dict[str, Callable[[Any, Site], Rule[Any]]] = {"growing": Growing}
