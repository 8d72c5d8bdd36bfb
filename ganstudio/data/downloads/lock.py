"""One process at a time in a folder. The system takes the lock away from a process that dies."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from ganstudio.data.errors import Cancelled

BETWEEN = 0.2
"""Seconds between two tries."""


@contextmanager
def alone(
    folder: Path, progress: Callable[[str, float], None] | None, cancelled: Callable[[], bool] | None
) -> Generator[None]:
    """Hold ``folder`` for this process, waiting while another one has it; raises ``Cancelled`` or ``OSError``."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("ab") as file:
        while not _taken(file.fileno()):
            if cancelled is not None and cancelled():
                raise Cancelled
            if progress is not None:
                progress("Waiting for another GAN Studio that is fetching the same data", -1.0)
            time.sleep(BETWEEN)
        yield  # closing the file lets go of the lock


if sys.platform == "win32":
    import msvcrt

    def _taken(descriptor: int) -> bool:
        os.lseek(descriptor, 0, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _taken(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
