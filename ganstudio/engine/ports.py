"""Where a session gets its commands and puts its reports, whether its owner is a window, a terminal or a test."""

from __future__ import annotations

import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from queue import Empty, SimpleQueue
from typing import Generic, Protocol, TypeVar

from ganstudio.core.explore.messages import ExploreCommand, ExploreReport
from ganstudio.core.messages import Command, Quit, Ready, Report

Heard = TypeVar("Heard")
HeardOut = TypeVar("HeardOut", covariant=True)
Told = TypeVar("Told", contravariant=True)


class Doorway(Protocol[HeardOut, Told]):
    """The engine's side of the doorway."""

    def poll(self) -> HeardOut | None:
        """The next waiting command, or nothing. Costs next to nothing when there is none."""
        ...

    def wait(self) -> HeardOut:
        """The next command, however long it takes."""
        ...

    def send(self, report: Told, /) -> None:
        """Hand a report over."""
        ...


class TimedDoorway(Doorway[HeardOut, Told], Protocol[HeardOut, Told]):
    """A doorway at which one can wait for a while."""

    def wait_for(self, seconds: float) -> HeardOut | None:
        """The next command, or nothing if none comes in time."""
        ...


Port = Doorway[Command, Report]
"""The doorway of a session that trains or shows data."""
ExplorePort = TimedDoorway[ExploreCommand, ExploreReport | Ready]
"""The doorway of the explore session."""


class LocalDoorway(Generic[Heard, Told]):
    """In one process: commands are put into a queue, reports go to a function."""

    def __init__(self, sink: Callable[[Told], None]) -> None:
        self.commands: SimpleQueue[Heard] = SimpleQueue()
        self.send = sink

    def poll(self) -> Heard | None:
        """The next waiting command, or nothing."""
        return None if self.commands.empty() else self.commands.get()

    def wait_for(self, seconds: float) -> Heard | None:
        """The next command, or nothing if none comes in time."""
        try:
            return self.commands.get(timeout=seconds)
        except Empty:
            return None

    def wait(self) -> Heard:
        """The next command."""
        while True:
            try:
                return self.commands.get(timeout=0.2)  # a signal handler gets its turn between two waits
            except Empty:
                continue


class LocalPort(LocalDoorway[Command, Report]):
    """In one process, for a session that trains or shows data."""


class LocalExplorePort(LocalDoorway[ExploreCommand, ExploreReport | Ready]):
    """In one process, for the explore session."""


class PipeDoorway(Generic[Heard, Told]):
    """Across a pipe: a thread reads commands, so that training finds them in a queue.

    When the other end closes (its process ended in whatever way) a ``Quit`` is queued and ``on_lost`` called.
    """

    def __init__(self, connection: Connection, on_lost: Callable[[], None]) -> None:
        self._connection, self._on_lost = connection, on_lost
        self._commands: SimpleQueue[Heard | Quit] = SimpleQueue()
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

    def poll(self) -> Heard | Quit | None:
        """The next waiting command, or nothing."""
        return None if self._commands.empty() else self._commands.get()

    def wait(self) -> Heard | Quit:
        """The next command."""
        return self._commands.get()

    def wait_for(self, seconds: float) -> Heard | Quit | None:
        """The next command, or nothing if none comes in time."""
        try:
            return self._commands.get(timeout=seconds)
        except Empty:
            return None

    def send(self, report: Told) -> None:
        """Write into the pipe; a closed one is no error, since a ``Quit`` is then on its way."""
        try:
            with self._sending:
                self._connection.send(report)
        except (BrokenPipeError, ConnectionError, OSError):
            return


class PipePort(PipeDoorway[Command, Report]):
    """Across a pipe, for a session that trains or shows data."""


class PipeExplorePort(PipeDoorway[ExploreCommand, ExploreReport | Ready]):
    """Across a pipe, for the explore session."""
