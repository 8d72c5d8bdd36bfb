"""Sessions to talk to in tests: in a thread of this process, or in a real child."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import psutil

from ganstudio.core import messages as m
from ganstudio.core.config import RunConfig
from ganstudio.core.lifecycle import State
from ganstudio.engine.launch import EngineProcess

ReportT = TypeVar("ReportT")
PATIENCE = 60.0
"""Seconds after which a session that does not answer counts as hung."""


class Talk:
    """What was reported so far, and waiting for more. Reports come in on another thread."""

    def __init__(self) -> None:
        self.reports: list[m.Report] = []
        self.gone = False
        self._news = threading.Condition()

    def note(self, report: m.Report) -> None:
        """Take a report."""
        with self._news:
            self.reports.append(report)
            self._news.notify_all()

    def lost(self) -> None:
        """There will be no more reports."""
        with self._news:
            self.gone = True
            self._news.notify_all()

    def all(self, kind: type[ReportT]) -> list[ReportT]:
        """Every report of one kind so far."""
        return [report for report in self.reports if isinstance(report, kind)]

    def wait(
        self, kind: type[ReportT], where: Callable[[ReportT], object] | None = None, after: int = 0
    ) -> ReportT:
        """The first report of a kind (for which ``where`` holds) behind the first ``after`` reports."""
        deadline, place = time.monotonic() + PATIENCE, after
        with self._news:
            while True:
                for report in self.reports[place:]:
                    place += 1
                    if isinstance(report, kind) and (where is None or where(report)):
                        return report
                left = deadline - time.monotonic()
                if self.gone or left <= 0 or not self._news.wait(left):
                    why = "the session ended" if self.gone else "nothing came"
                    raise AssertionError(f"no {kind.__name__}: {why}; {self.tail()}")

    def tail(self) -> str:
        """The last reports, in short."""
        return "; ".join(repr(report)[:300] for report in self.reports[-6:])

    def mark(self) -> int:
        """Where the reports end now, for ``after``."""
        return len(self.reports)

    def end(self, after: int = 0) -> m.Finished | m.Failed:
        """How the run ended."""
        return self.wait(m.Finished | m.Failed, after=after)  # type: ignore[arg-type, return-value]

    @property
    def state(self) -> State:
        """The newest state told."""
        return self.all(m.StateChanged)[-1].state

    def send(self, *commands: m.Command) -> None:
        """Hand commands over."""
        raise AssertionError("a Talk is only half of a session")

    def begin(self, folder: Path, config: RunConfig | None = None, **more: Any) -> m.Started:
        """Begin a run and wait until it is set up."""
        place = self.mark()
        self.send(m.Begin(str(folder), config, **({"window": False} | more)))
        return self.wait(m.Started, after=place)

    def run(self, folder: Path, config: RunConfig | None = None, **more: Any) -> m.Finished | m.Failed:
        """Begin a run and wait until it has ended."""
        place = self.mark()
        self.send(m.Begin(str(folder), config, **({"window": False} | more)))
        return self.end(place)

    def until_paused(self, after: int = 0) -> m.StateChanged:
        """Wait until the run pauses."""
        return self.wait(m.StateChanged, lambda r: r.state is State.PAUSED, after)


class ThreadTalk(Talk):
    """A session in a thread of this process, whose inside can be looked at: one that trains, or of another kind."""

    def __init__(self, kind: Callable[[Any], Any] | None = None) -> None:
        from ganstudio.engine.ports import LocalDoorway
        from ganstudio.engine.session import TrainingSession

        super().__init__()
        self.port = LocalDoorway[Any, Any](self.note)
        self.session = (kind or TrainingSession)(self.port)
        self._thread = threading.Thread(target=self._serve, name="session", daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        try:
            self.session.serve()
        finally:
            self.lost()

    def send(self, *commands: m.Command) -> None:
        """Put commands into the queue, all at once as far as the session can see."""
        for command in commands:
            self.port.commands.put(command)

    def close(self) -> None:
        """Quit; fails if the session hangs."""
        self.send(m.Quit())
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive(), f"the session hangs; {self.tail()}"


class ChildTalk(Talk):
    """A session in a real child process."""

    def __init__(self, target: Callable[[Any], None] | None = None) -> None:
        super().__init__()
        self.engine = EngineProcess(target)
        self.pid = self.engine.pid
        self._thread = threading.Thread(target=self._pump, name="pump", daemon=True)
        self._thread.start()

    def _pump(self) -> None:
        try:
            while True:
                self.note(self.engine.receive())
        except EOFError:
            self.lost()

    def send(self, *commands: m.Command) -> None:
        """Send commands; whether the child still hears them is another matter."""
        for command in commands:
            self.engine.send(command)

    def kill(self) -> None:
        """SIGKILL, now."""
        self.engine.process.kill()
        self.engine.process.join(10)
        self._thread.join(10)

    def close(self) -> None:
        """Quit in order; afterwards the process is gone."""
        self.engine.send(m.Quit())
        self._thread.join(PATIENCE)
        self.engine.close()
        assert not psutil.pid_exists(self.pid) or psutil.Process(self.pid).ppid() != psutil.Process().pid
