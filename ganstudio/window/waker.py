"""Waking a thread that waits for the pipe of a child: something it can wait for together with that pipe."""

from __future__ import annotations

from multiprocessing import Pipe
from threading import Lock


class Waker:
    """A pipe of its own; many calls before the thread has looked are one."""

    def __init__(self) -> None:
        self.source, self._writer = Pipe(duplex=False)
        self._lock, self._awake = Lock(), False

    def wake(self) -> None:
        """Have ``source`` readable, from any thread; does nothing once closed."""
        with self._lock:
            if not self._awake:
                self._awake = True
                self._writer.send_bytes(b"!")

    def heard(self, ready: list[object]) -> None:
        """The thread has come back with what is ``ready``: from now on it can be woken again.

        Ask before looking at what there is to do, so that what is added meanwhile wakes once more.
        """
        if self.source in ready:
            with self._lock:
                self.source.recv_bytes()
                self._awake = False

    def close(self) -> None:
        """The thread goes, and nobody may wake it whose reader has gone."""
        with self._lock:
            self._awake = True
            self.source.close()
            self._writer.close()
