"""The shape of one sample, as both wings need to know it."""

from __future__ import annotations

from dataclasses import dataclass

SEED_SIDE = 4
"""Pixels of the shorter side that convolutional networks grow a picture from, at least."""
LEAST_SIDE, MOST_SIDE = 8, 256
"""Pixels of the shorter side of pictures that convolutional networks are built for."""
MOST_SQUARE = 1024
"""Pixels of either side of the pictures that networks for powers of two are built for."""


@dataclass(frozen=True)
class DataShape:
    """What one sample is: an image of ``channels x height x width``, or a point of ``channels`` numbers.

    ``classes`` is 0 where the data has no labels.
    """

    kind: str
    channels: int
    height: int = 1
    width: int = 1
    classes: int = 0

    @property
    def size(self) -> tuple[int, ...]:
        """The tensor shape of one sample."""
        return (self.channels, self.height, self.width) if self.kind == "image" else (self.channels,)

    @property
    def numel(self) -> int:
        """How many numbers one sample has."""
        return self.channels * self.height * self.width

    def describe(self) -> str:
        """In words: ``"16 x 16, grey, 10 classes"`` or ``"2-D points"``."""
        if self.kind == "points":
            return f"{self.channels}-D points"
        colour = {1: "grey", 3: "colour"}.get(self.channels, f"{self.channels} channels")
        labels = f", {self.classes} classes" if self.classes else ""
        return f"{self.width} × {self.height}, {colour}{labels}"


def doublings(height: int, width: int) -> int:
    """How often a seed of 4 to 7 pixels (its shorter side) doubles to reach the size: floor(log2(shorter / 4))."""
    return (min(height, width) // SEED_SIDE).bit_length() - 1


def seed_size(height: int, width: int) -> tuple[int, int]:
    """Height and width of what the doublings begin with: 4 x 4 for 64 x 64, 4 x 6 for 32 x 48."""
    times = doublings(height, width)
    return height >> times, width >> times


def sides(height: int, width: int) -> tuple[int, ...]:
    """The shorter side at the seed and after each doubling, the picture itself being the last."""
    small = min(seed_size(height, width))
    return tuple(small << k for k in range(doublings(height, width) + 1))


def size_problem(height: int, width: int) -> str:
    """Why no network that doubles sizes can make such pictures; empty where one can."""
    size, shorter = f"{width} x {height} px", min(height, width)
    if not LEAST_SIDE <= shorter <= MOST_SIDE:
        return (
            f"{size}: the shorter side must have {LEAST_SIDE} to {MOST_SIDE} px, which is what can be built"
        )
    step = 1 << doublings(height, width)
    if height % step or width % step:
        near = " x ".join(str(max(step, round(side / step) * step)) for side in (width, height))
        return f"{size}: both sides must be multiples of {step} px for networks that double sizes; {near} px would do"
    return ""


def square_problem(height: int, width: int) -> str:
    """Why no network that is made for square pictures of a power of two can make these; empty where one can."""
    size = f"{width} x {height} px"
    if height == width and LEAST_SIDE <= height <= MOST_SQUARE and height.bit_count() == 1:
        return ""
    near = min((1 << k for k in range(3, 11)), key=lambda side: abs(side - min(height, width)))
    return (
        f"{size}: these networks make square pictures whose side is a power of two from {LEAST_SIDE} to {MOST_SQUARE} "
        f"px; {near} x {near} px would do"
    )
