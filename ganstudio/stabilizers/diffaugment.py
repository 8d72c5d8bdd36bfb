"""Differentiable augmentation (Zhao 2020, arXiv:2006.10738, section 3.2 and its published settings)."""

from __future__ import annotations

import torch
from torch import Tensor

from ganstudio.catalog.stabilizers import augment as options
from ganstudio.stabilizers.base import Rule, Turn
from ganstudio.stabilizers.warping import packs, pick, pictures

SHIFT = 1 / 8
"""Share of the size by which a picture moves at most."""
HOLE = 1 / 2
"""Share of the size that is cut out."""


def brightness(x: Tensor, chance: Tensor) -> Tensor:
    """One number in -0.5 to 0.5 added to a picture; ``chance`` (N,) in [0, 1)."""
    return x + (chance - 0.5).view(-1, 1, 1, 1)


def saturation(x: Tensor, chance: Tensor) -> Tensor:
    """The distance from the pixel's grey, times 0 to 2; nothing in pictures of one channel."""
    grey = x.mean(1, keepdim=True)
    return grey + (x - grey) * (chance * 2).view(-1, 1, 1, 1)


def contrast(x: Tensor, chance: Tensor) -> Tensor:
    """The distance from the picture's mean, times 0.5 to 1.5."""
    mean = x.mean((1, 2, 3), keepdim=True)
    return mean + (x - mean) * (chance + 0.5).view(-1, 1, 1, 1)


def translation(x: Tensor, chance: Tensor) -> Tensor:
    """Moved by whole pixels, up to an eighth of the size in each direction; grey (0) comes in. ``chance`` (N, 2)."""
    height, width = x.shape[2:]
    rows, row_in = _moved(chance[:, 0], height)
    columns, column_in = _moved(chance[:, 1], width)
    shape = (len(x), height, width)
    found = pick(x, rows[:, :, None].expand(shape), columns[:, None].expand(shape))
    inside = row_in[:, None, :, None] & column_in[:, None, None]
    return found * inside.to(x.dtype)


def _moved(chance: Tensor, size: int) -> tuple[Tensor, Tensor]:
    """Where each of ``size`` places comes from (N, size), and whether that lies inside."""
    most = int(size * SHIFT + 0.5)
    shift = (chance * (2 * most + 1)).long() - most
    places = torch.arange(size, device=chance.device) + shift[:, None]
    return places.clamp(0, size - 1), (places >= 0) & (places < size)


def cutout(x: Tensor, chance: Tensor) -> Tensor:
    """A rectangle of half the size becomes grey (0); its middle lies anywhere. ``chance`` (N, 2)."""
    hole = (
        _covered(chance[:, 0], x.shape[2])[:, None, :, None]
        & _covered(chance[:, 1], x.shape[3])[:, None, None]
    )
    return x * (~hole).to(x.dtype)


def _covered(chance: Tensor, size: int) -> Tensor:
    """Which of ``size`` places (N, size) lie in the hole."""
    hole = int(size * HOLE + 0.5)
    middle = (chance * (size + 1 - hole % 2)).long()
    start = (middle - hole // 2)[:, None]
    places = torch.arange(size, device=chance.device)
    return (places >= start) & (places < start + hole)


class DiffAugment(Rule[options.DiffAugment]):
    """Real and generated pictures change alike, in both players' turns, and gradients flow through the changes."""

    def before_discriminator(self, x: Tensor, which: str, turn: Turn) -> Tensor:
        """The pictures changed, each by random numbers of its own."""
        single = pictures(x, self.site.shape.channels)
        # In float32 whatever x is: in half precision the places would be coarse.
        chance = turn.uniform((len(single), 7), x.new_empty(0, dtype=torch.float32), f"diffaugment {which}")
        tones = chance.to(x.dtype)
        if self.settings.colour:
            single = contrast(saturation(brightness(single, tones[:, 0]), tones[:, 1]), tones[:, 2])
        if self.settings.translation:
            single = translation(single, chance[:, 3:5])
        if self.settings.cutout:
            single = cutout(single, chance[:, 5:7])
        return packs(single, x)
