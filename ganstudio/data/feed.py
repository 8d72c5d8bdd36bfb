"""What a trainer draws its real batches from: data on the training device, in an order that is counted.

A batch depends on the seed and its position (samples drawn before it) alone, never on earlier calls, so that
training can go on anywhere with the very batches it would have had.
"""

from __future__ import annotations

from typing import Protocol

import torch
from torch import Tensor

from ganstudio.core.seeds import derive
from ganstudio.core.shapes import DataShape
from ganstudio.data.pixels import from_pixels, to_pixels
from ganstudio.data.points import PointSource
from ganstudio.data.rendered import RenderedFeed, RenderedSource
from ganstudio.data.sources import ImageSet

Data = ImageSet | PointSource | RenderedSource
"""All that :func:`ganstudio.data.load` can give."""
EPOCHS_KEPT = 3
"""Orders that are kept: the players read at different places."""
DEVICE_SHARE = 0.5
"""Pictures that would take more than this part of a CUDA device's free memory stay in host memory."""


class Feed(Protocol):
    """Real batches and the way between them and what is shown."""

    @property
    def shape(self) -> DataShape:
        """The shape of one sample."""
        ...

    @property
    def class_names(self) -> tuple[str, ...]:
        """What the labels mean, as far as the data says."""
        ...

    def batch(self, position: int, count: int) -> tuple[Tensor, Tensor | None]:
        """``count`` samples as networks see them, from ``position`` on (0, 1, 2, ...), and labels if there are any."""
        ...

    def random_labels(self, count: int, generator: torch.Generator) -> Tensor | None:
        """Labels (count,), as frequent as in the data, on the device; ``None`` if there are none."""
        ...

    def to_display(self, x: Tensor) -> Tensor:
        """Network values as shown: uint8 pictures, or points in raw units."""
        ...

    def from_display(self, shown: Tensor) -> Tensor:
        """The way back: what a network would see."""
        ...


class ImageFeed:
    """Pictures as uint8 on ``device``, shuffled anew in every epoch.

    Epoch e's order comes from (seed, "data order", e) on the CPU, so it is the same on every device. A batch may
    reach over any number of epochs. No call waits for the device.
    """

    def __init__(self, image_set: ImageSet, device: torch.device | str, seed: int) -> None:
        self.shape = image_set.shape
        self.class_names = image_set.class_names
        self.length = len(image_set)
        self.seed = seed
        self.device = torch.device(device)
        self.home = _home(image_set.images, self.device)
        # (N, H, W, C) in memory: picking a picture is one contiguous copy and the batch comes out channels_last.
        self._pixels = image_set.images.permute(0, 2, 3, 1).contiguous().to(self.home)
        self._labels = None if image_set.labels is None else image_set.labels.to(self.home)
        self._orders: dict[int, Tensor] = {}

    def batch(self, position: int, count: int) -> tuple[Tensor, Tensor | None]:
        """float32 (count, C, H, W) in [-1, 1], channels_last, and int64 (count,) labels, on the device."""
        index = self._indices(position, count)
        pixels = _move(self._pixels.index_select(0, index), self.device)
        labels = None if self._labels is None else _move(self._labels.index_select(0, index), self.device)
        return from_pixels(pixels.permute(0, 3, 1, 2)), labels

    def random_labels(self, count: int, generator: torch.Generator) -> Tensor | None:
        """The labels of pictures picked at random."""
        if self._labels is None:
            return None
        picked = torch.randint(self.length, (count,), generator=generator, device=generator.device)
        return _move(self._labels.index_select(0, _move(picked, self.home)), self.device)

    def to_display(self, x: Tensor) -> Tensor:
        """uint8 pictures, same shape."""
        return to_pixels(x)

    def from_display(self, shown: Tensor) -> Tensor:
        """float32 pictures in [-1, 1], same shape."""
        return from_pixels(shown)

    def _indices(self, position: int, count: int) -> Tensor:
        parts: list[Tensor] = []
        while count > 0:
            epoch, start = divmod(position, self.length)
            part = self._permutation(epoch)[start : start + count]
            parts.append(part)
            position, count = position + len(part), count - len(part)
        if not parts:
            return torch.empty(0, dtype=torch.int64, device=self.home)
        return parts[0] if len(parts) == 1 else torch.cat(parts)

    def _permutation(self, epoch: int) -> Tensor:
        if epoch not in self._orders:
            generator = torch.Generator().manual_seed(derive(self.seed, "data order", epoch))
            order = torch.randperm(self.length, generator=generator)
            while len(self._orders) >= EPOCHS_KEPT:
                del self._orders[next(iter(self._orders))]
            self._orders[epoch] = _move(order, self.home)
        return self._orders[epoch]


class PointFeed:
    """Fresh points for every batch, from (seed, "points", position) on ``device``, divided by the source's scale."""

    def __init__(self, source: PointSource, device: torch.device | str, seed: int) -> None:
        self.shape = source.shape
        self.class_names: tuple[str, ...] = ()
        self.source = source
        self.seed = seed
        self._generator = torch.Generator(torch.device(device))

    def batch(self, position: int, count: int) -> tuple[Tensor, Tensor | None]:
        """float32 (count, dimension), of about unit size, on the device; a mixture's modes are the labels."""
        self._generator.manual_seed(derive(self.seed, "points", position))
        points, modes = self.source.sample_labelled(count, self._generator)
        return self.from_display(points), modes

    def random_labels(self, count: int, generator: torch.Generator) -> Tensor | None:
        """Modes, as frequent as in the mixture."""
        return self.source.sample_labelled(count, generator)[1]

    def to_display(self, x: Tensor) -> Tensor:
        """float32 points in raw units."""
        return x.detach().float() * self.source.scale

    def from_display(self, shown: Tensor) -> Tensor:
        """float32 points as networks see them."""
        return shown.float() / self.source.scale


def make_feed(data: Data, device: torch.device | str, seed: int) -> Feed:
    """The feed that suits the data."""
    if isinstance(data, RenderedSource):
        return RenderedFeed(data, device, seed)
    return ImageFeed(data, device, seed) if isinstance(data, ImageSet) else PointFeed(data, device, seed)


def _home(images: Tensor, device: torch.device) -> torch.device:
    """Where the pictures stay: the training device, or the host where they would fill too much of it."""
    if device.type == "cuda":
        free, _ = torch.cuda.mem_get_info(device)
        if images.nbytes > DEVICE_SHARE * free:
            return torch.device("cpu")
    return device


def _move(x: Tensor, device: torch.device) -> Tensor:
    """``x`` on ``device``, without waiting for it."""
    if x.device.type == device.type:  # "cuda" and "cuda:0" are the same place, but not equal
        return x
    return x.pin_memory().to(device, non_blocking=True) if device.type == "cuda" else x.to(device)
