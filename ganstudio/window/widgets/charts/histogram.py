"""What the discriminator says now: its answers on real and on generated samples."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QWidget

from ganstudio.core.messages import Scores


class OutputHistogram(QFrame):
    """Two overlapping histograms: 32 bins from 0 to 1 for probabilities, an automatic range for raw scores."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)

    def set_scores(self, scores: Scores | None) -> None:
        """Show the newest answers; drawn at the next :meth:`refresh`."""

    def refresh(self, force: bool = False) -> bool:
        """Redraw if visible and changed, at most ten times a second."""
        ...
