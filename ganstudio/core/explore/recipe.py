"""How a picture is made out of a model, as one frozen value: undo, films, files and the command line share it.

A place in the latent space is said by how it is found (a seed, a way between two places, numbers), so that it means
the same on every checkpoint. Recipes are plain data: :func:`to_json` and :func:`from_json` carry them into files.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

Space = Literal["z", "w"]
"""z: the prior's space. w: behind the mapping network, where a model has one."""
Mode = Literal["lerp", "slerp", "matched", "spline"]
"""Ways between two latents: straight, along the great circle, straight with the variance put right, smooth."""
Easing = Literal["linear", "smooth", "in", "out"]
NoiseMode = Literal["fixed", "random", "none"]


@dataclass(frozen=True)
class Seed:
    """The latent that counted random numbers give for ``seed``."""

    seed: int


@dataclass(frozen=True)
class Numbers:
    """A latent by its numbers: one row of z, or one (all layers) or several rows of w."""

    space: Space
    rows: tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Blend:
    """``share`` of the way from ``a`` to ``b``; beyond 0 and 1 it goes on in the same direction."""

    a: Place
    b: Place
    share: float
    mode: Mode = "slerp"
    space: Space = "z"


@dataclass(frozen=True)
class Path:
    """On the way through several ``keys``: ``at`` 0 is the first, 1 the last (with ``loop`` the first again)."""

    keys: tuple[Place, ...]
    at: float
    mode: Mode = "slerp"
    space: Space = "z"
    easing: Easing = "linear"
    loop: bool = False


Place = Seed | Numbers | Blend | Path


@dataclass(frozen=True)
class Direction:
    """A direction in z, in w or in the activations behind a layer, of length one.

    ``sigma`` is the natural unit of a slider: how far samples spread along it. ``origin`` says where it comes from
    ("sefa", "pca", "learned", "orthogonal"), ``score`` how well it is known (eigenvalue share, held-out accuracy).
    """

    name: str
    space: Literal["z", "w"]
    vector: tuple[float, ...]
    sigma: float = 1.0
    origin: str = ""
    score: float | None = None


@dataclass(frozen=True)
class Move:
    """``amount`` sigmas along a direction, in the rows from ``first`` to ``last`` (w only; -1: to the end)."""

    direction: Direction
    amount: float
    first: int = 0
    last: int = -1


@dataclass(frozen=True)
class Mix:
    """The rows ``first`` to ``last`` (both included) come from ``source``, by ``strength`` from 0 to 1.

    Rows are w rows where the model has styles; otherwise they are layers, and what is mixed are the means and
    deviations of their hidden activations.
    """

    source: Place
    first: int
    last: int
    strength: float = 1.0


@dataclass(frozen=True)
class Noise:
    """What per-pixel noise a model with noise inputs gets; ``strength`` multiplies the learned one."""

    mode: NoiseMode = "fixed"
    seed: int = 0
    strength: float = 1.0


@dataclass(frozen=True)
class Recipe:
    """One picture.

    ``labels`` are classes with weights that sum to one (several: a mixture of their embeddings), empty: the class
    that belongs to the seed. ``codes`` are readable codes, ``None`` as drawn. ``psi`` is the truncation, in the rows
    below ``cutoff`` (-1: all): w towards its average, or z made shorter.
    """

    place: Place = field(default_factory=lambda: Seed(0))
    labels: tuple[tuple[int, float], ...] = ()
    codes: tuple[float | None, ...] = ()
    psi: float = 1.0
    cutoff: int = -1
    moves: tuple[Move, ...] = ()
    mixes: tuple[Mix, ...] = ()
    noise: Noise = field(default_factory=Noise)

    def at(self, place: Place) -> Recipe:
        """The same picture of another place."""
        return replace(self, place=place)


@dataclass(frozen=True)
class Model:
    """A generator: a run's folder and a checkpoint (``None``: the newest; ``live``: what trains now)."""

    run: str
    step: int | None = None
    live: bool = False
