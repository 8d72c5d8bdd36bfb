"""Who asked for what: numbers the requests, drops what is stale, asks again when the child was lost."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from ganstudio.core.explore.messages import (
    Cancel,
    CannotExplore,
    Dropped,
    FoundDirections,
    FoundNearest,
    Inspected,
    Inverting,
    Located,
    MapPart,
    Moved,
    NoiseSpread,
    Opened,
    Rendered,
    Request,
    Saved,
    Written,
)
from ganstudio.window.explore.worker import RenderWorker

LIVES = 2
"""How often a request may have ended the child before it is given up."""
AGES = 2000
ENDING = (
    Opened,
    Located,
    FoundDirections,
    FoundNearest,
    Inspected,
    NoiseSpread,
    Written,
    CannotExplore,
    Dropped,
)

Handler = Callable[[Any], None]


@dataclass
class Asked:
    """A request that has not been answered to its end."""

    request: Request
    handler: Handler
    at: float
    patient: bool
    lives: int = LIVES


class Desk(QObject):
    """Sends requests through a :class:`RenderWorker` and gives each answer to the one who asked.

    In every slot only the newest request counts. With ``patient`` it waits for the answer to the one before, and
    only the newest of those that wait is sent: a slider that is dragged never outruns the child.
    """

    moved = Signal(object)
    """A live model has new weights: a :class:`Moved`."""
    saved = Signal(object)
    """A run that is followed has other checkpoints: a :class:`Saved`."""
    lost = Signal(str)
    """The child has ended; what was asked of it is asked again."""
    busy_changed = Signal()

    def __init__(
        self, target: Callable[[Connection], None] | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.worker = RenderWorker(target, self)
        self.worker.report.connect(self._on_report)
        self.worker.lost.connect(self._on_lost)
        self._last = 0
        self._asked: dict[str, Asked] = {}
        self._next: dict[str, tuple[Request, Handler, float]] = {}
        self.ages: deque[float] = deque(maxlen=AGES)
        """Seconds from a wish to its picture, for the requests that were patient."""
        self.skipped = 0
        """Patient requests that a newer wish has replaced."""

    def ask(self, request: Request, handler: Handler, patient: bool = False) -> None:
        """Send a request (its id is set here); ``handler`` gets its reports in the window's thread."""
        if patient and request.slot in self._asked:
            self.skipped += request.slot in self._next
            self._next[request.slot] = (request, handler, time.perf_counter())
            return
        self._send(request, handler, time.perf_counter(), patient)

    def cancel(self, slot: str) -> None:
        """End what is under way in a slot; nothing of it is handed over any more."""
        self._next.pop(slot, None)
        if self._asked.pop(slot, None) is not None:
            self.worker.send(Cancel(slot))
            self.busy_changed.emit()

    def waits(self, slot: str) -> bool:
        """Whether a slot has not been answered yet."""
        return slot in self._asked

    def idle(self) -> bool:
        """Whether everything has been answered."""
        return not self._asked

    def close(self) -> None:
        """No thread and no child is left."""
        self._asked.clear()
        self._next.clear()
        self.worker.close()
        self.worker.wait(10_000)

    def _send(self, request: Request, handler: Handler, at: float, patient: bool) -> None:
        self._last += 1
        numbered = replace(request, id=self._last)
        self._asked[request.slot] = Asked(numbered, handler, at, patient)
        if not self.worker.isRunning():
            self.worker.start()
        self.worker.send(numbered)
        self.busy_changed.emit()

    # ------------------------------------------------------------ answers

    @Slot(object)
    def _on_report(self, report: object) -> None:
        if isinstance(report, Moved):
            self.moved.emit(report)
            return
        if isinstance(report, Saved):
            self.saved.emit(report)
            return
        slot = getattr(report, "slot", None)
        asked = self._asked.get(slot) if isinstance(slot, str) else None
        if asked is None or asked.request.id != getattr(report, "id", None):
            return
        ended = isinstance(report, ENDING) or _complete(report)
        if ended:
            del self._asked[asked.request.slot]
        if not isinstance(report, Dropped):
            asked.handler(report)
        if ended:
            self._follow(asked)

    def _follow(self, asked: Asked) -> None:
        slot = asked.request.slot
        if asked.patient:
            self.ages.append(time.perf_counter() - asked.at)
        waiting = self._next.pop(slot, None)
        if waiting is not None and slot not in self._asked:
            self._send(*waiting, True)
        self.busy_changed.emit()

    @Slot(str)
    def _on_lost(self, how: str) -> None:
        """Ask another child for everything, but give up what has ended two of them."""
        self.lost.emit(how)
        for slot, asked in list(self._asked.items()):
            asked.lives -= 1
            if asked.lives > 0:
                self.worker.send(asked.request)
                continue
            del self._asked[slot]
            words = f"The process that renders has ended twice over this: {how}."
            asked.handler(
                CannotExplore(asked.request.id, slot, words, "Choose another model or a smaller job.")
            )
            self._follow(asked)


def _complete(report: object) -> bool:
    """Whether a report that comes in parts is the last one."""
    if isinstance(report, Rendered):
        return report.first + len(report.images) >= report.total
    if isinstance(report, MapPart):
        return report.first + len(report.seeds) >= report.total
    return isinstance(report, Inverting) and report.done
