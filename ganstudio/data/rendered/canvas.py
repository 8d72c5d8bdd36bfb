"""Pictures being painted, many at once: layers of colour over each other, with coordinates that can be moved."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from ganstudio.data.rendered import sdf


@dataclass(frozen=True)
class Canvas:
    """A part of ``image``, float32 (N, C, H, W) in 0 to 1, with the coordinates of its pixels' middles.

    ``x`` goes to the right and ``y`` up; both broadcast to (N, H, W). ``pixel`` is the width of a pixel. Canvases
    made from one another paint on the same image.
    """

    image: Tensor
    x: Tensor
    y: Tensor
    pixel: float

    def fill(self, colour: Tensor) -> None:
        """Paint all over; ``colour`` is (N, C)."""
        self.image.copy_(colour[:, :, None, None].expand_as(self.image))

    def paint(self, colour: Tensor, alpha: Tensor) -> None:
        """A layer of ``colour`` (N, C), or (N, C, H, W), where ``alpha`` (N, H, W), 0 to 1, lets it cover."""
        over = colour if colour.dim() == 4 else colour[:, :, None, None]
        torch.lerp(self.image, over, alpha.unsqueeze(1), out=self.image)

    def figure(self, colour: Tensor, distance: Tensor, opacity: sdf.Number = 1.0) -> None:
        """A figure given by its signed distance."""
        self.paint(colour, sdf.coverage(distance, self.pixel) * opacity)

    def line(
        self, colour: Tensor, distance: Tensor, half_width: sdf.Number, opacity: sdf.Number = 1.0
    ) -> None:
        """A line given by the distance to it."""
        self.paint(colour, sdf.stroke(distance, half_width, self.pixel) * opacity)

    def tint(self, factor: Tensor) -> None:
        """Make every pixel lighter or darker by a factor (N, H, W)."""
        self.image.mul_(factor.unsqueeze(1))

    def moved(self, x: sdf.Number, y: sdf.Number, angle: sdf.Number = 0.0) -> Canvas:
        """The same picture in a frame with its origin at (x, y), turned counter-clockwise by ``angle`` (radians)."""
        u, v = self.x - x, self.y - y
        if isinstance(angle, Tensor) or angle:
            u, v = sdf.rotate(u, v, angle)
        return replace(self, x=u, y=v)

    def window(self, left: float, right: float, bottom: float, top: float) -> Canvas:
        """The part that covers this rectangle of the whole picture, at least; painting there costs less."""
        size = self.image.shape[-1]
        columns = _span(left, right, size)
        rows = _span(-top, -bottom, size)
        return replace(self, image=self.image[:, :, rows, columns], x=_cut(self.x, rows, columns),
                       y=_cut(self.y, rows, columns))  # fmt: skip


def blank(count: int, channels: int, resolution: int, device: torch.device) -> Canvas:
    """Unpainted pictures over the square [-1, 1] x [-1, 1]."""
    image = torch.empty(count, channels, resolution, resolution, device=device)
    pixel = 2 / resolution
    x = torch.arange(resolution, device=device, dtype=torch.float32).add_(0.5).mul_(pixel).sub_(1)
    return Canvas(image, x.view(1, 1, -1), -x.view(1, -1, 1), pixel)


def _span(low: float, high: float, size: int) -> slice:
    """The pixels between two coordinates, generously."""
    return slice(
        max(0, math.floor((low + 1) / 2 * size) - 1), min(size, math.ceil((high + 1) / 2 * size) + 1)
    )


def _cut(plane: Tensor, rows: slice, columns: slice) -> Tensor:
    """A plane's part; what is the same all over stays so."""
    plane = plane[:, rows] if plane.shape[1] > 1 else plane
    return plane[:, :, columns] if plane.shape[2] > 1 else plane
