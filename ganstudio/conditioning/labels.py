"""The ways that need the data's classes."""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from ganstudio.catalog import conditioning as options
from ganstudio.conditioning.base import DiscriminatorFamily, Labelled, head, widened
from ganstudio.conditioning.inputs import LabelBeside, LabelPlane
from ganstudio.core.shapes import DataShape
from ganstudio.nets.base import Discriminator
from ganstudio.stabilizers.base import Round, Site, Turn


class Concatenation(Labelled[options.Concatenated]):
    """The label beside the input of either network (Mirza & Osindero 2014, arXiv:1411.1784)."""

    def __init__(self, settings: options.Concatenated, site: Site) -> None:
        super().__init__(settings, site)
        self.embedding = settings.embedding

    def make_discriminator(self, family: DiscriminatorFamily) -> Discriminator:
        """Families that read plain rows get one-hot numbers more, as in the paper; the others a channel more."""
        shape = self.site.shape
        if family(shape).flat:
            net = family(DataShape("points", shape.numel + self.kinds))
            net.label_input = LabelBeside(self.kinds)
            return net
        net = family(widened(shape, LabelPlane.extra))
        net.label_input = LabelPlane(self.kinds, shape)
        return net


class Projection(Labelled[options.Projected]):
    """D(x, y) = f(features) + <e(y), features> (Miyato & Koyama 2018, arXiv:1802.05637, equation 3)."""

    def __init__(self, settings: options.Projected, site: Site) -> None:
        super().__init__(settings, site)
        self.embedding = settings.embedding

    def make_discriminator(self, family: DiscriminatorFamily) -> Discriminator:
        """One vector for each class, as long as the features are."""
        net = super().make_discriminator(family)
        net.projection = nn.Embedding(self.kinds, net.width)
        nn.init.normal_(net.projection.weight, 0.0, 0.02)
        return net


class Classifier(Labelled[options.Classified]):
    """An auxiliary classifier on the discriminator's features (Odena 2017, arXiv:1610.09585, equations 2 and 3).

    Its logits go into the cross-entropy as they are: a softmax before it, as in some copies, would flatten the
    gradient.
    """

    def __init__(self, settings: options.Classified, site: Site) -> None:
        super().__init__(settings, site)
        self.embedding = settings.embedding

    def make_discriminator(self, family: DiscriminatorFamily) -> Discriminator:
        """A linear classifier beside the logit."""
        net = super().make_discriminator(family)
        net.heads["classes"] = head(net.width, self.kinds)
        return net

    def active(self, turn: Turn) -> bool:
        """Always."""
        return True

    def term(self, round: Round) -> Tensor:
        """The cross-entropy of the class: of real and generated samples for D, of generated ones for G."""
        on_fake = _class_cost(round.fake_judged.heads["classes"], round.labels)
        if round.turn.player == "generator":
            return on_fake * self.settings.generator_weight
        _, judged = round.reals
        cost = _class_cost(judged.heads["classes"], round.real_labels)
        if self.settings.on_fake:
            cost = cost + on_fake
        return cost * self.settings.discriminator_weight

    def measures(self, round: Round) -> Mapping[str, Tensor]:
        """How often the class is recognised."""
        found = {"classified/fake": _hits(round.fake_judged.heads["classes"], round.labels)}
        if round.real_judged is not None:
            found["classified/real"] = _hits(round.real_judged.heads["classes"], round.real_labels)
        return found


def _class_cost(logits: Tensor, labels: Tensor | None) -> Tensor:
    assert labels is not None
    return cross_entropy(logits, labels)


def _hits(logits: Tensor, labels: Tensor | None) -> Tensor:
    assert labels is not None
    return (logits.argmax(1) == labels).float().mean()
