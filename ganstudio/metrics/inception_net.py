"""The Inception network of 2015-12-05 as TensorFlow published it: what FID, KID and the inception score are defined on.

The architecture is that of Szegedy et al. (2016, arXiv:1512.00567) as data, with what the published graph does
differently from torchvision's: average pooling leaves out the padding, the last block pools by the maximum, there are
1,008 classes, and pictures are enlarged to 299 px as TensorFlow 1 did it. Parameters have the names of the file that
pytorch-fid and torch-fidelity use.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from ganstudio.metrics import published

SIDE, WIDTH, CLASSES = 299, 2048, 1008
Size = int | tuple[int, int]


@dataclass(frozen=True)
class Unit:
    """A convolution without bias, batch norm and ReLU; steps of 1 keep the size unless ``padded`` is false."""

    name: str
    width: int
    kernel: Size
    stride: int = 1
    padded: bool = True


@dataclass(frozen=True)
class Fork:
    """Two units side by side at the end of a path, their results behind one another."""

    left: Unit
    right: Unit


Path = tuple[Unit | Fork, ...]


class Convolution(nn.Module):
    """One :class:`Unit`."""

    def __init__(self, channels: int, unit: Unit) -> None:
        super().__init__()
        kernel = (unit.kernel, unit.kernel) if isinstance(unit.kernel, int) else unit.kernel
        same = unit.padded and unit.stride == 1
        padding = (kernel[0] // 2, kernel[1] // 2) if same else 0
        self.conv = nn.Conv2d(channels, unit.width, kernel, unit.stride, padding, bias=False)
        self.bn = nn.BatchNorm2d(unit.width, eps=1e-3)

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, width, H', W')."""
        return functional.relu(self.bn(self.conv(x)), inplace=True)


class Block(nn.Module):
    """Paths side by side, and a pooled one: ``pool`` is "average" or "maximum", or "halve" where sizes are halved."""

    def __init__(self, channels: int, paths: Sequence[Path], pool: str, pooled: int = 0) -> None:
        super().__init__()
        self.paths, self.pool, self.pooled = paths, pool, pooled
        self.width = pooled or channels
        for path in paths:
            width = channels
            for part in path:
                units = (part.left, part.right) if isinstance(part, Fork) else (part,)
                for unit in units:
                    self.add_module(unit.name, Convolution(width, unit))
                width = sum(unit.width for unit in units)
            self.width += width
        if pooled:
            self.branch_pool = Convolution(channels, Unit("branch_pool", pooled, 1))

    def forward(self, x: Tensor) -> Tensor:
        """All paths of x, behind one another."""
        found = [self._walk(x, path) for path in self.paths]
        return torch.cat([*found, self._pooled(x)], 1)

    def _walk(self, x: Tensor, path: Path) -> Tensor:
        for part in path:
            units = (part.left, part.right) if isinstance(part, Fork) else (part,)
            x = torch.cat([self.get_submodule(unit.name)(x) for unit in units], 1)
        return x

    def _pooled(self, x: Tensor) -> Tensor:
        if self.pool == "halve":
            return functional.max_pool2d(x, 3, 2)
        if self.pool == "maximum":
            return self.branch_pool(functional.max_pool2d(x, 3, 1, 1))
        return self.branch_pool(functional.avg_pool2d(x, 3, 1, 1, count_include_pad=False))


def _line(name: str, *units: tuple[int, Size]) -> Path:
    """Units NAME_1, NAME_2 and so on, each with width and kernel."""
    return tuple(Unit(f"{name}_{i}", width, kernel) for i, (width, kernel) in enumerate(units, 1))


def _halving(path: Path) -> Path:
    """The path with its last unit in steps of two."""
    last = path[-1]
    assert isinstance(last, Unit)
    return (*path[:-1], Unit(last.name, last.width, last.kernel, 2))


def _small(channels: int, pooled: int) -> Block:
    """35 x 35: kernels of 5 and twice 3."""
    paths = [
        (Unit("branch1x1", 64, 1),),
        _line("branch5x5", (48, 1), (64, 5)),
        _line("branch3x3dbl", (64, 1), (96, 3), (96, 3)),
    ]
    return Block(channels, paths, "average", pooled)


def _to_middle(channels: int) -> Block:
    paths = [(Unit("branch3x3", 384, 3, 2),), _halving(_line("branch3x3dbl", (64, 1), (96, 3), (96, 3)))]
    return Block(channels, paths, "halve")


def _middle(channels: int, width: int) -> Block:
    """17 x 17: kernels of 7, taken apart."""
    row, column = (1, 7), (7, 1)
    paths = [
        (Unit("branch1x1", 192, 1),),
        _line("branch7x7", (width, 1), (width, row), (192, column)),
        _line("branch7x7dbl", (width, 1), (width, column), (width, row), (width, column), (192, row)),
    ]
    return Block(channels, paths, "average", 192)


def _to_last(channels: int) -> Block:
    paths = [
        _halving(_line("branch3x3", (192, 1), (320, 3))),
        _halving(_line("branch7x7x3", (192, 1), (192, (1, 7)), (192, (7, 1)), (192, 3))),
    ]
    return Block(channels, paths, "halve")


def _last(channels: int, pool: str) -> Block:
    """8 x 8: kernels of 3 that fork."""
    paths: list[Path] = [
        (Unit("branch1x1", 320, 1),),
        (Unit("branch3x3_1", 384, 1), _fork("branch3x3_2")),
        (Unit("branch3x3dbl_1", 448, 1), Unit("branch3x3dbl_2", 384, 3), _fork("branch3x3dbl_3")),
    ]
    return Block(channels, paths, pool, 192)


def _fork(name: str) -> Fork:
    return Fork(Unit(f"{name}a", 384, (1, 3)), Unit(f"{name}b", 384, (3, 1)))


class Inception(nn.Module):
    """uint8 pictures (N, 3, H, W) of any size -> the 2,048 pooled features and the 1,008 class logits without bias."""

    def __init__(self) -> None:
        super().__init__()
        self.Conv2d_1a_3x3 = Convolution(3, Unit("", 32, 3, 2))
        self.Conv2d_2a_3x3 = Convolution(32, Unit("", 32, 3, padded=False))
        self.Conv2d_2b_3x3 = Convolution(32, Unit("", 64, 3))
        self.Conv2d_3b_1x1 = Convolution(64, Unit("", 80, 1))
        self.Conv2d_4a_3x3 = Convolution(80, Unit("", 192, 3, padded=False))
        self.Mixed_5b = _small(192, 32)
        self.Mixed_5c = _small(256, 64)
        self.Mixed_5d = _small(288, 64)
        self.Mixed_6a = _to_middle(288)
        self.Mixed_6b = _middle(768, 128)
        self.Mixed_6c = _middle(768, 160)
        self.Mixed_6d = _middle(768, 160)
        self.Mixed_6e = _middle(768, 192)
        self.Mixed_7a = _to_last(768)
        self.Mixed_7b = _last(1280, "average")
        self.Mixed_7c = _last(2048, "maximum")
        self.fc = nn.Linear(WIDTH, CLASSES)

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Features (N, 2048) and logits (N, 1008), float32."""
        x = (resized_like_tensorflow(images.float(), SIDE) - 128) / 128
        x = self.Conv2d_2b_3x3(self.Conv2d_2a_3x3(self.Conv2d_1a_3x3(x)))
        x = functional.max_pool2d(x, 3, 2)
        x = self.Conv2d_4a_3x3(self.Conv2d_3b_1x1(x))
        x = functional.max_pool2d(x, 3, 2)
        for name, block in self.named_children():
            if name.startswith("Mixed"):
                x = block(x)
        features = x.mean((2, 3))
        return features, features @ self.fc.weight.T


def resized_like_tensorflow(x: Tensor, side: int) -> Tensor:
    """Pictures (N, C, H, W) at ``side`` x ``side`` as ``tf.image.resize_bilinear`` of TensorFlow 1 makes them.

    Output pixel i looks at input place i * (old / new), without the half pixel that later versions add, and nothing
    is smoothed where pictures shrink.
    """
    for axis in (3, 2):
        old = x.shape[axis]
        place = torch.arange(side, dtype=torch.float32, device=x.device) * torch.tensor(old / side)
        low = place.long()
        part = place - low
        part = part if axis == 3 else part[:, None]
        near = x.index_select(axis, low)
        far = x.index_select(axis, (low + 1).clamp_max(old - 1))
        x = near + (far - near) * part
    return x


def filled(weights: Mapping[str, Tensor]) -> Inception:
    """The network with weights by name, in evaluation mode; raises :class:`MetricError` where they do not fit."""
    return published.filled(Inception, weights, "the Inception of 2015-12-05")
