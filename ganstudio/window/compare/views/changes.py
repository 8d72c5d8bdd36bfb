"""What theory expects of the chosen runs, and where their settings were changed while they trained. Knows no Qt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ganstudio.core.numbers import step as step_words
from ganstudio.window.compare.views.readings import SettingsReading
from ganstudio.window.compare.views.strands import Strand
from ganstudio.window.model.series import SeriesStore
from ganstudio.window.run_loader import change_text
from ganstudio.window.widgets.charts.compose import x_of_step

MOST_TOLD = 8
"""Changes of one run that a tooltip names."""
Expected = Mapping[Path, Mapping[str, float]]
"""Of each run whose settings are known, what its objective expects of a game at rest: series -> value."""
Changed = Mapping[Path, tuple["ChangedAt", ...]]


@dataclass(frozen=True)
class ChangedAt:
    """At a step a setting was changed, in words: ``Generator rate 1e−4 → 2e−4``."""

    step: int
    words: str

    def told(self) -> str:
        """With its step."""
        return f"{step_words(self.step)}: {self.words}"


@dataclass(frozen=True)
class Notch:
    """A change on the axis of a chart: where it is, of which run, in which colour, and what a tooltip says of it."""

    x: float
    run: Path
    color: str
    words: str


def expected_of(readings: Mapping[Path, SettingsReading | None]) -> Expected:
    """What the objective of each run expects; runs whose settings are not known yet, or damaged, are left out."""
    return {
        path: dict(reading.config.objective.expects())
        for path, reading in readings.items()
        if reading is not None and reading.config is not None
    }


def shared(name: str, runs: Iterable[Path], expected: Expected) -> float | None:
    """The value that theory expects of a series in all of these runs alike; ``None`` where it does not."""
    values = {expected.get(run, {}).get(name) for run in runs}
    return values.pop() if len(values) == 1 else None


def changed_of(readings: Mapping[Path, SettingsReading | None]) -> Changed:
    """The changes of each run, by their steps; runs without any are left out."""
    found: dict[Path, tuple[ChangedAt, ...]] = {}
    for path, reading in readings.items():
        table = reading.changes if reading is not None else {}
        marks = [
            ChangedAt(c.step, change_text(key, c.old, c.new)) for key, some in table.items() for c in some
        ]
        if marks:
            found[path] = tuple(sorted(marks, key=lambda mark: mark.step))
    return found


def notches_of(
    strands: Sequence[Strand], changed: Changed, stores: Mapping[Path, SeriesStore], unit: str
) -> list[Notch]:
    """The changes of all runs that are drawn, in places of an axis."""
    return [
        Notch(x_of_step(mark.step, stores[run], unit), run, strand.color, f"{strand.label}, {mark.told()}")
        for strand in strands
        for run in strand.runs
        if run in stores and len(stores[run])
        for mark in changed.get(run, ())
    ]


def told(changes: Sequence[ChangedAt]) -> str:
    """The changes of one run in some lines; empty where there are none."""
    if not changes:
        return ""
    lines = [change.told() for change in changes[:MOST_TOLD]]
    more = len(changes) - MOST_TOLD
    return "\n".join(["Changed while it trained:", *lines, *([f"and {more} more"] if more > 0 else [])])
