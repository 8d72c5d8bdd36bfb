"""What runs in processes of its own that tests start: engine children under hard limits, a parent that gets killed."""

from __future__ import annotations

import sys
import time
from multiprocessing.connection import Connection
from pathlib import Path


def small_files(connection: Connection) -> None:
    """An engine whose files cannot grow beyond what the file ``limit`` in the working folder says, in bytes.

    The limit is read anew with every command, so that a test can make room.
    """
    import resource
    import signal

    from ganstudio.engine.launch import prepare_environment

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # as on a full disk, writing fails instead of killing
    prepare_environment(window=True)
    from ganstudio.engine.session import TrainingSession

    obey = TrainingSession._obey
    limit = Path("limit")

    def obey_within_the_limit(self: TrainingSession, command: object) -> None:
        _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        size = int(limit.read_text()) if limit.exists() else hard
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
        obey(self, command)  # type: ignore[arg-type]

    TrainingSession._obey = obey_within_the_limit  # type: ignore[assignment, method-assign]
    from ganstudio.engine.child import run_child

    run_child(connection)


def little_memory(connection: Connection) -> None:
    """An engine that may take 700 MB beyond what it needs to start (threads alone reserve hundreds)."""
    import resource

    from ganstudio.engine.launch import prepare_environment

    prepare_environment(window=True)
    import psutil
    import torch

    from ganstudio.engine.child import run_child, warm_up

    torch.set_num_threads(1)
    warm_up()
    ceiling = psutil.Process().memory_info().vms + (700 << 20)
    resource.setrlimit(resource.RLIMIT_AS, (ceiling, ceiling))
    run_child(connection)


def parent(folder: str) -> None:
    """Start an engine, train in ``folder`` and tell the engine's process id; then wait to be killed."""
    from support.tiny import tiny

    from ganstudio.core import messages as m
    from ganstudio.engine.launch import EngineProcess

    engine = EngineProcess()
    engine.send(m.Begin(folder, tiny(steps=10**8)))
    while True:
        report = engine.receive()
        if isinstance(report, m.Scalars) and report.step > 3:
            print(engine.pid, flush=True)
            break
    while True:  # a window that has stopped reading: the pipe fills up
        time.sleep(1)


if __name__ == "__main__":
    parent(sys.argv[1])
