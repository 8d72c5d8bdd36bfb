"""Training time."""

from __future__ import annotations

from time import perf_counter as now


class Stopwatch:
    """Seconds that training has taken, in this session and those before; stands still while it does not run."""

    def __init__(self, seconds: float = 0.0) -> None:
        self._seconds = seconds
        self._since: float | None = None

    @property
    def seconds(self) -> float:
        """The time so far."""
        return self._seconds + (now() - self._since if self._since is not None else 0.0)

    def start(self) -> None:
        """Run on, if it stands."""
        if self._since is None:
            self._since = now()

    def stop(self) -> None:
        """Stand still, if it runs."""
        self._seconds, self._since = self.seconds, None
