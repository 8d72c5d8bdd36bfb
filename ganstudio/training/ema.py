"""The exponential moving average of the generator's weights."""

from __future__ import annotations

import copy

import torch
from torch import Tensor, nn

from ganstudio.core.config import Ema


def decay(settings: Ema, batch: int, images: int, step: int = 0, share: float = 1.0) -> float:
    """The share an old weight keeps over one update: 0.5^(batch / half-life).

    Half-life in images, of which ``share`` counts, at most ``ramp`` of the images seen (Karras 2020,
    arXiv:2006.06676, appendix C). Before ``start`` steps nothing is kept.
    """
    if step < settings.start:
        return 0.0
    half_life = settings.half_life * share
    if settings.ramp > 0:
        half_life = min(half_life, images * settings.ramp)
    return 0.5 ** (batch / half_life) if half_life > 0 else 0.0


class AverageWeights:
    """A copy of a network whose parameters follow the original's average; buffers are copied as they are."""

    def __init__(self, net: nn.Module) -> None:
        self.net = copy.deepcopy(net).eval().requires_grad_(False)
        self._mine: list[Tensor] = list(self.net.parameters())
        self._theirs: list[Tensor] = list(net.parameters())
        self._my_buffers, self._their_buffers = list(self.net.buffers()), list(net.buffers())

    @torch.no_grad()
    def update(self, keep: float) -> None:
        """Move towards the original: mine = keep * mine + (1 - keep) * theirs."""
        torch._foreach_lerp_(self._mine, self._theirs, 1 - keep)  # pyright: ignore[reportPrivateUsage]
        if self._my_buffers:
            torch._foreach_copy_(self._my_buffers, self._their_buffers)  # pyright: ignore[reportPrivateUsage]
