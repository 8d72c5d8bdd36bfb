"""Where a session gets its commands and puts its reports, whether its owner is a window, a terminal or a test."""

from __future__ import annotations

import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from queue import Empty, SimpleQueue
from typing import Protocol

from ganstudio.core.messages import Command, Quit, Report


class Port(Protocol):
    """The engine's side of the doorway."""

    def poll(self) -> Command | None:
        """The next waiting command, or nothing. Costs next to nothing when there is none."""
        ...

    def wait(self) -> Command:
        """The next command, however long it takes."""
        ...

    def send(self, report: Report, /) -> None:
        """Hand a report over."""
        ...


class LocalPort:
    """In one process: commands are put into a queue, reports go to a function."""

    def __init__(self, sink: Callable[[Report], None]) -> None:
        self.commands: SimpleQueue[Command] = SimpleQueue()
        self.send = sink

    def poll(self) -> Command | None:
        """The next waiting command, or nothing."""
        return None if self.commands.empty() else self.commands.get()

    def wait(self) -> Command:
        """The next command."""
        while True:
            try:
                return self.commands.get(timeout=0.2)  # a signal handler gets its turn between two waits
            except Empty:
                continue


class PipePort:
    """Across a pipe: a thread reads commands, so that training finds them in a queue.

    When the other end closes (its process ended in whatever way) a ``Quit`` is queued and ``on_lost`` called.
    """

    def __init__(self, connection: Connection, on_lost: Callable[[], None]) -> None:
        self._connection, self._on_lost = connection, on_lost
        self._commands: SimpleQueue[Command] = SimpleQueue()
        self._sending = threading.Lock()
        threading.Thread(target=self._listen, name="commands", daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                self._commands.put(self._connection.recv())
            except (EOFError, OSError):
                self._commands.put(Quit())
                self._on_lost()
                return

    def poll(self) -> Command | None:
        """The next waiting command, or nothing."""
        return None if self._commands.empty() else self._commands.get()

    def wait(self) -> Command:
        """The next command."""
        return self._commands.get()

    def send(self, report: Report) -> None:
        """Write into the pipe; a closed one is no error, since a ``Quit`` is then on its way."""
        try:
            with self._sending:
                self._connection.send(report)
        except (BrokenPipeError, ConnectionError, OSError):
            return
