"""The column of charts at the right of the Train workspace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ganstudio.core.messages import Scores
from ganstudio.window.model.series import SeriesStore
from ganstudio.window.widgets.charts.spec import ChartOptions, Mark


class ChartColumn(QWidget):
    """Losses, discriminator output, its histogram, gradient norms, penalties, speed; one cursor through all."""

    cursor_moved = Signal(object)
    """int or None: the step under the pointer in any chart."""
    step_picked = Signal(int)
    """A click in any chart: the step there."""
    options_changed = Signal(object)
    """ChartOptions, when the person changed the shared controls."""

    def __init__(self, store: SeriesStore | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.store: SeriesStore = store or SeriesStore()

    def set_store(self, store: SeriesStore) -> None:
        """Show another run; marks and scores are cleared."""

    def refresh(self, force: bool = False) -> None:
        """Redraw what is visible and changed; called from the owner's one timer, 10 to 30 times a second."""

    def set_options(self, options: ChartOptions) -> None:
        """The shared way to draw, without a signal."""

    def options(self) -> ChartOptions:
        """The shared way to draw."""
        ...

    def set_theory(self, equilibrium: Mapping[str, float]) -> None:
        """An objective's ``equilibrium``: scalar name to value."""

    def set_scores(self, scores: Scores | None) -> None:
        """The discriminator's newest answers."""

    def add_mark(self, mark: Mark) -> None:
        """A changed setting or a resume."""

    def set_marks(self, marks: Sequence[Mark]) -> None:
        """All marks, such as those of a run that was opened."""

    def set_cursor(self, step: int | None) -> None:
        """The cursor in all charts, without a signal."""

    def show_series(self, name: str) -> None:
        """Scroll to the chart with this scalar, as evidence of a finding."""
