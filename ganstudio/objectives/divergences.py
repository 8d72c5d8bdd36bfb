"""f-divergences and their variational estimates (Nowozin 2016, arXiv:1606.00709, table 2 and table 6).

A critic's logit v becomes T = g(v) in the domain of the conjugate f*; the estimate is E_P[T] - E_Q[f*(T)]. Here
f*(g(v)) is written as one function of v, so that nothing is computed as the logarithm or the inverse of what has
just been rounded to 0. Where theory has exp(v), it goes on as a straight line beyond v = 20, so that neither it
nor its slope overflows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import exp, log

import torch
from torch import Tensor
from torch.nn.functional import softplus

from ganstudio.catalog import objectives as options
from ganstudio.objectives.base import Separable

LIMIT = 20.0


def growth(v: Tensor) -> Tensor:
    """exp(v) up to v = 20, then its tangent."""
    return torch.exp(v.clamp(max=LIMIT)) + exp(LIMIT) * torch.relu(v - LIMIT)


def _half_tanh(v: Tensor) -> Tensor:
    return torch.tanh(v) / 2


@dataclass(frozen=True)
class Divergence:
    """``activation``: g(v); ``conjugate``: f*(g(v)), both functions of the logit v."""

    activation: Callable[[Tensor], Tensor]
    conjugate: Callable[[Tensor], Tensor]


DIVERGENCES: dict[str, Divergence] = {
    # g = v, f*(t) = exp(t - 1)
    "kl": Divergence(lambda v: v, lambda v: growth(v - 1)),
    # g = -exp(-v), f*(t) = -1 - log(-t)
    "reverse-kl": Divergence(lambda v: -growth(-v), lambda v: v - 1),
    # g = v, f*(t) = t^2 / 4 + t
    "pearson": Divergence(lambda v: v, lambda v: v.square() / 4 + v),
    # g = 1 - exp(-v), f*(t) = t / (1 - t)
    "squared-hellinger": Divergence(lambda v: 1 - growth(-v), lambda v: growth(v) - 1),
    # g = log 2 - softplus(-v), f*(t) = -log(2 - exp(t))
    "jensen-shannon": Divergence(lambda v: log(2) - softplus(-v), lambda v: softplus(v) - log(2)),
    # g = -softplus(-v), f*(t) = -log(1 - exp(t))
    "gan": Divergence(lambda v: -softplus(-v), softplus),
    # g = tanh(v) / 2, f*(t) = t
    "total-variation": Divergence(_half_tanh, _half_tanh),
}


class FDivergence(Separable[options.FDivergence]):
    """The critic raises the estimate; the generator lowers it, or raises the critic's score of its samples."""

    @property
    def chosen(self) -> Divergence:
        """The divergence of the settings."""
        return DIVERGENCES[self.settings.divergence]

    def real(self, logits: Tensor) -> Tensor:
        """-g(v): the part of the estimate that real samples give, turned round (equation 6)."""
        return -self.chosen.activation(logits)

    def fake(self, logits: Tensor) -> Tensor:
        """f*(g(v)): the part of the estimate that generated samples give, turned round (equation 6)."""
        return self.chosen.conjugate(logits)

    def generator(self, fake: Tensor, real: Tensor | None = None) -> Tensor:
        """-f*(g(v)) for minimax; -g(v) for the heuristic (section 3.2)."""
        if self.settings.generator == "minimax":
            return -self.chosen.conjugate(fake)
        return -self.chosen.activation(fake)

    def measures(self, real: Tensor, fake: Tensor) -> Mapping[str, Tensor]:
        """The estimate of the divergence, a lower bound."""
        return {"divergence": -self.discriminator(real, fake)}
