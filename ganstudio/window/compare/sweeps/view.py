"""What came of a sweep: mean and spread of every number over seeds, as a table and as a chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QSplitter,
    QStackedLayout,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from ganstudio.core.run_list import FINISHED, RunEntry
from ganstudio.core.sweep_values import value_text
from ganstudio.core.sweeps import Column, Sample
from ganstudio.reports.sweeps import SpreadTable, samples_of, tabulated, to_csv
from ganstudio.window.background import Background
from ganstudio.window.compare.sweeps.chart import SweepChart
from ganstudio.window.compare.sweeps.drawing import (
    DEVIATION,
    INTERVAL,
    RANGE,
    Drawing,
    drawing_of,
    fits_log,
)
from ganstudio.window.compare.sweeps.spread_model import SpreadModel
from ganstudio.window.theme.style import set_role
from ganstudio.window.widgets.basic import Caption, EmptyState
from ganstudio.window.widgets.charts.export import write
from ganstudio.window.widgets.segmented import SegmentedControl
from ganstudio.window.widgets.toggle import ToggleSwitch

READ, WORK = "sweep", "sweep-table"
EVERY = "All these runs"
LOOKED_AT = 40
"""Rows by which the width of a column is chosen."""
WIDE = 2.0
"""How much wider than high the view is where chart and table stand side by side."""
BARS = (
    (DEVIATION, "± SD", "Bars show the standard deviation over seeds"),
    (INTERVAL, "95 %", "Bars show the 95 % interval of the mean by Student's t distribution"),
    (RANGE, "Range", "Bars reach from the smallest to the largest number"),
)
EMPTY = (
    "Mean and spread",
    "Choose runs that differ in some settings or seeds: here stands what each setting does on average, "
    "and how far chance alone moves it.",
)
UNFINISHED = (
    "No run has finished yet",
    "Mean and spread count finished runs, since others have not trained equally long.",
)


class SweepView(QWidget):
    """Give it runs with :meth:`show_runs`; it groups them by the settings that differ, over seeds."""

    told = Signal(str)
    drawn = Signal()
    """The chart shows something else, or nothing."""

    def __init__(self, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._entries: tuple[RunEntry, ...] = ()
        self._asked: tuple[RunEntry, ...] | None = None
        self._samples: list[Sample] = []
        self._known: dict[RunEntry, Sample] = {}
        self._shown: list[Sample] = []
        self._left_out, self._some, self._picked = 0, False, ""
        # widgets
        self.sweep, self.number, self.axis = QComboBox(), QComboBox(), QComboBox()
        self.bars = SegmentedControl(BARS, "Bars")
        self.log = ToggleSwitch("Log axis")
        self.all = ToggleSwitch("Unfinished runs too")
        self.csv, self.png, self.svg = QPushButton("CSV …"), QPushButton("PNG …"), QPushButton("SVG …")
        self.chart = SweepChart()
        self.table = QTreeView()
        self.rows = SpreadModel(self)
        self.note = Caption(wrap=True)
        self.empty = EmptyState(*EMPTY)
        self._dress()
        self._assemble()
        # connections
        background.done.connect(self._on_done)
        self.sweep.activated.connect(self._show_sweep)
        self.number.activated.connect(self._on_number)
        self.axis.activated.connect(self._on_axis)
        self.bars.chosen.connect(self.draw)
        self.log.clicked.connect(self.draw)
        self.all.clicked.connect(self._show_sweep)
        self.csv.clicked.connect(self.save_csv)
        self.png.clicked.connect(self.save_png)
        self.svg.clicked.connect(self.save_svg)
        self.chart.pointed.connect(self._on_pointed)

    def _dress(self) -> None:
        for box, name, tip in (
            (self.sweep, "Sweep", "Which sweep, of those that the runs belong to"),
            (
                self.number,
                "Number",
                "What is drawn: a measurement with its protocol, or the last report's scalar",
            ),
            (self.axis, "Against", "The setting along the axis; the others tell the lines apart"),
        ):
            box.setAccessibleName(name)
            box.setToolTip(tip)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(12)
            box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            box.setMaximumWidth(280)
        self.log.setToolTip("Equal factors are equally far apart")
        self.all.setToolTip(
            "Count runs that were stopped, failed or still train; they have trained for less long"
        )
        for button, tip in (
            (self.csv, "Save the table with everything that is known of each spread"),
            (self.png, "Save the chart as a picture"),
            (self.svg, "Save the chart as a drawing"),
        ):
            button.setToolTip(tip)
            set_role(button, "quiet")
        table = self.table
        table.setModel(self.rows)
        table.setAccessibleName("Mean and spread")
        table.setToolTip("Mean ± standard deviation over seeds; point at a number for more")
        table.setRootIsDecorated(False)
        table.setUniformRowHeights(True)
        table.setAllColumnsShowFocus(True)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.header().setStretchLastSection(False)
        table.header().setResizeContentsPrecision(LOOKED_AT)

    def _assemble(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        self._labels: dict[QComboBox, Caption] = {}
        for box in (self.sweep, self.number, self.axis):
            label = self._labels[box] = Caption(box.accessibleName())
            head.addWidget(label)
            head.addWidget(box, 1)
        head.addStretch(1)
        under = QHBoxLayout()
        under.setSpacing(12)
        for widget in (self.bars, self.log, self.all):
            under.addWidget(widget)
        under.addStretch(1)
        under.addWidget(self.csv)
        under.addWidget(self.png)
        under.addWidget(self.svg)
        self._split = split = QSplitter(Qt.Orientation.Vertical)
        split.setChildrenCollapsible(False)
        split.addWidget(self.chart)
        split.addWidget(self.table)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        self._full = QWidget()
        column = QVBoxLayout(self._full)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        column.addLayout(under)
        column.addWidget(split, 1)
        column.addWidget(self.note)
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self._full)

    # ------------------------------------------------------------ runs

    def show_runs(self, entries: Sequence[RunEntry]) -> None:
        """The runs to tell of; damaged ones tell nothing. Read in the background, once somebody looks."""
        self._entries = tuple(entry for entry in entries if entry.settings)
        self._read()

    def showEvent(self, event: QShowEvent) -> None:
        """Now somebody looks."""
        super().showEvent(event)
        self._read()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Chart and table side by side where the room is wide, else one above the other."""
        super().resizeEvent(event)
        wide = self.width() > WIDE * self.height()
        wanted = Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical
        if wanted != self._split.orientation():
            self._split.setOrientation(wanted)
            whole = self.width() if wide else self.height()
            self._split.setSizes([whole * 3 // 5, whole * 2 // 5])

    def _read(self) -> None:
        if not self.isVisible() or self._asked == self._entries:
            return
        self._asked = self._entries
        self._background.submit(READ, partial(read_samples, self._entries, self._known))

    @Slot(str, int, object)
    def _on_done(self, tag: str, number: int, result: object) -> None:
        if tag not in (READ, WORK) or number != self._background.newest(tag):
            return
        if isinstance(result, Exception):
            self.told.emit(f"The runs cannot be read ({result}).")
        elif isinstance(result, SpreadTable):
            self._show_table(result)
        elif isinstance(result, list):
            self._samples = result
            self._known = {sample.what: sample for sample in result}
            self._offer_sweeps()
            self._show_sweep()

    def _offer_sweeps(self) -> None:
        """The sweeps of the runs; all of them together unless they are one."""
        names = list(dict.fromkeys(s.what.notes.sweep for s in self._samples if s.what.notes.sweep))
        whole = len(names) == 1 and all(s.what.notes.sweep for s in self._samples)
        choices = names if whole else [EVERY, *names]
        keep(self.sweep, [(name, "" if name == EVERY else name, "") for name in choices])
        for widget in (self.sweep, self._labels[self.sweep]):
            widget.setVisible(len(choices) > 1)

    @Slot()
    def _show_sweep(self) -> None:
        """Group the runs of the chosen sweep."""
        sweep = str(self.sweep.currentData() or "")
        mine = [s for s in self._samples if not sweep or s.what.notes.sweep == sweep]
        shown = [s for s in mine if self.all.isChecked() or s.what.state == FINISHED]
        self._left_out = len(mine) - len(shown)
        if shown and shown == self._shown:  # such as while another run trains
            self._tell("")
            return
        self._shown = shown
        self._some = bool(mine)
        self._background.submit(WORK, partial(tabulated, shown))

    def _show_table(self, table: SpreadTable) -> None:
        """What was worked out of the chosen sweep."""
        self.rows.fill(table)
        if not table.columns:
            self._show_empty(self._some)
            return
        for column in range(self.rows.columnCount()):
            self.table.resizeColumnToContents(column)
        numbers = [(table.titles[column], column, column.how) for column in table.columns]
        keep(self.number, numbers, most_common(table), self._picked)
        values = {
            axis: len({value_text(group.values[i]) for group in table.groups})
            for i, axis in enumerate(table.axes)
        }
        by_values = sorted(table.axes, key=lambda axis: -values[axis])
        keep(self.axis, [(table.names[axis], axis, axis) for axis in by_values])
        for widget in (self.axis, self._labels[self.axis]):
            widget.setVisible(len(table.axes) > 1)
        self._stack.setCurrentWidget(self._full)
        self._on_axis()

    def _show_empty(self, some: bool) -> None:
        """Nothing to tell: no runs, or none that has finished."""
        waits = some and not self.all.isChecked()
        title, text = UNFINISHED if waits else EMPTY
        self.empty.set_content(title, text)
        self._stack.setCurrentWidget(self.empty)
        self.drawn.emit()

    # ------------------------------------------------------------ drawing

    @Slot()
    def _on_axis(self) -> None:
        """Another setting along the axis: logarithmic where its values lie so."""
        axis = str(self.axis.currentData() or "")
        possible = bool(axis) and fits_log(self.rows.table.samples, axis)
        self.log.setEnabled(possible)
        column = self._column()
        if column is not None:
            self.log.setChecked(self._drawing(column, None).log)
        self.draw()

    @Slot()
    def _on_number(self) -> None:
        """The person's choice holds for other sweeps too."""
        self._picked = self.number.currentText()
        self.draw()

    def _column(self) -> Column | None:
        found = self.number.currentData()
        return found if isinstance(found, Column) else None

    @Slot()
    def draw(self) -> None:
        """The chosen number against the chosen setting."""
        column = self._column()
        if column is None:
            return
        drawing = self._drawing(column, self.log.isChecked())
        self.chart.show_drawing(drawing, column.title, self.bars.value())
        self._tell("")
        self.drawn.emit()

    def _drawing(self, column: Column, log: bool | None) -> Drawing:
        table, axis = self.rows.table, str(self.axis.currentData() or "")
        return drawing_of(table.samples, table.axes, axis, column, log)

    @Slot(str)
    def _on_pointed(self, words: str) -> None:
        self._tell(words)

    def _tell(self, words: str) -> None:
        """What is pointed at, or what the chart shows."""
        column = self._column()
        if words or column is None:
            self.note.setText(words)
            return
        parts = [
            f"{column.title}: {column.how}." if column.how else "",
            "Rings are single runs, dots their mean.",
            self._left_out_words(),
        ]
        self.note.setText(" ".join(part for part in parts if part))

    def _left_out_words(self) -> str:
        if not self._left_out:
            return ""
        return (
            "1 unfinished run is left out."
            if self._left_out == 1
            else f"{self._left_out} unfinished runs are left out."
        )

    # ------------------------------------------------------------ taking it home

    def has_chart(self) -> bool:
        """Whether there is anything to take."""
        return self._stack.currentWidget() is self._full and self._column() is not None

    def export_title(self) -> str:
        """What the chart shows, in words."""
        return f"{self.chart.title}: mean and spread"

    @Slot()
    def save_png(self) -> None:
        """The chart as a picture."""
        if path := self.chart.save_png():
            self.told.emit(f"Saved {path.name}.")

    @Slot()
    def save_svg(self) -> None:
        """The chart as a drawing."""
        if path := self.chart.save_svg():
            self.told.emit(f"Saved {path.name}.")

    @Slot()
    def save_csv(self) -> None:
        """Everything in the table, as numbers."""
        if path := write(self, "Save table", "sweep", ".csv", self.csv_bytes):
            self.told.emit(f"Saved {path.name}.")

    def csv_bytes(self) -> bytes:
        """The table as CSV."""
        return to_csv(self.rows.table).encode()


def read_samples(entries: Sequence[RunEntry], known: Mapping[RunEntry, Sample]) -> list[Sample]:
    """The runs with their numbers; those that are known as they are now are not read again."""
    fresh = {sample.what: sample for sample in samples_of(e for e in entries if e not in known)}
    return [known.get(entry) or fresh[entry] for entry in entries]


def most_common(table: SpreadTable) -> int:
    """The first of the columns that most groups have a number in."""
    known = [sum(row[i].count > 0 for row in table.spreads) for i in range(len(table.columns))]
    return known.index(max(known))


def keep(
    box: QComboBox, choices: Sequence[tuple[str, object, str]], otherwise: int = 0, wanted: str | None = None
) -> None:
    """Other choices (words, data, tooltip) in a box; ``wanted``, or what was chosen, stays where it is still there."""
    before = box.currentText() if wanted is None else wanted
    box.clear()
    for index, (words, data, tip) in enumerate(choices):
        box.addItem(words, data)
        box.setItemData(index, tip or words, Qt.ItemDataRole.ToolTipRole)
    found = box.findText(before) if before else -1
    box.setCurrentIndex(found if found >= 0 else otherwise if choices else -1)
