"""Saved samples of several runs: which steps, read from the disk, on common axes, with what is to be said. No Qt."""

from __future__ import annotations

import json
import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ganstudio.catalog.resolve import data_shape, load
from ganstudio.core.config import RunConfig
from ganstudio.core.numbers import whole
from ganstudio.core.runs import RunFolder
from ganstudio.core.schema import ConfigError
from ganstudio.reports.settings import in_words
from ganstudio.window.compare.views.readings import Stamp, stamp_of
from ganstudio.window.model.tiles import GAP
from ganstudio.window.run_loader import RunError, SavedGrid, read_grid, read_points

Points = NDArray[np.float32]
SMALLEST = 14
"""A cell is at least so many pixels wide; where there is less room, the view scrolls."""
LATENT = ("latent.dimension", "latent.prior", "latent.categorical", "latent.categories", "latent.continuous")


@dataclass(frozen=True)
class StepsReading:
    """The steps of the saved grids of a run."""

    stamp: Stamp
    steps: tuple[int, ...]


def read_steps(path: Path, known: StepsReading | None = None) -> StepsReading | None:
    """The saved steps of a run; ``None`` where the folder has not changed. Never raises."""
    stamp = stamp_of(path / "samples")
    if known is not None and known.stamp == stamp:
        return None
    try:
        return StepsReading(stamp, tuple(RunFolder(path).sample_steps()))
    except OSError:
        return StepsReading(stamp, ())


@dataclass(frozen=True, eq=False)
class Samples:
    """What was saved at a step: a ``grid``, or ``points`` with real ones where the file has them, or a ``problem``.

    ``seed`` is that of the first cell, where the file tells it.
    """

    step: int
    grid: SavedGrid | None = None
    points: Points | None = None
    real: Points | None = None
    seed: int | None = None
    problem: str = ""


def read_samples(path: Path, step: int, config: RunConfig | None = None) -> Samples:
    """The samples of a run at a saved step. Never raises."""
    folder = RunFolder(path)
    try:
        config = load(folder.config_path) if config is None else config
        if folder.points_path(step).is_file():
            generated, real = read_points(folder.points_path(step))
            return _checked(Samples(step, None, generated, real))
        shape = data_shape(config.data)
        if shape is None or shape.kind != "image":
            return Samples(step, problem=f"The points of step {whole(step)} are not in the folder.")
        grid = read_grid(folder.sample_path(step), shape, config.samples.count)
        return Samples(step, grid, seed=_first_seed(folder.sample_path(step)))
    except ConfigError as error:
        return Samples(step, problem=f"Its config cannot be used: {error}.")
    except RunError as error:
        return Samples(step, problem=str(error))
    except OSError as error:
        return Samples(step, problem=f"It cannot be read ({error.strerror or error}).")


def _checked(found: Samples) -> Samples:
    """Points that can be drawn."""
    for points in (found.points, found.real):
        if points is not None and (points.ndim != 2 or points.shape[1] not in (1, 2) or not len(points)):
            return Samples(found.step, problem=f"The points of step {whole(found.step)} cannot be drawn.")
    return found


def _first_seed(path: Path) -> int | None:
    """The seed of the first cell as the picture's own description tells it."""
    from PIL import Image

    try:
        with Image.open(path) as image:
            table: Any = json.loads(str(image.info.get("ganstudio", "")))
    except (OSError, ValueError, SyntaxError, RecursionError, Image.DecompressionBombError):
        return None
    seed = table.get("seed") if isinstance(table, dict) else None
    return seed if type(seed) is int else None


# ---------------------------------------------------------------- steps


def common_steps(steps: Sequence[Sequence[int]]) -> list[int]:
    """The steps that all runs have saved, or all steps of all of them where there is none in common."""
    some = [set(own) for own in steps if own]
    if not some:
        return []
    return sorted(set.intersection(*some) or set.union(*some))


def at_or_before(steps: Sequence[int], step: int | None) -> int | None:
    """The last of a run's saved steps that is not after ``step``; the newest for ``None``."""
    if step is None:
        return steps[-1] if steps else None
    place = bisect_right(steps, step)
    return steps[place - 1] if place else None


# ---------------------------------------------------------------- sizes


@dataclass(frozen=True)
class Need:
    """What a grid takes: so many cells across and down, each of ``pixels`` at its larger side, and room for names."""

    across: int
    down: int
    pixels: int
    names: int = 0


def side_for(needs: Sequence[Need], width: float, height: float) -> int:
    """The side of every cell in device pixels, the same for all grids, each in a column ``width`` by ``height``.

    A whole multiple of the finest grid's pixels where there is room for it.
    """
    rooms = [
        min((width - need.names - GAP) / need.across, (height - GAP) / need.down) - GAP for need in needs
    ]
    side, native = math.floor(min(rooms, default=SMALLEST)), max((n.pixels for n in needs), default=1)
    side = max(side, SMALLEST)
    return side // native * native if side >= native else side


def best_rows(
    needs: Sequence[Need], count: int, width: float, height: float, around: float
) -> tuple[int, int]:
    """In how many rows to place ``count`` columns so that cells are largest, and the side of a cell then.

    ``around`` is what each column needs beside its picture, upwards. Of equally large cells what needs no scrolling
    to the side, then the fewest rows.
    """
    count = max(count, 1)

    def quality(rows: int, side: int) -> tuple[int, bool, int]:
        room = width / -(-count // rows)
        return side, all(n.across * (side + GAP) + GAP + n.names <= room for n in needs), -rows

    found = [
        (rows, side_for(needs, width / -(-count // rows), height / rows - around))
        for rows in range(1, count + 1)
    ]
    return max(found, key=lambda one: quality(*one))


# ---------------------------------------------------------------- what is to be said


def seed_words(names: Sequence[str], found: Sequence[Samples], settings: Sequence[Mapping[str, Any]]) -> str:
    """Why cells at one place are not the same latent, in plain words; empty where they are."""
    grids = [(n, s, t) for n, s, t in zip(names, found, settings, strict=True) if s.grid is not None]
    if len(grids) < 2:
        return ""
    seeds = {sample.seed for _, sample, _ in grids if sample.seed is not None}
    if len(seeds) > 1:
        told = ", ".join(f"{name} from {whole(s.seed)}" for name, s, _ in grids if s.seed is not None)
        return f"The grids show different seeds: {told}."
    for key in LATENT:
        values = {in_words(table[key]) for _, _, table in grids if key in table}
        if len(values) > 1:
            return (
                f"Cells at one place share their seed, but not their latent: the runs differ in {key} "
                f"({', '.join(sorted(values))})."
            )
    layouts = {(len(s.grid.images), s.grid.columns) for _, s, _ in grids if s.grid is not None}
    return (
        "The grids have different layouts, so that cells are not at the same places."
        if len(layouts) > 1
        else ""
    )
