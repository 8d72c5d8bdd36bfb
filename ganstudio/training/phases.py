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
    step, ``repeat`` times, with ``count`` samples. ``real`` says whether it needs real samples.
    """

    player: str
    loss: Callable[[Game, Draw], Tensor]
    count: int
    every: int = 1
    repeat: int = 1
    real: bool = False


def phases_of(config: RunConfig, game: Game) -> tuple[Phase, ...]:
    """The phases of one step: the discriminator's updates, then the generator's."""
    size = config.batch_size
    looks = game.objective.wants_real or any(rule.wants_real or rule.draws_real for rule in game.rules)
    return (
        Phase("discriminator", discriminator_loss, size, repeat=config.discriminator_steps, real=True),
        Phase(
            "generator", generator_loss, config.generator_batch or size,
            repeat=config.generator_steps, real=looks,
        ),
    )  # fmt: skip
