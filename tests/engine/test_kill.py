"""kill -9 at any moment, also in the middle of a checkpoint: nothing finished is lost, and resuming is exact."""

from __future__ import annotations

import random
import time
from pathlib import Path

import psutil
import pytest
from support.tiny import IMAGES, POINTS, all_tensors, assert_same_tensors, tensors_of, tiny, trained

from ganstudio.core import messages as m
from ganstudio.core.runs import RunFolder
from ganstudio.engine.launch import EngineProcess
from ganstudio.training import checkpoint

KILLS = 25
WARM = 3
"""Engines that import torch while another one is being killed."""
AFTER_LAST = 60


class Stable:
    """Fresh engines, some of them always warming up."""

    def __init__(self) -> None:
        self.waiting: list[EngineProcess] = []
        self.pids: set[int] = set()
        self.fill()

    def fill(self) -> None:
        while len(self.waiting) < WARM:
            engine = EngineProcess()
            self.pids.add(engine.pid)
            self.waiting.append(engine)

    def fresh(self, last: bool = False) -> EngineProcess:
        """An engine that is ready; another one begins to warm up in its place."""
        engine = self.waiting.pop(0)
        if not last:
            self.fill()
        assert isinstance(engine.receive(), m.Ready)
        return engine

    def close(self) -> None:
        for engine in self.waiting:
            engine.process.kill()
            engine.close()


def until_training(engine: EngineProcess, folder: Path, config: object, resume: bool) -> int:
    """Begin or go on; returns the step at which training starts."""
    engine.send(m.Begin(str(folder), None if resume else config, resume=resume, window=False))  # type: ignore[arg-type]
    while not isinstance(report := engine.receive(), m.Started):
        assert not isinstance(report, m.Failed | m.Refused), report
    return report.step


def until_saved(engine: EngineProcess, run: RunFolder) -> None:
    """Read reports until there is a checkpoint."""
    while not run.checkpoint_steps():
        assert not isinstance(report := engine.receive(), m.Failed), report


def live_for(engine: EngineProcess, seconds: float) -> None:
    """Read reports for so long, then kill."""
    deadline = time.monotonic() + seconds
    while (left := deadline - time.monotonic()) > 0:
        if engine.connection.poll(left):
            engine.receive()
    engine.process.kill()
    engine.process.join(10)
    engine.close()


def check_folder(run: RunFolder) -> None:
    """Every finished checkpoint is whole, and the series can be read."""
    for step in run.checkpoint_steps():
        assert checkpoint.read(run.checkpoint_path(step)).step == step
    series = run.metrics()
    assert all(a < b for a, b in zip(series.step[:-1], series.step[1:], strict=True))


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_killed_at_random_moments(tmp_path: Path):
    """Two runs take turns: one writes a checkpoint at every step, so that kills fall into its writing."""
    chance = random.Random(20)
    busy = tiny(POINTS, steps=10**8, checkpoint={"every": 1, "keep": 3}, samples={"every": 3})
    calm = tiny(
        IMAGES, steps=10**8, checkpoint={"every": 13}, samples={"every": 20},
        optimizer={"discriminator": {"kind": "rmsprop"}},
        stabilizers={"instance-noise": {"fade": 500}, "r1": {"every": 4}},
    )  # fmt: skip
    stable, torn, steps = Stable(), 0, {"busy": [0], "calm": [0]}
    configs = {"busy": busy, "calm": calm}
    try:
        for kill in range(KILLS):
            name = "calm" if kill % 3 == 2 else "busy"
            run = RunFolder(tmp_path / name)
            engine = stable.fresh()
            steps[name].append(until_training(engine, run.path, configs[name], resume=run.exists()))
            if kill >= KILLS // 2:  # on a busy machine half a second may be too short for the first one
                until_saved(engine, run)
            live_for(engine, chance.uniform(0.0, 0.5))
            torn += any(item.name.startswith(".") for item in run.checkpoints.iterdir())
            assert run.interrupted()
            check_folder(run)
        for name, config in configs.items():
            run = RunFolder(tmp_path / name)
            last = (run.checkpoint_steps() or [0])[-1] + AFTER_LAST
            engine = stable.fresh(last=True)
            engine.send(m.Begin(str(run.path), resume=True, steps=last, window=False))
            while not isinstance(report := engine.receive(), m.Finished):
                assert not isinstance(report, m.Failed), report
            engine.close()
            assert report.step == last and not run.interrupted()
            check_folder(run)
            found = checkpoint.read(run.checkpoint_path(last))
            whole = trained(config, last)
            assert found.state.counters == checkpoint.snapshot(whole).counters
            assert_same_tensors(all_tensors(found.state), tensors_of(whole))
            assert steps[name] == sorted(steps[name]) and steps[name][-1] > 0
            assert not [
                i for i in (*run.checkpoints.iterdir(), *run.live.iterdir()) if i.name.startswith(".")
            ]
    finally:
        stable.close()
    assert torn >= 3, "too few kills fell into the writing of a checkpoint"
    mine = {child.pid for child in psutil.Process().children(recursive=True)}
    assert not mine & stable.pids, "an engine stayed behind"
