"""Games in which real and generated samples are judged against each other; neither has a target of its own."""

from __future__ import annotations

from torch import Tensor
from torch.nn.functional import softplus

from ganstudio.catalog import objectives as options
from ganstudio.objectives.base import Objective, SettingsT


class Paired(Objective[SettingsT]):
    """Both players' costs look at both kinds; the generator's sees real samples that are new to it."""

    wants_real = True

    def cost(self, winner: Tensor, loser: Tensor) -> Tensor:
        """The cost (N,) for the player that wants ``winner`` (N,) to look more real than ``loser`` (N,)."""
        raise AssertionError(f"{type(self).__name__} does not compare")

    def discriminator(
        self, real: Tensor, fake: Tensor, on_real: float | Tensor = 1.0, on_fake: float | Tensor = 0.0
    ) -> Tensor:
        """The mean cost with real above generated; a comparison has no targets to change."""
        return self.cost(real, fake).mean()

    def generator(self, fake: Tensor, real: Tensor | None = None) -> Tensor:
        """The same with the places exchanged."""
        assert real is not None, "a comparison needs real samples"
        return self.cost(fake, real)


class Relativistic(Paired[options.Relativistic]):
    """The i-th real against the i-th generated sample (Jolicoeur-Martineau 2018, arXiv:1807.00734, section 4.1)."""

    def cost(self, winner: Tensor, loser: Tensor) -> Tensor:
        """-log sigmoid(D(winner) - D(loser))."""
        return softplus(loser - winner)


class RelativisticAverage(Paired[options.RelativisticAverage]):
    """Each against the mean of the other kind (Jolicoeur-Martineau 2018, arXiv:1807.00734, section 4.2)."""

    def cost(self, winner: Tensor, loser: Tensor) -> Tensor:
        """-log sigmoid(D(winner) - mean D(loser)) - log(1 - sigmoid(D(loser) - mean D(winner)))."""
        return softplus(loser.mean() - winner) + softplus(loser - winner.mean())
