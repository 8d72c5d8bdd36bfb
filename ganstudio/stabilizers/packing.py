"""Packs of samples (PacGAN, Lin 2018, arXiv:1712.04086, section 3)."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor

from ganstudio.catalog.stabilizers import inputs as options
from ganstudio.core.shapes import DataShape
from ganstudio.stabilizers.base import Rule


class Packing(Rule[options.Packing]):
    """The discriminator sees m samples as one with m times the channels; only its first layer grows.

    A batch of N becomes N / m packs, so that an update sees as many samples as without packing.
    """

    def discriminator_shape(self, shape: DataShape) -> DataShape:
        """m times the channels."""
        return replace(shape, channels=shape.channels * self.settings.samples)

    def arrange(self, x: Tensor) -> Tensor:
        """(N, C, ...) -> (N / m, m C, ...): neighbours of the batch side by side."""
        packs = x.unflatten(0, (-1, self.settings.samples)).flatten(1, 2)
        return packs.contiguous(memory_format=torch.channels_last) if packs.dim() == 4 else packs
