"""Work away from the window's thread: reading runs and pictures. Results come back as a signal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal


class _Job(QRunnable):
    """Calls a function in the pool and tells the outcome."""

    def __init__(self, owner: Background, tag: str, number: int, function: Callable[[], Any]) -> None:
        super().__init__()
        self._owner, self._tag, self._number, self._function = owner, tag, number, function

    def run(self) -> None:
        """Skip what has been overtaken; otherwise do it and report result or error."""
        if self._owner.newest(self._tag) != self._number:
            return
        try:
            result: Any = self._function()
        except Exception as error:
            result = error
        self._owner.done.emit(self._tag, self._number, result)


class Background(QObject):
    """One thread for small jobs. Of several jobs with one tag only the newest counts.

    ``done`` carries tag, number and result; an exception is a result too. Compare the number with
    :meth:`newest` to drop what has been overtaken.
    """

    done = Signal(str, int, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._newest: dict[str, int] = {}

    def newest(self, tag: str) -> int:
        """The number of the newest job of a tag; 0 if there was none."""
        return self._newest.get(tag, 0)

    def submit(self, tag: str, function: Callable[[], Any]) -> int:
        """Have a function called soon; returns the job's number."""
        number = self.newest(tag) + 1
        self._newest[tag] = number
        self._pool.start(_Job(self, tag, number, function))
        return number

    def cancel(self, tag: str) -> None:
        """Whatever comes back for a tag is too old."""
        self._newest[tag] = self.newest(tag) + 1

    def close(self) -> None:
        """Drop waiting jobs and wait for the running one (they are short)."""
        self._pool.clear()
        self._pool.waitForDone(5000)
