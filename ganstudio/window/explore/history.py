"""Everything a person has seen of a model, as a tree: taking back and going another way loses nothing. No Qt."""

from __future__ import annotations

from dataclasses import dataclass, field

from ganstudio.core.explore.recipe import Recipe
from ganstudio.window.explore.timeline import Timeline

MOST = 200
"""Entries kept; the oldest go first."""
EMPTY = Timeline()


@dataclass
class Entry:
    """One recipe in the tree, and the timeline there was. ``after`` is the entry that a redo leads to."""

    id: int
    recipe: Recipe
    label: str
    parent: Entry | None
    key: str = ""
    after: Entry | None = None
    children: int = field(default=0)
    timeline: Timeline = field(default_factory=Timeline)


class History:
    """A tree of recipes and timelines with one entry that is current.

    Changes with one ``key`` that follow each other are one entry (a slider being dragged), until :meth:`seal`.
    """

    def __init__(self, first: Recipe, label: str = "Start", timeline: Timeline = EMPTY) -> None:
        self._count = 0
        self.current = Entry(0, first, label, None, timeline=timeline)
        self._entries = [self.current]
        self._open = False

    def entries(self) -> tuple[Entry, ...]:
        """All entries, the oldest first."""
        return tuple(self._entries)

    def push(self, recipe: Recipe, label: str, key: str = "", timeline: Timeline | None = None) -> Entry:
        """A new entry after the current one, or in its place where the change goes on; ``None``: the same timeline."""
        here = self.current
        timeline = here.timeline if timeline is None else timeline
        if recipe == here.recipe and timeline == here.timeline:
            return here
        if key and self._open and here.key == key and not here.children:
            here.recipe, here.label, here.timeline = recipe, label, timeline
            return here
        self._count += 1
        entry = Entry(self._count, recipe, label, here, key, timeline=timeline)
        here.after, here.children = entry, here.children + 1
        self._entries.append(entry)
        self.current, self._open = entry, bool(key)
        self._forget()
        return entry

    def seal(self) -> None:
        """The next change is an entry of its own."""
        self._open = False

    def undo(self) -> bool:
        """Back to the entry before; ``False`` at the beginning."""
        parent = self.current.parent
        if parent is None:
            return False
        parent.after = self.current
        return self.jump(parent)

    def redo(self) -> bool:
        """On to where the last undo came from; ``False`` at the end of a branch."""
        return self.current.after is not None and self.jump(self.current.after)

    def jump(self, entry: Entry) -> bool:
        """Any entry; ``False`` for one that is no longer kept."""
        if entry not in self._entries:
            return False
        self.current, self._open = entry, False
        return True

    def line(self) -> tuple[Entry, ...]:
        """The entries that led here, the oldest first."""
        found = [self.current]
        while (parent := found[-1].parent) is not None:
            found.append(parent)
        return tuple(reversed(found))

    @property
    def undo_text(self) -> str:
        """What an undo takes back; empty where there is nothing."""
        return self.current.label if self.current.parent is not None else ""

    @property
    def redo_text(self) -> str:
        """What a redo does again; empty where there is nothing."""
        return self.current.after.label if self.current.after is not None else ""

    def _forget(self) -> None:
        while len(self._entries) > MOST:
            oldest = next(entry for entry in self._entries if entry is not self.current)
            self._entries.remove(oldest)
            for entry in self._entries:
                if entry.parent is oldest:
                    entry.parent = None
                if entry.after is oldest:
                    entry.after = None
