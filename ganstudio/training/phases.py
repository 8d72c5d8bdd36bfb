"""The phases of a step, as data: whose turn, for which loss, how often. The trainer knows nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor

from ganstudio.core.config import RunConfig
from ganstudio.training.game import Draw, Game, discriminator_loss, generator_loss


@dataclass(frozen=True)
class Phase:
    """One part of a step.

    ``player`` is the one whose optimizer steps; the other is frozen. The phase happens in every ``every``-th
    step, ``repeat`` times. ``real`` says whether it needs real samples.
    """

    player: str
    loss: Callable[[Game, Draw], Tensor]
    every: int = 1
    repeat: int = 1
    real: bool = False


def phases_of(config: RunConfig) -> tuple[Phase, ...]:
    """The phases of one step: the discriminator's updates, then the generator's."""
    return (
        Phase("discriminator", discriminator_loss, repeat=config.discriminator_steps, real=True),
        Phase("generator", generator_loss),
    )
