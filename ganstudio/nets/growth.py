"""How far a network has grown, and pictures between sizes (Karras 2018, arXiv:1710.10196, figure 2)."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, interpolate

from ganstudio.nets.layers import doubled, halved


class Growth(nn.Module):
    """The level a network works at (0 is 4 px, each level doubles) and how far its layers have faded in, 0 to 1.

    Training goes by numbers on the host. The buffer ``now``, which follows them, is what travels with the weights: into
    the average, checkpoints and exported files; in evaluation it decides.
    """

    now: Tensor

    def __init__(self, levels: int) -> None:
        super().__init__()
        self.last, self.level, self.alpha = levels - 1, levels - 1, 1.0
        self.register_buffer("now", torch.tensor([float(self.level), self.alpha]))

    def set(self, level: int, alpha: float) -> None:
        """Grow to a level; without waiting for the device."""
        if (level, alpha) != (self.level, self.alpha):
            self.now[0].fill_(float(level))
            self.now[1].fill_(alpha)
        self.level, self.alpha = level, alpha

    def read(self) -> tuple[int, float]:
        """Level and alpha as things stand."""
        if not self.training and not torch.compiler.is_exporting():
            self._believe()
        return self.level, self.alpha

    def _believe(self) -> None:
        level, alpha = self.now.tolist()
        self.level, self.alpha = min(max(int(level), 0), self.last), alpha

    def _load_from_state_dict(self, *args: Any, **more: Any) -> None:
        super()._load_from_state_dict(*args, **more)
        self._believe()


def growths(net: nn.Module) -> list[Growth]:
    """Every place in a network that says how far it has grown."""
    return [module for module in net.modules() if isinstance(module, Growth)]


def enlarged(x: Tensor, size: int) -> Tensor:
    """Pictures (N, C, H, W) brought to ``size`` px, a multiple of theirs, by repeating pixels."""
    times = size // x.shape[-1]
    return x if times == 1 else interpolate(x, scale_factor=float(times), mode="nearest")


def reduced(x: Tensor, size: int) -> Tensor:
    """Pictures (N, C, H, W) brought to ``size`` px, of which theirs is a multiple, by averaging pixels."""
    times = x.shape[-1] // size
    return x if times == 1 else avg_pool2d(x, times)


def faded(x: Tensor, alpha: float) -> Tensor:
    """Pictures whose finest detail has the share ``alpha``: (1 - alpha) up(down(x)) + alpha x."""
    return x if alpha == 1.0 else torch.lerp(doubled(halved(x)), x, alpha)
