"""What has been read of the chosen runs, and the reading of more in the background: each file once for each change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from ganstudio.core.measurement import Measurement
from ganstudio.window.background import Background
from ganstudio.window.compare.views.grids import StepsReading, read_samples, read_steps
from ganstudio.window.compare.views.readings import (
    Known,
    SeriesReading,
    SettingsReading,
    read_series,
    read_settings,
)
from ganstudio.window.model.series import SeriesStore
from ganstudio.window.widgets.charts.measures import Way, courses

PREFIX = "compare-views"
KEPT = 24
"""Runs whose series stay in memory once they are no longer chosen."""


class RunBook:
    """What is known of one run."""

    def __init__(self) -> None:
        self.store: SeriesStore | None = None
        self.measured: dict[Way, tuple[Measurement, ...]] = {}
        self.problem = ""
        self.known: Known | None = None
        self.settings: SettingsReading | None = None
        self.steps: StepsReading | None = None

    def take(self, reading: SeriesReading) -> None:
        """Note what was read of the series."""
        self.known, self.problem = reading.known, reading.problem
        if reading.store is not None:
            self.store = reading.store
        for report in reading.tail:
            if self.store is not None:
                self.store.append(report)
        if reading.measurements is not None:
            self.measured = courses(reading.measurements)


class Library(QObject):
    """Reads on request what a view needs. ``changed`` tells the path of a run of which something new is known.

    ``samples_read`` carries run, step and the :class:`Samples` read there.
    """

    changed = Signal(object)
    samples_read = Signal(object, int, object)

    def __init__(self, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._books: dict[Path, RunBook] = {}
        self._asked: dict[str, tuple[str, Path, int]] = {}
        self._chosen: tuple[Path, ...] = ()
        background.done.connect(self._on_done)

    def book(self, path: Path) -> RunBook:
        """What is known of a run so far."""
        return self._books.setdefault(path, RunBook())

    def choose(self, paths: Sequence[Path]) -> None:
        """Whose runs are shown: of the others reading is given up, and the oldest are forgotten."""
        self._chosen = tuple(paths)
        for tag, (_, path, _) in list(self._asked.items()):
            if path not in self._chosen:
                self._drop(tag)
        others = [path for path in self._books if path not in self._chosen]
        for path in others[: max(len(others) - KEPT, 0)]:
            del self._books[path]

    def waiting(self, kind: str) -> int:
        """How many chosen runs are still to be read: kind "series", "settings", "steps" or "samples"."""
        return sum(asked == kind for asked, _, _ in self._asked.values())

    def is_busy(self) -> bool:
        """Whether anything is still to be read."""
        return bool(self._asked)

    # ------------------------------------------------------------ asking

    def want_series(self) -> None:
        """Read the series and measurements of the chosen runs, as far as they have changed."""
        for path in self._chosen:
            self._ask("series", path, partial(read_series, path, self.book(path).known))

    def want_settings(self) -> None:
        """Read the settings of the chosen runs, as far as they have changed."""
        for path in self._chosen:
            self._ask("settings", path, partial(read_settings, path, self.book(path).settings))

    def want_steps(self) -> None:
        """Look which grids the chosen runs have saved."""
        for path in self._chosen:
            self._ask("steps", path, partial(read_steps, path, self.book(path).steps))

    def want_samples(self, path: Path, step: int) -> None:
        """Read a run's saved samples at a step; of several wishes for one run the newest counts."""
        tag, settings = f"{PREFIX}:samples:{path}", self.book(path).settings
        self._asked[tag] = ("samples", path, step)
        config = settings.config if settings is not None else None
        self._background.submit(tag, partial(read_samples, path, step, config))

    def _ask(self, kind: str, path: Path, read: Callable[[], Any]) -> None:
        """A run that is being read already is not read twice at once."""
        tag = f"{PREFIX}:{kind}:{path}"
        if tag not in self._asked:
            self._asked[tag] = (kind, path, 0)
            self._background.submit(tag, read)

    def _drop(self, tag: str) -> None:
        del self._asked[tag]
        self._background.cancel(tag)

    def shut_down(self) -> None:
        """Wait for nothing any more."""
        for tag in list(self._asked):
            self._drop(tag)

    # ------------------------------------------------------------ answers

    @Slot(str, int, object)
    def _on_done(self, tag: str, number: int, result: object) -> None:
        if tag not in self._asked or number != self._background.newest(tag):
            return
        kind, path, step = self._asked.pop(tag)
        if kind == "samples":
            self.samples_read.emit(path, step, result)
            return
        book = self.book(path)
        if isinstance(result, SeriesReading):
            book.take(result)
        elif isinstance(result, SettingsReading):
            book.settings = result
        elif isinstance(result, StepsReading):
            book.steps = result
        elif isinstance(result, Exception):
            book.problem = f"{path.name} cannot be read ({result})."
        self.changed.emit(path)
