"""The shape of one sample, as both wings need to know it."""

from __future__ import annotations

from dataclasses import dataclass


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
