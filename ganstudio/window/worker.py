"""The thread between window and engine: owns the child process, pumps its messages, never blocks the window."""

from __future__ import annotations

import logging
import os
import signal
import time
from collections.abc import Callable
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from queue import Empty, SimpleQueue

from PySide6.QtCore import QObject, QThread, Signal

from ganstudio.core.lifecycle import State
from ganstudio.core.messages import (
    Begin,
    Cloud,
    Command,
    Failed,
    Finished,
    Picture,
    Quit,
    Ready,
    Report,
    Scalars,
    Scores,
    StateChanged,
)
from ganstudio.engine.launch import EngineProcess
from ganstudio.window.mailbox import Mailbox
from ganstudio.window.waker import Waker

PATIENCE = 8.0
"""Seconds that a child asked to quit may take before it is killed."""
GRACE = 0.5
"""Seconds in which a child that has ended its run may still say something."""
ENDS = (State.FINISHED, State.FAILED)
log = logging.getLogger(__name__)


class TrainingWorker(QThread):
    """Pumps one engine after the other until closed.

    Scalars, pictures, clouds and scores go to :attr:`mailbox`; every other report is emitted as ``report``.
    ``lost`` says in words how a child ended that nobody had asked to. After a run the child is replaced by a
    fresh one, so that all memory of the run is freed.
    """

    report = Signal(object)
    lost = Signal(str)

    def __init__(
        self,
        target: Callable[[Connection], None] | None = None,
        prestart: bool = True,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.mailbox = Mailbox()
        self.prestart = prestart
        self.pid = 0
        self._target = target
        self._commands: SimpleQueue[Command] = SimpleQueue()
        self._waiting: list[Command] = []
        self._waker = Waker()
        self._closing = False
        self._quit_at: float | None = None
        self._end_at: float | None = None
        self._finished_said = self._state_said = self._ready_said = self._began = False
        self._engine: EngineProcess | None = None

    # ------------------------------------------------------------ called by the window

    def send(self, command: Command) -> None:
        """Hand a command over; returns at once."""
        self._commands.put(command)
        self._waker.wake()

    def close(self) -> None:
        """Ask the thread to end its child and itself; ``finished`` tells when it has. Bounded by ``PATIENCE``."""
        self._closing = True
        self._waker.wake()

    # ------------------------------------------------------------ the thread

    def run(self) -> None:
        """Serve until closed; whatever happens, no child is left behind."""
        try:
            if self.prestart:
                self._start()
            while not self._done():
                self._turn()
        finally:
            if self._engine is not None:
                self._engine.process.kill()
                self._engine.close(patience=2.0)
            self.pid = 0
            self._waker.close()

    def _done(self) -> bool:
        return self._closing and self._engine is None

    def _turn(self) -> None:
        """Wait for something to do, then do it."""
        sources = [self._waker.source]
        if self._engine is not None:
            sources.append(self._engine.connection)
        ready = wait(sources, timeout=self._timeout())
        self._waker.heard(ready)
        self._forward()
        if self._engine is not None and self._engine.connection in ready:
            self._pump(self._engine)
        self._watch_clock()

    def _timeout(self) -> float | None:
        marks = [mark for mark in (self._quit_at, self._end_at) if mark is not None]
        return max(0.0, min(marks) - time.monotonic()) if marks else None

    def _start(self) -> None:
        self._quit_at = self._end_at = None
        self._finished_said = self._state_said = self._ready_said = self._began = False
        keep_interrupts_from_children()
        try:
            self._engine = EngineProcess(self._target)
        except OSError as error:
            self.lost.emit(f"it could not be started ({error.strerror or error})")
            return
        self.pid = self._engine.pid

    def _forward(self) -> None:
        """Pass commands on; while a child is leaving they wait for the next one."""
        while True:
            try:
                self._waiting.append(self._commands.get_nowait())
            except Empty:
                break
        if self._closing:
            self._last_words()
        if not self._waiting or self._leaving():
            return
        if self._engine is None:
            # Only a new run is worth a new child: a pause or stop meant the one that has gone.
            if not any(isinstance(command, Begin) for command in self._waiting):
                self._waiting.clear()
                return
            self._start()
        for command in self._waiting:
            if isinstance(command, Begin):
                self.mailbox.clear()
            if self._engine is not None:
                self._engine.send(command)
                self._began |= isinstance(command, Begin)
        self._waiting.clear()

    def _last_words(self) -> None:
        """What was said before closing still counts (a stop without saving), except the start of another run."""
        if self._engine is not None and not self._leaving():
            for command in self._waiting:
                if not isinstance(command, Begin):
                    self._engine.send(command)
        self._waiting.clear()
        self._ask_to_quit()

    def _leaving(self) -> bool:
        return self._quit_at is not None or self._end_at is not None

    def _ask_to_quit(self) -> None:
        if self._engine is not None and self._quit_at is None:
            self._end_at = None
            self._quit_at = time.monotonic() + PATIENCE
            self._engine.send(Quit())
            if not self._began:  # it may still be importing, and has nothing to save
                self._engine.process.kill()

    def _watch_clock(self) -> None:
        now = time.monotonic()
        if self._end_at is not None and now >= self._end_at:
            self._ask_to_quit()
        if self._quit_at is not None and now >= self._quit_at and self._engine is not None:
            log.info("the engine did not quit in time and is killed")
            self._gone(self._engine)

    def _pump(self, engine: EngineProcess) -> None:
        try:
            while True:
                self._deliver(engine.receive())
                if not engine.connection.poll():
                    return
        except (EOFError, OSError):
            self._gone(engine)

    def _deliver(self, report: Report) -> None:
        if isinstance(report, Scalars | Picture | Cloud | Scores):
            self.mailbox.put(report)
            return
        self.report.emit(report)
        self._ready_said |= isinstance(report, Ready)
        self._finished_said |= isinstance(report, Finished | Failed)
        self._state_said |= isinstance(report, StateChanged) and report.state in ENDS
        if self._finished_said and self._quit_at is None:
            self._end_at = time.monotonic() + (0.0 if self._state_said else GRACE)

    def _gone(self, engine: EngineProcess) -> None:
        """The child has ended, asked or not."""
        asked = self._leaving()
        if self._quit_at is not None and time.monotonic() >= self._quit_at:
            engine.process.kill()
        how = "" if asked else engine.exit_text()
        engine.close(patience=2.0)
        self._engine, self.pid = None, 0
        self._quit_at = self._end_at = None
        if not asked:
            self.lost.emit(how)
        # A child that died before it was ready would die again: then only a new run starts another.
        if not self._closing and self.prestart and self._ready_said:
            self._start()
        if self._waiting:
            self._forward()


def keep_interrupts_from_children() -> None:
    """Ctrl-C in a terminal reaches the whole group, but the window decides what it means.

    Children inherit the signal mask of the thread that starts them. The resource tracker of multiprocessing
    unblocks the signal when it starts, so it has to start first.
    """
    if os.name == "posix":
        resource_tracker.ensure_running()
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
