"""Layers whose random numbers are counted: what they draw is decided by a seed, not by what was drawn before."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor, nn

from ganstudio.core.seeds import derive

NOISE = ("random", "fixed", "none")


class Counted(nn.Module):
    """A layer that draws random numbers in training.

    They are decided by ``seed`` and how often it was asked for some since that was set; whoever trains the network
    sets the seed anew in every update, and a checkpoint has nothing to keep.
    """

    seed = 0
    draws = 0

    def begin(self, seed: int) -> None:
        """Count anew from this seed."""
        self.seed, self.draws = seed, 0

    def stream(self, device: torch.device) -> torch.Generator:
        """The random numbers of this call; the next call has others."""
        self.draws += 1
        return torch.Generator(device).manual_seed(derive(self.seed, "counted", self.draws))


def counted_layers(net: nn.Module) -> tuple[Counted, ...]:
    """Every layer of a network that draws random numbers, in order."""
    return tuple(layer for layer in net.modules() if isinstance(layer, Counted))


def begin_all(layers: Iterable[Counted], seed: int) -> None:
    """Count anew in all of these layers, each from a seed of its own."""
    for number, layer in enumerate(layers):
        layer.begin(derive(seed, "layer", number))


class PixelNoise(Counted):
    """x plus learned strength times noise, one standard normal number for each pixel (Karras 2019, section 2).

    ``channels`` is 0 where one strength serves all channels. Strengths begin at 0. ``fixed`` is the picture of noise
    that stands in where samples must come out the same every time: in evaluation, unless another is asked for.
    """

    fixed: Tensor

    def __init__(self, height: int, width: int, channels: int = 0) -> None:
        super().__init__()
        self.strength = nn.Parameter(torch.zeros((channels, 1, 1) if channels else ()))
        self.register_buffer("fixed", torch.randn(height, width))

    def forward(self, x: Tensor, noise: str = "") -> Tensor:
        """(N, C, H, W) -> the same shape. ``noise`` is one of :data:`NOISE`; without it random in training only."""
        noise = noise or ("random" if self.training else "fixed")
        if noise == "none":
            return x
        drawn = self.fixed if noise == "fixed" else self._fresh(x)
        return x + (self.strength * drawn).to(x.dtype)

    def _fresh(self, x: Tensor) -> Tensor:
        size = (len(x), 1, *x.shape[2:])
        return torch.empty(size, device=x.device, dtype=self.fixed.dtype).normal_(
            generator=self.stream(x.device)
        )
