"""A thousand latents in the plane, coloured; a click or drag shows what lies there, and the timeline is drawn on it."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from ganstudio.core.explore.messages import CannotExplore, Locate, Located, MapOut, MapPart, Working
from ganstudio.core.explore.recipe import Recipe, Seed
from ganstudio.window.explore.column.section import small_button
from ganstudio.window.explore.desk import Desk
from ganstudio.window.explore.images import pictures, qimages
from ganstudio.window.explore.state import Explorer
from ganstudio.window.theme import theme
from ganstudio.window.widgets.basic import Caption
from ganstudio.window.widgets.segmented import SegmentedControl

COUNT, MARGIN, DOT, HEIGHT = 1000, 18.0, 3.0, 24
METHODS = (
    ("pca", "PCA", "The plane in which the latents' pictures differ most"),
    ("tsne", "t-SNE", "Neighbours stay neighbours; distances mean little"),
)
COLOURS = (
    ("score", "Score", "What the discriminator says: orange generated, green real"),
    ("class", "Class", "The class of each latent"),
    ("nearest", "Nearest", "How far the nearest training picture is"),
)


Places = NDArray[np.float32]
NOWHERE: Places = np.zeros((0, 2), np.float32)
PIECES = 48
"""Places between the first and the last key through which the way is drawn."""


class MapCanvas(QWidget):
    """Points or thumbnails in the plane, from -1 to 1. ``pointed`` carries the index nearest to the pointer."""

    pointed = Signal(int)
    released = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._at: NDArray[np.float32] = np.zeros((0, 2), np.float32)
        self._shade: NDArray[np.float32] = np.zeros(0, np.float32)
        self._images: list[QImage] = []
        self._thumbnails = False
        self._current = -1
        self._here: Places = NOWHERE
        self._way, self._keys = NOWHERE, NOWHERE
        self._drag = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(QSize(160, 120))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Map of latents")
        self.setToolTip("Click or drag to show what lies there; arrow keys go to the neighbour on that side")
        theme().changed.connect(self.update)

    def set_points(self, at: NDArray[np.float32], shade: NDArray[np.float32], images: list[QImage]) -> None:
        """Points (N, 2) within [-1, 1], their shade (N,) from 0 to 1, their pictures."""
        self._at, self._shade, self._images = at, shade, images
        self.setAccessibleName(f"Map of {len(at):,} latents")
        self.update()

    def set_thumbnails(self, on: bool) -> None:
        """Pictures instead of dots."""
        self._thumbnails = on
        self.update()

    def set_current(self, index: int) -> None:
        """Which point is shown now; -1 for none."""
        self._current = index
        self.update()

    def set_way(self, way: Places, keys: Places, here: Places) -> None:
        """Where the timeline leads (N, 2), where its keys lie (K, 2), and where we are, (1, 2) or (0, 2)."""
        self._way, self._keys, self._here = way, keys, here
        self.update()

    def way(self) -> tuple[Places, Places, Places]:
        """The way, its keys, and where we are beside the points."""
        return self._way, self._keys, self._here

    def point(self, index: int) -> QPointF:
        """Where a point is painted."""
        return self.place(self._at[index])

    def place(self, at: Places) -> QPointF:
        """Where a place (2,) of the map is painted."""
        x, y = at
        across, down = self.width() / 2 - MARGIN, self.height() / 2 - MARGIN
        return QPointF(self.width() / 2 + float(x) * across, self.height() / 2 - float(y) * down)

    def nearest(self, place: QPointF) -> int:
        """The point nearest to a place; -1 where there is none."""
        if not len(self._at):
            return -1
        across, down = self.width() / 2 - MARGIN, self.height() / 2 - MARGIN
        x = (place.x() - self.width() / 2) / max(across, 1.0)
        y = (self.height() / 2 - place.y()) / max(down, 1.0)
        away = (self._at - np.array([x, y], np.float32)) * np.array([across, down], np.float32)
        return int((away**2).sum(axis=1).argmin())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Dots or thumbnails, the way of the timeline, and where we are."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._thumbnails:
            self._paint_pictures(painter)
        else:
            self._paint_dots(painter)
        if len(self._way) > 1:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme().color("text"), 1.5))
            painter.drawPolyline(QPolygonF([self.place(at) for at in self._way]))
        painter.setPen(QPen(theme().color("card"), 1.5))
        painter.setBrush(theme().color("text"))
        for key in self._keys:
            painter.drawEllipse(self.place(key), 4, 4)
        painter.setBrush(theme().color("accent"))
        if 0 <= self._current < len(self._at):
            painter.drawEllipse(self.point(self._current), 6, 6)
        for at in self._here:
            painter.drawEllipse(self.place(at), 6, 6)

    def _paint_dots(self, painter: QPainter) -> None:
        low, high = theme().color("generator"), theme().color("real")
        painter.setPen(Qt.PenStyle.NoPen)
        for index, shade in enumerate(self._shade.tolist()):
            colour = high if shade >= 0.5 else low
            colour.setAlphaF(0.35 + 0.65 * abs(2 * shade - 1))
            painter.setBrush(colour)
            painter.drawEllipse(self.point(index), DOT, DOT)

    def _paint_pictures(self, painter: QPainter) -> None:
        """Each where there is room: of those that would overlap the first is painted."""
        taken: set[tuple[int, int]] = set()
        for index, image in enumerate(self._images):
            middle = self.point(index)
            cell = (int(middle.x() // HEIGHT), int(middle.y() // HEIGHT))
            if cell not in taken:
                taken.add(cell)
                box = QRectF(cell[0] * HEIGHT, cell[1] * HEIGHT, HEIGHT - 1, HEIGHT - 1)
                painter.drawImage(box, image)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Show what lies there."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._drag = True
            self._point_at(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on while the button is held."""
        if self._drag:
            self._point_at(event.position())

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """The drag is over."""
        if self._drag:
            self._drag = False
            self.released.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """To the neighbour on a side."""
        ways = {
            Qt.Key.Key_Left: (-1.0, 0.0),
            Qt.Key.Key_Right: (1.0, 0.0),
            Qt.Key.Key_Up: (0.0, 1.0),
            Qt.Key.Key_Down: (0.0, -1.0),
        }
        way = ways.get(Qt.Key(event.key()))
        if way is None or not len(self._at):
            super().keyPressEvent(event)
            return
        here = self._at[self._current] if self._current >= 0 else np.zeros(2, np.float32)
        apart = self._at - here
        along = apart @ np.array(way, np.float32)
        cost = np.where(along > 1e-4, (apart**2).sum(axis=1) / np.maximum(along, 1e-4), np.inf)
        if np.isfinite(cost).any():
            self.pointed.emit(int(cost.argmin()))

    def _point_at(self, place: QPointF) -> None:
        index = self.nearest(place)
        if index >= 0 and index != self._current:
            self.pointed.emit(index)


class MapView(QWidget):
    """Parts: ``canvas``, ``method``, ``colour``, ``thumbnails``, ``again``."""

    failed = Signal(str, str)

    def __init__(self, explorer: Explorer, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.explorer, self._desk = explorer, desk
        self._asked: tuple[object, ...] | None = None
        self._at: list[NDArray[np.float32]] = []
        self._colour: list[NDArray[np.float32]] = []
        self._images: list[QImage] = []
        self._seeds: list[int] = []
        self._base = Recipe()
        self._map = 0
        self._located: tuple[object, ...] | None = None
        self.canvas = MapCanvas()
        self.method = SegmentedControl(METHODS, "Map by")
        self.colour = SegmentedControl(COLOURS, "Colour by")
        self.thumbnails = small_button("Thumbnails", "Pictures instead of dots", True)
        self.again = QPushButton("Draw anew")
        self.again.setToolTip(
            "Make the map of the model as it is now, with what is set in the column at the left"
        )
        self.words = Caption("")
        foot = QHBoxLayout()
        foot.setSpacing(8)
        for part in (self.method, self.colour, self.thumbnails):
            foot.addWidget(part)
        foot.addWidget(self.words, 1)
        foot.addWidget(self.again)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.canvas, 1)
        column.addLayout(foot)
        self.canvas.pointed.connect(self._on_pointed)
        self.canvas.released.connect(explorer.seal)
        self.method.chosen.connect(self.draw)
        self.colour.chosen.connect(self.draw)
        self.thumbnails.toggled.connect(self.canvas.set_thumbnails)
        self.again.clicked.connect(self.draw)
        explorer.recipe_changed.connect(self._show_place)
        explorer.timeline_changed.connect(self._locate)

    def refresh(self) -> None:
        """Make the map when it is first looked at, and for another run; moving about does not change it."""
        opened = self.explorer.opened
        if opened is None or not self.isVisible():
            return
        for name, why in (
            ("score", self.explorer.why_not("score")),
            ("class", "" if opened.capabilities.classes else "This model has no classes."),
            ("nearest", self.explorer.why_not("nearest")),
        ):
            self.colour.set_enabled(name, not why, why)
        if self.explorer.why_not("score") and self.colour.value() == "score":
            self.colour.set_value("class" if opened.capabilities.classes else "nearest")
        if self._asked is None or self._asked[0] != opened.model:
            self.draw()
        else:
            self._locate()

    @Slot()
    def draw(self) -> None:
        """Ask for the map."""
        model = self.explorer.model
        if model is None:
            return
        why = self.explorer.why_not("map")
        if why:
            self.words.setText(why)
            return
        method, colour = self.method.value(), self.colour.value()
        self._asked = (model, method, colour)
        self._at, self._colour, self._images, self._seeds = [], [], [], []
        self.words.setText("Looking around …")
        self._base, self._map, self._located = self.explorer.recipe, 0, None
        self.canvas.set_way(NOWHERE, NOWHERE, NOWHERE)
        request = MapOut(0, "map", model, COUNT, method, colour, self._base, HEIGHT)  # type: ignore[arg-type]
        self._desk.ask(request, self._on_part)

    def _on_part(self, report: object) -> None:
        if isinstance(report, Working):
            self.words.setText(f"{report.what}, {report.done:.0%}")
        elif isinstance(report, CannotExplore):
            self.words.setText("")
            self.failed.emit(report.problem, report.remedy)
        elif isinstance(report, MapPart):
            if report.first == 0:
                self._at, self._colour, self._images, self._seeds = [], [], [], []
            self._at.append(report.at)
            self._colour.append(report.colour)
            self._images += qimages(pictures(report.images))
            self._seeds += report.seeds
            done = len(self._seeds)
            self.words.setText(
                f"{done:,} latents" if done >= report.total else f"{done:,} of {report.total:,}"
            )
            self.canvas.set_points(np.concatenate(self._at), self._shades(), self._images)
            self._show_place()
            if done >= report.total:
                self._map = report.id
                self._locate()

    @Slot()
    def _locate(self) -> None:
        """Ask where the timeline leads, and where we are if that is none of the points; once the map is drawn."""
        model, timeline, place = self.explorer.model, self.explorer.timeline, self.explorer.recipe.place
        if model is None or not self._map or not self.isVisible():
            return
        known = isinstance(place, Seed) and place.seed in self._seeds
        wanted = (self._map, timeline, None if known else place)
        if wanted == self._located:
            return
        self._located = wanted
        keys = tuple(map(self._base.at, timeline.keys))
        way = timeline.strip(self._base, PIECES) if timeline.plays else ()
        here = () if known else (self._base.at(place),)
        if not (keys or here):
            self.canvas.set_way(NOWHERE, NOWHERE, NOWHERE)
            return
        request = Locate(0, "map-way", model, keys + way + here, self._map)
        self._desk.ask(request, partial(self._on_located, len(keys), len(way)))

    def _on_located(self, keys: int, way: int, report: object) -> None:
        if isinstance(report, Located):
            at = report.at
            self.canvas.set_way(at[keys : keys + way], at[:keys], at[keys + way :])
        elif isinstance(report, CannotExplore):
            self.canvas.set_way(NOWHERE, NOWHERE, NOWHERE)
            self.words.setText(f"{report.problem} {report.remedy}".strip())

    def _shades(self) -> NDArray[np.float32]:
        """Colours by rank, from 0 to 1: half of the points on either side, whatever the unit."""
        values = np.concatenate(self._colour)
        if self.colour.value() == "score" and self.explorer.can is not None and self.explorer.can.probability:
            return np.clip(values, 0.0, 1.0).astype(np.float32)
        order = values.argsort(kind="stable").argsort(kind="stable")
        return (order / max(len(values) - 1, 1)).astype(np.float32)

    @Slot()
    def _show_place(self) -> None:
        known = {seed: index for index, seed in enumerate(self._seeds)}
        place = self.explorer.recipe.place
        here = known.get(place.seed, -1) if isinstance(place, Seed) else -1
        self.canvas.set_current(here)
        if here >= 0:
            way, keys, _ = self.canvas.way()
            self.canvas.set_way(way, keys, NOWHERE)

    @Slot(int)
    def _on_pointed(self, index: int) -> None:
        if index < len(self._seeds):
            seed = self._seeds[index]
            self.explorer.go(Seed(seed), f"Seed {seed}", "map")
