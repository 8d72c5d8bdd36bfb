"""Path length regularisation (Karras 2020, arXiv:1912.04958, section 3.2)."""

from __future__ import annotations

from math import sqrt
from typing import Any

import torch
from torch import Tensor

from ganstudio.catalog.stabilizers import penalties as options
from ganstudio.nets.style_base import StyleGenerator
from ganstudio.stabilizers.base import Draw, OwnUpdate, Rule, Site


def lengths(pictures: Tensor, ws: Tensor, noise: Tensor) -> Tensor:
    """How far the pictures (N, C, H, W) move with the styles they come from (N, rows, width): (N,); differentiable.

    |J' y| for y of standard normal ``noise`` over sqrt(H W), so that the size of a picture does not matter; the root
    of the mean over rows of the squared gradient.
    """
    shares = noise / sqrt(pictures.shape[2] * pictures.shape[3])
    (gradient,) = torch.autograd.grad((pictures.float() * shares).sum(), ws, create_graph=True)
    return gradient.float().square().sum(2).mean(1).sqrt()


class PathLength(Rule[options.PathLength]):
    """(|J' y| - a)^2, a being the running mean of |J' y|: equal steps in w shall change pictures equally.

    It is applied in updates of its own and to a part of the batch (appendix B), ``every`` times as strong.
    """

    def __init__(self, settings: options.PathLength, site: Site) -> None:
        super().__init__(settings, site)
        self.state = {"mean": torch.zeros((), device=site.device)}

    @property
    def own_update(self) -> OwnUpdate | None:
        """One of the generator's in every k-th step."""
        return OwnUpdate("generator", self.settings.every, shrink=self.settings.shrink)

    def own_loss(self, game: Any, draw: Draw) -> Tensor:
        """The penalty for styles as training has them; the running mean follows."""
        net = game.generator
        assert isinstance(net, StyleGenerator), "path lengths are those of a generator with styles"
        ws = net.styles(draw.z, draw.labels)
        pictures = net.render(ws)
        noise = draw.turn.noise_like(pictures.float(), "path length")
        found = lengths(pictures, ws, noise)
        mean = self.state["mean"]
        mean.lerp_(found.detach().mean(), self.settings.decay)
        return (found - mean.clone()).square().mean() * (self.settings.weight * self.settings.every)


RULES = {"path-length": PathLength}
