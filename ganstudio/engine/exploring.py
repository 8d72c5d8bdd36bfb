"""The explore session: answers the newest request of every slot, quick ones between two bits of long ones.

Work is a generator that yields reports, or nothing where others may have a turn. What cannot be cut into bits asks
``stop()`` now and then instead, within which quicker requests are answered.
"""

from __future__ import annotations

import contextlib
import os
import signal
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

import torch

from ganstudio.core.explore import messages as x
from ganstudio.core.messages import Quit, Ready
from ganstudio.engine import devices, films
from ganstudio.engine.answers import answer
from ganstudio.engine.filming import Bits, Desk
from ganstudio.engine.models import LOOK_EVERY, Models
from ganstudio.engine.ports import ExplorePort, PipeExplorePort
from ganstudio.latent.errors import ExploreError, Stopped

QUICK = (x.Open, x.Render, x.Inspect, x.Nearest, x.NoiseMap, x.Locate)
NICENESS = 5
"""Where the system knows it: training beside it goes first when both want the same core."""


def run_exploration(connection: Connection) -> None:
    """Serve one window until it quits or goes away. Nothing here needs saving, so the end comes at once."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    prepare()
    port = PipeExplorePort(connection, on_lost=_end)
    port.send(Ready(devices.available(), str(torch.__version__)))
    ExploreSession(port).serve()


def prepare() -> None:
    """How pictures are computed, in a window's child and on the command line: the same, to the last bit.

    One thread: sums come out the same whatever else the machine does, and training keeps its cores.
    """
    torch.set_num_threads(1)
    torch.backends.cudnn.benchmark = False
    torch.backends.cudnn.deterministic = True


def _end() -> None:
    films.abandon_all()
    os._exit(0)


@dataclass(eq=False)
class Work:
    """A request that is being answered. ``told`` once a report of it has gone out, ``stale`` once nobody waits."""

    request: x.Request
    turn: int
    told: bool = False
    stale: bool = False
    bits: Bits = field(init=False)

    @property
    def rank(self) -> int:
        """0 for the picture that a person moves, 1 for what is quick, 2 for what is long."""
        return rank(self.request)


def rank(request: x.Request) -> int:
    """Who goes first: the lowest."""
    if not isinstance(request, QUICK):
        return 2
    return 0 if request.slot == x.PICTURE else 1


class ExploreSession:
    """Serves requests from a port until told to quit; in a child beside a window, or in this process."""

    def __init__(self, port: ExplorePort, models: Models | None = None) -> None:
        self.port, self.models = port, models or Models()
        self.quit = False
        self._waiting: dict[str, x.Request] = {}
        self._begun: dict[str, Work] = {}
        self._running: list[Work] = []
        self._turn = 0

    def serve(self) -> None:
        """Until told to quit; what is under way then is given up."""
        try:
            while not self.quit:
                self._hear(patient=True)
                work = self._next()
                if work is not None and not self.quit:
                    self._advance(work)
        finally:
            for work in self._begun.values():
                _close(work)

    # ------------------------------------------------------------ what is asked

    def _hear(self, patient: bool = False) -> None:
        """Take all commands that are there; with nothing to do wait for one, or for a live model to move."""
        command = self._first() if patient and not (self._waiting or self._begun) else self.port.poll()
        while command is not None:
            self._take(command)
            command = self.port.poll()
        for moved in self.models.moved():
            self.port.send(moved)

    def _first(self) -> x.ExploreCommand | None:
        return self.port.wait_for(LOOK_EVERY) if self.models.watching else self.port.wait()

    def _take(self, command: x.ExploreCommand) -> None:
        if isinstance(command, Quit):
            self.quit = True
            return
        old = self._waiting.pop(command.slot, None)
        if old is not None:
            self.port.send(x.Dropped(old.id, old.slot))
        begun = self._begun.get(command.slot)
        if begun is not None and (begun.told or isinstance(command, x.Cancel)):
            self._drop(begun)
        if isinstance(command, x.Cancel):
            return
        if command.slot == x.PICTURE:
            self.models.attend(command.model)
        self._waiting[command.slot] = command

    def _drop(self, work: Work) -> None:
        """Give work up now, or as soon as it comes back from what it is in the middle of."""
        work.stale = True
        if work not in self._running:
            _close(work)
            self._done(work)
            self.port.send(x.Dropped(work.request.id, work.request.slot))

    # ------------------------------------------------------------ what is done

    def _next(self, below: int = 3) -> Work | None:
        """The work whose turn it is: of the lowest rank (under ``below``), what has waited longest."""
        for slot, request in list(self._waiting.items()):
            if slot not in self._begun and rank(request) < below:
                del self._waiting[slot]
                self._turn += 1
                work = Work(request, self._turn)
                work.bits = answer(request, self.models, self._desk(work))
                self._begun[slot] = work
        able = [work for work in self._begun.values() if work.rank < below and work not in self._running]
        return min(able, key=lambda work: (work.rank, work.turn), default=None)

    def _desk(self, work: Work) -> Desk:
        return Desk(lambda: self._breathe(work), lambda report: self._tell(work, report))

    def _tell(self, work: Work, report: x.ExploreReport) -> None:
        if not work.stale:
            self.port.send(report)
            work.told = True

    def _advance(self, work: Work) -> None:
        """One bit of work, and what it reports."""
        self._turn += 1
        work.turn = self._turn
        report, over = self._bit(work)
        if work.stale:
            self._drop(work)
            return
        if over:
            _close(work)
            self._done(work)
        if report is not None:
            self._tell(work, report)
        if work.told and not over and work.request.slot in self._waiting:
            self._drop(work)

    def _bit(self, work: Work) -> tuple[x.ExploreReport | None, bool]:
        """What one bit of work gave, and whether it was the last."""
        self._running.append(work)
        try:
            report = next(work.bits)
            return report, report is not None and x.is_last(report)
        except StopIteration:
            return None, True
        except Stopped:
            work.stale = True
            return None, True
        except Exception as error:  # whatever it is, the window is told and the next request is served
            return failure(work.request, error), True
        finally:
            self._running.remove(work)

    def _breathe(self, work: Work) -> bool:
        """In the middle of work: let quicker requests go first; whether the work has become pointless."""
        self._hear()
        while not (self.quit or work.stale):
            quicker = self._next(below=work.rank)
            if quicker is None:
                break
            self._advance(quicker)
        return self.quit or work.stale

    def _done(self, work: Work) -> None:
        if self._begun.get(work.request.slot) is work:
            del self._begun[work.request.slot]


def _close(work: Work) -> None:
    """Let a generator clean up behind itself: a half-written film goes away."""
    with contextlib.suppress(Exception):
        work.bits.close()


def failure(request: x.Request, error: Exception) -> x.CannotExplore:
    """What a person is told of an error."""
    problem, remedy = explain(error)
    return x.CannotExplore(request.id, request.slot, sentence(problem), sentence(remedy))


def explain(error: Exception) -> tuple[str, str]:
    """What is wrong and what to do."""
    if isinstance(error, ExploreError | films.FilmError):
        return error.problem, error.remedy
    if isinstance(error, OSError):
        name = Path(str(error.filename)).name if error.filename else "a file"
        return (
            f"cannot read or write {name}: {error.strerror or error}",
            "Choose another place, or free some space.",
        )
    if devices.is_out_of_memory(error):
        return "memory ran out", "Choose fewer or smaller pictures."
    return f"this cannot be shown ({type(error).__name__}: {str(error)[:300]})", ""


def sentence(text: str) -> str:
    """With a capital at the beginning and a full stop at the end."""
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if not text or text.endswith((".", "?")) else ".")
