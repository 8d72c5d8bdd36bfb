"""The queue's list of runs, and the small file that remembers it when the window closes or is killed. Knows no Qt."""

from __future__ import annotations

import contextlib
import json
import logging
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, cast

import psutil

from ganstudio.catalog.resolve import resolve
from ganstudio.core.config import RunConfig
from ganstudio.core.files import write_atomically
from ganstudio.core.schema import ConfigError, to_table

log = logging.getLogger(__name__)


class ItemState(Enum):
    """Where a run of the queue is; the value is the word a person reads."""

    WAITING = "Waiting"
    RUNNING = "Training"
    DONE = "Finished"
    FAILED = "Failed"
    STOPPED = "Stopped"


ENDED = frozenset({ItemState.DONE, ItemState.FAILED, ItemState.STOPPED})


@dataclass(frozen=True)
class QueueItem:
    """One run of the queue. ``folder`` is empty until it has begun; ``problem`` says why it failed.

    ``sweep`` and ``tags`` go into the run's notes. ``step`` and ``seconds`` tell how far it came.
    """

    id: int
    config: RunConfig
    sweep: str = ""
    tags: tuple[str, ...] = ()
    state: ItemState = ItemState.WAITING
    folder: str = ""
    problem: str = ""
    step: int = 0
    seconds: float = 0.0

    @property
    def images(self) -> float:
        """Real images that the whole run sees: what the time it takes goes by."""
        return float(self.config.steps * self.config.batch_size * self.config.discriminator_steps)

    def to_record(self) -> dict[str, Any]:
        """As it stands in the file."""
        return {
            "config": to_table(self.config), "sweep": self.sweep, "tags": list(self.tags), "state": self.state.name,
            "folder": self.folder, "problem": self.problem, "step": self.step, "seconds": self.seconds,
        }  # fmt: skip


def item_of(record: object, id: int) -> QueueItem | None:
    """An item out of the file; ``None`` where it cannot be one. What was training waits, to be gone on with."""
    if not isinstance(record, dict):
        return None
    table = cast("dict[str, Any]", record)
    try:
        config, state = resolve(table["config"], whole=True), ItemState[str(table["state"])]
        step, seconds = int(table.get("step", 0)), float(table.get("seconds", 0.0))
        tags = tuple(str(tag) for tag in table.get("tags", ()))
    except (ConfigError, KeyError, TypeError, ValueError, OverflowError, AttributeError):
        return None
    state = ItemState.WAITING if state is ItemState.RUNNING else state
    texts = (str(table.get(name, "")) for name in ("sweep", "folder", "problem"))
    sweep, folder, problem = texts
    return QueueItem(id, config, sweep, tags, state, folder, problem, step, seconds)


class QueueFile:
    """The file behind the queue: one for each open window, so that two windows do not train the same runs.

    Files whose windows are gone are taken over. A damaged one is set aside as ``.bad``; ``notice`` then says so.
    """

    def __init__(self, folder: Path) -> None:
        self.notice = ""
        self.path = folder / "queue.json"
        number = 2
        while _in_use(self.path):
            self.path, number = folder / f"queue-{number}.json", number + 1

    def load(self) -> list[QueueItem]:
        """The remembered runs that nobody trains; from now on they are this window's."""
        others = sorted(self.path.parent.glob("queue*.json"), key=lambda path: (len(path.name), path.name))
        free = [path for path in others if path == self.path or not _in_use(path)]
        found: list[QueueItem] = []
        for path in free:
            found += self._read(path, len(found) + 1)
        if free and self.save(found):
            for path in free:
                if path != self.path:
                    path.unlink(missing_ok=True)
        return found

    def _read(self, path: Path, first: int) -> list[QueueItem]:
        try:
            records = cast("list[object]", list(json.loads(path.read_bytes())["items"]))
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            self._set_aside(path, f"could not be read ({type(error).__name__})")
            return []
        found = [item_of(record, id) for id, record in enumerate(records, first)]
        if lost := found.count(None):
            runs = "a run" if lost == 1 else f"{lost} runs"
            self._set_aside(path, f"has {runs} that cannot be trained")
        return [item for item in found if item is not None and item.state is ItemState.WAITING]

    def save(self, items: Sequence[QueueItem]) -> bool:
        """Remember the runs that are not over, and whose they are; without any the file goes."""
        left = [item.to_record() for item in items if item.state not in ENDED]
        try:
            if not left:
                self.path.unlink(missing_ok=True)
                return True
            self.path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(self.path, json.dumps({"owner": _me(), "items": left}).encode())
        except OSError as error:
            log.info("the queue could not be saved: %s", error)
            return False
        return True

    def release(self, items: Sequence[QueueItem]) -> None:
        """This window has done with the queue: another one may take what is left."""
        if self.save(items) and self.path.exists():
            with contextlib.suppress(OSError, ValueError):
                table = json.loads(self.path.read_bytes())
                write_atomically(self.path, json.dumps(table | {"owner": None}).encode())

    def _set_aside(self, path: Path, what: str) -> None:
        bad = path.with_suffix(".json.bad")
        with contextlib.suppress(OSError):
            bad.write_bytes(path.read_bytes())
        self.notice = f"The list of waiting runs {what}. The old list is {bad}."


def _me() -> dict[str, Any]:
    return {"pid": os.getpid(), "started": psutil.Process().create_time()}


def _in_use(path: Path) -> bool:
    """Whether the window that wrote a queue is still open: another process, or a queue of this one."""
    try:
        owner: Mapping[str, Any] = json.loads(path.read_bytes())["owner"]
        process = psutil.Process(int(owner["pid"]))
        return abs(process.create_time() - float(owner["started"])) < 1.0 and process.is_running()
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError, psutil.Error):
        return False
