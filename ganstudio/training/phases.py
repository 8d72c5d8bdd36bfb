"""The phases of a step, as data: whose turn, for which loss, how often. The trainer knows nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from torch import Tensor

from ganstudio.core.config import RunConfig
from ganstudio.stabilizers import Rule
from ganstudio.training.game import Draw, Game, discriminator_loss, generator_loss, own_loss


@dataclass(frozen=True)
class Phase:
    """One part of a step.

    ``player`` is the one whose optimizer steps; the other is frozen. The phase happens in every ``every``-th
    step, ``repeat`` times, with ``count`` samples. ``real`` says whether it needs real samples. ``alone`` names the
    rule whose loss is all there is, if it is one of a rule's own updates.
    """

    player: str
    loss: Callable[[Game, Draw], Tensor]
    count: int
    every: int = 1
    repeat: int = 1
    real: bool = False
    alone: str = ""


def phases_of(config: RunConfig, game: Game) -> tuple[Phase, ...]:
    """The phases of one step: the discriminator's updates, then the generator's, each followed by those for rules."""
    size = config.batch_size
    looks = game.objective.wants_real or any(rule.wants_real or rule.draws_real for rule in game.rules)
    ordinary = (
        Phase("discriminator", discriminator_loss, size, repeat=config.discriminator_steps, real=True),
        Phase(
            "generator", generator_loss, config.generator_batch or size,
            repeat=config.generator_steps, real=looks,
        ),
    )  # fmt: skip
    return tuple(one for phase in ordinary for one in (phase, *_own_updates(phase, game.rules)))


def _own_updates(ordinary: Phase, rules: Iterable[Rule[Any]]) -> Iterable[Phase]:
    for rule in rules:
        own = rule.own_update
        if own is not None and own.player == ordinary.player:
            count = max(1, ordinary.count // own.shrink)
            yield Phase(own.player, partial(own_loss, rule), count, own.every, real=own.real, alone=rule.name)


def pace(phases: Iterable[Phase], player: str) -> float:
    """c, what a player's learning rate is multiplied by and its optimizer's memory is raised to.

    With n ordinary updates in a step and one more in every k-th, a player makes n + 1/k updates where it would have
    made n; so that it goes no further and forgets no faster, c = n / (n + 1/k), which is k / (k + 1) for one
    (Karras 2020, arXiv:1912.04958, appendix B, lazy regularization). 1 where no rule has updates of its own.
    """
    own = [phase for phase in phases if phase.player == player]
    ordinary = sum(phase.repeat / phase.every for phase in own if not phase.alone)
    further = sum(1 / phase.every for phase in own if phase.alone)
    return ordinary / (ordinary + further) if further else 1.0
