"""Data with known truth: endless pictures drawn from factors; the drawing is in ``ganstudio.data.rendered``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from ganstudio.catalog.source import Dataset
from ganstudio.core.schema import option

RENDERED_SIZES = (16, 32, 64, 128, 256, 512, 1024)
SHAPES = ("circle", "square", "triangle", "pentagon", "star", "cross", "ring", "heart")
DIGITS = tuple("0123456789")
LETTERS = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
CHARACTERS: dict[str, tuple[str, ...]] = {"digits": DIGITS, "letters": LETTERS, "both": DIGITS + LETTERS}
"""Choice of ``glyphs.set`` -> its characters, which are its classes."""
FACE_LABELS: dict[str, tuple[str, ...]] = {
    "hair": ("bald", "cropped", "side-parted", "fringed", "bobbed", "long", "curly", "bun"),
    "expression": ("smiling", "neutral", "sad", "laughing", "surprised"),
    "hair colour": ("black", "dark brown", "chestnut", "red", "blond", "grey", "blue"),
    "glasses": ("none", "round glasses", "square glasses", "sunglasses"),
    "hat": ("none", "beanie", "cap", "sun hat"),
}
"""Choice of ``faces.label`` -> the choices of that factor, which become the classes."""


def _resolution(default: int) -> Any:
    return option(
        default, choices=RENDERED_SIZES, unit="px", help="Width and height; drawn at this size, not enlarged."
    )


@dataclass(frozen=True)
class Rendered(Dataset):
    """Pictures made on the training device, anew for every batch; every factor of every picture is known."""


@dataclass(frozen=True)
class Shapes(Rendered):
    """Figures on a background."""

    kind: ClassVar[str] = "shapes"
    title: ClassVar[str] = "Shapes"
    idea: ClassVar[str] = "Endless circles, stars, hearts: known kind, colour, size, place, tilt and texture."

    resolution: int = _resolution(32)
    channels: int = option(3, choices=(1, 3), help="3 for colour, 1 for grey.")
    simple: bool = option(
        False, help="Plain and upright figures on plain backgrounds: kind, colour, size and place alone vary."
    )

    @property
    def classes(self) -> int | None:
        """The kinds of figures."""
        return len(SHAPES)


@dataclass(frozen=True)
class Glyphs(Rendered):
    """Drawn characters."""

    kind: ClassVar[str] = "glyphs"
    title: ClassVar[str] = "Drawn characters"
    idea: ClassVar[str] = (
        "Endless digits and letters in six drawn styles: known slant, weight, place and noise."
    )

    set: str = option(
        "digits", choices=tuple(CHARACTERS), help="Which characters: 10 digits, 26 letters, or both."
    )
    resolution: int = _resolution(32)
    channels: int = option(1, choices=(1, 3), help="1 for light grey on dark, 3 for coloured ink and paper.")
    simple: bool = option(
        False, help="One style without noise: character, weight, slant, size and place alone vary."
    )

    @property
    def classes(self) -> int | None:
        """The characters."""
        return len(CHARACTERS[self.set])


@dataclass(frozen=True)
class Faces(Rendered):
    """Drawn portraits."""

    kind: ClassVar[str] = "faces"
    title: ClassVar[str] = "Drawn faces"
    idea: ClassVar[str] = "Endless drawn portraits of 29 known factors, from the hair to the light."

    resolution: int = _resolution(64)
    channels: int = option(3, choices=(1, 3), help="3 for colour, 1 for grey.")
    label: str = option(
        "hair", choices=tuple(FACE_LABELS), help="Which factor the classes of labelled training are made of."
    )
    simple: bool = option(
        False, help="Without hats, glasses and beards, all looking straight ahead before a plain background."
    )

    @property
    def classes(self) -> int | None:
        """The choices of the factor that makes the labels."""
        return len(FACE_LABELS[self.label])


@dataclass(frozen=True)
class StackedDigits(Rendered):
    """Three real digits in the three colour channels."""

    kind: ClassVar[str] = "stacked-digits"
    title: ClassVar[str] = "Stacked digits"
    idea: ClassVar[str] = "A digit in red, one in green, one in blue: 1,000 equally likely modes to be found."
    about: ClassVar[str] = (
        "The idea of stacking is that of Metz et al. 2016 (arXiv:1611.02163), who took MNIST; these digits are "
        "UCI's (E. Alpaydin, C. Kaynak 1998, CC BY 4.0)."
    )

    resolution: int = option(
        32, choices=RENDERED_SIZES, unit="px", help="Width and height; the digits have 8 px and are enlarged."
    )

    @property
    def classes(self) -> int | None:
        """One for each triple of digits."""
        return 1000

    @property
    def channels(self) -> int:
        """One for each digit."""
        return 3


RENDERED = (Shapes, Glyphs, Faces, StackedDigits)
