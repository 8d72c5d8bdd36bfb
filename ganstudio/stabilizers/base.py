"""The hooks a stabilizer can use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import torch
from torch import Tensor

from ganstudio.objectives.losses import Objective

SettingsT = TypeVar("SettingsT")


@dataclass(frozen=True)
class Turn:
    """Which update a hook is called in: whose, the how many-th (from 0), after how many generator updates.

    ``random`` gives a generator on the training device for a purpose, the same for the same turn.
    """

    player: str
    count: int
    step: int
    random: Any

    def noise_like(self, x: Tensor, purpose: str) -> Tensor:
        """Standard normal noise in the shape of ``x``, counted by this turn."""
        generator: torch.Generator = self.random(purpose, self.player, self.count)
        return torch.empty_like(x).normal_(generator=generator)


class Stabilizer(Generic[SettingsT]):
    """Does nothing: the neutral value of every hook."""

    wants_real_gradient = False

    def __init__(self, settings: SettingsT) -> None:
        self.settings = settings

    def objective(self, objective: Objective) -> Objective:
        """The game's objective, changed."""
        return objective

    def before_discriminator(self, x: Tensor, which: str, turn: Turn) -> Tensor:
        """What the discriminator gets to see instead of ``x``; ``which`` is "real" or "fake"."""
        return x

    def active(self, turn: Turn) -> bool:
        """Whether :meth:`penalty` has anything to add in this update of the discriminator."""
        return False

    def penalty(self, real: Tensor, real_logits: Tensor, turn: Turn) -> Tensor:
        """What is added to the discriminator's loss; ``real`` requires gradients if the class wants them."""
        raise AssertionError(f"{type(self).__name__} is active but has no penalty")

    @property
    def name(self) -> str:
        """The catalogue name; its penalty is plotted as ``penalty/<name>``."""
        return self.settings.kind  # type: ignore[attr-defined]
