"""Losses of both players as functions of logits (N,), each a mean over the batch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from torch import Tensor
from torch.nn.functional import softplus

Half = Callable[[Tensor], Tensor]


@dataclass(frozen=True)
class Objective:
    """The discriminator's halves on real and on generated logits, and the generator's loss.

    ``real_target`` below 1 mixes the halves on real logits: t real(r) + (1 - t) fake(r), which for a
    cross-entropy is the target t (one-sided label smoothing, Salimans 2016, section 3.4).
    """

    real: Half
    fake: Half
    generator: Half
    real_target: float = 1.0

    def discriminator(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        """The discriminator's loss: both halves added."""
        on_real = self.real(real_logits)
        if self.real_target < 1:
            on_real = self.real_target * on_real + (1 - self.real_target) * self.fake(real_logits)
        return on_real + self.fake(fake_logits)

    def smoothed(self, target: float) -> Objective:
        """The same game with another target for real."""
        return replace(self, real_target=target)


def called_real(logits: Tensor) -> Tensor:
    """-log sigmoid(logit): the cost of not being called real (Goodfellow 2014, equation 1)."""
    return softplus(-logits).mean()


def called_fake(logits: Tensor) -> Tensor:
    """-log(1 - sigmoid(logit)): the cost of not being called generated (Goodfellow 2014, equation 1)."""
    return softplus(logits).mean()


def minimax_generator(logits: Tensor) -> Tensor:
    """log(1 - D(G(z))): the generator's side of the minimax game (Goodfellow 2014, equation 1)."""
    return -softplus(logits).mean()


NON_SATURATING = Objective(called_real, called_fake, called_real)
SATURATING = Objective(called_real, called_fake, minimax_generator)
