"""The games of critics, whose scores are no probabilities: least squares, Wasserstein, hinge."""

from __future__ import annotations

from torch import Tensor
from torch.nn.functional import relu

from ganstudio.catalog import objectives as options
from ganstudio.objectives.base import Separable


class LeastSquares(Separable[options.LeastSquares]):
    """Half the squared distance to 1 for real and to 0 for generated (Mao 2016, arXiv:1611.04076, equation 9)."""

    def real(self, logits: Tensor) -> Tensor:
        """(D(x) - 1)^2 / 2."""
        return (logits - 1).square() / 2

    def fake(self, logits: Tensor) -> Tensor:
        """D(G(z))^2 / 2."""
        return logits.square() / 2

    def generator(self, fake: Tensor, real: Tensor | None = None) -> Tensor:
        """(D(G(z)) - 1)^2 / 2."""
        return (fake - 1).square() / 2


class Wasserstein(Separable[options.Wasserstein]):
    """The dual form of the earth mover's distance (Arjovsky 2017, arXiv:1701.07875, equations 2 and 3)."""

    def real(self, logits: Tensor) -> Tensor:
        """-D(x)."""
        return -logits

    def fake(self, logits: Tensor) -> Tensor:
        """D(G(z))."""
        return logits

    def generator(self, fake: Tensor, real: Tensor | None = None) -> Tensor:
        """-D(G(z))."""
        return -fake


class Hinge(Separable[options.Hinge]):
    """A margin for the discriminator, none for the generator (Lim & Ye 2017, arXiv:1705.02894)."""

    def real(self, logits: Tensor) -> Tensor:
        """max(0, 1 - D(x)) (Miyato 2018, arXiv:1802.05957, equation 16)."""
        return relu(1 - logits)

    def fake(self, logits: Tensor) -> Tensor:
        """max(0, 1 + D(G(z))) (Miyato 2018, equation 16)."""
        return relu(1 + logits)

    def generator(self, fake: Tensor, real: Tensor | None = None) -> Tensor:
        """-D(G(z)) (Miyato 2018, equation 17)."""
        return -fake
