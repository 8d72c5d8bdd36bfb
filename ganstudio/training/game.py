"""The two players, what they play for, and the two halves of a step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from typing import Any

import torch
from torch import Tensor

from ganstudio.nets.base import Discriminator, Generator, Judgement
from ganstudio.objectives import Objective
from ganstudio.stabilizers.base import Draw, Judge, Round, Rule, Targets, Turn
from ganstudio.training.meter import Meter

SEEN = 64
"""Samples of an update that are kept for whoever looks."""


@dataclass
class Game:
    """The networks and the rules. ``optimizers`` are the players', for rules that look ahead."""

    generator: Generator
    discriminator: Discriminator
    objective: Objective[Any]
    rules: tuple[Rule[Any], ...]
    meter: Meter
    optimizers: dict[str, torch.optim.Optimizer]
    telling: bool = False
    """Whether somebody wants the further measures of this update."""
    fused_generator: Callable[..., Tensor] | None = None
    """A faster way through the generator, if there is one."""
    fused_judge: Judge | None = None
    """A faster way through the discriminator, if there is one."""
    seen: tuple[Tensor, Tensor, Tensor | None] | None = None
    """Some generated and real samples of the last update that was told of, with labels; whoever looks takes them."""

    def make(self, z: Tensor, labels: Tensor | None) -> Tensor:
        """The generator's samples for latents and labels."""
        return (self.fused_generator or self.generator)(z, labels)

    def arrange(self, x: Tensor) -> Tensor:
        """Samples in the arrangement the discriminator takes."""
        for rule in self.rules:
            x = rule.arrange(x)
        return x

    def shown(self, x: Tensor, which: str, turn: Turn) -> Tensor:
        """What the discriminator gets to see instead of ``x``."""
        for rule in self.rules:
            x = rule.before_discriminator(x, which, turn)
        return x

    def judge(
        self, x: Tensor, which: str, turn: Turn, labels: Tensor | None = None, judge: Judge | None = None
    ) -> Judgement:
        """What the discriminator (or the one that stands in for it) says, after the rules had their say."""
        judge = judge or self.fused_judge or self.discriminator.judge
        return judge(self.shown(x, which, turn), labels).float()

    def targets(self, real: Tensor, fake: Tensor, turn: Turn) -> Targets:
        """What the discriminator's answers should have been."""
        targets = Targets()
        for rule in self.rules:
            targets = rule.targets(targets, real, fake, turn)
        return targets

    def active(self, turn: Turn) -> list[Rule[Any]]:
        """The rules that add a term in this update."""
        return [rule for rule in self.rules if rule.active(turn)]

    def imagined_loss(self, draw: Draw, fake: Tensor, real: Tensor, judge: Judge) -> Tensor:
        """The discriminator's whole loss, penalties included, if ``judge`` were the discriminator.

        Nothing is noted or remembered. ``fake`` and ``real`` are arranged; gradients flow through both.
        """
        real_judged = self.judge(real, "real", draw.turn, draw.real_labels, judge)
        fake_judged = self.judge(fake, "fake", draw.turn, draw.labels, judge)
        targets = self.targets(real_judged.logits, fake_judged.logits, draw.turn)
        loss = self.objective.discriminator(
            real_judged.logits, fake_judged.logits, targets.real, targets.fake
        )
        round = _round(self, draw, fake, fake_judged, draw.labels, real, real_judged, judge)
        for rule in self.active(draw.turn):
            loss = loss + self.eased(rule, draw.turn, rule.term(round))
        return loss

    def eased(self, rule: Rule[Any], turn: Turn, term: Tensor) -> Tensor:
        """A rule's term as the other rules leave it."""
        share = prod(other.easing(turn, rule.name) for other in self.rules)
        return term if share == 1.0 else term * share


def discriminator_loss(game: Game, draw: Draw) -> Tensor:
    """The discriminator's half: real and generated samples in separate passes, the latter without a graph."""
    round = play_discriminator(game, draw)
    _, judged = round.reals
    game.meter.logits("real", judged.logits)
    game.meter.logits("fake", round.fake_judged.logits)
    targets = game.targets(judged.logits, round.fake_judged.logits, draw.turn)
    loss = game.objective.discriminator(judged.logits, round.fake_judged.logits, targets.real, targets.fake)
    game.meter.scalar("loss/discriminator", loss)
    loss = loss + _terms(game, round) if game.active(draw.turn) else loss
    with torch.no_grad():
        game.objective.settle(judged.logits, round.fake_judged.logits)
        if game.telling:
            for name, value in game.objective.measures(judged.logits, round.fake_judged.logits).items():
                game.meter.scalar(name, value)
    _aftermath(game, round)
    return loss


def play_discriminator(game: Game, draw: Draw) -> Round:
    """Samples made and judged in the discriminator's turn."""
    assert draw.real is not None, "the discriminator's turn needs real samples"
    turn, labels = draw.turn, draw.labels
    active = game.active(turn)
    with torch.no_grad():
        fake = game.make(draw.z, labels)
        if game.telling:
            kept = None if draw.real_labels is None else draw.real_labels[:SEEN]
            game.seen = (fake[:SEEN].clone(), draw.real[:SEEN].clone(), kept)
        for rule in game.rules:
            fake, labels = rule.recall(fake, labels, turn)
        fake = game.arrange(fake)
    real = game.arrange(draw.real)
    if any(rule.wants_real_gradient for rule in active):
        real = real.detach().requires_grad_()
    if any(rule.wants_fake_gradient for rule in active):
        fake = fake.detach().requires_grad_()
    real_judged = game.judge(real, "real", turn, draw.real_labels)
    fake_judged = game.judge(fake, "fake", turn, labels)
    return _round(game, draw, fake, fake_judged, labels, real, real_judged)


def generator_loss(game: Game, draw: Draw) -> Tensor:
    """The generator's half: how its new samples are judged."""
    round = play_generator(game, draw)
    logits = round.fake_judged.logits
    on_real = None if round.real_judged is None else round.real_judged.logits
    costs = game.objective.generator(logits, on_real)
    loss = _weighted(costs, [rule.weights(logits.detach(), draw.turn) for rule in game.rules])
    game.meter.scalar("loss/generator", loss)
    active = game.active(draw.turn)
    if any(rule.replaces_generator_loss for rule in active):
        loss = torch.zeros_like(loss)
    loss = loss + _terms(game, round) if active else loss
    _aftermath(game, round)
    return loss


def own_loss(rule: Rule[Any], game: Game, draw: Draw) -> Tensor:
    """The loss of an update that one rule has for itself."""
    loss = game.eased(rule, draw.turn, rule.own_loss(game, draw))
    game.meter.scalar(f"penalty/{rule.name}", loss)
    return loss


def play_generator(game: Game, draw: Draw) -> Round:
    """Samples made and judged in the generator's turn."""
    turn = draw.turn
    fake = game.arrange(game.make(draw.z, draw.labels))
    real = None if draw.real is None else game.arrange(draw.real)
    opponent: Judge | None = None
    for rule in game.rules:
        opponent = rule.opponent(game, draw, fake, real) or opponent
    judged = game.judge(fake, "fake", turn, draw.labels, opponent)
    compared = game.objective.wants_real or any(rule.wants_real for rule in game.rules)
    real_judged = None
    if compared and real is not None:
        real_judged = game.judge(real, "real", turn, draw.real_labels, opponent)
    return _round(game, draw, fake, judged, draw.labels, real, real_judged, opponent)


def _round(
    game: Game, draw: Draw, fake: Tensor, fake_judged: Judgement, labels: Tensor | None,
    real: Tensor | None, real_judged: Judgement | None, judge: Judge | None = None,
) -> Round:  # fmt: skip
    turn = draw.turn
    return Round(
        turn, draw.z, labels, fake, fake_judged, real, draw.real_labels, real_judged,
        lambda x, which, y: game.judge(x, which, turn, y, judge),
    )  # fmt: skip


def _weighted(costs: Tensor, weights: list[Tensor | None]) -> Tensor:
    """The mean of the costs (N,), weighted where rules give weights (N,)."""
    total = torch.ones_like(costs)
    given = [w for w in weights if w is not None]
    if not given:
        return costs.mean()
    for weight in given:
        total = total * weight
    return (costs * total).sum() / total.sum()


def _terms(game: Game, round: Round) -> Tensor:
    """What the active rules add to the loss, each noted under its name."""
    total: Tensor | float = 0.0
    for rule in game.active(round.turn):
        term = game.eased(rule, round.turn, rule.term(round))
        game.meter.scalar(f"penalty/{rule.name}", term)
        total = total + term
    assert isinstance(total, Tensor)
    return total


def _aftermath(game: Game, round: Round) -> None:
    """Rules remember and tell."""
    with torch.no_grad():
        for rule in game.rules:
            rule.settle(round)
            if game.telling:
                for name, value in rule.measures(round).items():
                    game.meter.scalar(name, value)
