"""The generator against the discriminator of some updates ahead (Metz 2017, arXiv:1611.02163)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor, nn
from torch.func import functional_call

from ganstudio.catalog.stabilizers import learning as options
from ganstudio.nets.base import Discriminator, Judgement
from ganstudio.stabilizers.base import Draw, Judge, Rule, Turn

Parameters = dict[str, Tensor]
Memory = dict[str, Tensor]
"""What an optimizer remembers of one parameter."""
Group = Mapping[str, Any]
Update = Callable[[Tensor, Tensor, Memory, Group], tuple[Tensor, Memory]]
"""Parameter, its gradient, what is remembered of it and the optimizer's settings to the new ones of both."""


class Unrolling(Rule[options.Unrolling]):
    """Foresees k updates of the discriminator and judges the generator by the last of them (equations 7 to 9).

    The gradient flows through the updates, because the foreseen discriminators depend on the generator's samples.
    All of them learn from the same batch. The discriminator's parameters, buffers and optimizer stay as they are. The
    foreseen loss is the game's own with its penalties; clipped gradients and replayed samples are not foreseen.
    """

    draws_real = True

    def opponent(self, game: Any, draw: Draw, fake: Tensor, real: Tensor | None) -> Judge | None:
        """The discriminator after ``ahead`` updates."""
        assert real is not None, "unrolling needs real samples"
        net: Discriminator = game.discriminator
        optimizer: torch.optim.Optimizer = game.optimizers["discriminator"]
        parameters = {name: p.detach().requires_grad_() for name, p in net.named_parameters()}
        buffers = {name: b.clone() for name, b in net.named_buffers()}
        foresee = Foresight(net, optimizer, self.settings)
        with torch.enable_grad():
            for step in range(self.settings.ahead):
                judge = judge_with(net, parameters, buffers)
                # Tensors of this update alone: a penalty that asks for the slope at the samples must not find the
                # way through the updates before, which the foreseen parameters have come.
                its_real, its_fake = real.detach().requires_grad_(), fake.clone()
                seen = Draw(draw.z, draw.labels, its_real, draw.real_labels, _turn(draw.turn, step))
                loss: Tensor = game.imagined_loss(seen, its_fake, its_real, judge)
                slopes = torch.autograd.grad(
                    loss, list(parameters.values()), create_graph=True, allow_unused=True
                )
                parameters = foresee.update(parameters, dict(zip(parameters, slopes, strict=True)))
        return judge_with(net, parameters, buffers)


def _turn(turn: Turn, step: int) -> Turn:
    """The discriminator's turn that would follow, with random numbers of its own."""

    def random(purpose: str, *counters: int | str) -> torch.Generator:
        return turn.random(f"unrolled {purpose}", *counters, turn.count)

    return Turn("discriminator", turn.rival + step, turn.step, random, turn.images, turn.count, turn.length)


class _Judging(nn.Module):
    """Makes a network's :meth:`judge` what a call of the module does."""

    def __init__(self, net: Discriminator) -> None:
        super().__init__()
        self.net = net

    def forward(self, x: Tensor, labels: Tensor | None) -> Judgement:
        """All that the network says."""
        return self.net.judge(x, labels)


def judge_with(net: Discriminator, parameters: Parameters, buffers: Parameters) -> Judge:
    """The network's judgement with other parameters and buffers; the latter are brought up to date in place."""
    wrapper = _Judging(net)
    tensors = {f"net.{name}": tensor for name, tensor in (parameters | buffers).items()}

    def judge(x: Tensor, labels: Tensor | None) -> Judgement:
        return functional_call(wrapper, tensors, (x, labels))

    return judge


class Foresight:
    """An optimizer's updates as functions with a gradient; the optimizer itself is only looked at."""

    def __init__(
        self, net: Discriminator, optimizer: torch.optim.Optimizer, settings: options.Unrolling
    ) -> None:
        self.group: Group = dict(optimizer.param_groups[0])
        if settings.rate:
            self.group = {**self.group, "lr": settings.rate}
        self.rule = sgd if settings.optimizer == "sgd" else UPDATES[type(optimizer)]
        if settings.optimizer == "sgd":
            self.group = {**self.group, "momentum": 0.0}
        self.memory: dict[str, Memory] = {}
        for name, parameter in net.named_parameters():
            known = optimizer.state.get(parameter, {})
            self.memory[name] = {
                key: value.detach() for key, value in known.items() if isinstance(value, Tensor)
            }

    def update(self, parameters: Parameters, slopes: Mapping[str, Tensor | None]) -> Parameters:
        """The parameters after one more update; without a slope they stay as they are, as in the optimizer."""
        after: Parameters = {}
        for name, value in parameters.items():
            slope = slopes[name]
            if slope is None:
                after[name] = value
                continue
            after[name], self.memory[name] = self.rule(value, slope, self.memory[name], self.group)
        return after


def _root(x: Tensor) -> Tensor:
    """The square root with slope 0, not infinity, at 0: where a neuron is dead nothing moves."""
    positive = x > 0
    return torch.where(positive, torch.where(positive, x, 1.0).sqrt(), 0.0)


def adam(value: Tensor, slope: Tensor, memory: Memory, group: Group) -> tuple[Tensor, Memory]:
    """Kingma & Ba 2015, algorithm 1, going on from the real optimizer's moments."""
    first, second = group["betas"]
    step = memory["step"] + 1 if memory else torch.ones((), device=value.device)
    mean = memory.get("exp_avg", torch.zeros_like(value)) * first + slope * (1 - first)
    square = memory.get("exp_avg_sq", torch.zeros_like(value)) * second + slope.square() * (1 - second)
    spread = _root(square) / (1 - second**step).sqrt() + group["eps"]
    moved = value - group["lr"] / (1 - first**step) * mean / spread
    return moved, {"step": step, "exp_avg": mean, "exp_avg_sq": square}


def rmsprop(value: Tensor, slope: Tensor, memory: Memory, group: Group) -> tuple[Tensor, Memory]:
    """Hinton's lecture 6e, going on from the real optimizer's mean square."""
    keep = group["alpha"]
    square = memory.get("square_avg", torch.zeros_like(value)) * keep + slope.square() * (1 - keep)
    return value - group["lr"] * slope / (_root(square) + group["eps"]), {"square_avg": square}


def sgd(value: Tensor, slope: Tensor, memory: Memory, group: Group) -> tuple[Tensor, Memory]:
    """Down the slope, with torch's momentum: the first step has none, later b = momentum b + slope."""
    if not group["momentum"]:
        return value - group["lr"] * slope, {}
    before = memory.get("momentum_buffer")
    going = slope if before is None else before * group["momentum"] + slope
    return value - group["lr"] * going, {"momentum_buffer": going}


UPDATES: dict[type[torch.optim.Optimizer], Update] = {
    torch.optim.Adam: adam,
    torch.optim.RMSprop: rmsprop,
    torch.optim.SGD: sgd,
}
