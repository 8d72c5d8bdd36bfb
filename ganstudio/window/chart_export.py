"""Taking a chart home from the menu: which one is meant, and the question in which form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QApplication, QWidget

from ganstudio.window.dialogs.chooser import Chooser, Entry
from ganstudio.window.widgets.charts.frame import ChartFrame

FORMS = (
    ("save_png", "PNG", "A picture of the chart"),
    ("save_svg", "SVG", "A drawing of the chart"),
    ("save_csv", "CSV", "The numbers behind it"),
)


class Chart(Protocol):
    """What can be taken home: a chart with its data. Each way asks where and writes."""

    def export_title(self) -> str:
        """Which chart it is, in words."""
        ...

    def save_png(self) -> object:
        """As a picture."""
        ...

    def save_svg(self) -> object:
        """As a drawing."""
        ...

    def save_csv(self) -> object:
        """As numbers."""
        ...


def meant(charts: Sequence[ChartFrame]) -> ChartFrame | None:
    """The chart that has the focus, else the first that can be seen, else the first with data."""
    focus = QApplication.focusWidget()
    some = [chart for chart in charts if chart.has_data() and not chart.isHidden()]
    focused = [c for c in some if focus is not None and (c is focus or c.isAncestorOf(focus))]
    seen = [chart for chart in some if chart.is_seen()]
    return next(iter(focused or seen or some), None)


class ChartExport(QObject):
    """Asks in which form a chart is wanted, and then where."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._chart: Chart | None = None

    def ask(self, chart: Chart | None) -> None:
        """For a chart; nothing happens where there is none."""
        self._chart = chart
        if chart is None:
            return
        title = chart.export_title()
        entries = [Entry(way, words, tip, group=title) for way, words, tip in FORMS]
        menu = Chooser(entries, "", self._window)
        menu.chosen.connect(self._export)
        menu.open_over(self._window, 320)

    @Slot(str)
    def _export(self, way: str) -> None:
        getattr(self._chart, way)()
