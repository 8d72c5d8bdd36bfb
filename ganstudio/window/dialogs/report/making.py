"""Files are made away from the window's thread: by a thread, and where torch is needed by a child that it owns."""

from __future__ import annotations

from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Event

from PySide6.QtCore import QObject, QThread, Signal

from ganstudio.core.exports import Export, Exported, ExportFailed
from ganstudio.core.messages import Preparing
from ganstudio.engine.launch import EngineProcess, serve_exporting
from ganstudio.reports.data import ReportError
from ganstudio.reports.parts import Cancelled, Making
from ganstudio.window.worker import keep_interrupts_from_children

HUNDRED = 100
PAUSE = 0.05
"""Seconds between two looks whether somebody has cancelled, while a child works."""
Make = Callable[[Making], list[Path]]
"""Makes files, tells how far it is, raises ``ReportError`` or ``Cancelled``; returns them, the one to open first."""


class MakingThread(QThread):
    """Makes files once."""

    told = Signal(str, int)
    """What it does, and how far it is in per cent."""
    written = Signal(object)
    """list[Path]: the files, the one to open first."""
    failed = Signal(str)

    def __init__(self, make: Make, parts: frozenset[str], parent: QObject) -> None:
        super().__init__(parent)
        self._make, self._parts = make, parts
        self._cancelled = Event()

    def cancel(self) -> None:
        """Stop at the next opportunity."""
        self._cancelled.set()

    def run(self) -> None:
        """Make, tell; what nobody foresaw is told as well, and never ends the window."""
        making = Making(
            self._parts,
            lambda what, done: self.told.emit(what, round(done * HUNDRED)),
            self._cancelled.is_set,
        )
        try:
            self.written.emit(self._make(making))
        except Cancelled:
            return
        except ReportError as error:
            self.failed.emit(str(error))
        except Exception as error:
            self.failed.emit(f"This could not be written ({type(error).__name__}: {error}).")


def export_generator(
    wish: Export, making: Making, target: Callable[[Connection], None] = serve_exporting
) -> list[Path]:
    """Have a child write a generator; it is killed where nobody waits for it, and leaves nothing half done."""
    making.tell("Starting the engine", 0.0)
    keep_interrupts_from_children()
    try:
        engine = EngineProcess(target)
    except OSError as error:
        raise ReportError(f"The engine could not be started ({error.strerror or error}).") from None
    try:
        engine.send(wish)
        return _answer(engine, making)
    finally:
        engine.process.kill()
        engine.close()


def _answer(engine: EngineProcess, making: Making) -> list[Path]:
    what, done = "Starting the engine", 0.0
    while True:
        making.tell(what, done)
        if not engine.connection.poll(PAUSE):
            continue
        try:
            report = engine.receive()
        except EOFError:
            raise ReportError(f"The engine has gone: {engine.exit_text()}.") from None
        if isinstance(report, Preparing):
            what, done = report.what, report.done
        elif isinstance(report, ExportFailed):
            raise ReportError(" ".join(part for part in (report.problem, report.remedy) if part))
        elif isinstance(report, Exported):
            return [Path(file) for file in report.files]
