"""Is the mouth open? A reader that looks at nothing but the mouth, where a reader of whole faces overlooks it.

At 32 px an open mouth is a dark spot of about ten pixels. The reader sees a window around it alone, and learns from
drawn pictures that are softened and moved a little, as a generator's are.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from support.factor_scores import Numbers
from torch import Tensor, nn
from torch.nn import functional

from ganstudio.data import RenderedSource
from ganstudio.nets import seeded

OPEN = ("laughing", "surprised")
WINDOW = (0.56, 0.81, 0.28, 0.72)
"""Top, bottom, left and right of what is looked at, in parts of the picture: the mouth with all turns and tilts."""
BATCH, UPDATES, RATE = 128, 500, 3e-3
SHIFT = 1
"""Pixels by which windows are moved in training, to every side."""
NOISE = 0.1
HELD_OUT = 2048


def window(pictures: Tensor, right: int = 0, down: int = 0) -> Tensor:
    """The part of pictures (N, C, H, W) in which the mouth is, moved by so many pixels."""
    high, wide = pictures.shape[2:]
    top, bottom, left, far = (
        round(part * side) for part, side in zip(WINDOW, (high, high, wide, wide), strict=True)
    )
    return pictures[:, :, top + down : bottom + down, left + right : far + right]


def inside(shape: tuple[int, int]) -> Tensor:
    """Which pixels of a picture (H, W) belong to the window, bool."""
    mask = torch.zeros(1, 1, *shape)
    window(mask)[:] = 1
    return mask[0, 0].bool()


def softened(pictures: Tensor, random: torch.Generator) -> Tensor:
    """Windows of pictures, each batch blurred by another amount, moved by a pixel or not, with some noise."""
    share = float(torch.rand((), generator=random)) * 0.7
    blurred = torch.lerp(pictures, functional.avg_pool2d(pictures, 3, 1, 1), share)
    right, down = (int(torch.randint(-SHIFT, SHIFT + 1, (), generator=random)) for _ in range(2))
    part = window(blurred, right, down)
    return part + NOISE * torch.rand((), generator=random) * torch.randn(part.shape, generator=random)


@dataclass(frozen=True)
class MouthReader:
    """How likely a mouth is open. ``accuracy``: share of right answers on held-out drawn pictures."""

    net: nn.Module
    accuracy: float

    @torch.no_grad()
    def read(self, pictures: Tensor) -> Numbers:
        """Pictures (N, C, H, W) in [-1, 1] -> the probability that the mouth is open (N,)."""
        parts = [self.net(window(part.clamp(-1, 1)))[:, 0] for part in pictures.split(256)]
        return torch.cat(parts).sigmoid().double().numpy()


def answers(source: RenderedSource, drawn: dict[str, Tensor]) -> Tensor:
    """1 where the expression has an open mouth, else 0: (N,)."""
    known = source.factor("expression").choices
    places = torch.tensor([known.index(name) for name in OPEN])
    return torch.isin(drawn["expression"], places).float()


def train_reader(source: RenderedSource, updates: int = UPDATES) -> MouthReader:
    """A reader that has learned from so many batches of drawn pictures; the same every time."""
    with seeded(0):
        net = _network(source.shape.channels, *window(torch.zeros(1, 1, *source.shape.size[1:])).shape[2:])
    random = torch.Generator().manual_seed(1)
    optimizer = torch.optim.Adam(net.parameters(), lr=RATE)
    for update in range(updates):
        drawn = source.draw(BATCH, random)
        for group in optimizer.param_groups:
            group["lr"] = RATE * min(1.0, 2 * (1 - update / updates))
        said = net(softened(source.render(drawn), random))[:, 0]
        loss = functional.binary_cross_entropy_with_logits(said, answers(source, drawn))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return _tried(source, net.eval().requires_grad_(False))


def _network(channels: int, high: int, wide: int) -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(channels, 24, 3, padding=1), nn.BatchNorm2d(24), nn.ReLU(),
        nn.Conv2d(24, 32, 3, padding=1), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 32, 3, padding=1), nn.BatchNorm2d(32), nn.ReLU(), nn.Flatten(),
        nn.Linear(32 * (high // 2) * (wide // 2), 1),
    )  # fmt: skip


def _tried(source: RenderedSource, net: nn.Module) -> MouthReader:
    drawn = source.draw(HELD_OUT, torch.Generator().manual_seed(2))
    read = MouthReader(net, 0.0).read(source.render(drawn)) > 0.5
    right = torch.from_numpy(read) == answers(source, drawn).bool()
    return MouthReader(net, float(right.float().mean()))
