"""Signed distances of plane figures, batched: negative inside, positive outside, in the units of the coordinates.

Coordinates are independent of the resolution: x to the right, y up, the picture is the square [-1, 1] x [-1, 1].
``x`` and ``y`` are anything that broadcasts to (N, H, W); sizes are numbers or per-sample tensors (N, 1, 1). The
idea of drawing by implicit distances is J. C. Hart's ("Sphere tracing", The Visual Computer 1996); the formulas
are derived here from plane geometry. Functions named after lines give distances without a sign.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

import torch
from torch import Tensor

Number = float | Tensor
TINY = 1e-12


def rotate(x: Tensor, y: Tensor, angle: Number) -> tuple[Tensor, Tensor]:
    """Coordinates in a frame turned by ``angle`` (radians, counter-clockwise), so that figures appear turned by it."""
    angle = _tensor(angle, x)
    cosine, sine = angle.cos(), angle.sin()
    return x * cosine + y * sine, y * cosine - x * sine


def length(x: Tensor, y: Tensor) -> Tensor:
    """The distance from the origin."""
    return torch.addcmul(x * x, y, y).sqrt_()


def circle(x: Tensor, y: Tensor, radius: Number) -> Tensor:
    """A disc around the origin."""
    return length(x, y) - radius


def ring(x: Tensor, y: Tensor, radius: Number, half_width: Number) -> Tensor:
    """A ring around the origin; with radius 0 a disc of radius ``half_width``."""
    return (length(x, y) - radius).abs_() - half_width


def ellipse(x: Tensor, y: Tensor, half_width: Number, half_height: Number) -> Tensor:
    """An ellipse around the origin, exact to first order at its edge: k (k - 1) / |gradient of k|, k = |(x/a, y/b)|."""
    u, v = x / half_width, y / half_height
    k = length(u, v).clamp_min_(1e-6)
    slope = length(u / half_width, v / half_height).clamp_min_(1e-6)
    return (k - 1).mul_(k).div_(slope)


def box(x: Tensor, y: Tensor, half_width: Number, half_height: Number) -> Tensor:
    """A rectangle around the origin."""
    u, v = x.abs() - half_width, y.abs() - half_height
    return length(u.clamp_min(0), v.clamp_min(0)) + torch.maximum(u, v).clamp_max_(0)


def rounded_box(x: Tensor, y: Tensor, half_width: Number, half_height: Number, radius: Number) -> Tensor:
    """A rectangle of these outer measures whose corners are rounded by ``radius``."""
    return box(x, y, half_width - radius, half_height - radius) - radius


def cross(x: Tensor, y: Tensor, half_length: Number, half_width: Number) -> Tensor:
    """A plus sign: two bars across each other; exact outside, a lower bound of the depth inside."""
    return torch.minimum(box(x, y, half_length, half_width), box(x, y, half_width, half_length))


def star(x: Tensor, y: Tensor, radius: Number, points: Number, waist: Number) -> Tensor:
    """A star with its first point up; its inner corners lie at ``waist`` times ``radius``.

    The plane is folded into half of one point's sector, where a single edge is nearest. ``waist = cos(pi /
    points)`` makes a regular polygon with its corners at ``radius``.
    """
    sector = math.pi / _tensor(points, x)
    angle = torch.atan2(x, y)
    folded = (angle - (2 * sector) * (angle / (2 * sector)).round()).abs()
    distance = length(x, y)
    u, v = distance * folded.cos(), distance * folded.sin()
    edge_u, edge_v = waist * sector.cos() * radius - radius, waist * sector.sin() * radius
    along = ((u - radius) * edge_u + v * edge_v) / (edge_u * edge_u + edge_v * edge_v)
    along = along.clamp_(0, 1)
    apart = length(u - radius - along * edge_u, v - along * edge_v)
    outside = (u - radius) * edge_v - v * edge_u
    return torch.copysign(apart, outside)


def regular_polygon(x: Tensor, y: Tensor, radius: Number, corners: int) -> Tensor:
    """A regular polygon with its corners at ``radius``, the first one up."""
    return star(x, y, radius, corners, math.cos(math.pi / corners))


def polygon(x: Tensor, y: Tensor, corners: Tensor) -> Tensor:
    """A polygon through ``corners`` (K, 2) or (N, K, 2); where edges cross, inside is what an odd count encloses."""
    corners = corners if corners.dim() == 3 else corners.unsqueeze(0)
    nearest: Tensor | None = None
    inside: Tensor | None = None
    previous = corners.roll(1, dims=1)
    for k in range(corners.shape[1]):
        ax, ay = _ends(previous[:, k])
        bx, by = _ends(corners[:, k])
        squared = _to_segment(x, y, ax, ay, bx - ax, by - ay)
        crossed = ((ay > y) != (by > y)) & (
            (x - ax) * (by - ay).abs() < (bx - ax) * (y - ay) * (by - ay).sign()
        )
        nearest = squared if nearest is None else torch.minimum(nearest, squared)
        inside = crossed if inside is None else inside ^ crossed
    assert nearest is not None and inside is not None
    return torch.where(inside, -nearest.sqrt(), nearest.sqrt())


def segment(x: Tensor, y: Tensor, start: tuple[Number, Number], end: tuple[Number, Number]) -> Tensor:
    """The distance to the straight line from ``start`` to ``end``."""
    return _to_segment(x, y, *start, end[0] - start[0], end[1] - start[1]).sqrt_()


def brush(x: Tensor, y: Tensor, segments: Tensor, widths: Tensor, pen: Tensor) -> Tensor:
    """A stroke along ``segments`` (N, S, 4), each (ax, ay, bx, by), with round ends.

    Its half width is ``pen`` (N, 1, 1) times ``widths`` (N, S, 2), which go evenly from each a to b. The foot on a
    segment is linear in x and y; with x (1, 1, W) and y (1, H, 1) that sum is one pass.
    """
    a, edge = segments[..., :2], segments[..., 2:] - segments[..., :2]
    scaled = edge / edge.square().sum(-1, keepdim=True).clamp_min(TINY)
    offset = (a * scaled).sum(-1, keepdim=True)
    half = pen * widths
    growth = half[..., 1:] - half[..., :1]
    numbers = torch.cat((a, edge, scaled, offset, half[..., :1], growth), dim=-1)
    nearest: Tensor | None = None
    for row in numbers.unbind(1):
        ax, ay, ex, ey, sx, sy, start, width, more = (part.view(-1, 1, 1) for part in row.unbind(-1))
        foot = ((x * sx - start) + y * sy).clamp_(0, 1)
        dx, dy = torch.addcmul(x - ax, foot, ex, value=-1), torch.addcmul(y - ay, foot, ey, value=-1)
        distance = dx.square_().addcmul_(dy, dy).sqrt_().sub_(width).addcmul_(foot, more, value=-1)
        nearest = distance if nearest is None else torch.minimum(nearest, distance, out=nearest)
    assert nearest is not None
    return nearest


def arc(x: Tensor, y: Tensor, radius: Number, opening: Number) -> Tensor:
    """The distance to an arc around the origin, from ``opening`` (radians) left of the top to as much right of it."""
    opening = _tensor(opening, x)
    side = x.abs()
    beside = torch.atan2(side, y) <= opening
    to_end = length(side - radius * opening.sin(), y - radius * opening.cos())
    return torch.where(beside, (length(x, y) - radius).abs(), to_end)


def bezier(
    x: Tensor,
    y: Tensor,
    start: tuple[Number, Number],
    control: tuple[Number, Number],
    end: tuple[Number, Number],
    pieces: int = 8,
) -> Tensor:
    """The distance to a quadratic Bezier curve, in pieces: off by |start - 2 control + end| / (4 pieces**2)."""
    places = [_on_bezier(k / pieces, start, control, end) for k in range(pieces + 1)]
    nearest: Tensor | None = None
    for (ax, ay), (bx, by) in pairwise(places):
        squared = _to_segment(x, y, ax, ay, bx - ax, by - ay)
        nearest = squared if nearest is None else torch.minimum(nearest, squared, out=nearest)
    assert nearest is not None
    return nearest.sqrt_()


def egg(x: Tensor, y: Tensor, upper: Number, lower: Number, height: Number) -> Tensor:
    """The hull of a disc of radius ``upper`` around the origin and one of ``lower``, ``height`` below it.

    Straight sides touch both discs; sin of their slant is (upper - lower) / height, which must be less than 1.
    """
    side, down = x.abs(), -y
    slant = (upper - lower) / height
    sine = _tensor(slant, x)
    cosine = (1 - sine * sine).sqrt()
    along = down * cosine - side * sine
    flank = side * cosine + down * sine - upper
    low = length(side, down - height) - lower
    return torch.where(
        along < 0, length(side, down) - upper, torch.where(along > cosine * height, low, flank)
    )


def union(*distances: Tensor) -> Tensor:
    """What lies in any of the figures."""
    return _fold(torch.minimum, distances)


def intersection(*distances: Tensor) -> Tensor:
    """What lies in all of the figures."""
    return _fold(torch.maximum, distances)


def difference(distance: Tensor, cut: Tensor) -> Tensor:
    """The first figure without the second."""
    return torch.maximum(distance, -cut)


def smooth_union(first: Tensor, second: Tensor, reach: Number) -> Tensor:
    """Both figures, melted together where their edges are closer than ``reach`` (> 0).

    min(a, b) - h**2 / (4 reach) with h = max(reach - |a - b|, 0): the quadratic blend, continuous in its slope.
    """
    near = (reach - (first - second).abs()).clamp_min_(0)
    return torch.minimum(first, second) - near * near / (4 * reach)


def coverage(distance: Tensor, pixel: Number) -> Tensor:
    """The part of a pixel of width ``pixel`` inside a straight edge at ``distance`` from its middle: 0 to 1."""
    return (0.5 - distance / pixel).clamp_(0, 1)


def soft(distance: Tensor, width: Number) -> Tensor:
    """A blurred inside, from 1 to 0 over ``width`` around the edge, without kinks: 3 t**2 - 2 t**3."""
    t = (0.5 - distance / width).clamp_(0, 1)
    return t * t * (3 - 2 * t)


def stroke(distance: Tensor, half_width: Number, pixel: Number) -> Tensor:
    """The part of a pixel under a line at ``distance`` (>= 0) from its middle; right for hairlines too."""
    covered = (0.5 + (half_width - distance) / pixel).clamp_(0, 1)
    return covered.sub_((0.5 - (half_width + distance) / pixel).clamp_(0, 1))


def stripes(u: Tensor, period: Number, pixel: Number) -> Tensor:
    """The part of a pixel in stripes across ``u``, each half a ``period`` wide from u = 0 on: the exact box filter."""
    width = pixel / period
    turns = u / period
    return ((_filled(turns + width / 2) - _filled(turns - width / 2)) / width).clamp_(0, 1)


def _filled(turns: Tensor) -> Tensor:
    """How much of [0, turns] lies in the first halves of whole numbers: the integral of a square wave."""
    whole = turns.floor()
    return whole / 2 + (turns - whole).clamp_max(0.5)


def _to_segment(x: Tensor, y: Tensor, ax: Number, ay: Number, ex: Number, ey: Number) -> Tensor:
    """The squared distance to the segment from (ax, ay) along (ex, ey)."""
    px, py = x - ax, y - ay
    size = ex * ex + ey * ey
    size = size.clamp_min(TINY) if isinstance(size, Tensor) else max(size, TINY)
    foot = ((px * ex + py * ey) / size).clamp_(0, 1)
    dx, dy = px - foot * ex, py - foot * ey
    return torch.addcmul(dx * dx, dy, dy)


def _ends(place: Tensor) -> tuple[Tensor, Tensor]:
    """(N, 2) as two (N, 1, 1)."""
    return place[:, 0].view(-1, 1, 1), place[:, 1].view(-1, 1, 1)


def _on_bezier(
    t: float, start: tuple[Number, Number], control: tuple[Number, Number], end: tuple[Number, Number]
) -> tuple[Number, Number]:
    """The place at ``t``: (1 - t)**2 start + 2 t (1 - t) control + t**2 end."""
    a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t * t
    return a * start[0] + b * control[0] + c * end[0], a * start[1] + b * control[1] + c * end[1]


def _fold(combine: Callable[[Tensor, Tensor], Tensor], distances: tuple[Tensor, ...]) -> Tensor:
    result = distances[0]
    for distance in distances[1:]:
        result = combine(result, distance)
    return result


def _tensor(value: Number, like: Tensor) -> Tensor:
    """A number as a tensor, made on the device itself: nothing is sent there."""
    return value if isinstance(value, Tensor) else torch.full((), value, device=like.device)
