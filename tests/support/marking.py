"""Run folders with checkpoints that hold no tensor, and a process that measures and marks them until it is killed."""

from __future__ import annotations

import json
import random
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from support.reported import measurement

from ganstudio.core import marks
from ganstudio.core.measurement import Measurement
from ganstudio.core.runs import RunFolder
from ganstudio.engine.keeping import kept, note

METRIC = "fd-domain"


def put(run: RunFolder, step: int, weights: str = "", keep_best: str = METRIC, due: bool = False) -> Path:
    """What stands of a checkpoint in its state.json, as training writes it: beside, then renamed."""
    run.checkpoints.mkdir(parents=True, exist_ok=True)
    beside, place = run.checkpoints / f".{step:06d}.tmp", run.checkpoint_path(step)
    beside.mkdir()
    files = {"weights.safetensors": {"sha256": weights or f"weights of {step}"}}
    record = {"config": {"measure": {"keep_best": keep_best}}, "files": files}
    (beside / "state.json").write_text(json.dumps(record))
    if due:
        (beside / marks.WAITING).touch()
    return beside.rename(place)


def number(step: int, value: float, metric: str = METRIC, **more: Any) -> Measurement:
    """A measurement of the checkpoint at a step."""
    return measurement(metric, value, step, **({"weights": f"weights of {step}", "scheduled": True} | more))


def mark_until_killed(connection: Connection) -> None:
    """Train and measure without an end: every step a checkpoint that is due, measured, pruned."""
    folder, first, seed = connection.recv()
    run, chance = RunFolder(folder), random.Random(seed)
    for step in range(first, first + 10**6):
        put(run, step, due=True)
        marks.let_go(run, before=step)
        marks.prune(run, 1)
        with kept(run, step):
            note(run, number(step, chance.uniform(0, 100)))
        connection.send(step)
