"""The chosen runs beside each other, in four views: curves, settings, samples, scatter."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ganstudio.core.numbers import whole
from ganstudio.core.run_list import RunEntry
from ganstudio.window.background import Background
from ganstudio.window.compare.views.curves import CurvesView
from ganstudio.window.compare.views.legend import LegendStrip
from ganstudio.window.compare.views.library import Library
from ganstudio.window.compare.views.strands import MOST
from ganstudio.window.widgets.basic import Caption, EmptyState
from ganstudio.window.widgets.segmented import SegmentedControl

VIEWS = (("curves", "Curves", "Every series and every measurement of the chosen runs over the same axes"),)


class ComparePane(QWidget):
    """Shows the runs that are chosen elsewhere, see :meth:`show_runs`. Everything is read in ``background``."""

    told = Signal(str)
    """A sentence for the person."""
    open_wanted = Signal(object)
    """The path of a run that is to be opened."""

    def __init__(self, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.library = Library(background, self)
        # widgets
        self.switch = SegmentedControl(VIEWS, "Compare by")
        self.legend = LegendStrip()
        self.note = Caption(wrap=True)
        self.curves = CurvesView(self.library)
        self.empty = EmptyState("No runs are chosen", "Select runs in the table, and they are compared here.")
        self._stack = QStackedWidget()
        # connections
        self.switch.chosen.connect(self.set_view)
        self.legend.hidden_changed.connect(self._hide)
        self.legend.open_wanted.connect(self.open_wanted)
        self.curves.strands_changed.connect(self._name_runs)
        # assembly
        self._assemble()
        self.show_runs(())

    def _assemble(self) -> None:
        for view in (self.empty, self.curves):
            self._stack.addWidget(view)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.switch)
        row.addWidget(self.note, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(row)
        layout.addWidget(self.legend)
        layout.addWidget(self._stack, 1)
        self.setAccessibleName("Comparison of the chosen runs")

    # ------------------------------------------------------------ content

    def show_runs(self, entries: Sequence[RunEntry]) -> None:
        """The chosen runs, of which at most twelve are drawn. Only what has changed is read again."""
        self._entries = tuple(entries[:MOST])
        self._all = tuple(entries)
        self.library.choose([entry.path for entry in self._entries])
        left = len(entries) - len(self._entries)
        self.note.setText(
            f"The first {MOST} of {whole(len(entries))} chosen runs are shown." if left > 0 else ""
        )
        self._show()

    def _show(self) -> None:
        self.curves.show_runs(self._entries, self.legend.hidden())
        self._name_runs()
        self._stack.setCurrentWidget(self.curves if self._entries else self.empty)

    @Slot()
    def _name_runs(self) -> None:
        self.legend.set_strands(self.curves.strands())

    @Slot()
    def _hide(self) -> None:
        self.curves.show_runs(self._entries, self.legend.hidden())

    # ------------------------------------------------------------ views

    def view(self) -> str:
        """Which view is in front."""
        return self.switch.value()

    @Slot(str)
    def set_view(self, view: str) -> None:
        """Bring a view to the front."""
        self.switch.set_value(view)
        self._show()

    def shut_down(self) -> None:
        """Give up what is being read."""
        self.library.shut_down()
