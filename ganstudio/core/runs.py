"""A run's folder: make it, find what is in it, append to it. Knows no tensor.

The layout is a contract: ``run.toml``, ``metrics.jsonl``, ``events.jsonl``, ``evaluations.jsonl``, ``samples/``,
``checkpoints/``, ``live/``. Reading never changes a folder and survives whatever a crash left in it.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs
from numpy.typing import NDArray

from ganstudio.core.files import write_atomically
from ganstudio.core.measurement import Measurement, from_record
from ganstudio.core.processes import identity, living
from ganstudio.core.records import number_column, read_records

SCHEMA = 2
"""The layout of run folders and checkpoints; a later program may write a higher one."""
STEP_NAME = re.compile(r"\d{6,}")
PICTURE_NAME = re.compile(r"[a-z0-9-]+-[0-9a-f]{16}\.png")
Array = NDArray[np.float64]


def default_runs_folder() -> Path:
    """Where new runs go: ``GANSTUDIO_RUNS`` if set, else the user's data folder."""
    chosen = os.environ.get("GANSTUDIO_RUNS")
    return Path(chosen) if chosen else Path(platformdirs.user_data_dir("ganstudio", appauthor=False)) / "runs"


def new_run_folder(name: str, parent: Path | None = None) -> Path:
    """A path for a new run that does not exist yet: date, time and name, numbered if need be."""
    parent = parent or default_runs_folder()
    plain = re.sub(r"[^\w.-]+", "-", name).strip("-.") or "run"
    plain = plain[:60].encode()[:180].decode(errors="ignore")  # file systems count bytes
    stem = f"{datetime.now():%Y%m%d-%H%M%S}-{plain}"
    path, number = parent / stem, 2
    while path.exists():
        path, number = parent / f"{stem}-{number}", number + 1
    return path


@dataclass(frozen=True)
class Metrics:
    """The series of a run, as columns. ``values[name]`` holds NaN where a report lacked that name."""

    step: NDArray[np.int64]
    images: NDArray[np.int64]
    seconds: Array
    values: dict[str, Array] = field(default_factory=dict[str, Array])

    def __len__(self) -> int:
        return len(self.step)


class RunFolder:
    """One run on the disk."""

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)

    def __repr__(self) -> str:
        return f"RunFolder({str(self.path)!r})"

    @property
    def config_path(self) -> Path:
        """The resolved config, with versions, device and start time in its table ``[run]``."""
        return self.path / "run.toml"

    @property
    def samples(self) -> Path:
        """The folder of saved grids."""
        return self.path / "samples"

    @property
    def checkpoints(self) -> Path:
        """The folder of checkpoints."""
        return self.path / "checkpoints"

    @property
    def live(self) -> Path:
        """The folder of the newest averaged weights."""
        return self.path / "live"

    @property
    def evaluated(self) -> Path:
        """The folder of pictures that belong to measurements."""
        return self.path / "evaluations"

    def exists(self) -> bool:
        """Whether this is a run at all."""
        return self.config_path.is_file()

    def create(self, toml: str) -> None:
        """Make the folder with its config; fails with ``FileExistsError`` if a run is there already."""
        if self.exists():
            raise FileExistsError(f"{self.path} already holds a run")
        for folder in (self.samples, self.checkpoints, self.live):
            folder.mkdir(parents=True, exist_ok=True)
        write_atomically(self.config_path, toml.encode("utf-8"))

    # ------------------------------------------------------------ pictures and checkpoints

    def sample_steps(self) -> list[int]:
        """The steps of all saved grids, in order."""
        return self._steps(self.samples, ".png")

    def sample_path(self, step: int) -> Path:
        """The PNG of the grid at a step."""
        return self.samples / f"{step:06d}.png"

    def points_path(self, step: int) -> Path:
        """The generated points at a step (toy data), beside the PNG."""
        return self.samples / f"{step:06d}.safetensors"

    def checkpoint_steps(self) -> list[int]:
        """The steps of all finished checkpoints, in order."""
        return self._steps(self.checkpoints, "")

    def checkpoint_path(self, step: int) -> Path:
        """The folder of the checkpoint at a step."""
        return self.checkpoints / f"{step:06d}"

    @staticmethod
    def _steps(folder: Path, suffix: str) -> list[int]:
        if not folder.is_dir():
            return []
        names = (item.name for item in os.scandir(folder) if item.name.endswith(suffix))
        stems = (name.removesuffix(suffix) for name in names)
        return sorted(int(stem) for stem in stems if STEP_NAME.fullmatch(stem))

    # ------------------------------------------------------------ series and events

    def append_metrics(self, step: int, images: int, seconds: float, values: dict[str, float]) -> None:
        """One line of ``metrics.jsonl``."""
        self._append("metrics.jsonl", {"step": step, "images": images, "seconds": round(seconds, 3)} | values)

    def append_event(self, kind: str, step: int, **details: Any) -> None:
        """One line of ``events.jsonl``."""
        self._append("events.jsonl", {"time": round(time.time(), 3), "event": kind, "step": step} | details)

    def append_evaluation(self, measurement: Measurement) -> None:
        """One line of ``evaluations.jsonl``: a number with its whole protocol. Its picture goes into a file before."""
        record = measurement.to_record()
        if measurement.picture:
            name = f"{measurement.metric}-{hashlib.sha256(measurement.picture).hexdigest()[:16]}.png"
            self.evaluated.mkdir(exist_ok=True)
            write_atomically(self.evaluated / name, measurement.picture)
            record["details"]["picture"] = name
        self._append("evaluations.jsonl", record)

    def evaluation_picture(self, measurement: Measurement) -> Path | None:
        """Where the picture of a measurement lies that was read from this run; ``None`` where it has none."""
        name = measurement.details.get("picture")
        if not isinstance(name, str) or PICTURE_NAME.fullmatch(name) is None:
            return None
        path = self.evaluated / name
        return path if path.is_file() else None

    def evaluations(self) -> list[Measurement]:
        """All measurements that can be read, in order of writing."""
        found = (from_record(record) for record in self._records("evaluations.jsonl"))
        return [measurement for measurement in found if measurement is not None]

    def _append(self, name: str, record: dict[str, Any]) -> None:
        """One line in one write. A torn line that a crash left behind is closed first, never joined."""
        line = json.dumps(record, allow_nan=True, separators=(",", ":")).encode() + b"\n"
        with (self.path / name).open("a+b") as file:
            if file.tell() > 0:
                file.seek(-1, os.SEEK_END)
                if file.read(1) != b"\n":
                    line = b"\n" + line
            file.write(line)

    def events(self) -> list[dict[str, Any]]:
        """All events that can be read, in order of writing."""
        return list(self._records("events.jsonl"))

    def metrics(self) -> Metrics:
        """The series; where a resumed run went over the same steps again, the later pass counts."""
        return metrics_of(self._records("metrics.jsonl"))

    def _records(self, name: str) -> Iterator[dict[str, Any]]:
        return read_records(self.path / name)

    # ------------------------------------------------------------ who trains here

    def claim(self) -> None:
        """Say that this process trains here; ``RunBusyError`` if another one does."""
        other = self.trainer()
        if other is not None and other != os.getpid():
            raise RunBusyError(f"{self.path} is being trained by another process ({other})")
        write_atomically(self.path / "session.json", json.dumps(identity()).encode())

    def release(self) -> None:
        """The training here has ended in order."""
        (self.path / "session.json").unlink(missing_ok=True)

    def trainer(self) -> int | None:
        """The process that trains here now, if it is alive; a crashed one does not count."""
        try:
            return living(json.loads((self.path / "session.json").read_bytes()))
        except (OSError, ValueError, RecursionError):
            return None

    def interrupted(self) -> bool:
        """Whether the last training here ended without a word: killed, crashed, or the power went."""
        return (self.path / "session.json").exists() and self.trainer() is None


class RunBusyError(RuntimeError):
    """Two processes cannot train one run."""


def metrics_of(records: Iterable[dict[str, Any]]) -> Metrics:
    """The series in the lines of ``metrics.jsonl``, as :meth:`RunFolder.metrics` reads them."""
    kept: list[dict[str, Any]] = []
    for record in records:
        if not _is_count(record.get("step")):
            continue
        while kept and kept[-1]["step"] >= record["step"]:
            kept.pop()
        kept.append(record)
    names = sorted(set[str]().union(*kept) - {"step", "images", "seconds"})
    return Metrics(
        np.array([r["step"] for r in kept], dtype=np.int64),
        np.array([r["images"] if _is_count(r.get("images")) else 0 for r in kept], dtype=np.int64),
        number_column(kept, "seconds"),
        {name: number_column(kept, name) for name in names},
    )


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63


def timestamp() -> str:
    """Now, in UTC, as ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="seconds")
