"""The queue of runs: one after the other whenever nothing else trains, remembered on the disk."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from ganstudio.core.lifecycle import State
from ganstudio.core.messages import Failed, Finding
from ganstudio.core.notes import note_sweep
from ganstudio.window.background import Background
from ganstudio.window.compare.sweeps.roster import Roster, Wish
from ganstudio.window.compare.sweeps.store import ItemState, QueueFile, QueueItem
from ganstudio.window.controller import RunController
from ganstudio.window.run_loader import RunError, StoredRun, is_run, read_run
from ganstudio.window.settings import SettingsFile

PATIENCE_MS = 4000
"""How long an engine that has ended a run may take to say how."""
READ = "queue"


class RunQueue(QObject):
    """Trains what waits, in its order. A run that a person started is never disturbed.

    It is held (``held`` says why) when a person wishes so, after a run that was stopped by hand, after three equal
    failures, and at the start of the window, until :meth:`go_on`.
    """

    changed = Signal()
    """Runs, their states or their order."""
    progressed = Signal()
    """The run that trains has come further."""
    starting = Signal(object)
    """The config of the run that is about to begin."""
    told = Signal(str)
    """Something a person wants to know, in one sentence."""

    def __init__(
        self, controller: RunController, settings: SettingsFile, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._controller, self._model = controller, controller.model
        file = QueueFile(settings.path.parent)
        self.roster = Roster(file)
        self._current = self._reading = 0
        self._noted = self._troubled = self._busy = self._closed = False
        self._seen_end: object = None
        self._seen_failure: object = None
        self.held = "These runs were waiting when the window closed." if self.roster.items else ""
        self.notice = file.notice
        self._background = Background(self)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE_MS)
        self._patience.timeout.connect(self._on_patience)
        self._background.done.connect(self._on_read)
        self._model.state_changed.connect(self._look)
        self._model.run_changed.connect(self._look)
        self._model.findings_changed.connect(self._look)
        self._model.progress_changed.connect(self._on_progress)
        controller.failed.connect(self._on_failed)
        self.changed.connect(self._advance, Qt.ConnectionType.QueuedConnection)

    # ------------------------------------------------------------ what there is

    @property
    def items(self) -> tuple[QueueItem, ...]:
        """All runs of the queue, those that have ended among them."""
        return self.roster.items

    @property
    def waiting(self) -> tuple[QueueItem, ...]:
        """Those that have not begun, or that go on."""
        return self.roster.waiting

    @property
    def running(self) -> QueueItem | None:
        """The run that trains now, if it is one of the queue's."""
        return self.roster.running

    def owns(self, failed: Failed) -> bool:
        """Whether a failure is that of a run of the queue, settled already or not."""
        return failed is self._seen_failure or bool(self._current)

    @property
    def step(self) -> int:
        """Where the run on the screen stands."""
        return self._model.step

    def progress(self) -> float:
        """How far all runs together are, from 0 to 1."""
        return self.roster.progress(self._model.step)

    def seconds_left(self) -> float | None:
        """Time to the end of all runs; ``None`` where nothing is known yet."""
        return self.roster.seconds_left(self._model.step, self._model.steps_per_second)

    # ------------------------------------------------------------ what a person wants

    def add(self, wishes: Iterable[Wish]) -> None:
        """Queue runs behind the others."""
        self._edit(partial(self.roster.add, list(wishes)))

    def remove(self, ids: Sequence[int]) -> None:
        """Take runs off the list; the one that trains stays until it is stopped. No folder is touched."""
        self._edit(partial(self.roster.remove, ids))

    def move(self, ids: Sequence[int], by: int) -> None:
        """Move waiting runs so many places earlier (negative) or later."""
        self._edit(partial(self.roster.move, ids, by))

    def clear(self) -> None:
        """Take off all that wait or have ended."""
        self._edit(self.roster.clear)

    def clear_ended(self) -> None:
        """Take off all that have ended."""
        self._edit(self.roster.clear_ended)

    def try_again(self, ids: Sequence[int]) -> None:
        """Queue runs that ended once more, at the end; they go on from their checkpoints."""
        self._edit(partial(self.roster.try_again, ids))

    def undo(self) -> None:
        """Take the last edit of the list back."""
        self._edit(self.roster.undoing.undo)

    def redo(self) -> None:
        """Do the edit again that was taken back last."""
        self._edit(self.roster.undoing.redo)

    def undo_words(self) -> tuple[str, str]:
        """What undo and redo would do; empty where there is nothing."""
        return self.roster.undoing.undo_text, self.roster.undoing.redo_text

    def _edit(self, edit: Callable[[], object]) -> None:
        edit()
        self.changed.emit()

    def _update(self, id: int, **changes: Any) -> None:
        self._edit(partial(self.roster.update, id, **changes))

    def hold(self, why: str = "You have paused the queue.") -> None:
        """Begin no more runs; the one that trains goes on."""
        self.held = why
        self.changed.emit()

    def go_on(self) -> None:
        """Begin with what waits."""
        self.held = ""
        self.changed.emit()

    def shut_down(self) -> None:
        """The window closes: what is left stays on the disk."""
        if not self._closed:
            self._closed = True
            self._patience.stop()
            self._background.close()
            self.roster.release()

    # ------------------------------------------------------------ beginning the next

    @Slot()
    def _advance(self) -> None:
        """Begin the next run, if nothing trains and nothing holds it back."""
        waiting = self.waiting
        if not waiting or self.held or self._occupied():
            return
        item = waiting[0]
        if item.folder and is_run(Path(item.folder)):
            self._reading = item.id
            self._background.submit(READ, partial(read_run, Path(item.folder)))
        else:
            self._begin(item, partial(self._controller.start, item.config))

    def _occupied(self) -> bool:
        return bool(
            self._closed or self._busy or self._current or self._reading or self._model.active
            or self._controller.leaving
        )  # fmt: skip

    @Slot(str, int, object)
    def _on_read(self, _tag: str, _number: int, result: object) -> None:
        """An interrupted run has been read: show it and go on with it."""
        item, self._reading = self.roster.item(self._reading), 0
        if item is None or item.state is not ItemState.WAITING or self.held or self._occupied():
            self.changed.emit()
        elif not isinstance(result, StoredRun):
            problem = str(result) if isinstance(result, RunError) else f"It cannot be read ({result})."
            self._update(item.id, state=ItemState.FAILED, problem=problem)
        elif result.checkpoint_steps and result.checkpoint_steps[-1] >= item.config.steps:
            self._update(item.id, state=ItemState.DONE, step=result.step)
        else:
            self._begin(item, partial(self._go_on_with, result))

    def _go_on_with(self, run: StoredRun) -> None:
        self._controller.show_stored(run)
        self._controller.resume_run()

    def _begin(self, item: QueueItem, start: Callable[[], None]) -> None:
        self._busy = True  # what the controller says meanwhile is of no run yet
        try:
            self.starting.emit(item.config)
            start()
        finally:
            self._busy = False
        folder = self._model.folder
        if folder is not None and self._model.active:
            self._current, self._noted, self._troubled = item.id, False, False
            self._update(item.id, state=ItemState.RUNNING, folder=str(folder.path))

    # ------------------------------------------------------------ following it

    @Slot()
    def _look(self) -> None:
        """What the run on the screen does, whoever began it."""
        if self._busy or self._closed:
            return
        item = self.roster.item(self._current) if self._current else None
        if item is None:
            self._look_at_other()
        elif self._model.active:
            self._note(item)
            self._tend(item)
        elif self._ended() or not self._is_shown(item):
            self._settle(item)
        elif not self._patience.isActive():
            self._patience.start()

    def _is_shown(self, item: QueueItem) -> bool:
        return self._model.folder is not None and str(self._model.folder.path) == item.folder

    def _look_at_other(self) -> None:
        """After a run that the person stopped by hand nothing begins by itself."""
        finished = self._model.finished
        if finished is not None and finished is not self._seen_end:
            self._seen_end = finished
            if finished.reason == "stopped" and self.waiting and not self.held:
                self._hold_and_tell("You stopped a run, so the queue waits.")
        if self.waiting and not self._model.active:
            self.changed.emit()

    def _note(self, item: QueueItem) -> None:
        """Once its folder is there: which sweep it belongs to, its tags; what a person wrote of it meanwhile stays."""
        if self._noted or self._model.started is None or not self._is_shown(item):
            return
        self._noted = True
        with contextlib.suppress(OSError):  # a full disk will be told by the run itself
            note_sweep(Path(item.folder), item.sweep, item.config.name if item.sweep else "", item.tags)

    def _tend(self, item: QueueItem) -> None:
        """Nobody may be there: trouble that has halted a run ends it, while others wait for their turn."""
        trouble = next((f for f in self._model.findings if f.severity == "error"), None)
        halted = self._model.state is State.PAUSED and self._is_shown(item)
        if trouble is not None and halted and not self._troubled and self.waiting and not self.held:
            self._give_up(item, trouble)

    def _give_up(self, item: QueueItem, trouble: Finding) -> None:
        self._troubled = True
        self._update(item.id, problem=f"{trouble.title}.")
        self._controller.stop()

    @Slot(object)
    def _on_failed(self, _failed: object) -> None:
        self._look()

    @Slot()
    def _on_progress(self) -> None:
        if self._current:
            self.progressed.emit()

    # ------------------------------------------------------------ its end

    def _ended(self) -> bool:
        """Whether the engine has said how the run ended."""
        model = self._model
        return model.finished is not None or model.failure is not None or bool(model.lost)

    @Slot()
    def _on_patience(self) -> None:
        item = self.roster.item(self._current) if self._current else None
        if item is not None and not self._model.active:
            self._settle(item)

    def _settle(self, item: QueueItem) -> None:
        """The run is over: say how, and let the next one begin. A window that closes leaves it as it is."""
        self._patience.stop()
        self._seen_end, self._seen_failure = self._model.finished, self._model.failure
        if self._controller.leaving:
            return
        self._current = 0
        state, problem = self._outcome(item)
        seconds = self._model.last.seconds if self._model.last is not None else 0.0
        shown = self._is_shown(item)
        step = self._model.step if shown else item.step
        self._update(item.id, state=state, problem=problem, step=step, seconds=seconds if shown else 0.0)
        if state is ItemState.STOPPED and self.waiting:
            self._hold_and_tell("You stopped a run, so the queue waits.")
        elif state is ItemState.FAILED and self.roster.alike() and self.waiting:
            self._hold_and_tell(f"Three runs failed in the same way, so the queue waits: {problem}")
        elif not self.waiting:
            self.told.emit(self.roster.summary())

    def _outcome(self, item: QueueItem) -> tuple[ItemState, str]:
        model = self._model
        if self._troubled:
            return ItemState.FAILED, item.problem
        if model.finished is not None:
            stopped = model.finished.reason == "stopped"
            return (ItemState.STOPPED, "") if stopped else (ItemState.DONE, "")
        if model.failure is not None:
            return ItemState.FAILED, model.failure.problem
        if model.lost:
            return ItemState.FAILED, f"The training process is gone: {model.lost}."
        return ItemState.FAILED, "It ended without saying why."

    def _hold_and_tell(self, why: str) -> None:
        self.hold(why)
        self.told.emit(why)
