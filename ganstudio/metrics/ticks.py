"""Telling how far things are and hearing whether to stop, at one place."""

from __future__ import annotations

from ganstudio.data.errors import Cancelled
from ganstudio.metrics.figures import CancelCheck, Progress


def tick(progress: Progress | None, cancelled: CancelCheck | None, what: str, done: float) -> None:
    """Tell what is being done and how far it is; raises ``Cancelled`` where the person wants to stop."""
    if cancelled is not None and cancelled():
        raise Cancelled
    if progress is not None:
        progress(what, done)
