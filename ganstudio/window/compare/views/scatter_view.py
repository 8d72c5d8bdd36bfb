"""A scatter of any two columns of the chosen runs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from ganstudio.core.run_list import RunEntry
from ganstudio.window.compare.views.columns import Column, columns_of
from ganstudio.window.compare.views.scatter_chart import ScatterChart
from ganstudio.window.compare.views.strands import MOST
from ganstudio.window.theme import theme
from ganstudio.window.theme.style import set_role
from ganstudio.window.widgets.basic import Caption, ElidedLabel
from ganstudio.window.widgets.toggle import ToggleSwitch

NEEDS_SIDES = "Both axes need a better side: a measurement of which it is known, or what a run costs"


class ScatterView(QWidget):
    """Parts: ``across``, ``up``, ``color`` choose columns; ``logs`` make axes logarithmic; ``best`` draws a front."""

    open_wanted = Signal(object)
    drawn = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries: tuple[RunEntry, ...] = ()
        self.columns: list[Column] = []
        self._work = QTimer(self)
        # widgets
        self.across = self._chooser("Across", "What the horizontal axis shows")
        self.up = self._chooser("Up", "What the vertical axis shows")
        self.color = self._chooser("Colour", "What the colours tell apart")
        self.logs = tuple(self._log_button(name) for name in ("horizontal", "vertical"))
        self.best = ToggleSwitch("Best of both")
        self.chart = ScatterChart()
        self.told = ElidedLabel()
        self.open = QPushButton("Open")
        self._dress()
        # connections
        for part in (self.across, self.up, self.color):
            part.activated.connect(self._show)
        for part in (*self.logs, self.best):
            part.toggled.connect(self._show)
        self.chart.chosen.connect(self._chosen)
        self.chart.opened.connect(self._open)
        self.chart.resized.connect(self.wake)
        self.open.clicked.connect(self._open_chosen)
        self._work.timeout.connect(self._draw)
        theme().changed.connect(self.wake)
        self._assemble()

    def _chooser(self, name: str, tip: str) -> QComboBox:
        box = QComboBox()
        box.setFont(theme().font("caption"))
        box.setAccessibleName(name)
        box.setToolTip(tip)
        box.setMinimumContentsLength(6)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMaximumWidth(280)
        return box

    def _log_button(self, name: str) -> QToolButton:
        button = QToolButton()
        button.setText("Log")
        button.setCheckable(True)
        button.setFont(theme().font("caption"))
        button.setAccessibleName(f"Logarithmic {name} axis")
        set_role(button, "quiet")
        return button

    def _dress(self) -> None:
        self._work.setSingleShot(True)
        self._work.setInterval(0)
        self.best.setFont(theme().font("caption"))
        for part in (self.told, self.open):
            part.setFont(theme().font("caption"))
        self.open.setToolTip("Open the chosen run (Enter)")
        self.open.setEnabled(False)
        self.setAccessibleName("Scatter of the chosen runs")

    def _assemble(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(6)
        for name, box, log in (("Across", self.across, self.logs[0]), ("Up", self.up, self.logs[1])):
            row.addWidget(Caption(name))
            row.addWidget(box, 1)
            row.addWidget(log)
            row.addSpacing(6)
        row.addWidget(Caption("Colour"))
        row.addWidget(self.color, 1)
        row.addSpacing(6)
        row.addWidget(self.best)
        row.addStretch(1)
        foot = QHBoxLayout()
        foot.setSpacing(12)
        foot.addWidget(self.told, 1)
        foot.addWidget(self.open)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(row)
        layout.addWidget(self.chart, 1)
        layout.addLayout(foot)

    # ------------------------------------------------------------ content

    def show_runs(self, entries: Sequence[RunEntry], hidden: frozenset[Path] = frozenset()) -> None:
        """The runs that are dots; the choice of columns stays where it can."""
        self._entries = tuple(entry for entry in entries if entry.path not in hidden)
        self.columns = columns_of(self._entries)
        measured = [c.key for c in self.columns if c.section == "Measured"]
        settings = [c.key for c in self.columns if c.section == "Settings"]
        settings.sort(key="setting seed".__eq__)  # the seed last
        fill(self.across, self.columns, next(iter(settings), "seconds"))
        fill(self.up, self.columns, next(iter(measured), "images"))
        fill(self.color, self.columns, usual_color(self._entries))
        self._show()

    def column(self, box: QComboBox) -> Column:
        """The column that is chosen."""
        return next(c for c in self.columns if c.key == box.currentData())

    @Slot()
    def _show(self) -> None:
        columns = (self.column(self.across), self.column(self.up), self.column(self.color))
        for box, column in zip((self.across, self.up, self.color), columns, strict=True):
            box.setToolTip("\n".join(line for line in (column.title, column.help) if line))
        logs = self.logs[0].isChecked(), self.logs[1].isChecked()
        self.chart.show_columns(self._entries, columns, logs, self.best.isChecked())
        for button, can in zip(self.logs, self.chart.can_log(), strict=True):
            button.setEnabled(can)
            button.setToolTip(
                "A logarithmic axis shows small values too" if can else "A logarithm needs numbers above zero"
            )
        sides = bool(columns[0].better and columns[1].better)
        self.best.setEnabled(sides)
        self.best.setToolTip(
            "Join the runs that no other one beats in both axes (the Pareto front)" if sides else NEEDS_SIDES
        )
        self._chosen(self.chart.plot.current)
        self.wake()

    @Slot()
    def wake(self) -> None:
        """It may have to be drawn."""
        if self.isVisible():
            self._work.start()

    def is_busy(self) -> bool:
        """Whether it is still to be drawn."""
        return self._work.isActive()

    @Slot()
    def _draw(self) -> None:
        if self.chart.stale():
            self.chart.refresh(force=True)
            self._chosen(self.chart.plot.current)
            self.drawn.emit()

    # ------------------------------------------------------------ slots

    @Slot(int)
    def _chosen(self, index: int) -> None:
        self.open.setEnabled(index >= 0)
        if index >= 0:
            self.told.setText(" · ".join(self.chart.words_of(index).splitlines()))
            return
        self.told.setText(left_out_words(self.chart.left_out))

    @Slot(int)
    def _open(self, index: int) -> None:
        self.open_wanted.emit(self._entries[index].path)

    @Slot()
    def _open_chosen(self) -> None:
        if self.chart.plot.current >= 0:
            self._open(self.chart.plot.current)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Drawn for the new size."""
        super().resizeEvent(event)
        self.wake()

    def showEvent(self, event: QEvent) -> None:
        """Drawn when it is seen."""
        super().showEvent(event)  # type: ignore[arg-type]
        self.wake()


def usual_color(entries: Sequence[RunEntry]) -> str:
    """What colours tell apart unless the person says otherwise: variants, data, or few runs."""
    for key, values in (("variant", {e.variant for e in entries}), ("source", {e.source for e in entries})):
        if len(values) > 1:
            return key
    return "run" if len(entries) <= MOST else "variant"


def fill(box: QComboBox, columns: Sequence[Column], usual: str) -> None:
    """Offer columns by their sections; what was chosen stays chosen where it is still there."""
    before, section = box.currentData(), ""
    with QSignalBlocker(box):
        box.clear()
        for column in columns:
            if section and column.section != section:
                box.insertSeparator(box.count())
            section = column.section
            box.addItem(column.title, column.key)
            box.setItemData(box.count() - 1, column.help or column.title, Qt.ItemDataRole.ToolTipRole)
        kept = box.findData(before) if before is not None else -1
        box.setCurrentIndex(kept if kept >= 0 else max(box.findData(usual), 0))


def left_out_words(count: int) -> str:
    """How many runs cannot be drawn, in a sentence; empty for none."""
    if not count:
        return ""
    return (
        f"{'1 run lacks' if count == 1 else f'{count} runs lack'} one of the two values and cannot be drawn."
    )
