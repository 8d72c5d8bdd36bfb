"""Several generators and a classifier that keeps them apart (MGAN, Hoang 2018, OpenReview rkmu5b0a-)."""

from __future__ import annotations

import math
from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, one_hot

from ganstudio.catalog import conditioning as options
from ganstudio.conditioning.base import DiscriminatorFamily, GeneratorFamily, Way, head
from ganstudio.nets.base import Discriminator, Generator
from ganstudio.stabilizers.base import Round, Turn


class OwnPlace(nn.Module):
    """Latents (N, D) and the generator's number k (N,) -> (N, K D + K): z in the k-th of K places, and k one-hot.

    The first linear layer behind it is then K layers W_k z + b_k, one for each generator, and all else is shared. The
    factor sqrt(K) makes up for the K times as many inputs among which layers share out their first weights.
    """

    def __init__(self, generators: int, width: int) -> None:
        super().__init__()
        self.generators = generators
        self.width = generators * width + generators

    def forward(self, z: Tensor, number: Tensor) -> Tensor:
        """Each latent in its generator's place."""
        mine = one_hot(number, self.generators).to(z.dtype)
        placed = (mine[:, :, None] * z[:, None]).flatten(1) * math.sqrt(self.generators)
        return torch.cat([placed, mine], 1)


class Team(Generator):
    """Generators side by side: every one makes its samples, and each latent takes the one it belongs to."""

    takes_labels = True

    def __init__(self, members: list[Generator]) -> None:
        super().__init__()
        self.members = nn.ModuleList(members)

    def synthesize(self, z: Tensor, labels: Tensor | None) -> Tensor:
        """Sample n of generator ``labels[n]``."""
        assert labels is not None
        everyone = torch.stack([member(z) for member in self.members], 1)
        return everyone[torch.arange(len(z), device=z.device), labels]


class Together(Way[options.Crowd]):
    """The number of its generator is a sample's label; the classifier shares the discriminator's layers.

    The classifier learns from generated samples alone, and the generators lower the same cross-entropy, ``diversity``
    times as strong (equation 2 of the paper).
    """

    @property
    def kinds(self) -> int:
        """The generators."""
        return self.settings.generators

    def make_generator(self, family: GeneratorFamily) -> Generator:
        """Generators that share all but the first layer, or none."""
        width = self.site.latent.width
        if not self.settings.shared:
            return Team([family(width, 0) for _ in range(self.kinds)])
        place = OwnPlace(self.kinds, width)
        net = family(place.width, 0)
        net.label_input = place
        return net

    def make_discriminator(self, family: DiscriminatorFamily) -> Discriminator:
        """A linear classifier of generators beside the logit."""
        net = super().make_discriminator(family)
        net.heads["generators"] = head(net.width, self.kinds)
        return net

    def active(self, turn: Turn) -> bool:
        """In both players' updates."""
        return True

    def term(self, round: Round) -> Tensor:
        """The cross-entropy of whose sample it is."""
        assert round.labels is not None
        cost = cross_entropy(round.fake_judged.heads["generators"], round.labels)
        return cost * self.settings.diversity if round.turn.player == "generator" else cost

    def measures(self, round: Round) -> Mapping[str, Tensor]:
        """How often the generator of a sample is recognised."""
        assert round.labels is not None
        found = round.fake_judged.heads["generators"].argmax(1)
        return {"told-apart": (found == round.labels).float().mean()}
