"""Rendered pictures as a feed: fresh ones for every batch, by the seed and the position alone."""

from __future__ import annotations

import torch
from torch import Tensor

from ganstudio.core.seeds import derive
from ganstudio.data.pixels import from_pixels, to_pixels
from ganstudio.data.rendered.factors import Values
from ganstudio.data.rendered.source import RenderedSource


class RenderedFeed:
    """Pictures of a source on ``device``, from (seed, "rendered", position)."""

    def __init__(self, source: RenderedSource, device: torch.device | str, seed: int) -> None:
        self.shape = source.shape
        self.class_names = source.class_names
        self.source = source
        self.seed = seed
        self._generator = torch.Generator(torch.device(device))

    def batch(self, position: int, count: int) -> tuple[Tensor, Tensor | None]:
        """float32 (count, C, H, W) in [-1, 1], channels_last, and int64 (count,) labels, on the device."""
        values = self.factors(position, count)
        pictures = self.source.render(values).contiguous(memory_format=torch.channels_last)
        return pictures, self.source.labels(values)

    def factors(self, position: int, count: int) -> Values:
        """The truth about a batch: the value of every factor of its samples."""
        self._generator.manual_seed(derive(self.seed, "rendered", position))
        return self.source.draw(count, self._generator)

    def captions(self, position: int, count: int) -> list[str]:
        """A sentence about each sample of a batch."""
        return self.source.captions(self.factors(position, count))

    def random_labels(self, count: int, generator: torch.Generator) -> Tensor | None:
        """Labels of samples that are drawn and not rendered: as frequent as in the data."""
        return self.source.labels(self.source.draw(count, generator))

    def to_display(self, x: Tensor) -> Tensor:
        """uint8 pictures, same shape."""
        return to_pixels(x)

    def from_display(self, shown: Tensor) -> Tensor:
        """float32 pictures in [-1, 1], same shape."""
        return from_pixels(shown)
