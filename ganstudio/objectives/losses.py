"""The games of probability: cross-entropy and its saturating form."""

from __future__ import annotations

from torch import Tensor
from torch.nn.functional import softplus

from ganstudio.catalog import objectives as options
from ganstudio.objectives.base import Separable, SettingsT


class CrossEntropy(Separable[SettingsT]):
    """The discriminator's side of the game of 2014."""

    def real(self, logits: Tensor) -> Tensor:
        """-log sigmoid(logit): the cost of not being called real (Goodfellow 2014, equation 1)."""
        return softplus(-logits)

    def fake(self, logits: Tensor) -> Tensor:
        """-log(1 - sigmoid(logit)): the cost of not being called generated (Goodfellow 2014, equation 1)."""
        return softplus(logits)


class NonSaturating(CrossEntropy[options.NonSaturating]):
    """The generator maximises log D(G(z)) (Goodfellow 2014, section 3)."""

    def generator(self, fake: Tensor, real: Tensor | None = None) -> Tensor:
        """-log sigmoid(logit)."""
        return softplus(-fake)


class Saturating(CrossEntropy[options.Saturating]):
    """The minimax game itself."""

    def generator(self, fake: Tensor, real: Tensor | None = None) -> Tensor:
        """log(1 - D(G(z))) (Goodfellow 2014, equation 1)."""
        return -softplus(fake)
