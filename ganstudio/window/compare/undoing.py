"""What was done to runs, and how it is taken back. Knows no Qt."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from ganstudio.core.notes import Notes, change_notes, read_notes
from ganstudio.core.runs import RunFolder

MOST_STEPS = 200
Fields = Mapping[str, Any]


class Step(Protocol):
    """Something that was done. Both ways return what went wrong, as a sentence; empty where nothing did."""

    @property
    def text(self) -> str:
        """In words, for the menu: ``Archive 3 runs``."""
        ...

    def undo(self) -> str:
        """Take it back."""
        ...

    def redo(self) -> str:
        """Do it again."""
        ...


class Undoing:
    """The steps that can be taken back and done again, the newest last."""

    def __init__(self) -> None:
        self._done: list[Step] = []
        self._undone: list[Step] = []

    @property
    def undo_text(self) -> str:
        """What undo would take back; empty where there is nothing."""
        return self._done[-1].text if self._done else ""

    @property
    def redo_text(self) -> str:
        """What redo would do again; empty where there is nothing."""
        return self._undone[-1].text if self._undone else ""

    def push(self, step: Step) -> None:
        """Remember what was just done."""
        self._done = [*self._done, step][-MOST_STEPS:]
        self._undone.clear()

    def undo(self) -> str:
        """Take the last step back; one that cannot be taken back is forgotten and told of."""
        if not self._done:
            return ""
        step = self._done.pop()
        problem = step.undo()
        if not problem:
            self._undone.append(step)
        return problem

    def redo(self) -> str:
        """Do the step again that was taken back last."""
        if not self._undone:
            return ""
        step = self._undone.pop()
        problem = step.redo()
        if not problem:
            self._done.append(step)
        return problem


@dataclass(frozen=True)
class ListStep:
    """Runs from elsewhere were put on the list or taken off; ``put`` does both."""

    text: str
    added: tuple[str, ...]
    taken: tuple[str, ...]
    put: Callable[[tuple[str, ...], tuple[str, ...]], None]

    def undo(self) -> str:
        """The list as it was, but for what came to it meanwhile."""
        self.put(self.taken, self.added)
        return ""

    def redo(self) -> str:
        """The list as it was to be."""
        self.put(self.added, self.taken)
        return ""


def runs_in_words(paths: Sequence[Path], title: str = "") -> str:
    """``3 runs``, or the name of the only one."""
    return f"{len(paths):,} runs" if len(paths) != 1 else title or paths[0].name


# ---------------------------------------------------------------- notes


@dataclass(frozen=True)
class NotesStep:
    """Some notes of some runs were changed; what else was noted meanwhile stays."""

    text: str
    edits: tuple[tuple[Path, Fields, Fields], ...]
    """Path, what it said before, what it says now."""

    def undo(self) -> str:
        """Every run says again what it said."""
        return _write_all([(path, before) for path, before, _ in self.edits])[1]

    def redo(self) -> str:
        """Every run says what it was to say."""
        return _write_all([(path, after) for path, _, after in self.edits])[1]


def edit_notes(
    text: str, paths: Sequence[Path], change: Callable[[Notes], Fields]
) -> tuple[NotesStep | None, str]:
    """Change notes on the disk: the step that takes it back (``None`` if nothing changed), and what went wrong."""
    wanted: list[tuple[Path, Fields, Fields]] = []
    for path in paths:
        notes = read_notes(path)
        after = {name: value for name, value in change(notes).items() if getattr(notes, name) != value}
        if after:
            wanted.append((path, {name: getattr(notes, name) for name in after}, after))
    written, problem = _write_all([(path, after) for path, _, after in wanted])
    done = tuple(edit for edit in wanted if edit[0] in written)
    return (NotesStep(text, done) if done else None), problem


def _write_all(edits: Sequence[tuple[Path, Fields]]) -> tuple[set[Path], str]:
    """The runs whose notes were written, and a sentence about the first that could not be."""
    written: set[Path] = set()
    problem = ""
    for path, fields in edits:
        try:
            if not path.is_dir():
                raise FileNotFoundError(2, "the folder is gone")
            change_notes(path, **fields)
            written.add(path)
        except OSError as error:
            problem = problem or f"The notes of {path.name} cannot be written ({error.strerror or error})."
    return written, problem


# ---------------------------------------------------------------- trash


class Bin(Protocol):
    """The system's trash."""

    def put(self, path: Path) -> Path | None:
        """Move a folder there; returns where it lies now, if the system says. ``OSError`` where that fails."""
        ...

    def take_back(self, place: Path, path: Path) -> None:
        """Move it from there to where it was. ``OSError`` where that fails."""
        ...


@dataclass
class TrashStep:
    """Runs were moved to the trash."""

    text: str
    bin: Bin
    paths: tuple[Path, ...]
    places: dict[Path, Path | None] = field(default_factory=dict[Path, "Path | None"])

    def undo(self) -> str:
        """Bring back what can be found; what cannot is told of."""
        for path in [path for path in self.paths if path in self.places]:
            place = self.places[path]
            if place is None:
                return f"The system does not say where in the trash {path.name} lies: put it back from there."
            if path.exists():
                return f"{path.name} cannot come back: there is another folder of that name now."
            try:
                self.bin.take_back(place, path)
            except OSError as error:
                return f"{path.name} cannot be brought back from the trash ({error.strerror or error})."
            del self.places[path]
        return ""

    def redo(self) -> str:
        """Move them there; what cannot be moved stays and is told of."""
        problem = ""
        for path in self.paths:
            why = why_not_trashed(path)
            try:
                if not why:
                    self.places[path] = self.bin.put(path)
            except OSError as error:
                why = f"{path.name} cannot be moved to the trash ({error.strerror or error})."
            problem = problem or why
        self.paths = tuple(path for path in self.paths if path in self.places)
        return problem


def why_not_trashed(path: Path) -> str:
    """Why a run must stay where it is, as a sentence; empty where it may go."""
    if not path.is_dir():
        return f"{path.name} is gone already."
    if RunFolder(path).trainer() is not None:
        return f"{path.name} is being trained: stop it first."
    return ""
