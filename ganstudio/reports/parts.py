"""What a report may hold, how far its making is, and how it gets onto the disk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ganstudio.core.files import write_atomically

SAMPLES, CURVES, MEASUREMENTS, SETTINGS, EVENTS = "samples", "curves", "measurements", "settings", "events"
PARTS: dict[str, str] = {
    SAMPLES: "Samples over time",
    CURVES: "Curves",
    MEASUREMENTS: "Measurements",
    SETTINGS: "Settings",
    EVENTS: "Findings and events",
}
"""What can be left out: its name on the command line -> its title."""


class Cancelled(Exception):
    """Somebody does not want the report any more; what was not finished is not there."""


@dataclass(frozen=True)
class Making:
    """How one report is made: its parts, whom to tell how far it is (0 to 1), and when to stop."""

    parts: frozenset[str] = frozenset(PARTS)
    progress: Callable[[str, float], None] | None = None
    cancelled: Callable[[], bool] | None = None

    def tell(self, what: str, done: float) -> None:
        """Say how far it is; raises :class:`Cancelled` if nobody waits for it."""
        if self.cancelled is not None and self.cancelled():
            raise Cancelled
        if self.progress is not None:
            self.progress(what, done)

    def write(self, path: Path, data: bytes) -> Path:
        """Put a file in its place, whole or not at all."""
        self.tell(f"Writing {path.name}", 0.9)
        write_atomically(path, data, durable=False)
        return path
