"""A thread of the window that owns a child process: started on demand, never waited for, gone when it is closed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from queue import Empty, SimpleQueue
from typing import Any

from PySide6.QtCore import QObject, QThread, Signal

from ganstudio.engine.launch import EngineProcess
from ganstudio.window.waker import Waker
from ganstudio.window.worker import keep_interrupts_from_children


class ChildThread(QThread):
    """Passes commands on to a child and emits what it reports.

    ``lost`` says in words how a child ended that nobody had asked to; the next command starts another one. ``pid`` is
    that of the child, 0 where there is none.
    ``patience`` is how many seconds a child may take to end in order; with none it is killed.
    """

    report = Signal(object)
    lost = Signal(str)
    patience = 0.0

    def __init__(self, target: Callable[[Connection], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.pid = 0
        self._target = target
        self._commands: SimpleQueue[Any] = SimpleQueue()
        self._waker, self._closing = Waker(), False
        self._engine: EngineProcess | None = None

    def send(self, command: Any) -> None:
        """Have something done; returns at once."""
        self._commands.put(command)
        self._waker.wake()

    def close(self) -> None:
        """End the child and the thread; ``wait`` tells when."""
        self._closing = True
        self._waker.wake()

    # ------------------------------------------------------------ the thread

    def run(self) -> None:
        """Serve until closed; whatever happens, no child is left behind."""
        try:
            while not self._closing:
                self._turn()
        finally:
            self._end_child()
            self._waker.close()

    def _turn(self) -> None:
        sources = [self._waker.source]
        if self._engine is not None:
            sources.append(self._engine.connection)
        ready = wait(sources)
        self._waker.heard(ready)
        if self._closing:
            return
        if self._engine is not None and self._engine.connection in ready:
            self._pump(self._engine)
        for command in self._take():
            self._obey(command)

    def _take(self) -> list[Any]:
        """What was asked since the last time, in order."""
        found: list[Any] = []
        with suppress(Empty):
            while True:
                found.append(self._commands.get_nowait())
        return found

    def _obey(self, command: Any) -> None:
        """Do what was asked; on the thread."""
        self._pass_on(command)

    def _pass_on(self, command: Any, start: bool = True) -> None:
        """Send a command to the child, which is started if there is none and ``start`` allows it."""
        if self._engine is None and not (start and self._start()):
            return
        if self._engine is not None:
            self._engine.send(command)

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
            self._end_child(lost=engine.exit_text())

    def _end_child(self, lost: str = "") -> None:
        if self._engine is not None:
            if not self.patience:
                self._engine.process.kill()
            self._engine.close(patience=self.patience or 2.0)
        if lost:
            self.lost.emit(lost)
        self._engine, self.pid = None, 0  # whoever sees that it has gone has been told why
