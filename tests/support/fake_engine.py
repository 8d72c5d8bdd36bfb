"""A child process that speaks the engine's language without torch: quick to start, and wicked on request.

What it does is told by the run's name: "hang" ignores everything, "crash" dies in the middle of training,
"broken" fails, "finding" reports one with advice.
"""

from __future__ import annotations

import json
import os
import time
from multiprocessing.connection import Connection
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ganstudio.catalog.resolve import change, data_shape, load
from ganstudio.core import marks
from ganstudio.core import messages as m
from ganstudio.core.config import dump_toml
from ganstudio.core.lifecycle import State
from ganstudio.core.runs import RunFolder
from ganstudio.core.schema import to_table
from ganstudio.core.shapes import DataShape


def serve(pipe: Connection) -> None:
    """Serve until told to quit or until the window has gone."""
    pipe.send(m.Ready(("cpu",), "0"))
    try:
        while True:
            command = pipe.recv()
            if isinstance(command, m.Quit):
                return
            if isinstance(command, m.Begin):
                Run(pipe, command).train()
            else:
                pipe.send(m.Refused(type(command).__name__, "no run is under way"))
    except (EOFError, BrokenPipeError, Quitting):
        return


class Quitting(Exception):
    """The run was told to quit."""


class Run:
    """A run that counts steps."""

    def __init__(self, pipe: Connection, begin: m.Begin) -> None:
        self.pipe, self.folder = pipe, RunFolder(begin.folder)
        self.state, self.step, self.stop = State.STARTING, 0, None
        if begin.resume:
            self.config = load(self.folder.config_path)
            self.step = self.folder.checkpoint_steps()[-1]
        else:
            assert begin.config is not None
            self.config = begin.config
            self.folder.create(dump_toml(self.config))
        self.paused = begin.paused
        shape = data_shape(self.config.data)
        assert shape is not None
        self.shape = shape

    def train(self) -> None:
        """From the first step to the last, or until stopped."""
        self.move(State.STARTING)
        if self.config.name == "hang":
            time.sleep(600)
        if self.config.name == "broken":
            self.move(State.FAILED)
            self.pipe.send(m.Failed("The data is broken.", "Choose other data.", "a long trace"))
            return
        self.pipe.send(
            m.Started(
                str(self.folder.path), self.config, self.shape, (), self.step, "CPU, 1 thread", "dots", (1, 2)
            )
        )
        self.pipe.send(m.RealSamples(samples(self.shape, 0)))
        self.move(State.PAUSED if self.paused else State.RUNNING)
        if self.config.name == "finding":
            self.pipe.send(FINDING)
        while self.stop is None and self.step < self.config.steps:
            if self.state is State.PAUSED or self.pipe.poll():
                self.obey(self.pipe.recv())
            else:
                self.advance()
                time.sleep(0.002)
        if self.stop is None or self.stop.save:
            self.save()
        self.move(State.FINISHED)
        self.pipe.send(m.Finished(self.step, 1.0, str(self.folder.path), "stopped" if self.stop else "done"))

    def obey(self, command: m.Command) -> None:
        """What the engine does with a command."""
        match command:
            case m.Pause():
                self.move(State.PAUSED)
            case m.Resume():
                self.move(State.RUNNING)
            case m.Step():
                self.move(State.PAUSED)
                self.advance()
            case m.Change(key, value):
                old = self.config
                self.config = change(self.config, key, value)
                self.pipe.send(m.Changed(self.step, key, getattr(old, key, None), value))
            case m.Save(measure):
                self.save(measure)
            case m.RollBack():
                self.pipe.send(m.Changed(self.step, "batch_size", self.config.batch_size, 8))
            case m.Stop():
                self.stop = command
            case m.Quit():
                raise Quitting

    def advance(self) -> None:
        """One step and its report."""
        self.step += 1
        if self.config.name == "crash" and self.step == 20:
            os._exit(9)
        values = {"loss/generator": 0.7, "loss/discriminator": 1.3, "rate/images_per_second": 1000.0}
        self.pipe.send(m.Scalars(self.step, 32 * self.step, 0.002 * self.step, values, 10**8))
        if self.config.measure.every and self.step % self.config.measure.every == 0:
            self.save(due=True)
        if self.step % 5 == 0:
            shown = samples(self.shape, self.step)
            points = self.shape.kind == "points"
            self.pipe.send(
                m.Cloud(self.step, shown, shown, False) if points else m.Picture(self.step, shown, False)
            )

    def save(self, due: bool = False) -> None:
        """A folder where a checkpoint would be, with as much of its state as is looked at without torch."""
        folder = self.folder.checkpoint_path(self.step)
        folder.mkdir(parents=True, exist_ok=True)
        files = {"weights.safetensors": {"sha256": f"weights of {self.step}"}}
        (folder / "state.json").write_text(json.dumps({"config": to_table(self.config), "files": files}))
        self.pipe.send(m.Saved(self.step, 0.01))
        if due:
            (folder / marks.WAITING).touch()
            marks.let_go(self.folder, before=self.step)
            self.pipe.send(m.Due(self.step))

    def move(self, state: State) -> None:
        """Say so."""
        self.state = state
        self.pipe.send(m.StateChanged(state, self.step))


def samples(shape: DataShape, value: int) -> NDArray[Any]:
    """Sixty-four samples as the window takes them, all of one value: points, or pictures."""
    if shape.kind == "points":
        return np.full((64, 2), value, np.float32)
    return np.full((64, shape.height, shape.width, shape.channels), value % 256, np.uint8)


FINDING = m.Finding(
    "strong",
    "warning",
    "The discriminator is too strong",
    "It has been right all the time since step 3.",
    5,
    series=("loss/discriminator",),
    since=3,
    advice=(m.Advice("Use a smaller batch", (m.Change("batch_size", 8),)),),
)
