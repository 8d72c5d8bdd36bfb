"""The data a generator can learn to imitate, as choices; the rendering is in ``ganstudio.data``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from ganstudio.catalog.downloads import DOWNLOADS
from ganstudio.catalog.rendered import RENDERED
from ganstudio.catalog.source import IMAGE_SIZES, Dataset
from ganstudio.core.schema import Options, option


@dataclass(frozen=True)
class Digits(Dataset):
    """UCI's Optical Recognition of Handwritten Digits, the part that scikit-learn carries."""

    kind: ClassVar[str] = "digits"
    title: ClassVar[str] = "Handwritten digits"
    idea: ClassVar[str] = "1,797 real handwritten digits in ten classes, here without a download."
    about: ClassVar[str] = (
        "E. Alpaydin, C. Kaynak: Optical Recognition of Handwritten Digits, UCI 1998, CC BY 4.0."
    )

    resolution: int = option(
        16,
        choices=(8, 16, 32),
        unit="px",
        help="Width and height; the originals have 8 px and are enlarged smoothly.",
    )

    @property
    def classes(self) -> int | None:
        """The ten digits."""
        return 10


@dataclass(frozen=True)
class Folder(Dataset):
    """A person's own pictures."""

    kind: ClassVar[str] = "folder"
    title: ClassVar[str] = "A folder of pictures"
    idea: ClassVar[str] = "Your own PNG, JPEG, WebP, BMP or GIF files; sub-folders are classes."

    path: str = option(path=True, help="The folder that holds the pictures.")
    resolution: int = option(
        32,
        choices=IMAGE_SIZES,
        unit="px",
        help="Height all pictures are brought to, and width unless that is set.",
    )
    width: int = option(
        0,
        low=0,
        high=1024,
        unit="px",
        help="Width all pictures are brought to; 0 makes them square. Networks that halve pictures ask for a multiple "
        "of 8 or so, and say so.",
    )
    channels: int = option(3, choices=(1, 3), help="3 for colour, 1 for grey.")
    fit: str = option(
        "crop",
        choices=("crop", "pad", "stretch"),
        help="What happens to pictures of another shape: cut the middle out, add black bars, or squeeze.",
    )

    @property
    def classes(self) -> int | None:
        """Sub-folders are classes; how many there are is known once the folder has been read."""
        return None


@dataclass(frozen=True)
class Points(Dataset):
    """Toy data with a known density; endless, drawn anew for every batch."""

    data: ClassVar[str] = "points"
    dimension: ClassVar[int] = 2
    modes: ClassVar[int] = 0
    advice: ClassVar[Mapping[str, Any]] = {"batch_size": 256, "samples": {"every": 50, "count": 64}}

    @property
    def classes(self) -> int | None:
        """A mixture's modes are its classes."""
        return self.modes


@dataclass(frozen=True)
class Mixture3(Points):
    """Three Gaussians of unequal weight and width."""

    kind: ClassVar[str] = "mixture-3"
    title: ClassVar[str] = "Three Gaussians"
    idea: ClassVar[str] = "A density on a line: three hills of unequal height and width."
    dimension: ClassVar[int] = 1
    modes: ClassVar[int] = 3


@dataclass(frozen=True)
class Mixture5(Points):
    """Five equal modes."""

    kind: ClassVar[str] = "mixture-5"
    title: ClassVar[str] = "Five equal modes"
    idea: ClassVar[str] = "A density on a line: five equal narrow hills, easy to miss one of."
    dimension: ClassVar[int] = 1
    modes: ClassVar[int] = 5


@dataclass(frozen=True)
class Ring(Points):
    """Eight Gaussians on a circle (Metz 2016)."""

    kind: ClassVar[str] = "ring"
    title: ClassVar[str] = "Ring of eight"
    idea: ClassVar[str] = "Eight small Gaussians on a circle: the classic test for mode collapse."
    modes: ClassVar[int] = 8


@dataclass(frozen=True)
class Grid(Points):
    """Twenty-five Gaussians on a square grid (Srivastava 2017)."""

    kind: ClassVar[str] = "grid"
    title: ClassVar[str] = "Grid of 25"
    idea: ClassVar[str] = "Five by five small Gaussians: how many does the generator find?"
    modes: ClassVar[int] = 25


@dataclass(frozen=True)
class Spiral(Points):
    """One arm of a spiral."""

    kind: ClassVar[str] = "spiral"
    title: ClassVar[str] = "Spiral"
    idea: ClassVar[str] = "A thin arm that winds out from the middle."


@dataclass(frozen=True)
class Moons(Points):
    """Two interleaved half circles."""

    kind: ClassVar[str] = "moons"
    title: ClassVar[str] = "Two moons"
    idea: ClassVar[str] = "Two half circles that reach into each other."


@dataclass(frozen=True)
class Checkerboard(Points):
    """Uniform on the black fields of a board."""

    kind: ClassVar[str] = "checkerboard"
    title: ClassVar[str] = "Checkerboard"
    idea: ClassVar[str] = "Even density on every other field: sharp edges all around."


@dataclass(frozen=True)
class SwissRoll(Points):
    """A rolled-up sheet seen from the side."""

    kind: ClassVar[str] = "swiss-roll"
    title: ClassVar[str] = "Swiss roll"
    idea: ClassVar[str] = "A rolled-up sheet seen from the side, as in the WGAN-GP paper."


_SOURCES = (
    Digits,
    Folder,
    *RENDERED,
    *DOWNLOADS,
    Mixture3,
    Mixture5,
    Ring,
    Grid,
    Spiral,
    Moons,
    Checkerboard,
    SwissRoll,
)
DATASETS: dict[str, type[Options]] = {cls.kind: cls for cls in _SOURCES}
