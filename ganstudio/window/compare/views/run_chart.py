"""One series of several runs in one chart: a line for each run, or their mean with a band."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from ganstudio.core.scales import forward_one, rounded, value_ticks, x_ticks
from ganstudio.window.compare.views import overlay
from ganstudio.window.compare.views.changes import Changed, Expected, notches_of, shared
from ganstudio.window.compare.views.legends import ManyLines
from ganstudio.window.compare.views.marked_plot import MarkedPlot
from ganstudio.window.compare.views.overlay import Course, Mean, Sight
from ganstudio.window.compare.views.strands import Strand
from ganstudio.window.model.curves import limits
from ganstudio.window.model.series import SeriesStore
from ganstudio.window.widgets.charts.compose import Smoothed, theory_name
from ganstudio.window.widgets.charts.frame import ChartFrame
from ganstudio.window.widgets.charts.furniture import Line
from ganstudio.window.widgets.charts.header import Entry
from ganstudio.window.widgets.charts.kept_plot import Band, Dots
from ganstudio.window.widgets.charts.spec import ChartSpec

TRACED = 4
"""Up to so many lines the raw reports are drawn faintly behind; more would hide each other."""
PLACES = 1200
"""Places at which a mean over seeds is worked out, at the most."""
Stores = Sequence[tuple[Path, SeriesStore]]


@dataclass(frozen=True, eq=False)
class Traced:
    """A strand with what is drawn of it: the course of one run, or the mean of several."""

    strand: Strand
    courses: tuple[Course, ...]
    mean: Mean | None = None

    @property
    def line(self) -> Course | Mean | None:
        """What its line is made of; ``None`` where runs of one mean have no place in common."""
        return self.courses[0] if len(self.courses) == 1 else self.mean


@dataclass(eq=False)
class Drawing:
    """What one drawing is made of, beside its curves: their ``keys``, and the ``heights`` that must be seen."""

    keys: set[str] = field(default_factory=set[str])
    heights: list[overlay.Array] = field(default_factory=list[overlay.Array])
    bands: list[Band] = field(default_factory=list[Band])
    dots: list[Dots] = field(default_factory=list[Dots])


class RunChart(ManyLines, ChartFrame):
    """The series ``name`` of all chosen runs. Places on its axis are in the unit of the options."""

    pointed = Signal(object)
    """float or None: the place under the pointer."""

    def __init__(self, spec: ChartSpec, name: str, parent: QWidget | None = None) -> None:
        self.name = name
        self._strands: tuple[Strand, ...] = ()
        self._stores: dict[Path, SeriesStore] = {}
        self._smoothed: dict[Path, Smoothed] = {}
        self._spread = overlay.RANGE
        self._traced: list[Traced] = []
        self._cursor: float | None = None
        self._expected: Expected = {}
        self._changed: Changed = {}
        super().__init__(spec, MarkedPlot(), parent)
        self.plot.hovered.connect(self._hovered)

    def set_runs(self, strands: Sequence[Strand], stores: Stores, spread: str) -> None:
        """Whose lines are drawn from the next refresh on; ``spread`` is what a band around a mean shows."""
        self._strands, self._stores, self._spread = tuple(strands), dict(stores), spread
        self._smoothed = {p: s for p, s in self._smoothed.items() if p in self._stores}

    def set_known(self, expected: Expected, changed: Changed) -> None:
        """What theory expects of each run, and where its settings were changed."""
        self._expected, self._changed = expected, changed

    def light(self, runs: Collection[Path]) -> None:
        """Draw a line where the settings of these runs were changed."""
        self.plot.light(runs)

    def set_cursor(self, place: float | None) -> None:
        """Move the cursor line and show the values there; ``None`` hides it."""
        if place != self._cursor:
            self._cursor = place
            self._place_cursor()
            self._show_values()

    def has_data(self) -> bool:
        """Whether any run has the series."""
        return any(self.name in store for store in self._stores.values())

    def strands(self) -> list[Strand]:
        """The lines of which there is anything."""
        return [traced.strand for traced in self._traced]

    # ------------------------------------------------------------ drawing

    def _state(self) -> object:
        versions = tuple((path, id(s), s.version) for path, s in self._stores.items() if self.name in s)
        theory = shared(self.name, self._runs(), self._expected)
        changes = tuple(self._changed.get(path) for path in self._runs())
        return self._strands, versions, self._spread, theory, changes

    def _runs(self) -> list[Path]:
        """The runs that are drawn and have the series."""
        every = (path for strand in self._strands for path in strand.runs)
        return [path for path in every if path in self._stores and self.name in self._stores[path]]

    def _trace(self) -> None:
        """Work out courses and means of all lines."""
        self._traced = []
        for strand in self._strands:
            courses = [c for path in strand.runs if (c := self._course(path)) is not None]
            if courses:
                mean = overlay.mean_of(courses, self._spread, PLACES) if len(courses) > 1 else None
                self._traced.append(Traced(strand, tuple(courses), mean))

    def _course(self, path: Path) -> Course | None:
        store = self._stores.get(path)
        if store is None or self.name not in store or not len(store):
            return None
        smoothed = self._smoothed.setdefault(path, Smoothed()).of(store, self.name, self._options.smoothing)
        return overlay.course_of(store.series(self.name), smoothed, self._options.x)

    def _draw(self) -> None:
        self._trace()
        view = self._view or overlay.span_of([c for t in self._traced for c in t.courses])
        sight = Sight(*view, self.plot.columns(), self._options.y)
        raw = self._options.smoothing > 0 and len(self._traced) <= TRACED
        drawing = Drawing()
        for traced in self._traced:
            self._draw_behind(traced, sight, raw, drawing)
            self._draw_line(traced, sight, drawing)
        self.plot.keep_only(drawing.keys)
        self.plot.set_bands(drawing.bands)
        self.plot.set_dots(drawing.dots)
        self.plot.set_notches(notches_of(self.strands(), self._changed, self._stores, self._options.x))
        self._frame(view, drawing.heights)
        self._place_cursor()
        self._show_values()
        self.plot.redraw()

    def _draw_behind(self, traced: Traced, sight: Sight, raw: bool, drawing: Drawing) -> None:
        """The band of a mean, or the faint raw reports of a run."""
        key, line = f"raw:{traced.strand.runs[0]}", traced.line
        if isinstance(line, Mean):
            x, low, high = sight.band(line)
            drawing.bands.append(Band(x, low, high, traced.strand.color))
            drawing.heights += [low, high]
        elif line is not None and raw:
            x, y = sight.trace(line)
            self.plot.set_curve(key, x, y, f"{traced.strand.color}-faint", depth=0)
            drawing.keys.add(key)
            drawing.heights.append(y)

    def _draw_line(self, traced: Traced, sight: Sight, drawing: Drawing) -> None:
        """The smoothed line; a single report, to which none leads, is a dot."""
        strand, line = traced.strand, traced.line
        if line is None:
            return
        x, y = sight.line(line.x, line.value)
        self.plot.set_curve(str(strand.runs[0]), x, y, strand.color, strand.dash, depth=1)
        drawing.keys.add(str(strand.runs[0]))
        drawing.heights.append(y)
        known = np.isfinite(y)
        if known.sum() == 1:
            gap = np.full(1, np.nan)
            drawing.dots.append(Dots(x[known], y[known], gap, gap, strand.color, strand.dash))

    def _frame(self, view: tuple[float, float], heights: list[overlay.Array]) -> None:
        """Range, ticks, theory and the words of an empty chart."""
        options, furniture = self._options, self.plot.furniture
        theory = self._theory()
        found = self._heights(heights, theory)
        count = max(2, int(self.plot.inner().height() / 28))
        low, high = rounded(*(found or (0.0, 1.0)), options.y, count)
        self.plot.set_range(*view, low, high)
        across = max(2, int(self.plot.inner().width() / 80))
        furniture.message = "" if found else self._empty_words()
        furniture.y_ticks = value_ticks(low, high, options.y, count) if found else ()
        furniture.x_ticks = x_ticks(*view, options.x, across) if found else ()
        furniture.lines = theory if found else ()

    def _theory(self) -> list[Line]:
        """What theory expects of all runs alike, if anything."""
        value = shared(self.name, self._runs(), self._expected)
        if value is None or not math.isfinite(place := forward_one(value, self._options.y)):
            return []
        return [Line(place, f"{theory_name(value)} equilibrium")]

    def _heights(self, heights: list[overlay.Array], theory: list[Line]) -> tuple[float, float] | None:
        """The range of positions; the series' own fixed one where every value keeps to it."""
        bounds, options = self.spec.bounds, self._options
        whole = limits(heights)
        exact = options.y == "linear" and not options.ignore_outliers
        if exact and bounds and whole and bounds[0] <= whole[0] and whole[1] <= bounds[1]:
            return bounds
        found = limits(heights, options.ignore_outliers)
        ends = [*(found or ()), *(line.position for line in theory)]
        return (min(ends), max(ends)) if found else None

    def _empty_words(self) -> str:
        if any(t.line is None for t in self._traced):
            return "The runs of one mean have no place in common. Choose another horizontal axis, or single runs."
        if self._options.y == "log":
            return "Nothing here is above zero. Choose the linear or the symmetric scale."
        return "No chosen run has reported this yet."

    # ------------------------------------------------------------ cursor and legend

    @Slot(object)
    def _hovered(self, place: float | None) -> None:
        """The cursor of all charts, and what was changed where the pointer is."""
        self.plot.setToolTip("\n".join(notch.words for notch in self.plot.touch(place)))
        self.pointed.emit(place)

    def _place_cursor(self) -> None:
        place = self._cursor
        words = "" if place is None else overlay.place_words(place, self._options.x)
        self.plot.set_cursor(place, words)

    def _show_values(self) -> None:
        entries = [Entry(t.strand.label, self._value(t), t.strand.color, t.strand.dash) for t in self._traced]
        self.show_entries(entries)

    def _value(self, traced: Traced) -> str:
        line = traced.line
        if line is None:
            return "no place in common"
        if isinstance(line, Mean):
            count, runs = line.count, len(traced.strand.runs)
            some = f", {count} of {runs} runs" if count < runs else ""
            return line.words(self._cursor, self._spread) + some
        return overlay.value_words(line.at(self._cursor))

    # ------------------------------------------------------------ export

    def _csv(self) -> bytes:
        runs = [
            (strand.title if len(strand.runs) == 1 else path.name, self._stores[path].series(self.name))
            for strand in self._strands
            for path in strand.runs
            if path in self._stores and self.name in self._stores[path]
        ]
        return overlay.to_csv(runs, self.name).encode("utf-8")
