"""Start an engine in a child process. The only place that knows about processes, pipes and compute threads.

This module imports no torch: the window imports it.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

import psutil

from ganstudio.core.explore.messages import ExploreCommand
from ganstudio.core.exports import ExportCommand
from ganstudio.core.messages import Command, Quit

SIGNALS = {
    6: "it aborted (signal 6)",
    9: "it was killed (signal 9; often the system's out-of-memory killer)",
    11: "it crashed (signal 11)",
}


def compute_threads(window: bool) -> int:
    """CPU threads for training: all physical cores the process may use, one fewer beside a window.

    As many busy threads as cores beside a painting window makes OpenMP's spinning barriers collapse
    (twentyfold slower on two cores).
    """
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    cores = min(allowed, psutil.cpu_count(logical=False) or allowed)
    return max(1, cores - 1) if window else cores


def prepare_environment(window: bool) -> None:
    """Set what torch and its OpenMP read when they are first imported; call before importing torch.

    Beside a window threads wait passively, so that they do not spin against its painting. Without one they may
    spin: on two quiet cores small networks then train twice as fast.
    """
    if window:
        os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    # torch.compile would start helpers of its own, which nothing here could end.
    os.environ.setdefault("TORCHINDUCTOR_COMPILE_THREADS", "1")
    # Deterministic cuBLAS needs it before CUDA starts.
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")


class EngineProcess:
    """The parent's end: sends commands, receives reports, notices death. Safe to use from one thread at a time.

    ``connection`` can be waited on with ``multiprocessing.connection.wait``; :meth:`receive` raises
    ``EOFError`` once the child is gone.
    """

    def __init__(self, target: Callable[[Connection], None] | None = None) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe(duplex=True)
        self.process: BaseProcess = context.Process(
            target=target or serve, args=(theirs,), name="ganstudio-engine", daemon=True
        )
        self.process.start()
        theirs.close()

    @property
    def pid(self) -> int:
        """The child's process id."""
        return self.process.pid or 0

    def send(self, command: Command | ExploreCommand | ExportCommand) -> bool:
        """Hand a command over; ``False`` if the child is gone."""
        try:
            self.connection.send(command)
        except (OSError, ValueError):
            return False
        return True

    def receive(self) -> Any:
        """The next report of the session; blocks until there is one, raises ``EOFError`` when the child has gone."""
        try:
            return self.connection.recv()
        except OSError as error:
            raise EOFError(str(error)) from None

    def exit_text(self) -> str:
        """How the child ended, in words."""
        self.process.join(timeout=5)
        code = self.process.exitcode
        if code is None:
            return "it does not answer"
        if code < 0:
            return SIGNALS.get(-code, f"it was ended by signal {-code}")
        return f"it ended with code {code}"

    def close(self, patience: float = 10.0) -> None:
        """Ask the child to quit, wait, and kill it if it does not; afterwards nothing of it is left."""
        if self.process.is_alive():
            self.send(Quit())
            self._drain(patience)
        if self.process.is_alive():
            self.process.kill()
            self.process.join(timeout=patience)
        with contextlib.suppress(OSError):
            self.connection.close()
        if self.process.exitcode is not None:
            self.process.close()

    def _drain(self, patience: float) -> None:
        """Read on until the child has gone: one that cannot hand over its reports would not get to save."""
        deadline = time.monotonic() + patience
        with contextlib.suppress(OSError, EOFError):
            while (left := deadline - time.monotonic()) > 0:
                if self.connection.poll(left):
                    self.connection.recv_bytes()
        self.process.join(timeout=max(0.0, deadline - time.monotonic()))


def serve(connection: Connection) -> None:
    """The child's whole life. Imports torch only after the environment is set."""
    prepare_environment(window=True)
    from ganstudio.engine.child import run_child

    run_child(connection)
    os._exit(0)  # threads of torch or CUDA must not hold back a child whose work is done


def serve_previews(connection: Connection) -> None:
    """The whole life of a child that only shows data, as :func:`serve` is that of one that trains."""
    prepare_environment(window=True)
    from ganstudio.engine.previewing import run_previews

    run_previews(connection)
    os._exit(0)


def serve_exploration(connection: Connection) -> None:
    """The whole life of a child that renders for the Explore workspace."""
    os.environ["OMP_NUM_THREADS"] = (
        "1"  # for what does not ask torch: the rest of the machine is for training
    )
    prepare_environment(window=True)
    from ganstudio.engine.exploring import run_exploration

    run_exploration(connection)
    os._exit(0)


def serve_measuring(connection: Connection) -> None:
    """The whole life of a child that only measures, beside one that trains."""
    prepare_environment(window=True)
    from ganstudio.engine.measuring import run_measuring

    run_measuring(connection)
    os._exit(0)


def serve_exporting(connection: Connection) -> None:
    """The whole life of a child that writes generators into files."""
    prepare_environment(window=True)
    from ganstudio.engine.exporting import run_exporting

    run_exporting(connection)
    os._exit(0)
