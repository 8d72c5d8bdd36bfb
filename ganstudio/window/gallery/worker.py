"""The thread between the gallery and the child that looks at data: started on demand, ended with the gallery."""

from __future__ import annotations

from collections.abc import Callable
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from queue import Empty, SimpleQueue
from threading import Lock

from PySide6.QtCore import QObject, QThread, Signal

from ganstudio.core.messages import Preview
from ganstudio.engine.launch import EngineProcess, serve_previews
from ganstudio.window.worker import keep_interrupts_from_children


class PreviewWorker(QThread):
    """Sends :class:`Preview` to a child and emits what it reports.

    ``lost`` says in words how a child ended that nobody had asked to; the next preview starts another one.
    """

    report = Signal(object)
    lost = Signal(str)

    def __init__(
        self, target: Callable[[Connection], None] | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.pid = 0
        self._target = target or serve_previews
        self._commands: SimpleQueue[Preview | None] = SimpleQueue()
        self._reader, self._writer = Pipe(duplex=False)
        self._lock, self._awake, self._closing = Lock(), False, False
        self._engine: EngineProcess | None = None

    def send(self, command: Preview) -> None:
        """Have something shown; returns at once."""
        self._commands.put(command)
        self._wake()

    def stop(self) -> None:
        """End what is under way at once, by ending the child; the next preview starts another one."""
        self._commands.put(None)
        self._wake()

    def close(self) -> None:
        """End the child at once (what it has downloaded stays) and the thread; ``wait`` tells when."""
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
        while True:
            try:
                command = self._commands.get_nowait()
            except Empty:
                return
            if command is None:
                self._end_child()
            elif self._engine is not None or self._start():
                self._pass_on(command)

    def _pass_on(self, command: Preview) -> None:
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
            how = engine.exit_text()
            self._end_child()
            self.lost.emit(how)

    def _end_child(self) -> None:
        if self._engine is not None:
            self._engine.process.kill()
            self._engine.close(patience=2.0)
        self._engine, self.pid = None, 0
