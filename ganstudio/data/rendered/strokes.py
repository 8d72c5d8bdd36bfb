"""The characters as pen strokes: straight lines and elliptic arcs, drawn for this program.

A character stands in a box from -1 to 1 in y; its x goes from about -0.65 to 0.65. A stroke is a chain of pieces
that join; strokes are flattened into short segments, since those can be bent, slanted and given a width.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

Point = tuple[float, float]
LONGEST = 0.25
"""Longer lines are divided, so that a shaky hand can bend them."""


@dataclass(frozen=True)
class Line:
    """Straight through these points."""

    points: tuple[Point, ...]

    def flatten(self, step: float) -> list[Point]:
        """Points at most :data:`LONGEST` apart; ``step`` is that of arcs."""
        found = [self.points[0]]
        for (ax, ay), (bx, by) in pairwise(self.points):
            pieces = max(1, math.ceil(math.hypot(bx - ax, by - ay) / LONGEST - 1e-9))
            found += [
                (ax + (bx - ax) * k / pieces, ay + (by - ay) * k / pieces) for k in range(1, pieces + 1)
            ]
        return found


@dataclass(frozen=True)
class Arc:
    """On an ellipse around (x, y) from one angle to another, in degrees, counter-clockwise if growing."""

    x: float
    y: float
    half_width: float
    half_height: float
    start: float
    end: float

    def flatten(self, step: float) -> list[Point]:
        """Points at most ``step`` degrees apart."""
        pieces = max(1, math.ceil(abs(self.end - self.start) / step - 1e-9))
        angles = [math.radians(self.start + (self.end - self.start) * k / pieces) for k in range(pieces + 1)]
        return [
            (self.x + self.half_width * math.cos(a), self.y + self.half_height * math.sin(a)) for a in angles
        ]


Stroke = tuple[Line | Arc, ...]


def line(*numbers: float) -> Line:
    """A line through x, y, x, y, ..."""
    return Line(tuple(zip(numbers[::2], numbers[1::2], strict=True)))


def flatten(stroke: Stroke, step: float) -> list[Point]:
    """A stroke as a chain of points; pieces that do not meet are joined by a straight line."""
    chain: list[Point] = []
    for piece in stroke:
        points = piece.flatten(step)
        chain += points[1:] if chain and math.dist(chain[-1], points[0]) < 1e-6 else points
    return chain


STROKES: dict[str, tuple[Stroke, ...]] = {
    "0": ((Arc(0, 0, 0.47, 1, 90, 450),),),
    "1": ((line(-0.35, 0.55, 0.12, 1, 0.12, -1),),),
    "2": ((Arc(0, 0.45, 0.5, 0.55, 165, -38), line(-0.52, -1, 0.55, -1)),),
    "3": ((Arc(-0.04, 0.5, 0.46, 0.5, 148, -90), Arc(-0.04, -0.5, 0.54, 0.5, 90, -150)),),
    "4": ((line(0.25, -1, 0.25, 1, -0.56, -0.42, 0.58, -0.42),),),
    "5": ((line(0.45, 1, -0.36, 1, -0.4, 0.06), Arc(0, -0.35, 0.52, 0.65, 140, -145)),),
    "6": ((Arc(0.45, -0.4, 0.95, 1.4, 99, 180), Arc(0, -0.4, 0.5, 0.6, 180, 540)),),
    "7": ((line(-0.5, 1, 0.52, 1, -0.15, -1),),),
    "8": ((Arc(0, 0.5, 0.43, 0.5, -90, 270), Arc(0, -0.5, 0.52, 0.5, 90, 450)),),
    "9": ((Arc(-0.45, 0.4, 0.95, 1.4, -81, 0), Arc(0, 0.4, 0.5, 0.6, 0, 360)),),
    "A": ((line(-0.6, -1, 0, 1, 0.6, -1),), (line(-0.4, -0.35, 0.4, -0.35),)),
    "B": (
        (line(0, 0.04, -0.5, 0.04, -0.5, 1, 0, 1), Arc(0, 0.52, 0.42, 0.48, 90, -90)),
        (line(-0.5, 0.04, -0.5, -1, 0, -1), Arc(0, -0.48, 0.52, 0.52, -90, 90)),
    ),
    "C": ((Arc(0.06, 0, 0.64, 1, 48, 312),),),
    "D": ((line(-0.1, -1, -0.52, -1, -0.52, 1, -0.1, 1), Arc(-0.1, 0, 0.66, 1, 90, -90)),),
    "E": ((line(0.5, 1, -0.45, 1, -0.45, -1, 0.5, -1),), (line(-0.45, 0.04, 0.36, 0.04),)),
    "F": ((line(0.52, 1, -0.43, 1, -0.43, -1),), (line(-0.43, 0.04, 0.38, 0.04),)),
    "G": ((Arc(0.03, 0, 0.65, 1, 48, 325), line(0.6, -0.08, 0.12, -0.08)),),
    "H": ((line(-0.54, -1, -0.54, 1),), (line(0.54, -1, 0.54, 1),), (line(-0.54, 0, 0.54, 0),)),
    "I": ((line(0, -1, 0, 1),), (line(-0.3, 1, 0.3, 1),), (line(-0.3, -1, 0.3, -1),)),
    "J": ((line(0.36, 1, 0.36, -0.45), Arc(-0.1, -0.45, 0.46, 0.55, 0, -165)),),
    "K": ((line(-0.5, -1, -0.5, 1),), (line(0.5, 1, -0.5, -0.1),), (line(-0.16, 0.274, 0.56, -1),)),
    "L": ((line(-0.42, 1, -0.42, -1, 0.5, -1),),),
    "M": ((line(-0.65, -1, -0.6, 1, 0, -0.35, 0.6, 1, 0.65, -1),),),
    "N": ((line(-0.54, -1, -0.54, 1, 0.54, -1, 0.54, 1),),),
    "O": ((Arc(0, 0, 0.68, 1, 90, 450),),),
    "P": ((line(-0.5, -1, -0.5, 1, 0, 1), Arc(0, 0.45, 0.52, 0.55, 90, -90), line(0, -0.1, -0.5, -0.1)),),
    "Q": ((Arc(0, 0, 0.68, 1, 90, 450),), (line(0.14, -0.46, 0.64, -1),)),
    "R": (
        (line(-0.5, -1, -0.5, 1, 0, 1), Arc(0, 0.47, 0.52, 0.53, 90, -90), line(0, -0.06, -0.5, -0.06)),
        (line(0.02, -0.06, 0.56, -1),),
    ),
    "S": ((Arc(0, 0.5, 0.5, 0.5, 35, 270), Arc(0, -0.5, 0.54, 0.5, 90, -145)),),
    "T": ((line(-0.6, 1, 0.6, 1),), (line(0, 1, 0, -1),)),
    "U": ((line(-0.54, 1, -0.54, -0.4), Arc(0, -0.4, 0.54, 0.6, 180, 360), line(0.54, -0.4, 0.54, 1)),),
    "V": ((line(-0.6, 1, 0, -1, 0.6, 1),),),
    "W": ((line(-0.68, 1, -0.38, -1, 0, 0.45, 0.38, -1, 0.68, 1),),),
    "X": ((line(-0.56, 1, 0.56, -1),), (line(0.56, 1, -0.56, -1),)),
    "Y": ((line(-0.58, 1, 0, 0.02, 0.58, 1),), (line(0, 0.02, 0, -1),)),
    "Z": ((line(-0.52, 1, 0.52, 1, -0.55, -1, 0.55, -1),),),
}  # fmt: skip
"""Every character's strokes. In "0" and "O", "1" and "I" the difference is kept on purpose."""
