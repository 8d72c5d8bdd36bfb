"""What the worker thread leaves for the window to fetch: a bounded queue of scalars, latest-wins boxes. No Qt."""

from __future__ import annotations

from collections import deque
from threading import Lock

from ganstudio.core.messages import Cloud, Picture, Scalars, Scores

CAPACITY = 1 << 16
"""Scalars kept while nobody fetches them: about two hours of reports."""

Newest = Picture | Cloud | Scores


class Mailbox:
    """One writer, one reader, no waiting. Of pictures, clouds and scores only the newest is kept."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._scalars: deque[Scalars] = deque(maxlen=capacity)
        self._newest: dict[type[Newest], Newest] = {}
        self._saved: deque[int] = deque(maxlen=capacity)
        self._lock = Lock()

    def put(self, report: Scalars | Newest) -> None:
        """Leave a report; a newer picture replaces the one nobody has seen, but its saved step is not lost."""
        if isinstance(report, Scalars):
            self._scalars.append(report)
            return
        with self._lock:
            self._newest[type(report)] = report
            if isinstance(report, Picture | Cloud) and report.saved:
                self._saved.append(report.step)

    def scalars(self) -> list[Scalars]:
        """All scalars since the last call, oldest first."""
        found: list[Scalars] = []
        while True:
            try:
                found.append(self._scalars.popleft())
            except IndexError:
                return found

    def newest(self) -> tuple[list[Newest], list[int]]:
        """The newest picture, cloud and scores since the last call, and the steps of all grids saved since."""
        with self._lock:
            found, steps = list(self._newest.values()), list(self._saved)
            self._newest.clear()
            self._saved.clear()
        return found, steps

    def clear(self) -> None:
        """Forget everything: another run begins."""
        self._scalars.clear()
        self.newest()
