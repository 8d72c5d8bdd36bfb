"""Marks inside checkpoints: small files that say why one is kept when older ones are removed.

``starred`` is a person's. ``best`` is where what was measured is best; it moves from one checkpoint to the next by one
rename, so that no kill can leave two of them. ``waiting`` says that a checkpoint is due to be measured: training writes
it with the checkpoint itself, and of several only the newest waits. ``held-PID`` says that a process measures it now.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from ganstudio.core.files import write_atomically
from ganstudio.core.processes import identity, living
from ganstudio.core.runs import RunFolder

STAR, BEST, WAITING, HELD = "starred", "best", "waiting", "held-"
MAX_STATE_BYTES = 4 << 20


def marks_of(folder: Path) -> list[str]:
    """The names of all marks in a checkpoint's folder."""
    with contextlib.suppress(OSError):
        names = [item.name for item in folder.iterdir()]
        return [name for name in names if name in (STAR, BEST, WAITING) or name.startswith(HELD)]
    return []


def marked(run: RunFolder, mark: str) -> list[int]:
    """The steps of the checkpoints with a mark, in order."""
    return [step for step in run.checkpoint_steps() if (run.checkpoint_path(step) / mark).exists()]


def weights_of(run: RunFolder, step: int) -> str:
    """SHA-256 of a checkpoint's weights, by which a measurement knows them again; empty where it cannot be read."""
    return _text(_state(run, step), "files", "weights.safetensors", "sha256")


def criterion(run: RunFolder, step: int | None = None) -> str:
    """The metric by which a run keeps its best checkpoint, as a checkpoint (the newest, or that at ``step``) has it."""
    steps = run.checkpoint_steps()
    at = step if step is not None else steps[-1] if steps else None
    return "" if at is None else _text(_state(run, at), "config", "measure", "keep_best")


def _state(run: RunFolder, step: int) -> object:
    """A checkpoint's state.json, unchecked; ``None`` where it cannot be read."""
    path = run.checkpoint_path(step) / "state.json"
    try:
        return None if path.stat().st_size > MAX_STATE_BYTES else json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None


def _text(table: object, *keys: str) -> str:
    for key in keys:
        table = cast("dict[str, object]", table).get(key) if isinstance(table, dict) else None
    return table if isinstance(table, str) else ""


# ---------------------------------------------------------------- what is removed


def prune(run: RunFolder, keep: int) -> None:
    """Remove all but the newest ``keep`` checkpoints, except those with a mark."""
    remove(run, run.checkpoint_steps()[:-keep], (STAR, BEST, WAITING, HELD))


def remove(run: RunFolder, steps: list[int], unless: tuple[str, ...]) -> None:
    """Remove checkpoints, except those with a mark whose name begins with one of ``unless``."""
    for step in steps:
        folder = run.checkpoint_path(step)
        if not any(mark.startswith(unless) for mark in marks_of(folder)):
            doomed = folder.parent / f".{folder.name}.tmp"  # a half-removed checkpoint must not look whole
            with contextlib.suppress(OSError):
                folder.rename(doomed)
                shutil.rmtree(doomed)


# ---------------------------------------------------------------- the best one


def best(run: RunFolder) -> int | None:
    """The step of the checkpoint that is marked as the best."""
    found = marked(run, BEST)
    return found[-1] if found else None


def mark_best(run: RunFolder, step: int) -> None:
    """Move the mark to another checkpoint; where there was none it appears. A checkpoint that is gone gets none."""
    place = run.checkpoint_path(step) / BEST
    others = [other for other in marked(run, BEST) if other != step]
    with contextlib.suppress(OSError):
        if others and not place.exists():
            (run.checkpoint_path(others.pop()) / BEST).replace(place)
        elif not place.exists():
            place.touch()
    for other in others:  # two who marked at the same moment
        (run.checkpoint_path(other) / BEST).unlink(missing_ok=True)


# ---------------------------------------------------------------- waiting for being measured


def waiting(run: RunFolder) -> int | None:
    """The checkpoint that is due to be measured; of several, which a crash may leave, the newest."""
    found = marked(run, WAITING)
    return found[-1] if found else None


def let_go(run: RunFolder, before: int | None = None) -> None:
    """Checkpoints wait no longer: all of them, or those before a step."""
    for step in marked(run, WAITING):
        if before is None or step < before:
            (run.checkpoint_path(step) / WAITING).unlink(missing_ok=True)


def wait_again(run: RunFolder, step: int) -> None:
    """What was being measured was broken off: it waits as before, and nobody holds it."""
    folder = run.checkpoint_path(step)
    with contextlib.suppress(OSError):
        (folder / WAITING).touch()
    release(run, step)


def hold(run: RunFolder, step: int) -> bool:
    """Keep a checkpoint as long as this process lives, or until :func:`release`; it waits no longer.

    Tells whether it is there at all. A disk that is full is no error: it only keeps less.
    """
    folder = run.checkpoint_path(step)
    with contextlib.suppress(OSError):
        write_atomically(folder / f"{HELD}{os.getpid()}", json.dumps(identity()).encode(), durable=False)
        (folder / WAITING).unlink(missing_ok=True)
    return folder.is_dir()


def release(run: RunFolder, step: int) -> None:
    """This process is done with a checkpoint."""
    with contextlib.suppress(OSError):
        (run.checkpoint_path(step) / f"{HELD}{os.getpid()}").unlink(missing_ok=True)


@contextmanager
def held(run: RunFolder | None, step: int | None) -> Generator[None]:
    """Keep a checkpoint for the length of a block; without run or step there is nothing to keep."""
    if run is None or step is None:
        yield
        return
    hold(run, step)
    try:
        yield
    finally:
        release(run, step)


def forget_the_dead(run: RunFolder) -> None:
    """Let go of what killed processes held. To be done when what they measured has been looked at."""
    for step in run.checkpoint_steps():
        folder = run.checkpoint_path(step)
        for name in marks_of(folder):
            if name.startswith(HELD) and not _alive(folder / name):
                with contextlib.suppress(OSError):
                    (folder / name).unlink(missing_ok=True)


def _alive(path: Path) -> bool:
    try:
        return living(json.loads(path.read_bytes())) is not None
    except (OSError, ValueError, RecursionError):
        return False
