"""The optimizers a player can learn with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from ganstudio.core.schema import Options, option

_RATE: dict[str, Any] = dict(
    low=0,
    high=10,
    live=True,
    logarithmic=True,
    label="Rate",
    help="Learning rate: how far one update moves the weights.",
)


@dataclass(frozen=True)
class Optimizer(Options):
    """What all optimizers share: a learning rate."""

    lr: float = option(2e-4, **_RATE)


@dataclass(frozen=True)
class Adam(Optimizer):
    """Adam (Kingma & Ba 2015)."""

    kind: ClassVar[str] = "adam"
    title: ClassVar[str] = "Adam"
    idea: ClassVar[str] = "Steps scaled by a running estimate of each gradient's mean and spread."

    betas: tuple[float, float] = option(
        (0.5, 0.999),
        low=0,
        high=1,
        open_high=True,
        help="How long the running mean and the running spread remember. GANs use a short memory of the mean.",
    )
    eps: float = option(1e-8, low=0, high=1, advanced=True, help="Keeps the division from blowing up.")


@dataclass(frozen=True)
class RmsProp(Optimizer):
    """RMSprop (Hinton's lecture 6e)."""

    kind: ClassVar[str] = "rmsprop"
    title: ClassVar[str] = "RMSprop"
    idea: ClassVar[str] = "Steps scaled by a running estimate of each gradient's size."

    alpha: float = option(0.99, low=0, high=1, open_high=True, help="How long the running size remembers.")
    eps: float = option(1e-8, low=0, high=1, advanced=True, help="Keeps the division from blowing up.")


@dataclass(frozen=True)
class Sgd(Optimizer):
    """Stochastic gradient descent."""

    kind: ClassVar[str] = "sgd"
    title: ClassVar[str] = "Gradient descent"
    idea: ClassVar[str] = "Straight down the gradient, as the theory has it."

    momentum: float = option(0.0, low=0, high=1, open_high=True, help="Share of the last step that is kept.")


OPTIMIZERS: dict[str, type[Options]] = {cls.kind: cls for cls in (Adam, RmsProp, Sgd)}
