"""The two players, what they play for, and the two halves of a step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from ganstudio.objectives.losses import Objective
from ganstudio.stabilizers import Stabilizer, Turn
from ganstudio.training.meter import Meter


@dataclass
class Game:
    """The networks and the rules. ``rules`` are the switched-on stabilizers."""

    generator: nn.Module
    discriminator: nn.Module
    objective: Objective
    rules: tuple[Stabilizer[Any], ...]
    meter: Meter

    def judge(self, x: Tensor, which: str, turn: Turn) -> Tensor:
        """The discriminator's logits (N,) in float32 for samples, after the rules had their say."""
        for rule in self.rules:
            x = rule.before_discriminator(x, which, turn)
        return self.discriminator(x).float()

    def rewards(self) -> Objective:
        """The objective, after the rules had their say."""
        objective = self.objective
        for rule in self.rules:
            objective = rule.objective(objective)
        return objective


@dataclass(frozen=True)
class Draw:
    """What one update works with: latents, and real samples where the update looks at them."""

    z: Tensor
    real: Tensor
    turn: Turn


def discriminator_loss(game: Game, draw: Draw) -> Tensor:
    """The discriminator's half: real and generated samples in separate passes, the latter without a graph."""
    with torch.no_grad():
        fake = game.generator(draw.z)
    active = [rule for rule in game.rules if rule.active(draw.turn)]
    real = draw.real
    if any(rule.wants_real_gradient for rule in active):
        real = real.detach().requires_grad_()
    real_logits = game.judge(real, "real", draw.turn)
    fake_logits = game.judge(fake, "fake", draw.turn)
    game.meter.logits("real", real_logits)
    game.meter.logits("fake", fake_logits)
    loss = game.rewards().discriminator(real_logits, fake_logits)
    game.meter.scalar("loss/discriminator", loss)
    for rule in active:
        penalty = rule.penalty(real, real_logits, draw.turn)
        game.meter.scalar(f"penalty/{rule.name}", penalty)
        loss = loss + penalty
    return loss


def generator_loss(game: Game, draw: Draw) -> Tensor:
    """The generator's half: how its new samples are judged."""
    logits = game.judge(game.generator(draw.z), "fake", draw.turn)
    loss = game.rewards().generator(logits)
    game.meter.scalar("loss/generator", loss)
    return loss
