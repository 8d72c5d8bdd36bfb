"""One chart: title, legend with values, curves, marks, cursor, menu."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from ganstudio.window.model.series import SeriesStore
from ganstudio.window.widgets.charts.spec import ChartOptions, ChartSpec, Mark


class ChartPanel(QFrame):
    """Curves over a :class:`SeriesStore`. The owner calls :meth:`refresh` from its one timer."""

    cursor_moved = Signal(object)
    """int or None: the step under the pointer."""
    step_picked = Signal(int)
    """A click on the curves: the step there."""
    maximise_toggled = Signal(bool)

    def __init__(self, spec: ChartSpec, store: SeriesStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)

    def refresh(self, force: bool = False) -> bool:
        """Redraw if visible, changed, and not drawn within the last 100 ms; tells whether it did."""
        ...

    def set_store(self, store: SeriesStore) -> None:
        """Show another run's series."""

    def set_options(self, options: ChartOptions) -> None:
        """How to draw."""

    def set_theory(self, values: Mapping[str, float]) -> None:
        """Dashed lines where theory has a value: scalar name to value."""

    def set_marks(self, marks: Sequence[Mark]) -> None:
        """The vertical marks."""

    def set_cursor(self, step: int | None) -> None:
        """Move the cursor line and show the values there; ``None`` hides it."""
