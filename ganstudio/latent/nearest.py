"""The training pictures nearest to a picture: whether a generator invents or remembers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ganstudio.core.seeds import derive
from ganstudio.core.shapes import DataShape
from ganstudio.data import Data, ImageSet, RenderedSource, to_pixels
from ganstudio.latent.errors import ExploreError, Stopped

AT_ONCE = 2048
ENDLESS = 4096
"""Pictures that stand for data without end."""
ASKED = 256
"""Training pictures whose own nearest neighbours say what is usual."""
CANDIDATES = 8
"""For each neighbour wanted so many are found by a fast sum and compared exactly."""
Bytes = NDArray[np.uint8]
Stop = Callable[[], bool]


@dataclass(frozen=True, eq=False)
class Neighbours:
    """Training pictures, uint8 (M, C, H, W), to be searched. ``sample`` says so where they only stand for more."""

    pictures: Tensor
    sample: bool

    @property
    def about(self) -> str:
        """What is searched, for a person."""
        if self.sample:
            return f"{len(self.pictures):,} pictures drawn from data without end"
        return f"all {len(self.pictures):,} training pictures"

    def find(
        self, images: Bytes, count: int, stop: Stop = lambda: False
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Numbers and distances (N, count) of the nearest, nearest first, of pictures uint8 (N, H, W, C).

        The distance is the root mean square difference of all numbers in grey levels, 0 to 255. Raises
        :class:`Stopped` once ``stop()`` is true.
        """
        asked = torch.from_numpy(np.ascontiguousarray(images)).permute(0, 3, 1, 2).flatten(1).float()
        return self._find(asked, min(count, len(self.pictures)), stop)

    def usual(self, stop: Stop = lambda: False) -> float:
        """The median distance at which a training picture finds its own nearest neighbour; 0 for a single one."""
        if len(self.pictures) < 2:
            return 0.0
        step = max(1, len(self.pictures) // ASKED)
        asked = torch.arange(0, len(self.pictures), step)[:ASKED]
        found, distances = self._find(self.pictures[asked].flatten(1).float(), 2, stop)
        # Itself is found at distance 0, unless an equal one took its place.
        others = np.where(found[:, 0] == asked.numpy(), distances[:, 1], distances[:, 0])
        return float(np.median(others))

    def shown(self, numbers: NDArray[np.int64]) -> Bytes:
        """The pictures of these numbers (N,), uint8 (N, H, W, C)."""
        return np.ascontiguousarray(self.pictures[torch.from_numpy(numbers)].permute(0, 2, 3, 1).numpy())

    def _find(self, asked: Tensor, count: int, stop: Stop) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        kept = min(count * CANDIDATES, len(self.pictures))
        best = torch.full((len(asked), kept), torch.inf)
        numbers = torch.zeros((len(asked), kept), dtype=torch.int64)
        centred = asked - 127.5
        for first in range(0, len(self.pictures), AT_ONCE):
            if stop():
                raise Stopped
            part = self.pictures[first : first + AT_ONCE].flatten(1).float() - 127.5
            squares = (
                part.square().sum(1) - 2 * centred @ part.T
            )  # up to the asked one's own, the same for all
            which = torch.arange(first, first + len(part)).expand(len(asked), -1)
            best, place = torch.cat([best, squares], 1).topk(kept, largest=False)
            numbers = torch.cat([numbers, which], 1).gather(1, place)
        return self._exact(asked, numbers, count)

    def _exact(
        self, asked: Tensor, numbers: Tensor, count: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The candidates (N, K) by their exact distances, of equals the earlier one first."""
        distances = torch.stack(
            [
                (self.pictures[candidates].flatten(1).float() - one)
                .square()
                .mean(1, dtype=torch.float64)
                .sqrt()
                for one, candidates in zip(asked, numbers, strict=True)
            ]
        )
        earlier = numbers.argsort(1)
        distances, numbers = distances.gather(1, earlier), numbers.gather(1, earlier)
        order = distances.argsort(dim=1, stable=True)[:, :count]
        return numbers.gather(1, order).numpy(), distances.gather(1, order).float().numpy()


def neighbours(data: Data, shape: DataShape) -> Neighbours:
    """Training data to be searched; raises :class:`ExploreError` where it holds no pictures of this shape."""
    if isinstance(data, ImageSet):
        found = Neighbours(data.images, sample=False)
    elif isinstance(data, RenderedSource):
        generator = torch.Generator().manual_seed(derive(0, "nearest"))
        pictures = data.render(data.draw(ENDLESS, generator))
        found = Neighbours(to_pixels(pictures).contiguous(), sample=True)
    else:
        raise ExploreError("the training data are points without end: there is no nearest picture")
    if tuple(found.pictures.shape[1:]) != shape.size:
        raise ExploreError(
            "the training data have another shape than this model's pictures", "Check the data."
        )
    return found
