"""Which checkpoint is measured now and which one next: where measuring is slower than its schedule, the newest wins."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Schedule:
    """One step is measured at a time (``busy``), at most one waits (``next``); ``dropped`` counts those left out."""

    busy: int | None = None
    next: int | None = None
    dropped: int = 0

    def due(self, step: int) -> int | None:
        """A checkpoint is due; the step that is therefore left out, if one has waited."""
        left_out, self.next = self.next, step
        if left_out == step:
            return None
        self.dropped += left_out is not None
        return left_out

    def start(self) -> int | None:
        """The step to measure now; ``None`` while one is being measured or none waits."""
        if self.busy is not None or self.next is None:
            return None
        self.busy, self.next = self.next, None
        return self.busy

    def ended(self) -> None:
        """What was being measured is done with."""
        self.busy = None


def left_out_words(step: int) -> str:
    """What is told when one is left out."""
    return f"Measuring takes longer than its schedule: step {step:,} is left out for a newer one."
