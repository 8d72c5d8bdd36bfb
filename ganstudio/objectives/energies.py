"""Games of an energy, which is minus the logit: low where samples look real."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor
from torch.nn.functional import relu

from ganstudio.catalog import objectives as options
from ganstudio.objectives.base import Objective, Separable


class EnergyMargin(Separable[options.EnergyMargin]):
    """EBGAN (Zhao 2016, arXiv:1609.03126)."""

    def real(self, logits: Tensor) -> Tensor:
        """E(x) (equation 1)."""
        return -logits

    def fake(self, logits: Tensor) -> Tensor:
        """max(0, m - E(G(z))) (equation 1)."""
        return relu(self.settings.margin + logits)

    def generator(self, fake: Tensor, real: Tensor | None = None) -> Tensor:
        """E(G(z)) (equation 2)."""
        return -fake


class BoundaryEquilibrium(Objective[options.BoundaryEquilibrium]):
    """BEGAN (Berthelot 2017, arXiv:1703.10717): L(x) - k L(G(z)), where k keeps L(G(z)) near gamma L(x).

    The generated samples of the discriminator's turn steer k: they come from the same weights as the ones that
    the generator is about to make.
    """

    def __init__(self, settings: options.BoundaryEquilibrium, device: torch.device | str = "cpu") -> None:
        super().__init__(settings, device)
        self.state["k"] = torch.zeros((), device=self.device)

    def discriminator(
        self, real: Tensor, fake: Tensor, on_real: float | Tensor = 1.0, on_fake: float | Tensor = 0.0
    ) -> Tensor:
        """L(x) - k L(G(z)) (section 3.4); there are no targets to change."""
        return -real.mean() + self.state["k"].clone() * fake.mean()

    def generator(self, fake: Tensor, real: Tensor | None = None) -> Tensor:
        """L(G(z)) (section 3.4)."""
        return -fake

    def balance(self, real: Tensor, fake: Tensor) -> Tensor:
        """gamma L(x) - L(G(z)), 0 at the equilibrium (equation 4)."""
        return fake.mean() - self.settings.gamma * real.mean()

    def settle(self, real: Tensor, fake: Tensor) -> None:
        """k moves by its rate times the imbalance and stays between 0 and 1 (section 3.4)."""
        k = self.state["k"]
        k.add_(self.balance(real, fake).to(k.dtype) * self.settings.rate).clamp_(0, 1)

    def measures(self, real: Tensor, fake: Tensor) -> Mapping[str, Tensor]:
        """L(x) + |gamma L(x) - L(G(z))|, the measure of convergence (section 3.4.1), and k."""
        return {
            "convergence": -real.mean() + self.balance(real, fake).abs(),
            "balance/k": self.state["k"].clone(),
        }
