"""A child that measures without torch: numbers at once, or wicked by the name of the metric that is asked for.

A scheduled wish gives ``fd-domain`` 100 less the step, so that later is better. The run's folder tells more: a file
``hang`` makes it wait until told to stop or something newer comes, ``die`` makes it end, ``refuse`` makes it fail.
"""

from __future__ import annotations

import os
from multiprocessing.connection import Connection
from pathlib import Path

from support.marking import number

from ganstudio.core import marks
from ganstudio.core import messages as m
from ganstudio.core.published import NETWORKS, weights_folder
from ganstudio.core.runs import RunFolder
from ganstudio.engine.keeping import kept, note


def serve(pipe: Connection) -> None:
    """Serve until told to quit or until the window has gone."""
    pipe.send(m.Ready(("cpu",), "0"))
    waiting: list[object] = []
    try:
        while True:
            command = waiting.pop(0) if waiting else pipe.recv()
            if isinstance(command, m.Quit):
                return
            if isinstance(command, m.Measure):
                waiting += _measure(pipe, command)
            elif isinstance(command, m.FetchWeights):
                _weights(pipe, command)
    except (EOFError, BrokenPipeError):
        return


def _measure(pipe: Connection, wish: m.Measure) -> list[object]:
    run = RunFolder(wish.run)
    step = wish.checkpoint if wish.checkpoint is not None else max(run.checkpoint_steps(), default=None)
    if (run.path / "die").exists():
        os._exit(3)
    if (run.path / "refuse").exists() or step is None:
        pipe.send(m.MeasureFailed(wish.number, "The data has gone.", "Bring it back."))
        return []
    best = None
    with kept(run, step):
        pipe.send(m.Preparing("Looking at generated pictures", 0.25))
        while (run.path / "hang").exists():
            if pipe.poll(0.01):
                command = pipe.recv()
                pipe.send(m.MeasureEnded(wish.number, cancelled=True))
                return [command]
        for metric in wish.metrics or ("fd-domain", "precision-domain"):
            value = 100.0 - step if metric == "fd-domain" else step / 1000
            found = number(
                step, value, metric, weights=marks.weights_of(run, step), scheduled=wish.scheduled,
                samples=wish.samples or 10_000,
            )  # fmt: skip
            best = note(run, found) or best
            pipe.send(m.Measured(wish.number, found))
    pipe.send(m.MeasureEnded(wish.number, best=best))
    return []


def _weights(pipe: Connection, wish: m.FetchWeights) -> None:
    """An empty file is refused; a file ``hang`` beside the weights makes the download wait until it is stopped."""
    if wish.path and not Path(wish.path).read_bytes():
        pipe.send(m.MeasureFailed(wish.number, "This is not the published file.", "Choose another one."))
        return
    folder, file = weights_folder(), NETWORKS[wish.network].file
    folder.mkdir(parents=True, exist_ok=True)
    pipe.send(m.Preparing(f"Downloading {file}", 0.5))
    while (folder / "hang").exists():
        if pipe.poll(0.01):
            pipe.recv()
            pipe.send(m.MeasureEnded(wish.number, cancelled=True))
            return
    place = folder / file
    place.write_bytes(b"weights")
    pipe.send(m.WeightsHere(wish.number, str(place)))
