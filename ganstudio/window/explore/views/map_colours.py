"""The colours of a map: a scale between two ends, or one colour for each class, and the legend that says which."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganstudio.core.explore.messages import Capabilities
from ganstudio.core.numbers import significant
from ganstudio.window.theme import theme
from ganstudio.window.theme.tokens import luminance
from ganstudio.window.widgets.painting import swatch

OUTER = 2
"""Per cent of the values at either end that share the colour of that end."""
TOKENS = 8
"""Classes up to which each has one of the colours by which runs are told apart; more share the circle of hues."""
BAR, SWATCH, GAP, LINE = 90, 10, 6, 18


@dataclass(frozen=True)
class Scale:
    """From the colour ``low`` to ``high`` with words at its ends, or, with ``names``, one colour for each class."""

    low: str = "muted"
    high: str = "muted"
    words: tuple[str, str] = ("", "")
    names: tuple[str, ...] = ()

    def color(self, value: float) -> QColor:
        """The colour of a shade from 0 to 1, or of a class by its number."""
        if self.names:
            return class_color(int(value), len(self.names))
        share, ends = min(max(value, 0.0), 1.0), (theme().color(self.low), theme().color(self.high))
        return QColor.fromRgbF(
            *(a + (b - a) * share for a, b in zip(ends[0].getRgbF()[:3], ends[1].getRgbF()[:3], strict=True))
        )


def class_color(number: int, count: int) -> QColor:
    """The colour of one of ``count`` classes."""
    if count <= TOKENS:
        return theme().color(f"run-{number % TOKENS + 1}")
    dark = luminance(theme().tokens["card"]) < 0.5
    hue = number % count / count
    # Neighbours on the circle differ in strength, too.
    return QColor.fromHsvF(hue, 0.75 if number % 2 else 0.45, 0.95 if dark else 0.7)


def scaled(colour: str, values: NDArray[np.float32], can: Capabilities) -> tuple[NDArray[np.float32], Scale]:
    """What a map is coloured by ("score", "class" or "nearest") as shades (N,) and their scale."""
    if colour == "class":
        return values, Scale(names=can.classes or ("all",))
    low, high = (float(end) for end in np.percentile(values, (OUTER, 100 - OUTER)))
    shade = np.clip((values - low) / max(high - low, 1e-9), 0, 1).astype(np.float32)
    ends = significant(low, 2), significant(high, 2)
    if colour == "nearest":
        words = f"{ends[0]}, nearest to a training picture", f"{ends[1]}, farthest"
        return shade, Scale("accent", "track", words)
    unit = " real" if can.probability else ""
    return shade, Scale("generator", "real", (f"{ends[0]}{unit}", f"{ends[1]}{unit}"))


class MapLegend(QWidget):
    """One line that says what the colours mean."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scale: Scale | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(LINE)
        self.setAccessibleName("Colours of the map")
        theme().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(200, LINE)

    def set_scale(self, scale: Scale) -> None:
        """What the colours are."""
        self._scale = scale
        self.setAccessibleDescription(self.words())
        self.setToolTip(self.words())
        self.update()

    def words(self) -> str:
        """The legend as a text."""
        scale = self._scale
        if scale is None:
            return ""
        return ", ".join(scale.names) if scale.names else f"from {scale.words[0]} to {scale.words[1]}"

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A bar between two words, or a square for each class."""
        if self._scale is None:
            return
        painter = QPainter(self)
        painter.setFont(theme().font("caption"))
        painter.setPen(theme().color("muted"))
        if self._scale.names:
            self._paint_classes(painter, self._scale)
        else:
            self._paint_bar(painter, self._scale)

    def _paint_bar(self, painter: QPainter, scale: Scale) -> None:
        left = self._write(painter, 0.0, scale.words[0]) + GAP
        bar = QRectF(left, LINE / 2 - 4, BAR, 8)
        fill = QLinearGradient(bar.topLeft(), bar.topRight())
        for stop in (0.0, 0.5, 1.0):
            fill.setColorAt(stop, scale.color(stop))
        painter.fillRect(bar, fill)
        self._write(painter, bar.right() + GAP, scale.words[1])

    def _paint_classes(self, painter: QPainter, scale: Scale) -> None:
        """As many as there is room for; the tooltip has all."""
        left, metrics = 0.0, painter.fontMetrics()
        for number, name in enumerate(scale.names):
            if left + SWATCH + GAP + metrics.horizontalAdvance(f"{name} …") > self.width():
                self._write(painter, left, "…")
                return
            swatch(painter, QRectF(left, LINE / 2 - SWATCH / 2, SWATCH, SWATCH), scale.color(number))
            left = self._write(painter, left + SWATCH + GAP - 2, name) + 2 * GAP

    def _write(self, painter: QPainter, left: float, text: str) -> float:
        """Words from ``left`` on; where they end."""
        wide = painter.fontMetrics().horizontalAdvance(text)
        painter.drawText(QRectF(left, 0, wide + 2, LINE), Qt.AlignmentFlag.AlignVCenter, text)
        return left + wide
