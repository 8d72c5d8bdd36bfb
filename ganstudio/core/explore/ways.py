"""Recipes of whole strips, films and matrices, built alike by the window and by the command line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ganstudio.core.explore.recipe import Easing, Mix, Mode, Path, Place, Recipe, Space


def way(
    keys: Sequence[Place],
    frames: int,
    base: Recipe,
    mode: Mode = "slerp",
    space: Space = "z",
    loop: bool = False,
    easing: Easing = "linear",
) -> tuple[Recipe, ...]:
    """``frames`` recipes on the way through ``keys``, all else as in ``base``.

    The first is the first key and the last the last one; with ``loop`` the last stands one step before the first, so
    that the film goes round without a frame shown twice.
    """
    pieces = frames if loop else max(1, frames - 1)
    return tuple(
        base.at(Path(tuple(keys), index / pieces, mode, space, easing, loop)) for index in range(frames)
    )


def matrix(
    rows: Sequence[Place],
    columns: Sequence[Place],
    first: int,
    last: int,
    base: Recipe,
    strength: float = 1.0,
) -> tuple[Recipe, ...]:
    """The style-mixing matrix (Karras 2019, arXiv:1812.04948, figure 3), row by row, to be laid out with a corner.

    The first line holds the columns' own pictures; each line after it the row's own, then the row's picture with its
    layers ``first`` to ``last`` from each column. There are ``len(columns) + 1`` columns.
    """
    head = tuple(base.at(place) for place in columns)
    lines = [
        (base.at(row), *(_mixed(base.at(row), column, first, last, strength) for column in columns))
        for row in rows
    ]
    return head + tuple(recipe for line in lines for recipe in line)


def _mixed(recipe: Recipe, source: Place, first: int, last: int, strength: float) -> Recipe:
    return replace(recipe, mixes=(*recipe.mixes, Mix(source, first, last, strength)))
