"""Geometric figures on a background: eight kinds, with colour, size, place, rotation and texture."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import torch
from torch import Tensor

from ganstudio.catalog.rendered import SHAPES, Shapes
from ganstudio.data.rendered import sdf
from ganstudio.data.rendered.canvas import Canvas, blank
from ganstudio.data.rendered.factors import Factor, Values, categorical, choose, continuous, over_pixels
from ganstudio.data.rendered.palette import Palette, figure_and_ground
from ganstudio.data.rendered.patterns import PATTERNS, pattern
from ganstudio.data.rendered.source import RenderedSource, article

ROUND = ("circle", "ring")
SMALL, LARGE = 0.36, 0.47
ASIDE = 0.14
TILTED = 15.0
HEART_MIDDLE = (2 * math.sqrt(2) - 2) / (3 * math.sqrt(2) - 2)
CORNERS = {"square": 4, "triangle": 3, "pentagon": 5, "star": 5}
WAIST = 0.45
ARM = 0.34
FIGURE_PERIOD, GROUND_PERIOD = 0.5, 0.5
"""The patterns' periods: in radii of the figure, and in units of the picture."""


@dataclass(frozen=True)
class ShapeSource(RenderedSource):
    """One figure in each picture; no figure leaves it. ``simple`` holds rotation and textures still."""

    simple: bool = False

    @property
    def colours(self) -> tuple[Palette, Palette]:
        """Those of figures and of backgrounds."""
        return figure_and_ground(self.channels)

    @property
    def factors(self) -> tuple[Factor, ...]:
        """Sizes and places in units of the half picture, y up; degrees counter-clockwise."""
        return _factors(*self.colours, self.simple)

    @property
    def class_names(self) -> tuple[str, ...]:
        """The kinds of figures."""
        return SHAPES

    def labels(self, values: Values) -> Tensor:
        """The kind of figure."""
        return values["shape"]

    def paint(self, values: Values) -> Tensor:
        """Background, then the figure, both with their textures."""
        canvas = blank(len(values["size"]), self.channels, self.resolution, values["size"].device)
        figures, grounds = self.colours
        ground = grounds.pick(values["background"], self.channels)
        weave = pattern(values["background texture"], canvas.x, canvas.y, GROUND_PERIOD, canvas.pixel)
        canvas.fill(ground)
        canvas.paint(torch.lerp(ground, ground.new_full((), 0.5), 0.25), weave)
        size = over_pixels(values["size"])
        angle = over_pixels(values["rotation"]) * (math.pi / 180)
        local = canvas.moved(over_pixels(values["x"]), over_pixels(values["y"]), angle)
        colour = figures.pick(values["colour"], self.channels)
        weave = _texture(values["texture"], local, size).unsqueeze(1)
        textured = torch.lerp(colour[:, :, None, None], 0.55 * colour[:, :, None, None], weave)
        canvas.figure(textured, outline(values["shape"], local, size))
        return canvas.image

    def captions(self, values: Values) -> list[str]:
        """Such as "a large striped red circle at the upper left on a pale blue background"."""
        names = ("shape", "colour", "texture", "background", "background texture")
        rows = zip(*(self.words(name, values) for name in names), strict=True)
        words: list[dict[str, str]] = [dict(zip(names, row, strict=True)) for row in rows]
        numbers = zip(*(values[name].tolist() for name in ("size", "x", "y", "rotation")), strict=True)
        return [_sentence(word, *number) for word, number in zip(words, numbers, strict=True)]


@cache
def _factors(figures: Palette, grounds: Palette, simple: bool) -> tuple[Factor, ...]:
    patterns = PATTERNS[:1] if simple else PATTERNS
    turn = 0.0 if simple else 45.0
    return (
        categorical("shape", SHAPES),
        categorical("colour", figures.names),
        continuous("size", 0.25, 0.58),
        continuous("x", -0.4, 0.4),
        continuous("y", -0.4, 0.4),
        continuous("rotation", -turn, turn),
        categorical("texture", patterns),
        categorical("background", grounds.names),
        categorical("background texture", patterns),
    )


def outline(kind: Tensor, local: Canvas, size: Tensor) -> Tensor:
    """The signed distance of each sample's figure; its farthest points lie ``size`` from the middle."""
    x, y = local.x, local.y
    hole = 0.7 * choose(_flags("ring"), kind) * size
    arm = size / math.hypot(1, ARM)
    distance = _cornered(kind, x, y, size)
    for names, figure in (
        (("circle", "ring"), sdf.ring(x, y, hole, size - hole)),
        (("cross",), sdf.cross(x, y, arm, ARM * arm)),
        (("heart",), heart(x, y, size)),
    ):
        distance = torch.where(choose(_flags(*names), kind) > 0, figure, distance)
    return distance


def _cornered(kind: Tensor, x: Tensor, y: Tensor, size: Tensor) -> Tensor:
    """Squares, triangles, pentagons and stars in one formula."""
    corners = tuple(CORNERS.get(name, 4) for name in SHAPES)
    waists = tuple(WAIST if name == "star" else math.cos(math.pi / CORNERS.get(name, 4)) for name in SHAPES)
    turn = choose(_flags("square"), kind) * (math.pi / 4)
    return sdf.star(*sdf.rotate(x, y, turn), size, choose(corners, kind), choose(waists, kind))


def heart(x: Tensor, y: Tensor, size: Tensor) -> Tensor:
    """A square on its corner with a disc on both of its upper sides, in a circle of radius ``size``.

    With sides of 2, the lower corner lies sqrt(2) below the square's middle and the discs' middles lie at (+-1, 1) /
    sqrt(2). Corner and discs are equally far from the point t above the square's middle where sqrt(2) + t =
    hypot(1 / sqrt(2), 1 / sqrt(2) - t) + 1, which gives t = (2 sqrt(2) - 2) / (3 sqrt(2) - 2).
    """
    radius = size / (math.sqrt(2) + HEART_MIDDLE)
    side, up = x.abs(), y + HEART_MIDDLE * radius
    half = math.sqrt(0.5)
    square = sdf.box((side + up) * half, (up - side) * half, radius, radius)
    return torch.minimum(square, sdf.circle(side - half * radius, up - half * radius, radius))


def _texture(kind: Tensor, local: Canvas, size: Tensor) -> Tensor:
    """The texture in the figure's own frame, measured in its radius."""
    return pattern(kind, local.x / size, local.y / size, FIGURE_PERIOD, local.pixel / size)


def _flags(*names: str) -> tuple[float, ...]:
    return tuple(float(kind in names) for kind in SHAPES)


def _sentence(word: dict[str, str], size: float, x: float, y: float, rotation: float) -> str:
    scale = "small" if size < SMALL else "large" if size > LARGE else "medium-sized"
    texture = [] if word["texture"] == "plain" else [word["texture"]]
    figure = article(" ".join([scale, *texture, word["colour"], word["shape"]]))
    tilt = ""
    if word["shape"] not in ROUND and abs(rotation) > TILTED:
        tilt = f" tilted to the {'left' if rotation > 0 else 'right'}"
    weave = [] if word["background texture"] == "plain" else [word["background texture"]]
    ground = article(" ".join([*weave, word["background"], "background"]))
    return f"{figure}{tilt} {_place(x, y)} on {ground}"


def _place(x: float, y: float) -> str:
    side = "left" if x < -ASIDE else "right" if x > ASIDE else ""
    level = "lower" if y < -ASIDE else "upper" if y > ASIDE else ""
    if side and level:
        return f"at the {level} {side}"
    if level:
        return "at the top" if level == "upper" else "at the bottom"
    return f"on the {side}" if side else "in the middle"


def load_shapes(options: Shapes) -> ShapeSource:
    """The source that the settings ask for."""
    return ShapeSource(options.kind, options.resolution, options.channels, options.simple)
