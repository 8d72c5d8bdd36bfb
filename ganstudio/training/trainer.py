"""The trainer: a flat loop over phases. It knows players, phases and counters, and no variant."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.utils import get_total_norm

from ganstudio.core.config import RunConfig
from ganstudio.data.feed import Feed
from ganstudio.nets import build_discriminator, build_generator
from ganstudio.objectives import OBJECTIVES
from ganstudio.stabilizers import Turn, build_stabilizers
from ganstudio.training.ema import AverageWeights, decay
from ganstudio.training.game import Draw, Game
from ganstudio.training.meter import Meter
from ganstudio.training.optimizers import build_optimizer
from ganstudio.training.phases import Phase, phases_of
from ganstudio.training.streams import Streams, draw, latents_for


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

    All that a step depends on is the config, the networks, the optimizers and three counters (updates of
    either player, real images seen), so that a copy of these goes on exactly.
    """

    def __init__(self, config: RunConfig, feed: Feed, device: torch.device) -> None:
        self.feed, self.device, self.images = feed, device, 0
        self.meter = Meter()
        self.measure = False
        nets = {
            "generator": self._place(build_generator(config, feed.shape)),
            "discriminator": self._place(build_discriminator(config, feed.shape)),
        }
        self.players = {
            name: Player(net, build_optimizer(getattr(config.optimizer, name), net))
            for name, net in nets.items()
        }
        self.average = AverageWeights(nets["generator"])
        self.streams = Streams(config.seed, device)
        self.game = Game(
            nets["generator"],
            nets["discriminator"],
            OBJECTIVES[config.objective.kind],
            (),
            self.meter,
        )
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
        self.phases = phases_of(config)
        self.game.objective = OBJECTIVES[config.objective.kind]
        self.game.rules = build_stabilizers(config.stabilizers)
        self.half_precision = config.compute.precision == "bf16" and self.device.type == "cuda"
        for name, player in self.players.items():
            for group in player.optimizer.param_groups:
                group["lr"] = getattr(config.optimizer, name).lr

    @property
    def step_count(self) -> int:
        """Generator updates so far: what the whole studio calls the step."""
        return self.players["generator"].updates

    def step(self) -> None:
        """One step: every phase that is due, in order."""
        step = self.step_count
        for phase in self.phases:
            if step % phase.every == 0:
                for _ in range(phase.repeat):
                    self.update(phase)

    def half_step(self, player: str) -> None:
        """One player's phases alone, once."""
        for phase in self.phases:
            if phase.player == player:
                self.update(phase)

    def update(self, phase: Phase) -> None:
        """One update of one player."""
        player = self.players[phase.player]
        drawn = self.draw(phase, player, self.config.batch_size)
        self.gradients(phase, drawn)
        if self.measure:
            gradients = [p.grad for p in player.parameters if p.grad is not None]
            self.meter.scalar(f"grad_norm/{phase.player}", get_total_norm(gradients))
        player.optimizer.step()
        player.updates += 1
        if phase.real:
            self.images += len(drawn.real)
        if phase.player == "generator":
            self.average.update(decay(self.config.ema, len(drawn.z), self.images))

    def gradients(self, phase: Phase, drawn: Draw) -> None:
        """Forward and backward of one update: fresh gradients for its player, the other frozen."""
        self._freeze_all_but(phase.player)
        self.players[phase.player].optimizer.zero_grad(set_to_none=True)
        with self._precision():
            loss = phase.loss(self.game, drawn)
        loss.backward()

    def draw(self, phase: Phase, player: Player, count: int) -> Draw:
        """``count`` fresh latents and, where the phase needs them, real samples: decided by the counters alone."""
        z = draw(self.config.latent, count, self.streams("z", phase.player, player.updates))
        real = self.feed.batch(self.images, count)[0] if phase.real else z
        return Draw(z, real, Turn(phase.player, player.updates, self.step_count, self.streams))

    def _precision(self) -> AbstractContextManager[object]:
        if self.half_precision:
            return torch.autocast(self.device.type, dtype=torch.bfloat16)
        return nullcontext()

    def _freeze_all_but(self, chosen: str) -> None:
        for name, player in self.players.items():
            for parameter in player.parameters:
                parameter.requires_grad = name == chosen

    def sample(self, seeds: Sequence[int]) -> Tensor:
        """Samples of the averaged generator for seeds, in the network's range; changes nothing in training."""
        return self.render(latents_for(seeds, self.config.latent))

    @torch.no_grad()
    def render(self, z: Tensor, at_once: int = 256) -> Tensor:
        """Samples of the averaged generator for latents (N, D), ``at_once`` at a time."""
        parts = z.to(self.device).split(at_once)
        return torch.cat([self.average.net(part).float() for part in parts])
