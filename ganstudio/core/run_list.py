"""Every run of a folder at a glance, quickly: of a thousand runs only what changed is read again.

Of long files only the end is read. A folder that is damaged is an entry too, with the reason, and never hides another.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from ganstudio.core.config import flatten, load_toml
from ganstudio.core.measurement import Measurement, from_record, way
from ganstudio.core.notes import NOTES_FILE, Notes, read_notes
from ganstudio.core.runs import SCHEMA, RunFolder
from ganstudio.core.schema import ConfigError

TRAINING, FINISHED, STOPPED = "Training", "Finished", "Stopped"
INTERRUPTED, FAILED, DAMAGED = "Interrupted", "Failed", "Damaged"
STATES = (TRAINING, FINISHED, STOPPED, INTERRUPTED, FAILED, DAMAGED)
SIGNS = ("run.toml", "metrics.jsonl", "samples", "checkpoints")
"""What a folder has that is a run, or was one."""
WATCHED = (*SIGNS, "events.jsonl", "evaluations.jsonl", "session.json", NOTES_FILE)
"""What an entry is made of: as long as none of them changes, neither does the entry."""
BLOCK, MOST_BYTES = 1 << 15, 1 << 22
"""Bytes read at a time from a file's end, and at the most."""
Stamp = tuple[tuple[int, int] | bool | None, ...]
Listed = Mapping[Path, tuple[Stamp, "RunEntry"]]
Judge = Callable[[Mapping[str, Any]], str]
"""What is wrong with settings that the ground floor cannot know, as a sentence; empty where nothing is."""


@dataclass(frozen=True, eq=False)
class RunEntry:
    """One run, or what is left of one.

    ``title`` is the person's name for it, or the folder's. ``state`` is one of :data:`STATES`. ``images`` are real
    images seen, ``seconds`` the time trained (NaN: not known), ``created`` seconds since the epoch. ``settings`` is
    the resolved config under dotted keys, empty where it cannot be read. ``measurements`` are the newest found in
    each way. ``problem`` says in a sentence why a run is damaged.
    """

    path: Path
    title: str
    notes: Notes = Notes()
    variant: str = ""
    source: str = ""
    seed: int = 0
    state: str = DAMAGED
    step: int = 0
    steps: int = 0
    images: int = 0
    seconds: float = math.nan
    created: float = 0.0
    settings: Mapping[str, Any] = field(default_factory=dict[str, Any])
    measurements: tuple[Measurement, ...] = ()
    thumbnail: Path | None = None
    problem: str = ""


# ---------------------------------------------------------------- many


def list_runs(
    parent: Path, known: Listed | None = None, also: Iterable[Path] = (), judge: Judge | None = None
) -> Listed:
    """All runs below ``parent``, and those of ``also`` that exist, by path; ``known`` is an earlier answer.

    ``judge`` tells of settings that cannot be used. Never raises for what is on the disk.
    """
    known = known or {}
    paths = dict.fromkeys((*run_folders(parent), *(path.absolute() for path in also if looks_like_run(path))))
    found: dict[Path, tuple[Stamp, RunEntry]] = {}
    for path in paths:
        stamp, old = stamp_of(path), known.get(path)
        found[path] = old if old is not None and old[0] == stamp else (stamp, read_entry(path, judge))
    return found


def run_folders(parent: Path) -> list[Path]:
    """The runs, whole or damaged, in a folder and in its folders that are no runs themselves (sweeps), by name."""
    found: list[Path] = []
    for folder in _folders(parent.absolute()):
        if looks_like_run(folder):
            found.append(folder)
        else:
            found.extend(inner for inner in _folders(folder) if looks_like_run(inner))
    return found


def looks_like_run(path: Path) -> bool:
    """Whether a folder is a run, or the remains of one."""
    return any(_exists(path / name) for name in SIGNS)


def stamp_of(path: Path) -> Stamp:
    """Equal for two looks at a run between which nothing changed that an entry tells."""
    times = tuple(_time_and_size(path / name) for name in WATCHED)
    return (*times, (path / "session.json").exists() and RunFolder(path).trainer() is not None)


def _folders(parent: Path) -> list[Path]:
    try:
        with os.scandir(parent) as items:
            names = sorted(item.name for item in items if not item.name.startswith(".") and _is_folder(item))
    except OSError:
        return []
    return [parent / name for name in names]


def _is_folder(item: os.DirEntry[str]) -> bool:
    try:
        return item.is_dir()
    except OSError:
        return False


def _exists(path: Path) -> bool:
    """Also where nobody may look: what is there must not be hidden."""
    try:
        path.stat()
    except PermissionError:
        return True
    except (OSError, ValueError):
        return False
    return True


def _time_and_size(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_size


# ---------------------------------------------------------------- one


def read_entry(path: Path, judge: Judge | None = None) -> RunEntry:
    """A run as its folder tells it; never raises for what is on the disk."""
    path = path.absolute()
    try:
        return _read(path, judge)
    except OSError as error:
        return RunEntry(path, path.name, problem=f"It cannot be read ({error.strerror or error}).")


def _read(path: Path, judge: Judge | None) -> RunEntry:
    folder, notes = RunFolder(path), read_notes(path)
    table, problem = _config(folder)
    facts = table.pop("run", None)
    try:
        settings = flatten(table)
    except RecursionError:
        settings, problem = {}, "Its run.toml is nested too deeply to be a config."
    if judge is not None and not problem:
        problem = judge(settings)
    last = _last_report(path)
    pictures = folder.sample_steps()
    return RunEntry(
        path,
        notes.title or path.name,
        notes,
        _word(settings.get("variant")),
        _word(settings.get("data.source")),
        _count(settings.get("seed")),
        DAMAGED if problem else _state(folder),
        max(_count(last.get("step")), *pictures[-1:], *folder.checkpoint_steps()[-1:], 0),
        _count(settings.get("steps")),
        _count(last.get("images")),
        _seconds(last.get("seconds")),
        _created(path, cast("dict[str, Any]", facts) if isinstance(facts, dict) else {}),
        settings,
        _measurements(path),
        folder.sample_path(pictures[-1]) if pictures else None,
        problem,
    )


def _config(folder: RunFolder) -> tuple[dict[str, Any], str]:
    """The table in the run's file, and what is wrong with it; without a sound one the table is empty."""
    try:
        table = load_toml(folder.config_path)
    except ConfigError as error:
        if not _exists(folder.config_path):
            return {}, "It has no run.toml, so that its settings are lost."
        return {}, f"Its run.toml {error.problem}."
    facts = table.get("run")
    told = cast("dict[str, Any]", facts) if isinstance(facts, dict) else {}
    if _count(told.get("schema")) > SCHEMA:
        version = _word(told.get("ganstudio")) or "a later version"
        return {}, f"It was made by GAN Studio {version}, which is newer than this one: update to open it."
    data = table.get("data")
    source = cast("dict[str, Any]", data).get("source") if isinstance(data, dict) else None
    if not _word(table.get("variant")) or not _word(source):
        return {}, "Its run.toml names no variant or no data."
    return table, ""


def _state(folder: RunFolder) -> str:
    if (folder.path / "session.json").exists():
        return INTERRUPTED if folder.trainer() is None else TRAINING
    for event in records_from_end(folder.path / "events.jsonl"):
        kind = event.get("event")
        if kind == "finished":
            return FINISHED if event.get("reason") == "done" else STOPPED
        if kind == "failed":
            return FAILED
        if kind in ("started", "resumed"):
            return INTERRUPTED
    return STOPPED


def _last_report(path: Path) -> dict[str, Any]:
    """The newest line of the series that tells a step."""
    reports = records_from_end(path / "metrics.jsonl")
    return next((r for r in reports if type(r.get("step")) is int and r["step"] >= 0), {})


def _measurements(path: Path) -> tuple[Measurement, ...]:
    """Of numbers found in the same way that of the latest step, of those the one written last; oldest way first."""
    found: dict[tuple[object, ...], Measurement] = {}
    for record in records_from_end(path / "evaluations.jsonl"):
        measurement = from_record(record)
        if measurement is None:
            continue
        key = way(measurement)
        if key not in found or _step(measurement) > _step(found[key]):
            found[key] = measurement
    return tuple(reversed(found.values()))


def _step(measurement: Measurement) -> int:
    return -1 if measurement.step is None else measurement.step


def _created(path: Path, facts: Mapping[str, Any]) -> float:
    """When it was started, by its file or else by the time of the file, or of the folder."""
    told = facts.get("started")
    try:
        return (
            told.timestamp() if isinstance(told, datetime) else datetime.fromisoformat(str(told)).timestamp()
        )
    except (ValueError, OverflowError, OSError):
        pass
    times = (_time_and_size(path / "run.toml"), _time_and_size(path))
    return next((time[0] / 1e9 for time in times if time is not None), 0.0)


# ---------------------------------------------------------------- files from their end


def records_from_end(path: Path) -> Iterator[dict[str, Any]]:
    """The records of a file of JSON lines that can be read, the last one first; of a huge file only the end."""
    for line in _lines_from_end(path):
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(record, dict):
            yield cast("dict[str, Any]", record)


def _lines_from_end(path: Path) -> Iterator[bytes]:
    try:
        file = path.open("rb")
    except (OSError, ValueError):
        return
    with file:
        start = file.seek(0, os.SEEK_END)
        least, rest = max(start - MOST_BYTES, 0), b""
        while start > least:
            length = min(BLOCK, start - least)
            start = file.seek(start - length)
            first, *lines = (file.read(length) + rest).split(b"\n")
            yield from reversed(lines)
            rest = first
        if start == 0:
            yield rest


def _word(value: object) -> str:
    return " ".join(value.split())[:80] if isinstance(value, str) else ""


def _count(value: object) -> int:
    return value if type(value) is int and 0 <= value < 2**63 else 0


def _seconds(value: object) -> float:
    try:
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else math.nan
    except OverflowError:
        return math.nan
