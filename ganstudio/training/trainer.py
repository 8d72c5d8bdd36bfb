"""The trainer: a flat loop over phases. It knows players, phases and counters, and no variant."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from math import prod

import torch
from torch import Tensor, nn
from torch.nn.utils import get_total_norm

from ganstudio.core.config import RunConfig
from ganstudio.data.feed import Feed
from ganstudio.nets.counted import begin_all, counted_layers
from ganstudio.objectives import build_objective
from ganstudio.stabilizers import Turn
from ganstudio.training.build import build_discriminator, build_generator, build_rules
from ganstudio.training.compiling import Passes
from ganstudio.training.ema import AverageWeights, decay
from ganstudio.training.game import Draw, Game
from ganstudio.training.meter import Meter
from ganstudio.training.optimizers import build_optimizer, remember
from ganstudio.training.phases import Phase, pace, phases_of
from ganstudio.training.standing import Standing
from ganstudio.training.streams import Streams, draw, labels_for, latents_for

ELSEWHERE = 1 << 44
"""Where the generator's updates read the data: far from the discriminator's place, so that both see fresh samples."""


@dataclass
class Player:
    """A network and how it learns. ``updates`` counts its optimizer's steps."""

    net: nn.Module
    optimizer: torch.optim.Optimizer
    updates: int = 0

    def __post_init__(self) -> None:
        # Walking the modules anew in every update costs more than a small layer.
        self.parameters = tuple(self.net.parameters())


class Trainer:
    """Trains one config on one device, one step at a time.

    All that a step depends on is the config, the networks, the optimizers, what rules and objective remember,
    and four counters (steps, updates of either player, real images seen), so that a copy of these goes on exactly.
    """

    def __init__(self, config: RunConfig, feed: Feed, device: torch.device) -> None:
        self.feed, self.device, self.images, self.step_count = feed, device, 0, 0
        self.meter = Meter()
        self.measure = False
        self.rules = build_rules(config, feed.shape, device)
        generator = build_generator(config, feed.shape, self.rules)
        discriminator = build_discriminator(config, feed.shape, self.rules)
        self.players = {
            name: Player(net, build_optimizer(getattr(config.optimizer, name), net))
            for name, net in (
                ("generator", self._place(generator)), ("discriminator", self._place(discriminator)),
            )
        }  # fmt: skip
        self.counted = (*counted_layers(generator), *counted_layers(discriminator))
        self.average = AverageWeights(generator)
        self.standing = Standing(self.rules.way.kinds, device)
        self.streams = Streams(config.seed, device)
        self.game = Game(
            generator, discriminator, build_objective(config.objective, device), self.rules.all, self.meter,
            {name: player.optimizer for name, player in self.players.items()},
        )  # fmt: skip
        self.passes = Passes(generator, discriminator, device)
        self.adopt(config)

    def _place(self, net: nn.Module) -> nn.Module:
        net = net.to(self.device)
        for parameter in net.parameters():
            if parameter.dim() == 4:
                parameter.data = parameter.data.contiguous(memory_format=torch.channels_last)
        return net

    def adopt(self, config: RunConfig) -> None:
        """Go on under a config whose live settings have changed."""
        self.config = config
        self.rules.adopt(config)
        self.game.rules = self.rules.all
        self.game.objective.settings = config.objective
        self.phases = phases_of(config, self.game)
        self.game.fused_generator, self.game.fused_judge = self.passes.of(config)
        self.paces = {name: pace(self.phases, name) for name in self.players}
        for name, player in self.players.items():
            remember(player.optimizer, getattr(config.optimizer, name), self.paces[name])
        self.half_precision = config.compute.precision == "bf16" and self.device.type == "cuda"

    @property
    def state(self) -> dict[str, Tensor]:
        """What rules and objective remember, by name."""
        owners = {rule.name: rule.state for rule in self.rules.all} | {"objective": self.game.objective.state}
        return {f"{owner}.{key}": value for owner, state in owners.items() for key, value in state.items()}

    def step(self) -> None:
        """One step: every phase that is due, in order."""
        for phase in self.phases:
            for _ in range(self._repeats(phase)):
                self.update(phase)
        self.step_count += 1

    def _repeats(self, phase: Phase) -> int:
        if self.step_count % phase.every:
            return 0
        times = phase.repeat
        if phase.alone:
            return times
        for rule in self.rules.all:
            times = rule.repeats(phase.player, times, self.step_count)
        return times

    def half_step(self, player: str) -> None:
        """One player's phases alone, once; the generator's half ends the step."""
        for phase in self.phases:
            if phase.player == player and self.step_count % phase.every == 0:
                self.update(phase)
        if player == "generator":
            self.step_count += 1

    def update(self, phase: Phase) -> None:
        """One update of one player, unless a rule leaves it out.

        A rule's own update belongs to the ordinary one before it: it counts neither as an update nor for the average.
        """
        player, turn = self.players[phase.player], self.turn(phase)
        if not phase.alone and any(rule.skips(turn) for rule in self.rules.all):
            return
        self._set_rate(phase.player, turn)
        if any(rule.restarts(turn) for rule in self.rules.all):
            player.optimizer.state.clear()
        count = phase.count
        for rule in self.rules.all:
            count = count if phase.alone else rule.batch(turn, count)
            rule.begin(turn, player.net)
        if self.counted:
            begin_all(self.counted, turn.stream("layers").initial_seed())
        drawn = self.draw(phase, player, count)
        self.game.telling = self.measure
        self.gradients(phase, drawn)
        for rule in self.rules.all:
            rule.gradients(player.parameters, turn)
        if self.measure and not phase.alone:
            gradients = [p.grad for p in player.parameters if p.grad is not None]
            self.meter.scalar(f"grad_norm/{phase.player}", get_total_norm(gradients))
        player.optimizer.step()
        if phase.alone:
            return
        player.updates += 1
        if phase.player == "discriminator":
            self.images += count
        else:
            share = prod(rule.averaging(turn) for rule in self.rules.all)
            self.average.update(decay(self.config.ema, count, self.images, self.step_count, share))

    def turn(self, phase: Phase) -> Turn:
        """The next turn of a phase's player."""
        count = self.players[phase.player].updates
        rival = sum(player.updates for player in self.players.values()) - count
        return Turn(
            phase.player, count, self.step_count, self.streams, self.images, rival, self.config.steps, phase.alone
        )  # fmt: skip

    def _set_rate(self, name: str, turn: Turn) -> None:
        rate = getattr(self.config.optimizer, name).lr * self.paces[name]
        for rule in self.rules.all:
            rate *= rule.rate(turn)
        for group in self.players[name].optimizer.param_groups:
            group["lr"] = rate
        self._set_second_beta(name, turn)

    def _set_second_beta(self, name: str, turn: Turn) -> None:
        own = getattr(getattr(self.config.optimizer, name), "betas", None)
        if own is None:
            return
        beta = own[1]
        for rule in self.rules.all:
            beta = rule.second_beta(turn, beta)
        for group in self.players[name].optimizer.param_groups:
            group["betas"] = (group["betas"][0], beta ** self.paces[name])

    def gradients(self, phase: Phase, drawn: Draw) -> None:
        """Forward and backward of one update: fresh gradients for its player, the other frozen."""
        self._freeze_all_but(phase.player)
        self.players[phase.player].optimizer.zero_grad(set_to_none=True)
        with self._precision():
            loss = phase.loss(self.game, drawn)
        loss.backward()

    def draw(self, phase: Phase, player: Player, count: int) -> Draw:
        """``count`` fresh latents and, where the phase needs them, real samples: decided by the counters alone.

        Generated samples have the labels of the real ones they are judged beside, or labels as frequent as theirs.
        """
        turn = self.turn(phase)
        z = draw(self.config.latent, count, turn.stream("z"))
        real, real_labels = self._real(phase, player, count)
        if real is not None:
            for rule in self.rules.all:
                real = rule.prepare(real, turn)
        way = self.rules.way
        if not way.kinds:
            return Draw(z, None, real, None, turn)
        if not way.from_data:
            size, stream = (count,), turn.stream("label")
            labels = torch.randint(way.kinds, size, generator=stream, device=self.device)
            return Draw(z, labels, real, None, turn)
        labels = real_labels
        if real is None:
            labels = self.feed.random_labels(count, turn.stream("label"))
        return Draw(z, labels, real, real_labels, turn)

    def _real(self, phase: Phase, player: Player, count: int) -> tuple[Tensor | None, Tensor | None]:
        if not phase.real:
            return None, None
        if phase.player == "discriminator":
            seen = count if phase.alone else 0  # a rule's own update looks once more at the last samples
            return self.feed.batch(max(self.images - seen, 0), count)
        return self.feed.batch(ELSEWHERE + player.updates * count, count)

    def _precision(self) -> AbstractContextManager[object]:
        if self.half_precision:
            return torch.autocast(self.device.type, dtype=torch.bfloat16)
        return nullcontext()

    def _freeze_all_but(self, chosen: str) -> None:
        for name, player in self.players.items():
            for parameter in player.parameters:
                parameter.requires_grad = name == chosen

    def sample(self, seeds: Sequence[int], labels: Tensor | None = None) -> Tensor:
        """Samples of the averaged generator for seeds, in the network's range; changes nothing in training.

        ``labels`` (len(seeds),) choose the classes; without them each seed has one of its own.
        """
        if labels is None:
            labels = labels_for(seeds, self.rules.way.kinds)
        return self.render(latents_for(seeds, self.config.latent), labels)

    @torch.no_grad()
    def render(self, z: Tensor, labels: Tensor | None = None, at_once: int = 256) -> Tensor:
        """Samples of the averaged generator for latents (N, width) and labels (N,), ``at_once`` at a time."""
        state = tuple(player.updates for player in self.players.values())
        net = self.standing.net(self.average.net, self.config, state)
        return render(net, z.to(self.device), labels, at_once)


def render(net: nn.Module, z: Tensor, labels: Tensor | None, at_once: int = 256) -> Tensor:
    """Samples (N, *size) in float32 for latents (N, width) and labels (N,), ``at_once`` at a time."""
    if labels is None:
        return torch.cat([net(part).float() for part in z.split(at_once)])
    pairs = zip(z.split(at_once), labels.to(z.device).split(at_once), strict=True)
    return torch.cat([net(part, classes).float() for part, classes in pairs])
