"""The series of a run in memory: appended ten times a second, read by the charts. Knows no Qt."""

from __future__ import annotations

from ganstudio.core.messages import Scalars
from ganstudio.core.runs import Metrics


class SeriesStore:
    """Named scalars over steps, with bounded memory."""

    version: int = 0
    """Grows with every change."""

    def append(self, report: Scalars) -> None:
        """One report; a step that was there already (after a resume or a roll-back) replaces what followed it."""

    def load(self, metrics: Metrics) -> None:
        """Replace everything by a run's metrics."""

    def clear(self) -> None:
        """Forget everything."""

    def names(self) -> tuple[str, ...]:
        """All scalar names so far, sorted."""
        ...

    def last(self, name: str) -> float:
        """The newest value, NaN if there is none."""
        ...
