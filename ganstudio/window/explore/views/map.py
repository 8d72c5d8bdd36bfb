"""A thousand latents in the plane, coloured; a click or drag shows what lies there, and the timeline is drawn on it."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from ganstudio.core.explore.messages import CannotExplore, Locate, Located, MapOut, MapPart, Working
from ganstudio.core.explore.recipe import Recipe, Seed
from ganstudio.window.explore.column.section import small_button
from ganstudio.window.explore.desk import Desk
from ganstudio.window.explore.images import pictures, qimages
from ganstudio.window.explore.state import Explorer
from ganstudio.window.explore.views.map_canvas import NOWHERE, MapCanvas
from ganstudio.window.explore.views.map_colours import MapLegend, scaled
from ganstudio.window.widgets.basic import Caption
from ganstudio.window.widgets.flow import Flow
from ganstudio.window.widgets.segmented import SegmentedControl

COUNT, HEIGHT = 1000, 24
METHODS = (
    ("pca", "PCA", "The plane in which the latents' pictures differ most"),
    ("tsne", "t-SNE", "Neighbours stay neighbours; distances mean little"),
)
COLOURS = (
    ("score", "Score", "Colour by what the discriminator says of each picture"),
    ("class", "Class", "Colour by the class of each latent"),
    ("nearest", "Nearest", "Colour by how far the nearest training picture is"),
)
PICTURES = "Pictures, framed in their colour, instead of dots"
PIECES = 48
"""Places between the first and the last key through which the way is drawn."""


class MapView(QWidget):
    """Parts: ``canvas``, ``legend``, ``method``, ``colour``, ``thumbnails``, ``again``."""

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
        self.legend = MapLegend()
        self.thumbnails = small_button("Thumbnails", PICTURES, True)
        self.thumbnails.setChecked(True)
        self.again = QPushButton("Draw anew")
        self.again.setToolTip(
            "Make the map of the model as it is now, with what is set in the column at the left"
        )
        self.words = Caption("")
        self.words.setMinimumHeight(self.again.sizeHint().height())
        feet = QWidget()
        foot = Flow(8, feet)
        for part in (self.method, self.colour, self.thumbnails, self.again, self.words):
            foot.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.canvas, 1)
        column.addWidget(self.legend)
        column.addWidget(feet)
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
        points = opened.capabilities.shape.kind != "image"
        self.thumbnails.setEnabled(not points)
        self.thumbnails.setToolTip("This model makes points, not pictures." if points else PICTURES)
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
            can = self.explorer.can
            self.canvas.set_nearness(can.mapped if can is not None else "")
            self._show_points()
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

    def _show_points(self) -> None:
        can = self.explorer.can
        if can is not None:
            shade, scale = scaled(self.colour.value(), np.concatenate(self._colour), can)
            self.canvas.set_points(np.concatenate(self._at), shade, scale, self._images)
            self.legend.set_scale(scale)

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
