"""Reads of a run's folder what the views draw, away from the window's thread and only what is new. Knows no Qt."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ganstudio.catalog.resolve import load
from ganstudio.core.config import RunConfig
from ganstudio.core.measurement import Measurement
from ganstudio.core.messages import Scalars
from ganstudio.core.records import CHUNK, Record, number, parse, read_records
from ganstudio.core.runs import RunFolder, metrics_of
from ganstudio.core.schema import ConfigError
from ganstudio.reports.settings import defaults, flat
from ganstudio.window.model.series import SeriesStore

ROWS = 1 << 14
"""Rows that are kept of a run; beyond, neighbouring reports are merged and their extremes kept."""
LONGEST_TAIL = 1 << 20
"""Bytes that may have come since the last look to be read alone; more, and the whole file is read again."""
PAUSE = 1e-4
"""Seconds between chunks of lines: without them the window's thread waits 5 ms at each of its calls."""
Stamp = tuple[int, int] | None


def stamp_of(path: Path) -> Stamp:
    """When a file was changed last, in ns, and its size; ``None`` where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


@dataclass(frozen=True, eq=False)
class Known:
    """How far the series of a run have been read: the stamp of the file, and the place after the last whole line."""

    stamp: Stamp
    end: int
    measured: Stamp


@dataclass(frozen=True, eq=False)
class SeriesReading:
    """What was found: a whole ``store``, or the ``tail`` that came after what was known; what was measured, if that
    has changed; and a sentence on what is wrong."""

    known: Known
    store: SeriesStore | None = None
    tail: tuple[Scalars, ...] = ()
    measurements: tuple[Measurement, ...] | None = None
    problem: str = ""


def read_series(path: Path, known: Known | None = None) -> SeriesReading | None:
    """The series and measurements of a run; ``None`` where nothing has changed since ``known``. Never raises."""
    folder, file = RunFolder(path), path / "metrics.jsonl"
    stamp, measured = stamp_of(file), stamp_of(path / "evaluations.jsonl")
    if known is not None and (stamp, measured) == (known.stamp, known.measured):
        return None
    try:
        numbers = (
            None
            if known is not None and measured == known.measured and measured
            else tuple(folder.evaluations())
        )
        if known is not None and _goes_on(stamp, known):
            tail, end = _tail(file, known.end)
            return SeriesReading(Known(stamp, end, measured), None, tail, numbers)
        store, end, problem = _whole(folder, file, stamp)
        return SeriesReading(Known(stamp, end, measured), store, (), numbers, problem)
    except OSError as error:
        problem = f"{path.name} cannot be read ({error.strerror or error})."
        return SeriesReading(Known(stamp, 0, measured), SeriesStore(ROWS), (), (), problem)


def _goes_on(stamp: Stamp, known: Known) -> bool:
    """Whether lines have only been appended, and not too many."""
    if stamp is None or known.stamp is None or known.end == 0:
        return False
    return known.stamp[1] <= stamp[1] <= known.end + LONGEST_TAIL


def _tail(file: Path, start: int) -> tuple[tuple[Scalars, ...], int]:
    """The reports in the whole lines after a place, and the place after the last of them."""
    with file.open("rb") as opened:
        opened.seek(start)
        text = opened.read(LONGEST_TAIL)
    text = text[: text.rfind(b"\n") + 1]
    reports = tuple(
        Scalars(r["step"], _count(r.get("images")), number(r.get("seconds")), _values(r))
        for r in parse(text.splitlines())
        if _is_count(r.get("step"))
    )
    return reports, start + len(text)


def _values(record: dict[str, Any]) -> dict[str, float]:
    return {name: number(v) for name, v in record.items() if name not in ("step", "images", "seconds")}


def _is_count(value: object) -> bool:
    return type(value) is int and 0 <= value < 2**63


def _count(value: object) -> int:
    return value if type(value) is int and 0 <= value < 2**63 else 0


def _whole(folder: RunFolder, file: Path, stamp: Stamp) -> tuple[SeriesStore, int, str]:
    store = SeriesStore(ROWS)
    if stamp is None:
        return store, 0, f"{folder.path.name} has no series: metrics.jsonl is missing."
    metrics = metrics_of(_politely(read_records(file)))
    store.load(metrics)
    told = stamp[1] > 0 and not len(metrics)
    problem = f"The metrics.jsonl of {folder.path.name} holds no report that can be read." if told else ""
    return store, _end_of_lines(file, stamp[1]), problem


def _politely(records: Iterable[Record]) -> Iterator[Record]:
    """The same records, with short pauses in which the window's thread gets its turn."""
    for number_of, record in enumerate(records):
        if number_of % CHUNK == 0:
            time.sleep(PAUSE)
        yield record


def _end_of_lines(file: Path, size: int) -> int:
    """The place after the last whole line among the first ``size`` bytes."""
    with file.open("rb") as opened:
        start = max(size - LONGEST_TAIL, 0)
        opened.seek(start)
        return start + opened.read(size - start).rfind(b"\n") + 1


# ---------------------------------------------------------------- settings


@dataclass(frozen=True)
class Change:
    """A setting that was changed while the run went on."""

    step: int
    old: Any
    new: Any


@dataclass(frozen=True, eq=False)
class SettingsReading:
    """A run's settings under dotted keys, what variant and data alone would give, and what was changed on the way.

    Empty with a ``problem`` in one sentence where they cannot be read.
    """

    stamps: tuple[Stamp, Stamp]
    settings: dict[str, Any]
    usual: dict[str, Any]
    changes: dict[str, tuple[Change, ...]]
    config: RunConfig | None = None
    problem: str = ""


def read_settings(path: Path, known: SettingsReading | None = None) -> SettingsReading | None:
    """The settings of a run; ``None`` where nothing has changed since ``known``. Never raises."""
    folder = RunFolder(path)
    stamps = stamp_of(folder.config_path), stamp_of(path / "events.jsonl")
    if known is not None and known.stamps == stamps:
        return None
    try:
        config = load(folder.config_path)
        usual = defaults(config)
        changes = _changes(folder)
    except ConfigError as error:
        missing = stamps[0] is None
        problem = "run.toml is missing" if missing else f"its config cannot be used: {error}"
        return SettingsReading(stamps, {}, {}, {}, None, f"{path.name}: {problem}.")
    except OSError as error:
        return SettingsReading(
            stamps, {}, {}, {}, None, f"{path.name} cannot be read ({error.strerror or error})."
        )
    return SettingsReading(stamps, flat(config), flat(usual) if usual else {}, changes, config)


def _changes(folder: RunFolder) -> dict[str, tuple[Change, ...]]:
    found: dict[str, list[Change]] = {}
    for event in folder.events():
        step, key = event.get("step"), event.get("key")
        if event.get("event") == "changed" and _is_count(step) and isinstance(key, str):
            found.setdefault(key, []).append(Change(int(step or 0), event.get("old"), event.get("new")))
    return {key: tuple(changes) for key, changes in found.items()}
