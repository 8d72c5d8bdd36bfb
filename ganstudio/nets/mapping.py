"""The mapping network of style-based generators (Karras 2019, arXiv:1812.04948, section 2)."""

from __future__ import annotations

from itertools import pairwise
from math import sqrt

import torch
from torch import Tensor, nn
from torch.nn.functional import one_hot

from ganstudio.nets.equalized import EqualizedLinear
from ganstudio.nets.layers import SLOPE, PixelNorm


class MappingNetwork(nn.Module):
    """Latents (N, latent), and labels (N,) where there are classes, to styles w (N, width).

    z is brought to mean square one and joined with the label's learned vector, brought to the same; ``layers``
    equalised linear layers with leaky rectifiers follow, which learn ``lr_multiplier`` times as fast as others.
    ``w_avg`` (width,) is the running average of w: ``keep`` is the share that an old average keeps in each pass
    (.995 in StyleGAN, .998 in StyleGAN2). It moves in training mode alone.
    """

    w_avg: Tensor

    def __init__(
        self, latent: int, classes: int, width: int, layers: int, lr_multiplier: float = 0.01, keep: float = 0.998
    ) -> None:  # fmt: skip
        super().__init__()
        self.classes, self.width, self.keep = classes, width, keep
        self.norm = PixelNorm()
        self.embedding = EqualizedLinear(classes, width) if classes else None
        sizes = [latent + width if classes else latent] + [width] * layers
        self.layers = nn.Sequential()
        for inner, outer in pairwise(sizes):
            self.layers.append(EqualizedLinear(inner, outer, gain=sqrt(2), lr_multiplier=lr_multiplier))
            self.layers.append(nn.LeakyReLU(SLOPE))
        self.register_buffer("w_avg", torch.zeros(width))

    def forward(self, z: Tensor, labels: Tensor | None = None, track: bool = True) -> Tensor:
        """w (N, width) in float32 or wider; in training mode the average follows, unless ``track`` is false."""
        with torch.autocast(z.device.type, enabled=False):
            w = self.layers(self._input(z.to(self.w_avg.dtype), labels))
        if self.training and track:
            self.follow(w)
        return w

    def _input(self, z: Tensor, labels: Tensor | None) -> Tensor:
        z = self.norm(z)
        if self.embedding is None:
            return z
        assert labels is not None, "a mapping network with classes needs labels"
        chosen = one_hot(labels, self.classes).to(z.dtype)
        return torch.cat([z, self.norm(self.embedding(chosen))], 1)

    @torch.no_grad()
    def follow(self, w: Tensor) -> None:
        """Move the average towards the mean of w (N, width)."""
        self.w_avg.lerp_(w.mean(0), 1 - self.keep)

    def truncated(self, ws: Tensor, psi: float, cutoff: int | None = None) -> Tensor:
        """w_avg + psi (w - w_avg) in the rows of ``ws`` (N, rows, width) below ``cutoff`` (``None``: in all).

        psi 0 is the average itself, 1 changes nothing (Karras 2019, appendix B).
        """
        if psi == 1.0:
            return ws
        rows = ws.shape[1] if cutoff is None else cutoff
        return torch.cat([torch.lerp(self.w_avg.expand_as(ws[:, :rows]), ws[:, :rows], psi), ws[:, rows:]], 1)
