"""Spectral normalisation of weights (Miyato 2018, arXiv:1802.05957, algorithm 1)."""

from __future__ import annotations

from typing import TypeGuard, cast

import torch
from torch import Tensor, nn
from torch.nn.functional import normalize
from torch.nn.utils import parametrize

from ganstudio.nets.base import Discriminator, Generator
from ganstudio.nets.layers import ConditionalNorm

EPS = 1e-12
WARM_UP = 15
"""Power iterations when the layer is made, as torch's own parametrization does."""
KINDS = (nn.Linear, nn.Conv2d, nn.ConvTranspose2d)


class SpectralWeight(nn.Module):
    """W -> W / sigma(W), sigma the largest singular value of W laid out as (outputs, everything else).

    ``axis`` is the one of the outputs. One power iteration in each call while training, none in evaluation. The
    estimate is computed in float32 whatever the precision around it.
    """

    u: Tensor
    v: Tensor

    def __init__(self, weight: Tensor, axis: int) -> None:
        super().__init__()
        self.axis = axis
        matrix = self.matrix(weight.detach())
        self.register_buffer("u", normalize(torch.randn(matrix.shape[0]), dim=0, eps=EPS))
        self.register_buffer("v", normalize(torch.randn(matrix.shape[1]), dim=0, eps=EPS))
        for _ in range(WARM_UP):
            self.advance(matrix)

    def matrix(self, weight: Tensor) -> Tensor:
        """The weight as (outputs, everything else)."""
        return weight.transpose(0, self.axis).flatten(1)

    @torch.no_grad()
    def advance(self, matrix: Tensor) -> None:
        """One power iteration, in place."""
        self.u.copy_(normalize(matrix @ self.v, dim=0, eps=EPS))
        self.v.copy_(normalize(matrix.T @ self.u, dim=0, eps=EPS))

    def forward(self, weight: Tensor) -> Tensor:
        """The weight, divided by the estimate of its largest singular value."""
        with torch.autocast(weight.device.type, enabled=False):
            matrix = self.matrix(weight.float())
            if self.training:
                self.advance(matrix.detach())
            sigma = torch.dot(self.u.clone(), matrix @ self.v.clone())
            return weight / sigma


def output_axis(layer: nn.Module) -> int:
    """Where a layer's weight has its outputs: a transposed convolution in the second place."""
    return 1 if isinstance(layer, nn.ConvTranspose2d) else 0


def spectral_norm(net: nn.Module) -> None:
    """Normalise every layer and the table of a projection, except what only brings in a label.

    Exempt are input layers for labels, and the gains and shifts of conditional norms with their shared embedding.
    """
    exempt = {id(inner) for outer in _exempt(net) for inner in outer.modules()}
    for layer in list(net.modules()):
        if (isinstance(layer, KINDS) and id(layer) not in exempt) or _projects(net, layer):
            made = SpectralWeight(cast("Tensor", layer.weight), output_axis(layer))
            parametrize.register_parametrization(layer, "weight", made)


def _projects(net: nn.Module, layer: nn.Module) -> TypeGuard[nn.Embedding]:
    return isinstance(net, Discriminator) and net.projection is layer


def _exempt(net: nn.Module) -> list[nn.Module]:
    found: list[nn.Module] = []
    for module in net.modules():
        if isinstance(module, ConditionalNorm):
            found += [module.gain, module.shift]
        if isinstance(module, Generator | Discriminator) and module.label_input is not None:
            found.append(module.label_input)
    return found
