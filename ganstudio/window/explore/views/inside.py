"""What the layers of both players make of the picture: feature maps, their statistics and their spectrum."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QSizePolicy, QVBoxLayout, QWidget

from ganstudio.core.explore.messages import CannotExplore, Inspect, Inspected
from ganstudio.core.numbers import MINUS
from ganstudio.window.explore.desk import Desk
from ganstudio.window.explore.state import Explorer
from ganstudio.window.theme import theme
from ganstudio.window.theme.style import set_role
from ganstudio.window.widgets.basic import Caption, ElidedLabel
from ganstudio.window.widgets.grid_canvas import GridCanvas
from ganstudio.window.widgets.painting import pen
from ganstudio.window.widgets.segmented import SegmentedControl

PLAYERS = (
    ("generator", "Generator", "From the latent to the picture"),
    ("discriminator", "Discriminator", "From the picture to the verdict"),
)
LIST_WIDTH, CHANNELS = 236, 64
HEAD, FOOT, PLOT_HEIGHT = 16, 16, 112


class MapsCanvas(GridCanvas):
    """Feature maps with their statistics as names."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Feature maps", parent)
        self._found: Inspected | None = None

    def show_found(self, found: Inspected) -> None:
        """The maps of a layer."""
        self._found = found
        self.set_images(found.maps[:, :, :, None])

    def cell_name(self, index: int) -> str:
        """Channel and statistics."""
        found = self._found
        if found is None or index >= len(found.mean):
            return f"channel {index}"
        mean, deviation, most = found.mean[index], found.deviation[index], found.largest[index]
        return f"channel {index}: mean {mean:.3g}, deviation {deviation:.3g}, largest {most:.3g}"


class SpectrumPlot(QWidget):
    """Mean power by frequency, in dB."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values: NDArray[np.float32] = np.zeros(0, np.float32)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(PLOT_HEIGHT)
        self.setAccessibleName("Spectrum")
        self.setToolTip(
            "Mean power of the feature maps in dB, from one wave across the picture (left) to the finest detail"
        )
        theme().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """As wide as the list."""
        return QSize(LIST_WIDTH, PLOT_HEIGHT)

    def set_values(self, values: NDArray[np.float32]) -> None:
        """Decibels at 0, 1, 2 ... waves. At none there is only what was left of the mean, which is not drawn."""
        self._values = values[1:]
        self.setAccessibleDescription(self.words())
        self.update()

    def words(self) -> str:
        """What is drawn, in words."""
        if len(self._values) < 2:
            return "no spectrum: too small for waves"
        low, high = float(self._values.min()), float(self._values.max())
        return f"spectrum, {low:.0f} to {high:.0f} dB".replace("-", MINUS)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """One line, the range of its values in words, and how many waves the ends stand for."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme().font("caption"))
        box = QRectF(self.rect()).adjusted(1, HEAD, -1, -FOOT)
        painter.setPen(theme().color("muted"))
        painter.drawText(QPointF(2, 11), self.words())
        count = len(self._values)
        if count < 2:
            return
        ends = QRectF(self.rect()).adjusted(1, self.height() - FOOT, -1, 0)
        painter.drawText(ends, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, "1 wave")
        painter.drawText(ends, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"{count} waves")
        painter.setPen(pen(theme().color("grid")))
        painter.drawRect(box)
        low = float(self._values.min())
        span = max(float(self._values.max()) - low, 1e-6)
        points = [
            QPointF(
                box.left() + i / (count - 1) * box.width(),
                box.bottom() - (value - low) / span * box.height(),
            )
            for i, value in enumerate(self._values.tolist())
        ]
        painter.setPen(pen(theme().color("accent"), width=1.5))
        painter.drawPolyline(QPolygonF(points))


class InsideView(QWidget):
    """Parts: ``player``, ``layers``, ``maps``, ``spectrum``."""

    failed = Signal(str, str)

    def __init__(self, explorer: Explorer, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.explorer, self._desk = explorer, desk
        self._listed: object = None
        self.player = SegmentedControl(PLAYERS, "Player")
        self.layers = QListWidget()
        self.layers.setFixedWidth(LIST_WIDTH)
        self.layers.setAccessibleName("Layers")
        self.layers.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.layers.setToolTip("The layers of the player, from its input on")
        self.maps = MapsCanvas()
        self.spectrum = SpectrumPlot()
        self.spectrum.setFixedWidth(LIST_WIDTH)
        self.words, self.title = Caption("", wrap=True), ElidedLabel()
        self.title.setFont(theme().font("title"))
        set_role(self.title, "title")
        left = QVBoxLayout()
        left.setSpacing(8)
        for part in (self.player, self.layers, self.spectrum):
            left.addWidget(part)
        right = QVBoxLayout()
        right.setSpacing(4)
        right.addWidget(self.title)
        right.addWidget(self.words)
        right.addWidget(self.maps, 1)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        line.addLayout(left)
        line.addLayout(right, 1)
        self.player.chosen.connect(self._on_player)
        self.layers.currentRowChanged.connect(self.ask)

    def refresh(self) -> None:
        """The layers of the model, and the one that is looked into."""
        can = self.explorer.can
        if can is None or not self.isVisible():
            return
        for name, _, _ in PLAYERS:
            why = "" if can.layers.get(name) else "This player cannot be looked into here."
            self.player.set_enabled(name, not why, self.explorer.why_not("score") or why)
        self._list()
        self.ask()

    def _list(self) -> None:
        can, player = self.explorer.can, self.player.value()
        layers = can.layers.get(player, ()) if can is not None else ()
        if self._listed == (player, layers):
            return
        self._listed = (player, layers)
        with QSignalBlocker(self.layers):
            self.layers.clear()
            for name, height, width, count in layers:
                size = f"{width} × {height} × {count}" if height * width > 1 else f"{count} numbers"
                item = QListWidgetItem(f"{size}  {name.split()[-1]}", self.layers)
                item.setToolTip(f"{name}: {width} × {height} px, {count} channels")
            spread = (row for row, (_, height, width, _) in enumerate(layers) if height * width > 1)
            self.layers.setCurrentRow(next(spread, 0))

    @Slot(str)
    def _on_player(self, _player: str) -> None:
        self._list()
        self.ask()

    @Slot()
    def ask(self) -> None:
        """Look into the chosen layer."""
        model, row = self.explorer.model, self.layers.currentRow()
        if model is not None and row >= 0 and self.isVisible():
            player = self.player.value()
            request = Inspect(0, "inside", model, self.explorer.recipe, player, row, CHANNELS)  # type: ignore[arg-type]
            self._desk.ask(request, self._on_found, patient=True)

    def _on_found(self, report: object) -> None:
        if isinstance(report, CannotExplore):
            self.words.setText(report.problem)
        elif isinstance(report, Inspected):
            item = self.layers.currentItem()
            self.title.setText(item.toolTip().partition(":")[0] if item is not None else "")
            dead = int((report.deviation < 1e-6).sum())
            shown = len(report.maps)
            words = (
                f"{shown} of {report.channels} channels" if shown < report.channels else f"{shown} channels"
            )
            words += f" · mean {float(report.mean.mean()):.3g} · largest {float(report.largest.max()):.3g}"
            self.words.setText((words + (f" · {dead} constant" if dead else "")).replace("-", MINUS))
            self.maps.show_found(report)
            self.spectrum.set_values(report.spectrum)
