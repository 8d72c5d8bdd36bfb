"""Several generators and a classifier that keeps them apart (MGAN, Hoang 2018, OpenReview rkmu5b0a-)."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from ganstudio.catalog import conditioning as options
from ganstudio.conditioning.base import DiscriminatorFamily, GeneratorFamily, Way, head
from ganstudio.nets.base import Discriminator, Generator
from ganstudio.stabilizers.base import Round, Turn


class Switched(nn.Module):
    """Latents (N, D) and the generator's number (N,) -> (N, D): each generator has a first layer of its own."""

    def __init__(self, generators: int, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(generators, width, width))
        self.bias = nn.Parameter(torch.zeros(generators, width))
        for matrix in self.weight:
            nn.init.orthogonal_(matrix)

    def forward(self, z: Tensor, number: Tensor) -> Tensor:
        """Each latent through its generator's layer."""
        everyone = torch.einsum("nd,kde->nke", z, self.weight.to(z.dtype)) + self.bias.to(z.dtype)
        chosen = number[:, None, None].expand(-1, 1, z.shape[1])
        return everyone.gather(1, chosen).squeeze(1)


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
        net = family(width, 0)
        net.label_input = Switched(self.kinds, width)
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
