"""Penalties on the slope and the weights of the networks, eager or lazy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor, nn

from ganstudio.catalog.stabilizers import penalties as options
from ganstudio.objectives import penalties as formulas
from ganstudio.stabilizers import path_length
from ganstudio.stabilizers.base import Draw, OwnUpdate, Round, Rule, SettingsT, Site, Turn


class Lazy(Rule[SettingsT]):
    """A term of the discriminator's loss, every k-th update k times as strong (Karras 2019, appendix B).

    The term is added to the loss of the ordinary update, which makes no update more: the optimizer needs no
    correction. :class:`Apart` is the paper's form.
    """

    def active(self, turn: Turn) -> bool:
        """In every k-th update of the discriminator, the first included."""
        settings: Any = self.settings
        return turn.player == "discriminator" and turn.count % settings.every == 0


class Apart(Lazy[SettingsT]):
    """A lazy term that can have every k-th step's further update for itself (Karras 2020, arXiv:1912.04958).

    Its gradient then passes through the optimizer alone, k times as strong, and not mixed with the loss's: Adam
    sees k + 1 updates in k steps, which the trainer makes up for by ``training.phases.pace``.
    """

    def active(self, turn: Turn) -> bool:
        """Not in ordinary updates, if it has updates of its own."""
        settings: Any = self.settings
        return not settings.apart and super().active(turn)

    @property
    def own_update(self) -> OwnUpdate | None:
        """One of the discriminator's in every k-th step, if so set."""
        settings: Any = self.settings
        return OwnUpdate("discriminator", settings.every, real=True) if settings.apart else None

    def strength(self, batch: int) -> float:
        """gamma, by itself or in units of StyleGAN2's rule of thumb: .0002 times pixels over images in a batch
        (Karras 2020, arXiv:2006.06676, appendix C)."""
        settings: Any = self.settings
        if not settings.auto:
            return settings.gamma
        shape = self.site.shape
        return settings.gamma * 2e-4 * shape.height * shape.width / batch


class R1(Apart[options.R1]):
    """gamma/2 |grad D|^2 at real data, from the logits that are there anyway or from an update of its own."""

    wants_real_gradient = True

    def term(self, round: Round) -> Tensor:
        """The penalty, scaled so that it averages to the eager one."""
        real, judged = round.reals
        gamma = self.strength(len(round.z))
        return formulas.r1(judged.logits, real, gamma) * self.settings.every

    def own_loss(self, game: Any, draw: Draw) -> Tensor:
        """The same at the real samples of the last ordinary update."""
        assert draw.real is not None, "the penalty is taken at real samples"
        real = game.arrange(draw.real).detach().requires_grad_()
        judged = game.judge(real, "real", draw.turn, draw.real_labels)
        gamma = self.strength(len(draw.z))
        return formulas.r1(judged.logits, real, gamma) * self.settings.every


class R2(Apart[options.R2]):
    """gamma/2 |grad D|^2 at generated data, from the logits that are there anyway or from an update of its own.

    It is never in the generator's loss.
    """

    wants_fake_gradient = True

    def term(self, round: Round) -> Tensor:
        """The penalty, scaled so that it averages to the eager one."""
        gamma = self.strength(len(round.z))
        return formulas.r2(round.fake_judged.logits, round.fake, gamma) * self.settings.every

    def own_loss(self, game: Any, draw: Draw) -> Tensor:
        """The same at fresh samples."""
        with torch.no_grad():
            fake = game.arrange(game.generator(draw.z, draw.labels))
        fake = fake.detach().requires_grad_()
        judged = game.judge(fake, "fake", draw.turn, draw.labels)
        gamma = self.strength(len(draw.z))
        return formulas.r2(judged.logits, fake, gamma) * self.settings.every


class GradientPenalty(Lazy[options.GradientPenalty]):
    """The slope of the critic at places of its own, which need a pass of their own: in float32 throughout."""

    def places(self, round: Round) -> Tensor:
        """Where the slope is taken, like the real samples in shape, with a share of its own for each sample."""
        real, _ = round.reals
        real, fake = real.detach(), round.fake.detach().to(real.dtype)
        share = round.turn.uniform((len(real),), real, "gradient penalty share")
        if self.settings.at == "between":
            return formulas.between(real, fake, share)
        noise = round.turn.uniform(real.shape, real, "gradient penalty noise")
        return formulas.around(real, noise, share)

    def term(self, round: Round) -> Tensor:
        """The penalty with the real samples' labels, scaled so that it averages to the eager one."""
        at = self.places(round).requires_grad_()
        with torch.autocast(at.device.type, enabled=False):
            judged = round.judge(at, "mixture", round.real_labels)
            slope = formulas.gradients(judged.logits, at)
        chosen = self.settings
        distance = formulas.distance_from(slope, float(chosen.centre == "one"), chosen.sides == "one")
        return distance * (chosen.weight * chosen.every)


class Drift(Rule[options.Drift]):
    """epsilon E D(x)^2 at real samples (Karras 2018, arXiv:1710.10196, appendix A.1)."""

    def active(self, turn: Turn) -> bool:
        """In the discriminator's updates."""
        return turn.player == "discriminator"

    def term(self, round: Round) -> Tensor:
        """The weighted mean square of the answers."""
        _, judged = round.reals
        return judged.logits.square().mean() * self.settings.weight


class Orthogonal(Rule[options.Orthogonal]):
    """Right angles between the rows of every weight matrix of a network, as its own update begins."""

    def __init__(self, settings: options.Orthogonal, site: Site) -> None:
        super().__init__(settings, site)
        self.nets: dict[str, nn.Module] = {}

    def begin(self, turn: Turn, net: nn.Module) -> None:
        """Remember whose weights they are."""
        self.nets[turn.player] = net

    def active(self, turn: Turn) -> bool:
        """In the updates of the chosen network."""
        return self.settings.on in (turn.player, "both") and turn.player in self.nets

    def term(self, round: Round) -> Tensor:
        """beta times the squared products of different rows."""
        return formulas.orthogonality(matrices(self.nets[round.turn.player])) * self.settings.weight


def matrices(net: nn.Module) -> Iterator[Tensor]:
    """The weights of a network as matrices (outputs, rest): no embeddings, no norms, nothing of one dimension.

    Of a weight under spectral norm it is the one that is learned.
    """
    left_out: set[int] = set()
    turned: set[int] = set()
    for module in net.modules():
        if isinstance(module, nn.Embedding | nn.LayerNorm):
            left_out |= {id(p) for p in module.parameters()}
        elif isinstance(module, nn.ConvTranspose1d | nn.ConvTranspose2d | nn.ConvTranspose3d):
            turned |= {id(p) for p in module.parameters() if p.dim() > 1}
    for weight in net.parameters():
        if weight.dim() > 1 and id(weight) not in left_out:
            yield (weight.transpose(0, 1) if id(weight) in turned else weight).flatten(1)


class PullingAway(Rule[options.PullingAway]):
    """Mean squared cosine between the features of different generated samples (Zhao 2016, equation 4)."""

    def active(self, turn: Turn) -> bool:
        """In the generator's updates."""
        return turn.player == "generator"

    def term(self, round: Round) -> Tensor:
        """The weighted mean over all ordered pairs."""
        return formulas.pulling_away(round.fake_judged.features) * self.settings.weight


RULES: dict[str, Callable[[Any, Site], Rule[Any]]] = {
    "r1": R1,
    "r2": R2,
    "gradient-penalty": GradientPenalty,
    "drift": Drift,
    "orthogonal": Orthogonal,
    "pulling-away": PullingAway,
    **path_length.RULES,
}
