"""Measuring beside training: a session in a child of its own, on one thread, that can be stopped at any time."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import psutil
import torch

from ganstudio.core.messages import (
    FetchWeights,
    Measure,
    Measured,
    MeasureEnded,
    MeasureFailed,
    Preparing,
    Quit,
    Ready,
    Refused,
    StopMeasuring,
    WeightsHere,
)
from ganstudio.core.runs import RunFolder
from ganstudio.data import Cancelled
from ganstudio.engine import devices
from ganstudio.engine.keeping import KeepingError, kept, note
from ganstudio.engine.ports import PipePort, Port
from ganstudio.metrics.figures import MetricError
from ganstudio.metrics.measure import Place, measured, prepare
from ganstudio.metrics.published import fetch_weights, take_weights

TELL_EVERY = 0.1
"""Seconds between two reports of how far something is."""
NICENESS = 19
"""Training and painting come first, also where there are fewer cores than processes: at 10 measuring would still take a
tenth of what training has there (a weight of 110 beside 1,024; of 15 at 19)."""

REST = 0.4
"""Rest for every second of computing while the run trains: where both have a core of their own they still share memory
and caches, and without a rest training kept 0.89 of its speed (``tests/benchmarks/measuring.py``)."""
LEAST_WORK, LONGEST_REST = 0.02, 0.25
"""Seconds of computing before a rest is worth it, and the longest rest: a cancel must not wait."""


def run_measuring(connection: Connection) -> None:
    """Serve one window until it quits or goes away. What is measured is on the disk at once: nothing needs saving."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    torch.set_num_threads(1)  # training goes on beside it
    step_aside()
    port = PipePort(connection, on_lost=lambda: os._exit(0))
    port.send(Ready(("cpu",), str(torch.__version__)))
    MeasuringSession(port).serve()


def step_aside() -> None:
    """Compute only when nobody else wants to."""
    if os.name == "nt":
        psutil.Process().nice(psutil.IDLE_PRIORITY_CLASS)  # pyright: ignore[reportAttributeAccessIssue]
    else:
        os.nice(NICENESS)


class Pace:
    """Rests now and then, in proportion to the processor time that was used since the last rest."""

    def __init__(self, rest: float) -> None:
        self._rest, self._since = rest, time.process_time()

    def breathe(self) -> None:
        """Called between two pieces of work."""
        worked = time.process_time() - self._since
        if self._rest and worked >= LEAST_WORK:
            time.sleep(min(worked * self._rest, LONGEST_REST))
            self._since = time.process_time()


class MeasuringSession:
    """Obeys one :class:`Measure` after the other; a waiting command ends the one that is being worked on.

    It computes on the CPU, whatever the run trains on: a GPU is left to the training.
    """

    def __init__(self, port: Port) -> None:
        self._port = port
        self._next: Any = None
        self._told, self._due = "", 0.0
        self._pace = Pace(0.0)

    def serve(self) -> None:
        """Until told to quit."""
        while True:
            command, self._next = self._next or self._port.wait(), None
            if isinstance(command, Quit):
                return
            if isinstance(command, Measure):
                self._serve(command.number, lambda wish=command: self._measure(wish))
            elif isinstance(command, FetchWeights):
                self._serve(command.number, lambda wish=command: self._weights(wish))
            elif not isinstance(command, StopMeasuring):
                self._port.send(Refused(type(command).__name__, "this engine only measures"))

    def _serve(self, number: int, work: Callable[[], MeasureEnded | WeightsHere]) -> None:
        try:
            self._port.send(work())
        except Cancelled:
            self._port.send(MeasureEnded(number, cancelled=True))
        except (MetricError, KeepingError) as error:
            self._port.send(MeasureFailed(number, error.problem, error.remedy))
        except Exception as error:  # whatever it is, the window is told and the next wish is served
            self._port.send(MeasureFailed(number, _unforeseen(error)))

    def _measure(self, wish: Measure) -> MeasureEnded:
        """Tell every number as it comes and keep it in the run; what was passed over on the way.

        The checkpoint is kept meanwhile, and until it is known whether it is the best.
        """
        device = torch.device("cpu")
        place = Place(device, devices.describe(device), self._progress, self._stopped)
        folder = RunFolder(Path(wish.run)) if wish.run else None
        self._pace = Pace(REST if folder is not None and folder.trainer() is not None else 0.0)
        best: int | None = None
        with kept(folder, wish.checkpoint):
            task = prepare(wish, place)
            for measurement in measured(task, place):
                if folder is not None:
                    best = note(folder, measurement) or best
                self._port.send(Measured(wish.number, measurement))
        return MeasureEnded(wish.number, problems=task.problems, best=best)

    def _weights(self, wish: FetchWeights) -> WeightsHere:
        """Take or download the weights of a published network."""
        if wish.path:
            found = take_weights(wish.network, Path(wish.path), self._progress, self._stopped)
        else:
            found = fetch_weights(wish.network, self._progress, self._stopped)
        return WeightsHere(wish.number, str(found))

    def _progress(self, what: str, done: float) -> None:
        """Tell what is new at once, and how far it is ten times a second at most."""
        now = time.monotonic()
        if what != self._told or now >= self._due:
            self._told, self._due = what, now + TELL_EVERY
            self._port.send(Preparing(what, done))

    def _stopped(self) -> bool:
        self._pace.breathe()
        if self._next is None:
            self._next = self._port.poll()
        return self._next is not None


def _unforeseen(error: Exception) -> str:
    if devices.is_out_of_memory(error):
        return "There is not enough memory to measure this: take fewer samples."
    return f"This cannot be measured ({type(error).__name__}: {error})."
