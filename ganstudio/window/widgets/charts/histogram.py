"""What the discriminator says now: its answers on real and on generated samples."""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Slot
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QToolTip, QVBoxLayout, QWidget

from ganstudio.core.messages import Scores
from ganstudio.core.numbers import percent, short, significant
from ganstudio.window.model.bins import Bins, score_bins
from ganstudio.window.theme import theme
from ganstudio.window.theme.style import set_role
from ganstudio.window.widgets.charts.header import ChartHeader, Entry
from ganstudio.window.widgets.painting import pen

HEIGHT, LEFT, RIGHT, BOTTOM = 88, 38, 6, 16
OPACITY = 0.62
SHORTEST_PAUSE = 0.1


class _Bars(QWidget):
    """The bars themselves."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bins: Bins | None = None
        self.probability = True
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        theme().changed.connect(self.update)

    def box(self) -> QRectF:
        """Where the bars stand."""
        return QRectF(LEFT, 4, max(self.width() - LEFT - RIGHT, 1), self.height() - 4 - BOTTOM)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ground line, bars, the line at one half, words below."""
        painter, box = QPainter(self), self.box()
        painter.setFont(theme().font("small-figure"))
        painter.setPen(pen(theme().color("line")))
        painter.drawLine(QPointF(box.left(), box.bottom()), QPointF(box.right(), box.bottom()))
        if self.bins is None or self.bins.top <= 0:
            painter.setPen(theme().color("muted"))
            words = "The discriminator's answers appear with the first report."
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, words)
            return
        self._paint_bars(painter, box, self.bins)
        self._paint_words(painter, box, self.bins)

    def _paint_bars(self, painter: QPainter, box: QRectF, bins: Bins) -> None:
        count = len(bins.real)
        for token, shares in (("real", bins.real), ("generator", bins.fake)):
            color = theme().color(token)
            solid = theme().color(token)
            color.setAlphaF(OPACITY)
            for i, share in enumerate(shares.tolist()):
                if share <= 0:
                    continue
                left = round(box.left() + i * box.width() / count)
                right = round(box.left() + (i + 1) * box.width() / count)
                height = max(share / bins.top * box.height(), 1.5)
                bar = QRectF(left, box.bottom() - height, right - left - 1, height)
                painter.fillRect(bar, color)
                # a solid top edge, so that where the two overlap both heights can be read
                painter.fillRect(QRectF(bar.left(), bar.top(), bar.width(), 1.5), solid)

    def _paint_words(self, painter: QPainter, box: QRectF, bins: Bins) -> None:
        low, high = float(bins.edges[0]), float(bins.edges[-1])
        painter.setPen(theme().color("axis"))
        room = QRectF(box.left(), box.bottom() + 1, box.width(), BOTTOM - 1)
        left, right = ("fake 0", "1 real") if self.probability else (short(low), short(high))
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, left)
        painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, right)
        middle = 0.5 if self.probability else 0.0
        if not low < middle < high:
            return
        x = round(box.left() + (middle - low) / (high - low) * box.width())
        words = "½" if self.probability else "0"
        half = painter.fontMetrics().horizontalAdvance(words) / 2
        if abs(x - half - room.left()) > 60 and room.right() - x > 60:
            painter.drawText(QPointF(x - half, room.bottom() - painter.fontMetrics().descent()), words)
        painter.setPen(pen(theme().color("axis"), "dash"))
        painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()))

    def words_at(self, x: float) -> str:
        """What the bin under an x says."""
        box = self.box()
        if self.bins is None or not box.left() <= x <= box.right():
            return ""
        count = len(self.bins.real)
        i = min(int((x - box.left()) / box.width() * count), count - 1)
        span = f"{significant(float(self.bins.edges[i]))} to {significant(float(self.bins.edges[i + 1]))}"
        shares = percent(float(self.bins.real[i])), percent(float(self.bins.fake[i]))
        return f"{span}: {shares[0]} of the real, {shares[1]} of the generated"

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Read out the bin under the pointer."""
        QToolTip.showText(event.globalPosition().toPoint(), self.words_at(event.position().x()), self)


class OutputHistogram(QFrame):
    """Two overlapping histograms: 32 bins from 0 to 1 for probabilities, an automatic range for raw scores."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scores: Scores | None = None
        self._changed = True
        self._last_drawn = -1.0
        self.header = ChartHeader("What the discriminator says now")
        self.bars = _Bars()
        self.header.setToolTip(
            "How sure the discriminator is, sample by sample. Where the two hills lie apart it can tell real from "
            "generated; where they lie on each other it cannot."
        )
        self.header.fold_requested.connect(self._fold)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 6, 8, 6)
        layout.setSpacing(2)
        layout.addWidget(self.header)
        layout.addWidget(self.bars)
        self.setAccessibleName("What the discriminator says now")
        set_role(self, "card")
        theme().changed.connect(self._invalidate)
        self._show_legend()

    def set_scores(self, scores: Scores | None) -> None:
        """Show the newest answers; drawn at the next :meth:`refresh`."""
        self._scores = scores
        self._changed = True

    def refresh(self, force: bool = False) -> bool:
        """Redraw if visible and changed, at most ten times a second."""
        now = time.monotonic()
        if not force and (not self._changed or now - self._last_drawn < SHORTEST_PAUSE or not self._seen()):
            return False
        self._changed, self._last_drawn = False, now
        scores = self._scores
        self.bars.bins = score_bins(scores.real, scores.fake, scores.probability) if scores else None
        self.bars.probability = scores.probability if scores else True
        self._show_legend()
        self.bars.update()
        return True

    def _seen(self) -> bool:
        return self.bars.isVisible() and not self.bars.visibleRegion().isEmpty()

    def _show_legend(self) -> None:
        scores = self._scores
        real = significant(float(scores.real.mean())) if scores is not None and scores.real.size else ""
        fake = significant(float(scores.fake.mean())) if scores is not None and scores.fake.size else ""
        self.header.set_entries([Entry("real", real, "real"), Entry("generated", fake, "generator")])
        told = f"Mean answer {real} on real, {fake} on generated" if real or fake else "No answers yet"
        self.bars.setAccessibleName(told)

    def showEvent(self, event: QEvent) -> None:
        """Drawn anew by the next refresh."""
        super().showEvent(event)  # type: ignore[arg-type]
        self._changed = True

    @Slot()
    def _invalidate(self) -> None:
        self._changed = True

    @Slot()
    def _fold(self) -> None:
        folded = self.bars.isVisibleTo(self)
        self.bars.setVisible(not folded)
        self.header.set_folded(folded)
        self._changed = True
