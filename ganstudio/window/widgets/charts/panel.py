"""One chart: title, legend with values, curves, marks, cursor, menu."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QContextMenuEvent, QPainter
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QMenu, QSizePolicy, QWidget

from ganstudio.core.numbers import significant
from ganstudio.core.scales import forward_one, rounded, value_ticks, x_ticks
from ganstudio.window.model.series import SeriesStore
from ganstudio.window.theme import icon, theme
from ganstudio.window.theme.style import set_role
from ganstudio.window.widgets.charts import compose, export
from ganstudio.window.widgets.charts.header import LINE, ChartHeader, Entry
from ganstudio.window.widgets.charts.plot import Line, Plot, Upright
from ganstudio.window.widgets.charts.spec import ChartOptions, ChartSpec, Curve, Mark
from ganstudio.window.widgets.charts.tools import tool
from ganstudio.window.widgets.saving import copy_image, export_size

SHORTEST_PAUSE = 0.1
HEIGHT = 112
SCALES = (("linear", "Linear"), ("log", "Logarithmic"), ("symlog", "Symmetric logarithmic"))


class ChartPanel(QFrame):
    """Curves over a :class:`SeriesStore`. The owner calls :meth:`refresh` from its one timer."""

    cursor_moved = Signal(object)
    """int or None: the step under the pointer."""
    step_picked = Signal(int)
    """A click on the curves: the step there."""
    maximise_toggled = Signal(bool)
    fold_toggled = Signal(bool)

    def __init__(self, spec: ChartSpec, store: SeriesStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.spec, self._store = spec, store
        self._options, self._theory = ChartOptions(), dict[str, float]()
        self._marks: tuple[Mark, ...] = ()
        self._cursor: int | None = None
        self._view: tuple[float, float] | None = None  # None: follow the run
        self._smoothed = compose.Smoothed()
        self._shown: object = None
        self._last_drawn = -1.0
        self._folded = self._maximised = False
        # widgets
        self.header = ChartHeader(spec.title)
        self.plot = Plot()
        self.maximise_button = tool("maximise", "Enlarge this chart")
        self.menu_button = tool("more", "Scale, outliers, export")
        self._dress()
        # connections
        self.header.fold_requested.connect(self._fold)
        self.maximise_button.clicked.connect(self._maximise)
        self.menu_button.clicked.connect(self._open_menu)
        self.plot.hovered.connect(self._hovered)
        self.plot.picked.connect(self._picked)
        self.plot.moved.connect(self._moved)
        self.plot.fit_requested.connect(self.fit)
        theme().changed.connect(self._theme_changed)
        self._assemble()
        self.set_folded(spec.collapsed)

    def _dress(self) -> None:
        self.header.setToolTip(self.spec.help)
        self.setAccessibleName(self.spec.title)
        self.plot.setAccessibleName(f"{self.spec.title}, curves")
        self.plot.setMinimumHeight(70)
        self.plot.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        set_role(self, "card")

    def _assemble(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(0)
        buttons.addWidget(self.maximise_button)
        buttons.addWidget(self.menu_button)
        layout = QGridLayout(self)
        layout.setContentsMargins(10, 6, 8, 6)
        layout.setSpacing(2)
        layout.addWidget(self.header, 0, 0)
        layout.addLayout(buttons, 0, 1, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self.plot, 1, 0, 1, 2)
        layout.setColumnStretch(0, 1)
        layout.setRowStretch(1, 1)
        self._size_plot()

    # ------------------------------------------------------------ settings

    def set_store(self, store: SeriesStore) -> None:
        """Show another run's series."""
        self._store, self._view, self._cursor = store, None, None
        self._shown = None

    def set_options(self, options: ChartOptions) -> None:
        """How to draw."""
        if options.x != self._options.x:
            self._view = None
        self._options = options

    def options(self) -> ChartOptions:
        """How it draws."""
        return self._options

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

    @Slot()
    def fit(self) -> None:
        """Show the whole run, and follow it."""
        self._view = None
        self.refresh(force=True)

    # ------------------------------------------------------------ drawing

    def refresh(self, force: bool = False) -> bool:
        """Redraw if visible, changed, and not drawn within the last 100 ms; tells whether it did."""
        now = time.monotonic()
        if not force and now - self._last_drawn < SHORTEST_PAUSE:
            return False
        if self._folded:
            return self._refresh_values()
        if not self.plot.isVisible() or self.plot.viewport().visibleRegion().isEmpty():
            return False
        state = (self._store.version, self._options, self._view, self.plot.size())
        if not force and state == self._shown:
            return False
        self._shown, self._last_drawn = state, now
        self._draw()
        return True

    def _refresh_values(self) -> bool:
        if self.isVisible() and self._store.version != self._shown:
            self._shown = self._store.version
            self._show_values()
            return True
        return False

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

    @Slot()
    def _theme_changed(self) -> None:
        self._shown = None

    def showEvent(self, event: QEvent) -> None:
        """Drawn anew by the next refresh."""
        super().showEvent(event)  # type: ignore[arg-type]
        self._shown = None

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

    @Slot(float, float)
    def _moved(self, left: float, right: float) -> None:
        self._view = (left, right)
        self.refresh(force=True)

    # ------------------------------------------------------------ folding and enlarging

    def is_folded(self) -> bool:
        """Whether only the head is shown."""
        return self._folded

    def set_folded(self, folded: bool) -> None:
        """Show only the head, or everything."""
        self._folded = folded
        self.plot.setVisible(not folded)
        self.header.set_folded(folded)
        self.maximise_button.setEnabled(not folded)
        self.maximise_button.setToolTip(
            "Unfold the chart to enlarge it" if folded else self._maximise_words()
        )
        self._shown = None

    def set_maximised(self, maximised: bool) -> None:
        """Take all the height there is, or the usual one."""
        self._maximised = maximised
        self.maximise_button.setIcon(icon("restore" if maximised else "maximise", "muted"))
        self.maximise_button.setToolTip(self._maximise_words())
        self.maximise_button.setAccessibleName(self._maximise_words())
        self._size_plot()

    def _maximise_words(self) -> str:
        return "Back to all charts" if self._maximised else "Enlarge this chart"

    def _size_plot(self) -> None:
        self.plot.setMaximumHeight(16777215 if self._maximised else HEIGHT)
        self.plot.setMinimumHeight(70 if self._maximised else HEIGHT)

    @Slot()
    def _fold(self) -> None:
        if not self._maximised:
            self.set_folded(not self._folded)
            self.fold_toggled.emit(self._folded)

    @Slot()
    def _maximise(self) -> None:
        self.set_maximised(not self._maximised)
        self.maximise_toggled.emit(self._maximised)

    # ------------------------------------------------------------ menu

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The same menu as the button's."""
        self._run_menu(event.globalPos())

    @Slot()
    def _open_menu(self) -> None:
        self._run_menu(self.menu_button.mapToGlobal(QPoint(0, self.menu_button.height())))

    def _run_menu(self, where: QPoint) -> None:
        menu = self.build_menu()
        menu.exec(where)
        menu.deleteLater()

    def build_menu(self) -> QMenu:
        """Scale, outliers, view, export."""
        menu = QMenu(self)
        group = QActionGroup(menu)
        for value, label in SCALES:
            action = menu.addAction(label)
            action.setCheckable(True)
            action.setChecked(self._options.y == value)
            action.setData(value)
            group.addAction(action)
        group.triggered.connect(self._scale_chosen)
        menu.addSeparator()
        outliers = menu.addAction("Ignore outliers")
        outliers.setCheckable(True)
        outliers.setChecked(self._options.ignore_outliers)
        outliers.toggled.connect(self._outliers_toggled)
        menu.addAction("Show the whole run", self.fit)
        menu.addSeparator()
        for label, slot in (
            ("Save as PNG …", self.save_png),
            ("Save as SVG …", self.save_svg),
            ("Save values as CSV …", self.save_csv),
            ("Copy picture", self.copy_picture),
        ):
            menu.addAction(label, slot).setEnabled(self.has_data())
        return menu

    @Slot(QAction)
    def _scale_chosen(self, action: QAction) -> None:
        self._options = replace(self._options, y=action.data())
        self.refresh(force=True)

    @Slot(bool)
    def _outliers_toggled(self, on: bool) -> None:
        self._options = replace(self._options, ignore_outliers=on)
        self.refresh(force=True)

    # ------------------------------------------------------------ export

    def paint_on(self, painter: QPainter) -> None:
        """Title, legend and curves, for export."""
        size, head = self.export_size(), self.header.height_for(self.export_size().width() - 20)
        painter.save()
        painter.translate(10, 6)
        self.header.paint_on(painter, size.width() - 20)
        painter.restore()
        source = self.plot.viewport().rect()
        self.plot.render(painter, QRectF(10, head + 8, source.width(), source.height()), source)

    def export_size(self) -> QSize:
        """The size of the exported drawing."""
        plot = self.plot.viewport().size()
        head = max(self.header.height_for(plot.width()), LINE)
        return export_size(QSize(plot.width() + 20, plot.height() + head + 16))

    @Slot()
    def save_png(self) -> None:
        """Ask where and save the chart as it stands."""
        export.write(self, "Save chart", self.spec.key, ".png", self._png)

    @Slot()
    def save_svg(self) -> None:
        """Ask where and save the chart as it stands, as a drawing."""
        export.write(self, "Save chart", self.spec.key, ".svg", self._svg)

    @Slot()
    def save_csv(self) -> None:
        """Ask where and save all values."""
        export.write(self, "Save values", self.spec.key, ".csv", self._csv)

    @Slot()
    def copy_picture(self) -> None:
        """Put the chart on the clipboard."""
        copy_image(export.to_image(self.paint_on, self.export_size()))

    def _png(self) -> bytes:
        return export.png_bytes(export.to_image(self.paint_on, self.export_size()))

    def _svg(self) -> bytes:
        return export.to_svg(self.paint_on, self.export_size(), self.spec.title)

    def _csv(self) -> bytes:
        return export.to_csv(self._store, [curve.name for curve in self.curves()]).encode("utf-8")


def _step_of(mark: Mark) -> int:
    return mark.step


def _base(curve: Curve) -> str:
    return "accent" if curve.color == "accent-text" else curve.color
