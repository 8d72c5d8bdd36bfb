"""The queue's runs in their order: edits that can be taken back and done again, and what they come to. Knows no Qt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ganstudio.core.config import RunConfig
from ganstudio.window.compare.sweeps.store import ENDED, ItemState, QueueFile, QueueItem
from ganstudio.window.compare.undoing import Undoing

SAME_FAILURES = 3
Items = tuple[QueueItem, ...]


@dataclass(frozen=True)
class Wish:
    """A run to be queued: its config, and the sweep and tags that its notes will name."""

    config: RunConfig
    sweep: str = ""
    tags: tuple[str, ...] = ()


@dataclass(eq=False)
class ListEdit:
    """The list was edited. What has begun meanwhile is kept both ways, every run as far as it has come.

    ``change`` gives the list as it is now to a function and takes the list that is to be.
    """

    text: str
    before: Items
    after: Items
    change: Callable[[Callable[[Items], Items]], None]

    def __post_init__(self) -> None:
        self._lost = {old.id for old in self.before} - {new.id for new in self.after}

    def undo(self) -> str:
        """The list as it was; what has begun since stays."""
        self.change(self._before)
        return ""

    def redo(self) -> str:
        """The list as it was to be; what it was to lose goes, unless it trains."""
        self.change(self._after)
        return ""

    def _before(self, now: Items) -> Items:
        self.after = now
        return merged(self.before, now)

    def _after(self, now: Items) -> Items:
        self.before = now
        going = {item.id for item in now if item.id in self._lost and item.state is not ItemState.RUNNING}
        kept = merged(self.after, [item for item in now if item.id not in going])
        return tuple(item for item in kept if item.id not in going)


class Roster:
    """The list, remembered on the disk after each change. What trains or has begun is no edit and not undone."""

    def __init__(self, file: QueueFile) -> None:
        self._file = file
        self.items: Items = tuple(file.load())
        self._next_id = max((item.id for item in self.items), default=0) + 1
        self.undoing = Undoing()

    @property
    def waiting(self) -> Items:
        """Those that have not begun, or that go on."""
        return tuple(item for item in self.items if item.state is ItemState.WAITING)

    @property
    def running(self) -> QueueItem | None:
        """The run that trains now, if it is one of these."""
        return next((item for item in self.items if item.state is ItemState.RUNNING), None)

    def item(self, id: int) -> QueueItem | None:
        """The run with an id."""
        return next((item for item in self.items if item.id == id), None)

    # ------------------------------------------------------------ edits

    def add(self, wishes: Sequence[Wish]) -> None:
        """Runs behind the others."""
        fresh = [QueueItem(self._new_id(), wish.config, wish.sweep, wish.tags) for wish in wishes]
        self._edit(f"Queue {_named(fresh)}", (*self.items, *fresh))

    def remove(self, ids: Sequence[int]) -> None:
        """Take runs off; the one that trains stays."""
        gone = [item for item in self.items if item.id in ids and item.state is not ItemState.RUNNING]
        self._edit(f"Remove {_named(gone)}", tuple(item for item in self.items if item not in gone))

    def move(self, ids: Sequence[int], by: int) -> None:
        """Waiting runs so many places earlier (negative) or later."""
        self._edit("Move runs", moved(self.items, ids, by))

    def clear(self) -> None:
        """Take off all but the one that trains."""
        self._edit("Clear the queue", tuple(i for i in self.items if i.state is ItemState.RUNNING))

    def clear_ended(self) -> None:
        """Take off all that have ended."""
        self._edit("Clear ended runs", tuple(i for i in self.items if i.state not in ENDED))

    def try_again(self, ids: Sequence[int]) -> None:
        """Runs that have ended, once more and at the end; they go on from their checkpoints."""
        again = [item for item in self.items if item.id in ids and item.state in ENDED]
        kept = tuple(item for item in self.items if item not in again)
        fresh = (replace(i, id=self._new_id(), state=ItemState.WAITING, problem="") for i in again)
        self._edit(f"Try {_named(again)} again", (*kept, *fresh))

    def update(self, id: int, **changes: Any) -> None:
        """How a run stands now."""
        self._set(tuple(replace(item, **changes) if item.id == id else item for item in self.items))

    def release(self) -> None:
        """Another window may take what is left."""
        self._file.release(self.items)

    def _edit(self, words: str, items: Items) -> None:
        if items != self.items:
            self.undoing.push(ListEdit(words, self.items, items, self._change))
            self._set(items)

    def _change(self, how: Callable[[Items], Items]) -> None:
        self._set(how(self.items))

    def _set(self, items: Items) -> None:
        self.items = items
        self._file.save(items)

    def _new_id(self) -> int:
        self._next_id += 1
        return self._next_id - 1

    # ------------------------------------------------------------ what they come to

    def progress(self, step: int) -> float:
        """How far all runs together are, from 0 to 1, where the one that trains stands at a step."""
        whole = sum(item.images for item in self.items)
        done = sum(item.images * _share(item, step) for item in self.items)
        return done / whole if whole else 0.0

    def seconds_left(self, step: int, steps_per_second: float) -> float | None:
        """Time to the end of all, by images at the present pace, else that of the finished; ``None``: not known."""
        left = sum(item.images * (1.0 - _share(item, step)) for item in self.items if item.state not in ENDED)
        running = self.running
        if running is not None and steps_per_second > 0:
            return left * running.config.steps / (steps_per_second * running.images)
        done = [item for item in self.items if item.state is ItemState.DONE and item.seconds > 0]
        images = sum(item.images for item in done)
        return left * sum(item.seconds for item in done) / images if images else None

    def alike(self) -> bool:
        """Whether the last three that ended have failed, and in the same way."""
        last = [item for item in self.items if item.state in ENDED][-SAME_FAILURES:]
        failed = all(item.state is ItemState.FAILED for item in last)
        return failed and len(last) == SAME_FAILURES and len({item.problem for item in last}) == 1

    def summary(self) -> str:
        """How the runs have ended, in one sentence."""
        states = (ItemState.DONE, ItemState.FAILED, ItemState.STOPPED)
        counts = {state: sum(item.state is state for item in self.items) for state in states}
        parts = [f"{count} {state.value.lower()}" for state, count in counts.items() if count]
        return f"Nothing waits in the queue any more: {', '.join(parts)}."


def _named(items: Sequence[QueueItem]) -> str:
    return items[0].config.name if len(items) == 1 else f"{len(items)} runs"


def _share(item: QueueItem, step: int) -> float:
    if item.state in ENDED:
        return 1.0
    return min((step if item.state is ItemState.RUNNING else item.step) / item.config.steps, 1.0)


def merged(snapshot: Sequence[QueueItem], now: Sequence[QueueItem]) -> Items:
    """The list as it was, every run as far as it has come since; what has begun since is kept."""
    current = {item.id: item for item in now}
    known = {item.id for item in snapshot}
    begun = [item for item in now if item.id not in known and item.state is not ItemState.WAITING]
    return (*(current.get(item.id, item) for item in snapshot), *begun)


def moved(items: Sequence[QueueItem], ids: Sequence[int], by: int) -> Items:
    """The list with some waiting runs so many places earlier or later among those that wait, side by side."""
    waiting = [item for item in items if item.state is ItemState.WAITING]
    chosen = [item for item in waiting if item.id in ids]
    if not chosen:
        return tuple(items)
    rest = [item for item in waiting if item.id not in ids]
    at = min(max(waiting.index(chosen[0]) + by, 0), len(rest))
    fill = iter([*rest[:at], *chosen, *rest[at:]])
    return tuple(next(fill) if item.state is ItemState.WAITING else item for item in items)
