"""Reads a run's folder for the window, away from its thread: series, marks, saved grids and points. No Qt."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ganstudio.catalog.resolve import data_shape, load
from ganstudio.catalog.stabilizers import STABILIZERS
from ganstudio.core.config import RunConfig
from ganstudio.core.measurement import Measurement
from ganstudio.core.messages import Finding
from ganstudio.core.runs import Metrics, RunFolder
from ganstudio.core.schema import ConfigError
from ganstudio.core.shapes import DataShape
from ganstudio.window.form.editing import text_of
from ganstudio.window.form.fields import LABELS
from ganstudio.window.widgets.charts.spec import Mark


class RunError(Exception):
    """A folder that cannot be shown as a run; the text is one sentence for a person."""


@dataclass(frozen=True)
class StoredRun:
    """All that a run's folder tells: ``interrupted`` if its last training broke off, ``trainer`` who trains it now."""

    folder: Path
    config: RunConfig
    metrics: Metrics
    marks: tuple[Mark, ...]
    sample_steps: tuple[int, ...]
    checkpoint_steps: tuple[int, ...]
    interrupted: bool
    trainer: int | None
    findings: tuple[Finding, ...] = ()
    """What its diagnosis last said of it."""
    measurements: tuple[Measurement, ...] = ()

    @property
    def shape(self) -> DataShape | None:
        """The shape of one sample."""
        return data_shape(self.config.data)

    @property
    def step(self) -> int:
        """The last step the folder knows of."""
        last = int(self.metrics.step[-1]) if len(self.metrics) else 0
        return max(last, *self.sample_steps[-1:], *self.checkpoint_steps[-1:], 0)


def is_run(path: Path) -> bool:
    """Whether a path is a run's folder."""
    return RunFolder(path).exists()


def read_run(path: Path) -> StoredRun:
    """Everything in a run's folder; raises :class:`RunError` with what is wrong with it."""
    folder = RunFolder(path)
    if not path.is_dir():
        raise RunError(f"There is no folder {path}.")
    if not folder.exists():
        raise RunError(f"{path.name} is not a run: it has no run.toml.")
    try:
        return StoredRun(
            path,
            load(folder.config_path),
            folder.metrics(),
            tuple(_marks(folder)),
            tuple(folder.sample_steps()),
            tuple(folder.checkpoint_steps()),
            folder.interrupted(),
            folder.trainer(),
            tuple(_findings(folder)),
            tuple(folder.evaluations()),
        )
    except ConfigError as error:
        raise RunError(f"The config of {path.name} cannot be used: {error}.") from None
    except OSError as error:
        raise RunError(f"{path.name} cannot be read ({error.strerror or error}).") from None


def _findings(folder: RunFolder) -> Iterator[Finding]:
    """Findings with evidence that held when the run was last trained; nothing can be done about them any more."""
    standing: dict[str, Finding] = {}
    for event in folder.events():
        kind, step, series, since = (event.get(key) for key in ("finding", "step", "series", "since"))
        if event.get("event") == "resumed" and "device" in event:
            standing.clear()
        elif event.get("event") == "healed":
            standing.pop(str(kind), None)
        elif (
            event.get("event") == "finding" and isinstance(series, list) and type(step) is type(since) is int
        ):
            title, text = str(event.get("title", "")), str(event.get("text", ""))
            names = tuple(str(name) for name in series)
            standing[str(kind)] = Finding(str(kind), "note", title, text, step, names, since)
    yield from standing.values()


def _marks(folder: RunFolder) -> Iterator[Mark]:
    for event in folder.events():
        step = event.get("step")
        if not isinstance(step, int):
            continue
        if event.get("event") == "changed":
            yield Mark(step, change_text(str(event.get("key", "")), event.get("old"), event.get("new")))
        elif event.get("event") == "resumed" and "device" in event and step > 0:  # not the end of a pause
            yield Mark(step, "resumed", "resume")


def change_text(key: str, old: Any, new: Any) -> str:
    """A changed setting in few words: ``"Generator rate 1e-4 → 2e-4"``."""
    section, _, kind = key.partition(".")
    if section == "stabilizers" and kind in STABILIZERS:  # switched: its settings or nothing
        return f"{STABILIZERS[kind].title} {text_of(bool(old))} → {text_of(bool(new))}"
    label = LABELS.get(key) or key.rpartition(".")[2].replace("_", " ").capitalize()
    return f"{label} {text_of(old)} → {text_of(new)}"


# ---------------------------------------------------------------- saved grids and points


MOST_CELLS, MOST_LETTERS = 4096, 80
"""Cells and letters of a row's name that a saved grid's own description may have."""


@dataclass(frozen=True, eq=False)
class SavedGrid:
    """A saved grid: its samples (N, H, W, C), in so many columns (0: as square as can be), rows with their names."""

    images: NDArray[np.uint8]
    columns: int = 0
    rows: tuple[str, ...] = ()


def read_grid(path: Path, shape: DataShape, count: int) -> SavedGrid:
    """The samples in a saved grid, ``count`` unless its own description says otherwise; raises :class:`RunError`."""
    from PIL import Image, UnidentifiedImageError

    from ganstudio.engine.pictures import split_grid

    try:
        with Image.open(path) as image:
            count, columns, rows = _described(image.info.get("ganstudio"), count)
            pixels = np.asarray(image.convert("L" if shape.channels == 1 else "RGB"), dtype=np.uint8)
        return SavedGrid(split_grid(pixels, count, shape.height, shape.width, columns), columns, rows)
    except UnidentifiedImageError:
        raise RunError(f"The grid {path.name} cannot be read (it is no picture).") from None
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise RunError(f"The grid {path.name} cannot be read ({error}).") from None


def _described(text: object, count: int) -> tuple[int, int, tuple[str, ...]]:
    """Count, columns and names of rows from a grid's description, as far as it makes sense."""
    try:
        table = json.loads(text) if isinstance(text, str) else {}
    except (ValueError, RecursionError):
        return count, 0, ()
    if not isinstance(table, dict):
        return count, 0, ()
    cells, columns, rows = (table.get(key) for key in ("count", "columns", "rows"))
    if type(cells) is int and 0 < cells <= MOST_CELLS:
        count = cells
    if type(columns) is not int or not 0 < columns <= count or not isinstance(rows, list):
        return count, 0, ()
    names = tuple(str(name)[:MOST_LETTERS] for name in rows[: -(-count // columns)])
    return count, columns, names


def read_points(path: Path) -> tuple[NDArray[np.float32], NDArray[np.float32] | None]:
    """Generated points, and real ones where the file has them; raises :class:`RunError` otherwise."""
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        tensors = load_file(path)
        generated = np.asarray(tensors["generated"], dtype=np.float32)
    except (OSError, KeyError, ValueError, SafetensorError) as error:
        raise RunError(f"The points {path.name} cannot be read ({error}).") from None
    return generated, tensors.get("real")
