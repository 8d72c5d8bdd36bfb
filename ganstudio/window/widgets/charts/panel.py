"""One chart of one run: title, legend with values, curves, marks, cursor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from ganstudio.core.numbers import significant
from ganstudio.core.scales import forward_one, rounded, value_ticks, x_ticks
from ganstudio.window.model.series import SeriesStore
from ganstudio.window.widgets.charts import compose, export
from ganstudio.window.widgets.charts.frame import ChartFrame
from ganstudio.window.widgets.charts.furniture import Line, Upright
from ganstudio.window.widgets.charts.header import Entry
from ganstudio.window.widgets.charts.plot import Plot
from ganstudio.window.widgets.charts.spec import ChartSpec, Curve, Mark


class ChartPanel(ChartFrame):
    """Curves over a :class:`SeriesStore`. The owner calls :meth:`refresh` from its one timer."""

    cursor_moved = Signal(object)
    """int or None: the step under the pointer."""
    step_picked = Signal(int)
    """A click on the curves: the step there."""
    area: type[Plot] = Plot
    """What it draws on."""

    def __init__(self, spec: ChartSpec, store: SeriesStore, parent: QWidget | None = None) -> None:
        self._store = store
        self._theory = dict[str, float]()
        self._marks: tuple[Mark, ...] = ()
        self._cursor: int | None = None
        self._smoothed = compose.Smoothed()
        super().__init__(spec, self.area(), parent)
        self.plot.hovered.connect(self._hovered)
        self.plot.picked.connect(self._picked)

    # ------------------------------------------------------------ settings

    def set_store(self, store: SeriesStore) -> None:
        """Show another run's series."""
        self._store, self._view, self._cursor = store, None, None
        self._shown = None

    def set_theory(self, values: Mapping[str, float]) -> None:
        """Dashed lines where theory has a value: scalar name to value."""
        self._theory = dict(values)
        self._shown = None

    def set_bounds(self, bounds: tuple[float, float] | None) -> None:
        """The y range in linear scale, or ``None`` for that of the data."""
        self.spec = replace(self.spec, bounds=bounds)
        self._shown = None

    def set_marks(self, marks: Sequence[Mark]) -> None:
        """The vertical marks."""
        self._marks = tuple(sorted(marks, key=_step_of))
        self._shown = None

    def set_cursor(self, step: int | None) -> None:
        """Move the cursor line and show the values there; ``None`` hides it."""
        if step != self._cursor:
            self._cursor = step
            self._place_cursor()
            self._show_values()
            self.plot.redraw()

    def has_data(self) -> bool:
        """Whether any of its scalars has come."""
        return bool(self.curves())

    def curves(self) -> list[Curve]:
        """The curves that have data."""
        return compose.curves_of(self.spec, self._store)

    def _state(self) -> object:
        return self._store.version

    # ------------------------------------------------------------ drawing

    def _draw(self) -> None:
        curves, options, store = self.curves(), self._options, self._store
        series = [store.series(curve.name) for curve in curves]
        view = self._view or compose.x_range(series, options.x)
        columns = self.plot.columns()
        drawn = [
            compose.draw(c, s, self._smoothed.of(store, c.name, options.smoothing), options, view, columns)
            for c, s in zip(curves, series, strict=True)
        ]
        self._frame(drawn, view)
        raw = options.smoothing > 0
        for d in drawn:
            if raw:
                self.plot.set_curve(f"raw:{d.curve.name}", *d.raw, f"{_base(d.curve)}-faint", depth=0)
            self.plot.set_curve(d.curve.name, *d.smooth, d.curve.color, d.curve.dash, depth=1)
        kept = {d.curve.name for d in drawn}
        self.plot.keep_only(kept | {f"raw:{name}" for name in kept if raw})
        self._place_cursor()
        self._show_values()
        self.plot.redraw()

    def _frame(self, drawn: list[compose.Drawn], view: tuple[float, float]) -> None:
        """Ranges, ticks, theory lines and marks."""
        options, furniture = self._options, self.plot.furniture
        found = compose.y_range(drawn, options, self.spec, self._theory)
        count = max(2, int(self.plot.inner().height() / 28))
        low, high = rounded(*(found or (0.0, 1.0)), options.y, count)
        self.plot.set_range(*view, low, high)
        across = max(2, int(self.plot.inner().width() / 80))
        furniture.message = "" if found else self._empty_words(bool(drawn))
        furniture.y_ticks = value_ticks(low, high, options.y, count) if found else ()
        furniture.x_ticks = x_ticks(*view, options.x, across) if found else ()
        theory = compose.theory_lines([d.curve for d in drawn], self._theory)
        furniture.lines = [Line(forward_one(value, options.y), label) for value, label in theory]
        names = {curve.name for curve in self.curves()}
        furniture.uprights = [
            Upright(compose.x_of_step(m.step, self._store, options.x), m.label, m.kind)
            for m in self._marks
            if not m.series or names.intersection(m.series)
        ]

    def _empty_words(self, has_rows: bool) -> str:
        if has_rows and self._options.y == "log":
            return "Nothing here is above zero. Choose the linear or the symmetric scale."
        return "Curves appear with the first report of a run."

    def _place_cursor(self) -> None:
        furniture = self.plot.furniture
        if self._cursor is None or not len(self._store):
            furniture.cursor = None
            return
        furniture.cursor = compose.x_of_step(self._cursor, self._store, self._options.x)
        furniture.cursor_label = compose.x_words(self._cursor, self._store, self._options.x)

    def _show_values(self) -> None:
        entries = []
        for curve in self.curves() or self.spec.curves:
            value = self._store.at(curve.name, self._cursor)
            if self._cursor is None and curve.name in self._store and len(self._store):
                value = float(self._smoothed.of(self._store, curve.name, self._options.smoothing)[-1])
            words = "" if value != value else significant(value)
            unit = f"\u00a0{self.spec.unit}" if self.spec.unit and words else ""
            entries.append(Entry(curve.label, words + unit, curve.color, curve.dash))
        self.header.set_entries(entries)

    # ------------------------------------------------------------ pointer

    @Slot(object)
    def _hovered(self, position: float | None) -> None:
        step = None if position is None else compose.step_at(position, self._store, self._options.x)
        self.cursor_moved.emit(step)

    @Slot(float)
    def _picked(self, position: float) -> None:
        step = compose.step_at(position, self._store, self._options.x)
        if step is not None:
            self.step_picked.emit(step)

    def _csv(self) -> bytes:
        return export.to_csv(self._store, [curve.name for curve in self.curves()]).encode("utf-8")


def _step_of(mark: Mark) -> int:
    return mark.step


def _base(curve: Curve) -> str:
    return "accent" if curve.color == "accent-text" else curve.color
