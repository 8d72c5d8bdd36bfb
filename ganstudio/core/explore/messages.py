"""All that crosses the doorway between the Explore workspace and its session.

Requests carry an ``id`` that rises and a ``slot``, the name of who asks ("picture", "strip", "matrix" ...). In every
slot only the newest request counts: what it replaces is dropped, or ended between two pictures once it has shown its
first, so that a slider that never rests shows pictures all the same. Every report names the id it answers: the window
drops what is older than what it shows, not what is older than what it asked for last. The last request of a slot is
always answered: by its result, :class:`CannotExplore`, or :class:`Dropped` after :class:`Cancel`.

Of all slots :data:`PICTURE` goes first, then what is quick, then what is long (maps, films, inversion), a bit of each
in turn. A waiting :class:`Moved` is sent for models that were asked for with ``live``, until :data:`PICTURE` shows
another model.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ganstudio.core.explore.recipe import Direction, Model, Recipe
from ganstudio.core.messages import Quit
from ganstudio.core.shapes import DataShape

PICTURE = "picture"
"""The slot of the one picture that a person moves: it is answered before all others."""

# ---------------------------------------------------------------- requests


@dataclass(frozen=True)
class Open:
    """Load a model, or say why not; answered with :class:`Opened`."""

    id: int
    slot: str
    model: Model


@dataclass(frozen=True)
class Render:
    """Pictures of one model; they come as they are made, in parts of :class:`Rendered`.

    ``scored`` asks for the discriminator's say, too, ``measured`` for the lengths of the latents. ``height`` above 0
    bounds the pictures' height in px (thumbnails).
    """

    id: int
    slot: str
    model: Model
    recipes: tuple[Recipe, ...]
    scored: bool = False
    height: int = 0
    measured: bool = False


@dataclass(frozen=True)
class Through:
    """One recipe at every checkpoint of a run after step ``after``, oldest first; answered like :class:`Render`.

    With ``follow`` every later change of the run's checkpoints is told by :class:`Saved`, until asked without it.
    """

    id: int
    slot: str
    model: Model
    recipe: Recipe
    height: int = 0
    after: int = -1
    follow: bool = False


@dataclass(frozen=True)
class FindDirections:
    """Directions of a model: by "sefa" (weights alone) or "pca" (of w, or of a layer's activations)."""

    id: int
    slot: str
    model: Model
    method: Literal["sefa", "pca"]
    count: int = 10
    layers: tuple[int, int] = (0, -1)
    samples: int = 20_000


@dataclass(frozen=True)
class LearnDirection:
    """A direction that tells samples marked with plus from those marked with minus."""

    id: int
    slot: str
    model: Model
    name: str
    plus: tuple[Recipe, ...]
    minus: tuple[Recipe, ...]
    apart_from: tuple[Direction, ...] = ()


@dataclass(frozen=True)
class MapOut:
    """A map of ``count`` latents in two dimensions, with thumbnails; answered in parts of :class:`MapPart`."""

    id: int
    slot: str
    model: Model
    count: int = 1000
    method: Literal["pca", "tsne"] = "pca"
    colour: Literal["score", "class", "nearest"] = "score"
    recipe: Recipe = field(default_factory=Recipe)
    height: int = 24


@dataclass(frozen=True)
class Locate:
    """Where other recipes lie on the map that the :class:`MapOut` with the id ``map`` has drawn last."""

    id: int
    slot: str
    model: Model
    recipes: tuple[Recipe, ...]
    map: int


@dataclass(frozen=True)
class Invert:
    """Find the latent whose picture is nearest to ``target``, uint8 (H, W, C) of any size."""

    id: int
    slot: str
    model: Model
    target: NDArray[np.uint8]
    space: Literal["z", "w", "w+"] = "z"
    steps: int = 300
    restarts: int = 4
    labels: tuple[tuple[int, float], ...] = ()


@dataclass(frozen=True)
class Inspect:
    """What a layer of either player does with the picture of a recipe."""

    id: int
    slot: str
    model: Model
    recipe: Recipe
    player: Literal["generator", "discriminator"]
    layer: int
    channels: int = 64


@dataclass(frozen=True)
class Nearest:
    """The training pictures nearest to a recipe's picture."""

    id: int
    slot: str
    model: Model
    recipe: Recipe
    count: int = 4


@dataclass(frozen=True)
class NoiseMap:
    """How much each pixel of a picture depends on the noise: deviation over ``draws`` noises."""

    id: int
    slot: str
    model: Model
    recipe: Recipe
    draws: int = 16


@dataclass(frozen=True)
class Film:
    """Render frames into a file, frame by frame. ``even`` moves through the frames at constant perceptual speed.

    ``path`` ends in .gif, .mp4, .webm, .png (a strip) or is a folder for a PNG sequence. ``record`` is JSON data that
    is kept in the file beside the recipes and read back with them (a timeline).
    """

    id: int
    slot: str
    model: Model
    recipes: tuple[Recipe, ...]
    path: str
    fps: float = 30.0
    scale: int = 1
    even: bool = False
    through: bool = False
    """The one recipe at every checkpoint instead."""
    record: dict[str, Any] = field(default_factory=dict[str, Any])
    made: tuple[tuple[int, NDArray[np.uint8]], ...] = ()
    """Step and picture (H, W, C), in place of the checkpoints: a time-lapse outlives those that training removes."""


@dataclass(frozen=True)
class Export:
    """Write a picture (strip, matrix) with its recipe and ``record`` inside. ``columns`` 0: one row.

    With ``corner`` the first cell stays empty, as where the row of sources and the column of sources meet. A path that
    ends in .safetensors gets the numbers of the latents instead, with the first one's recipe.
    """

    id: int
    slot: str
    model: Model
    recipes: tuple[Recipe, ...]
    path: str
    columns: int = 0
    scale: int = 1
    record: dict[str, Any] = field(default_factory=dict[str, Any])
    corner: bool = False


@dataclass(frozen=True)
class Cancel:
    """End what is under way in a slot."""

    slot: str


Request = (
    Open | Render | Through | FindDirections | LearnDirection | MapOut | Locate | Invert | Inspect | Nearest | NoiseMap
    | Film | Export
)  # fmt: skip
ExploreCommand = Request | Cancel | Quit

# ---------------------------------------------------------------- reports


@dataclass(frozen=True)
class Capabilities:
    """What a model can do; what it cannot do the window greys with ``refusals`` (tool to reason).

    ``rows`` is the resolution in px of each w row, or of each mixable layer's output where ``styles`` is false;
    ``groups`` names ranges of them, "coarse", "middle" and "fine", by first and last row.
    ``layers`` are the layers that can be looked into, by player: name, height, width, channels. With ``sphere`` the
    network brings every z to one length first. ``mapped`` says for a person what lies side by side on a map.
    """

    shape: DataShape
    prior: str
    dimension: int
    width: int
    styles: bool
    rows: tuple[int, ...]
    noise: bool
    classes: tuple[str, ...]
    from_data: bool
    categorical: int
    categories: int
    continuous: int
    probability: bool
    layers: dict[str, tuple[tuple[str, int, int, int], ...]]
    refusals: dict[str, str] = field(default_factory=dict[str, str])
    groups: dict[str, tuple[int, int]] = field(default_factory=dict[str, tuple[int, int]])
    sphere: bool = False
    mapped: str = ""


@dataclass(frozen=True)
class Opened:
    """A model is loaded; ``steps`` are the checkpoints there are, ``step`` the one that is shown."""

    id: int
    slot: str
    model: Model
    title: str
    step: int
    steps: tuple[int, ...]
    capabilities: Capabilities
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rendered:
    """Pictures ``first`` to ``first + len(images) - 1`` of a request: uint8 (N, H, W, C); or points, float32 (N, D).

    ``scores`` (N,) is what the discriminator says, where it was asked: a probability where the model's capabilities say
    so, else the raw score. ``steps`` (N) are the checkpoints shown, ``seconds`` the time that these pictures took.
    ``lengths`` (N,), where they were asked for, are those of z as shares of the prior's usual one; NaN for a w.
    The answer is complete when ``first + len(images)`` is ``total``; damaged checkpoints are taken off ``total``.
    """

    id: int
    slot: str
    first: int
    total: int
    images: NDArray[Any]
    step: int
    scores: NDArray[np.float32] | None = None
    steps: tuple[int, ...] = ()
    seconds: float = 0.0
    lengths: NDArray[np.float32] | None = None


@dataclass(frozen=True)
class FoundDirections:
    """Directions, the strongest first, with their eigenvalues' shares in ``score``; ``held_out`` for a learned one."""

    id: int
    slot: str
    directions: tuple[Direction, ...]
    method: str
    held_out: float | None = None


@dataclass(frozen=True)
class MapPart:
    """Points of a map, float32 (N, 2) within [-1, 1], their thumbnails, colours (N,) and the seeds they stand for."""

    id: int
    slot: str
    first: int
    total: int
    at: NDArray[np.float32]
    images: NDArray[np.uint8]
    colour: NDArray[np.float32]
    seeds: tuple[int, ...]


@dataclass(frozen=True)
class Located:
    """Places on a map, float32 (N, 2) within [-1, 1]: exact where its axes are known, else the nearest latent's."""

    id: int
    slot: str
    at: NDArray[np.float32]


@dataclass(frozen=True)
class Inverting:
    """How far an inversion has come: the best latent and its picture; ``done`` ends it."""

    id: int
    slot: str
    step: int
    steps: int
    image: NDArray[np.uint8]
    recipe: Recipe
    psnr: float
    done: bool = False


@dataclass(frozen=True)
class Inspected:
    """Feature maps as pictures, uint8 (N, h, w), with statistics for each, and the mean spectrum in dB (K,)."""

    id: int
    slot: str
    maps: NDArray[np.uint8]
    mean: NDArray[np.float32]
    deviation: NDArray[np.float32]
    largest: NDArray[np.float32]
    spectrum: NDArray[np.float32]
    channels: int


@dataclass(frozen=True)
class FoundNearest:
    """The training pictures nearest to a picture, uint8 (N, H, W, C), and their distances (N,), the nearest first.

    ``usual`` is the distance at which a training picture finds its own nearest neighbour, at the median.
    """

    id: int
    slot: str
    images: NDArray[np.uint8]
    distances: NDArray[np.float32]
    usual: float


@dataclass(frozen=True)
class NoiseSpread:
    """Deviation of every pixel over several noises, float32 (H, W), in grey levels of 0 to 255."""

    id: int
    slot: str
    spread: NDArray[np.float32]


@dataclass(frozen=True)
class Working:
    """Long work, with ``done`` from 0 to 1."""

    id: int
    slot: str
    what: str
    done: float


@dataclass(frozen=True)
class Written:
    """A file (or a folder of pictures) stands on the disk."""

    id: int
    slot: str
    path: str


@dataclass(frozen=True)
class Moved:
    """A live model has new weights: what is shown of it may be asked for again."""

    model: Model
    step: int


@dataclass(frozen=True)
class Saved:
    """A run that is followed has other checkpoints now: ``steps``, oldest first."""

    run: str
    steps: tuple[int, ...]


@dataclass(frozen=True)
class Dropped:
    """The request was cancelled or replaced before it was done."""

    id: int
    slot: str


@dataclass(frozen=True)
class CannotExplore:
    """The request cannot be answered: what is wrong and what to do, one sentence each. Nothing has changed."""

    id: int
    slot: str
    problem: str
    remedy: str = ""


ExploreReport = (
    Opened | Rendered | FoundDirections | MapPart | Located | Inverting | Inspected | FoundNearest | NoiseSpread
    | Working | Written | Moved | Saved | Dropped | CannotExplore
)  # fmt: skip


def is_last(report: ExploreReport) -> bool:
    """Whether a report completes the answer to its request."""
    match report:
        case Rendered():
            return report.first + len(report.images) >= report.total
        case MapPart():
            return report.first + len(report.seeds) >= report.total
        case Inverting():
            return report.done
        case Working() | Moved() | Saved():
            return False
        case _:
            return True
