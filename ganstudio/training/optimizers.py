"""Optimizers of the catalogue, built for a network."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import nn

from ganstudio.catalog import optimizers as options

Params = Iterable[nn.Parameter]


def _adam(settings: options.Adam, params: Params) -> torch.optim.Optimizer:
    return torch.optim.Adam(params, lr=settings.lr, betas=settings.betas, eps=settings.eps, fused=True)


def _rmsprop(settings: options.RmsProp, params: Params) -> torch.optim.Optimizer:
    return torch.optim.RMSprop(params, lr=settings.lr, alpha=settings.alpha, eps=settings.eps, foreach=True)


def _sgd(settings: options.Sgd, params: Params) -> torch.optim.Optimizer:
    return torch.optim.SGD(params, lr=settings.lr, momentum=settings.momentum, fused=True)


OPTIMIZERS: dict[str, Callable[[Any, Params], torch.optim.Optimizer]] = {
    "adam": _adam,
    "rmsprop": _rmsprop,
    "sgd": _sgd,
}

STATE_KEYS: dict[type[torch.optim.Optimizer], Callable[[torch.optim.Optimizer], set[str]]] = {
    torch.optim.Adam: lambda optimizer: {"step", "exp_avg", "exp_avg_sq"},
    torch.optim.RMSprop: lambda optimizer: {"step", "square_avg"},
    torch.optim.SGD: lambda optimizer: (
        {"momentum_buffer"} if optimizer.param_groups[0]["momentum"] else set()
    ),
}
"""Which tensors an optimizer keeps for every parameter it has moved; a checkpoint holds all of them or none."""


MEMORY: dict[type[torch.optim.Optimizer], str] = {torch.optim.Adam: "betas", torch.optim.RMSprop: "alpha"}
"""How long an optimizer's averages remember; momentum is a sum and no average: it is left alone."""


def remember(optimizer: torch.optim.Optimizer, settings: Any, pace: float) -> None:
    """Set how long an optimizer remembers: as its settings say, raised to ``pace``, elementwise."""
    name = MEMORY.get(type(optimizer))
    if name is None:
        return
    chosen = getattr(settings, name)
    keep = tuple(beta**pace for beta in chosen) if isinstance(chosen, tuple) else chosen**pace
    for group in optimizer.param_groups:
        group[name] = keep


def build_optimizer(settings: Any, net: nn.Module) -> torch.optim.Optimizer:
    """The optimizer of one player, fused into one kernel where torch can."""
    return OPTIMIZERS[settings.kind](settings, net.parameters())
