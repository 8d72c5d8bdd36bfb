"""The thread between the Explore workspace and the child that renders: of what waits, only the newest of a slot."""

from __future__ import annotations

from collections.abc import Callable
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from threading import Lock

from PySide6.QtCore import QObject, QThread, Signal

from ganstudio.core.explore.messages import Cancel, Request
from ganstudio.engine.launch import EngineProcess, serve_exploration
from ganstudio.window.worker import keep_interrupts_from_children

PATIENCE = 2.0
"""Seconds in which a child may end a film that it writes, before it is killed."""


class RenderWorker(QThread):
    """Sends requests to a child and emits what it reports.

    Every slot has room for one request: a newer one takes the place of one that has not been sent. ``lost`` says in
    words how a child ended that nobody had asked to; the next request starts another one.
    """

    report = Signal(object)
    lost = Signal(str)

    def __init__(
        self, target: Callable[[Connection], None] | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.pid = 0
        self.replaced = 0
        """Requests that a newer one has replaced before they were sent."""
        self._target = target or serve_exploration
        self._slots: dict[str, Request | Cancel] = {}
        self._reader, self._writer = Pipe(duplex=False)
        self._lock, self._awake, self._closing = Lock(), False, False
        self._engine: EngineProcess | None = None

    def send(self, command: Request | Cancel) -> None:
        """Leave a request in its slot; returns at once."""
        with self._lock:
            self.replaced += command.slot in self._slots
            self._slots.pop(command.slot, None)
            self._slots[command.slot] = command
        self._wake()

    def close(self) -> None:
        """End the child and the thread; ``wait`` tells when."""
        self._closing = True
        self._wake()

    def _wake(self) -> None:
        with self._lock:
            if not self._awake:
                self._awake = True
                self._writer.send_bytes(b"!")

    # ------------------------------------------------------------ the thread

    def run(self) -> None:
        """Serve until closed; whatever happens, no child is left behind."""
        try:
            while not self._closing:
                self._turn()
        finally:
            self._end_child()
            self._reader.close()
            with self._lock:
                self._awake = True
                self._writer.close()

    def _turn(self) -> None:
        sources: list[Connection] = [self._reader]
        if self._engine is not None:
            sources.append(self._engine.connection)
        ready = wait(sources)
        if self._reader in ready:
            with self._lock:
                self._reader.recv_bytes()
                self._awake = False
        if self._closing:
            return
        if self._engine is not None and self._engine.connection in ready:
            self._pump(self._engine)
        self._forward()

    def _forward(self) -> None:
        with self._lock:
            waiting = list(self._slots.values())
            self._slots.clear()
        for command in waiting:
            if self._engine is None and (isinstance(command, Cancel) or not self._start()):
                continue
            if self._engine is not None:
                self._engine.send(command)  # type: ignore[arg-type]

    def _start(self) -> bool:
        keep_interrupts_from_children()
        try:
            self._engine = EngineProcess(self._target)
        except OSError as error:
            self.lost.emit(f"it could not be started ({error.strerror or error})")
            return False
        self.pid = self._engine.pid
        return True

    def _pump(self, engine: EngineProcess) -> None:
        try:
            while True:
                self.report.emit(engine.receive())
                if not engine.connection.poll():
                    return
        except (EOFError, OSError):
            how = engine.exit_text()
            self._end_child()
            self.lost.emit(how)

    def _end_child(self) -> None:
        if self._engine is not None:
            self._engine.close(patience=PATIENCE)
        self._engine, self.pid = None, 0
