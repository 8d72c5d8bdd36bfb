"""What a diagnosis must know of a run beside its series, and what can be advised."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ganstudio.core.messages import Advice, Change
from ganstudio.core.numbers import significant


@dataclass(frozen=True)
class Facts:
    """Facts of a run, as its catalogue entries and its config tell them.

    ``equilibrium`` has the values of series where nobody can win (see ``catalog.objectives``); ``sided`` says that an
    answer's side of a boundary means real or generated, so that accuracies exist. ``finite`` is the number of real
    samples, 0 where they are endless. ``begins`` is how many steps a run may take to begin: so long, samples that are
    all alike or a discriminator that only guesses mean nothing. ``settings`` are the live settings by dotted key,
    ``ready`` the stabilizers that can be switched on now, with their titles.
    """

    kind: str = "image"
    equilibrium: Mapping[str, float] = field(default_factory=dict[str, float])
    sided: bool = True
    conditional: bool = False
    finite: int = 0
    begins: int = 800
    settings: Mapping[str, Any] = field(default_factory=dict[str, Any])
    ready: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def guessing(self) -> float | None:
        """The discriminator's loss where it can only guess; ``None`` where its loss has no such level above 0."""
        level = self.equilibrium.get("loss/discriminator", 0.0)
        return level if level > 0 else None

    def rate(self, player: str) -> float:
        """A player's learning rate; NaN if unknown."""
        return float(self.settings.get(f"optimizer.{player}.lr", float("nan")))


def advice(*found: Advice | None) -> tuple[Advice, ...]:
    """The pieces of advice that can be followed, three at most."""
    return tuple(one for one in found if one is not None)[:3]


def rated(facts: Facts, player: str, factor: float) -> Advice | None:
    """Multiply a player's learning rate, unless it is 0."""
    rate = facts.rate(player)
    if not rate > 0:
        return None
    new = min(10.0, float(f"{rate * factor:.3g}"))
    word = "Slow" if factor < 1 else "Speed up"
    return Advice(f"{word} the {player}: rate {significant(new)}", (Change(f"optimizer.{player}.lr", new),))


def both_rated(facts: Facts, factor: float) -> Advice | None:
    """Multiply both learning rates."""
    parts = [rated(facts, player, factor) for player in ("generator", "discriminator")]
    commands = tuple(command for part in parts if part is not None for command in part.commands)
    how = f"Divide the rates by {1 / factor:.0f}" if factor < 1 else f"Multiply the rates by {factor:.0f}"
    return Advice(how, commands) if commands else None


def started(facts: Facts, player: str, rate: float = 2e-4) -> Advice | None:
    """Give a player whose learning rate is 0 a usual one."""
    if facts.rate(player) != 0:
        return None
    return Advice(
        f"Let the {player} learn: rate {significant(rate)}", (Change(f"optimizer.{player}.lr", rate),)
    )


def counted(facts: Facts, key: str, label: str, low: int, high: int, factor: float) -> Advice | None:
    """Multiply a whole number, such as ``batch_size``, within bounds; ``label`` has a place ``{}`` for the new one."""
    now = facts.settings.get(key)
    if not isinstance(now, int) or now <= 0:
        return None
    new = max(low, min(high, round(now * factor)))
    useful = new > now if factor > 1 else new < now
    return Advice(label.format(f"{new:,}"), (Change(key, new),)) if useful else None


def larger_batch(facts: Facts) -> Advice | None:
    """Four times the batch, 64 at least."""
    now = facts.settings.get("batch_size")
    factor = max(4.0, 64 / now) if isinstance(now, int) and now > 0 else 4.0
    return counted(facts, "batch_size", "Use a batch of {}", 64, 512, factor)


def fewer_updates(facts: Facts) -> Advice | None:
    """Half the discriminator's updates in a step."""
    return counted(facts, "discriminator_steps", "Discriminator updates: {} a step", 1, 1000, 0.5)


def more_updates(facts: Facts) -> Advice | None:
    """More of the discriminator's updates in a step."""
    return counted(facts, "discriminator_steps", "Discriminator updates: {} a step", 2, 5, 2.0)


def switched(facts: Facts, *kinds: str) -> Advice | None:
    """Switch on the first of these stabilizers that is off and can be switched on."""
    for kind in kinds:
        if kind in facts.ready:
            return Advice(f"Switch on: {facts.ready[kind]}", (Change(f"stabilizers.{kind}", True),))
    return None


def weaker(facts: Facts, stabilizer: str) -> Advice | None:
    """A tenth of a penalty's strength."""
    for name in ("gamma", "weight"):
        key = f"stabilizers.{stabilizer}.{name}"
        now = facts.settings.get(key)
        if isinstance(now, float | int) and now > 0:
            new = float(f"{now / 10:.3g}")
            return Advice(f"A tenth of the penalty: {significant(new)}", (Change(key, new),))
    return None
