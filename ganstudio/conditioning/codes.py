"""Codes in the latent that must stay readable (InfoGAN, Chen 2016, arXiv:1606.03657)."""

from __future__ import annotations

import math
from collections.abc import Mapping

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from ganstudio.catalog import conditioning as options
from ganstudio.conditioning.base import DiscriminatorFamily, Way, head
from ganstudio.nets.base import Discriminator
from ganstudio.stabilizers.base import Round, Turn

HIDDEN = 128
"""Neurons in Q's own hidden layer, as in the paper's appendix C."""


class Codes(Way[options.Coded]):
    """Q, a head on the discriminator's features, reads the codes out of the sample.

    Both players minimise -log Q(c | G(z, c)), the part of the variational bound on the mutual information that
    they can change (equation 5). A categorical code is read as a softmax, a continuous one as a Gaussian with a mean
    and a spread that is 1, as in the authors' program, or read out, too, as in the paper's appendix C.
    """

    def make_discriminator(self, family: DiscriminatorFamily) -> Discriminator:
        """Q beside the logit."""
        net = super().make_discriminator(family)
        latent = self.site.latent
        numbers = 2 if self.settings.spread == "learned" else 1
        net.heads["codes"] = head(net.width, latent.one_hot + numbers * latent.continuous, HIDDEN)
        return net

    def active(self, turn: Turn) -> bool:
        """In both players' updates."""
        return True

    def term(self, round: Round) -> Tensor:
        """The weighted cost of reading the codes of the generated samples."""
        categorical, continuous = self.costs(round)
        return categorical * self.settings.categorical_weight + continuous * self.settings.continuous_weight

    def costs(self, round: Round) -> tuple[Tensor, Tensor]:
        """-log Q of the categorical and of the continuous codes in nats, each summed over codes."""
        latent, said = self.site.latent, round.fake_judged.heads["codes"]
        given = round.z[:, latent.dimension :]
        names, values = given[:, : latent.one_hot], given[:, latent.one_hot :]
        nothing = said.sum() * 0
        categorical = continuous = nothing
        if latent.categorical:
            logits = said[:, : latent.one_hot].reshape(-1, latent.categories)
            truth = names.reshape(-1, latent.categories).argmax(1)
            categorical = cross_entropy(logits, truth) * latent.categorical
        if latent.continuous:
            mean, log_std = self._gaussian(said[:, latent.one_hot :])
            cost = (values - mean).square() * (-2 * log_std).exp() / 2 + log_std + math.log(2 * math.pi) / 2
            continuous = cost.sum(1).mean()
        return categorical, continuous

    def _gaussian(self, said: Tensor) -> tuple[Tensor, Tensor]:
        """Means and log standard deviations (N, codes); learned spreads stay between e^-3 and e."""
        if self.settings.spread == "fixed":
            return said, torch.zeros_like(said)
        mean, log_std = said.chunk(2, 1)
        return mean, -1 + 2 * (log_std / 2).tanh()

    def measures(self, round: Round) -> Mapping[str, Tensor]:
        """A lower bound on the mutual information of codes and samples, in nats (equation 4).

        For continuous codes with the spread that fits best, which is a Gaussian Q as well.
        """
        latent, said = self.site.latent, round.fake_judged.heads["codes"]
        categorical, _ = self.costs(round)
        bound = latent.categorical * math.log(latent.categories) - categorical
        if latent.continuous:
            values = round.z[:, latent.dimension + latent.one_hot :]
            mean, _ = self._gaussian(said[:, latent.one_hot :])
            error = (values - mean).square().mean(0).clamp(min=1e-6)
            bound = bound + (math.log(2) - (error * (2 * math.pi * math.e)).log() / 2).sum()
        return {"information": bound}
