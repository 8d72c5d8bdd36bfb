"""The thread between the Explore workspace and the child that renders: of what waits, only the newest of a slot."""

from __future__ import annotations

from collections.abc import Callable
from multiprocessing.connection import Connection
from threading import Lock

from PySide6.QtCore import QObject

from ganstudio.core.explore.messages import Cancel, Request
from ganstudio.engine.launch import serve_exploration
from ganstudio.window.child_thread import ChildThread


class RenderWorker(ChildThread):
    """Sends requests to a child and emits what it reports.

    Every slot has room for one request: a newer one takes the place of one that has not been sent. While it is closed
    a child may still end a film that it writes.
    """

    patience = 2.0

    def __init__(
        self, target: Callable[[Connection], None] | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(target or serve_exploration, parent)
        self.replaced = 0
        """Requests that a newer one has replaced before they were sent."""
        self._slots: dict[str, Request | Cancel] = {}
        self._slots_lock = Lock()

    def send(self, command: Request | Cancel) -> None:
        """Leave a request in its slot; returns at once."""
        with self._slots_lock:
            self.replaced += command.slot in self._slots
            self._slots.pop(command.slot, None)
            self._slots[command.slot] = command
        self._waker.wake()

    def _take(self) -> list[Request | Cancel]:
        with self._slots_lock:
            waiting = list(self._slots.values())
            self._slots.clear()
        return waiting

    def _obey(self, command: Request | Cancel) -> None:
        self._pass_on(command, start=not isinstance(command, Cancel))
