"""Two models with one latent: side by side, or one over the other with an edge to move between them."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from ganstudio.core.explore.messages import CannotExplore, Open, Opened, Render, Rendered
from ganstudio.core.explore.recipe import Model, Recipe
from ganstudio.core.numbers import whole
from ganstudio.window.explore.column.given import choice
from ganstudio.window.explore.column.model_card import Runs, checkpoints, choose_run, standing
from ganstudio.window.explore.desk import Desk
from ganstudio.window.explore.images import qimages
from ganstudio.window.explore.state import Explorer
from ganstudio.window.model.tiles import zoom_for
from ganstudio.window.theme import theme
from ganstudio.window.widgets.basic import Caption
from ganstudio.window.widgets.flow import Flow
from ganstudio.window.widgets.segmented import SegmentedControl

WAYS = (
    ("beside", "Side by side", "A at the left, B at the right"),
    ("swipe", "Swipe", "B under A: drag the edge between them"),
)
LABEL, GAP = 20, 16


class PairCanvas(QWidget):
    """Two pictures of one latent."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._images = [QImage(), QImage()]
        self._names = ["A", "B"]
        self._swipe, self._edge = False, 0.5
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(QSize(160, 120))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("A and B")
        self.setToolTip("One latent in two models; in swipe, drag the edge or use the arrow keys")
        theme().changed.connect(self.update)

    def set_image(self, side: int, image: QImage) -> None:
        """The picture of A (0) or B (1)."""
        self._images[side] = image
        self.update()

    def image(self, side: int) -> QImage:
        """The picture of A (0) or B (1)."""
        return self._images[side]

    def set_name(self, side: int, name: str) -> None:
        """What is written above it."""
        self._names[side] = name
        self.update()

    def set_swipe(self, on: bool) -> None:
        """One over the other."""
        self._swipe = on
        self.update()

    def set_edge(self, edge: float) -> None:
        """Where A ends and B begins, from 0 to 1 of the picture."""
        self._edge = min(max(edge, 0.0), 1.0)
        self.update()

    def edge(self) -> float:
        """Where A ends and B begins."""
        return self._edge

    def box(self, side: int) -> QRectF:
        """Where a picture is painted. Under a swipe both fill the box of A, whatever their sizes."""
        own = self._images[side]
        image = own if not own.isNull() and (side == 0 or not self._swipe) else self._images[0]
        image = own if image.isNull() else image
        if image.isNull():
            return QRectF()
        ratio = self.devicePixelRatioF()
        wide = self.width() if self._swipe else (self.width() - GAP) / 2
        left = 0.0 if self._swipe or side == 0 else wide + GAP
        tall = self.height() - LABEL
        zoom = zoom_for((image.width(), image.height()), (wide * ratio, tall * ratio)) / ratio
        width, height = image.width() * zoom, image.height() * zoom
        return QRectF(round(left + (wide - width) / 2), LABEL + round((tall - height) / 2), width, height)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Both pictures with their names."""
        painter = QPainter(self)
        painter.setFont(theme().font("caption"))
        for side in (1, 0):
            image, box = self._images[side], self.box(side)
            if image.isNull():
                continue
            painter.save()
            if self._swipe and side == 0:
                painter.setClipRect(QRectF(box.left(), box.top(), box.width() * self._edge, box.height()))
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, box.width() < image.width())
            painter.drawImage(box, image)
            painter.restore()
            painter.setPen(theme().color("muted"))
            align = Qt.AlignmentFlag.AlignRight if self._swipe and side else Qt.AlignmentFlag.AlignLeft
            words = f"{'AB'[side]} · {self._names[side]}"
            place = QRectF(box.left(), box.top() - LABEL, max(box.width(), 120), LABEL)
            if self._swipe:
                half = place.width() / 2
                place = QRectF(place.left() + (half if side else 0), place.top(), half, LABEL)
            shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(place.width()))
            painter.drawText(place, align | Qt.AlignmentFlag.AlignVCenter, shown)
        if self._swipe and not self._images[1].isNull():
            box = self.box(0)
            x = box.left() + box.width() * self._edge
            painter.setPen(QPen(theme().color("accent"), 2))
            painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the edge."""
        self._move_edge(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the edge."""
        self._move_edge(event)

    def _move_edge(self, event: QMouseEvent) -> None:
        box = self.box(0)
        if self._swipe and event.buttons() & Qt.MouseButton.LeftButton and box.width() > 0:
            self.set_edge((event.position().x() - box.left()) / box.width())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys move the edge."""
        by = {Qt.Key.Key_Left: -0.05, Qt.Key.Key_Right: 0.05}.get(Qt.Key(event.key()))
        if by is None or not self._swipe:
            super().keyPressEvent(event)
        else:
            self.set_edge(self._edge + by)


class CompareView(QWidget):
    """Parts: ``canvas``, ``way``, ``run``, ``step``."""

    failed = Signal(str, str)

    def __init__(self, explorer: Explorer, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.explorer, self._desk = explorer, desk
        self._runs: Runs | None = None
        self._choices: list[Model] = []
        self._scores = ["", ""]
        self._shown: Recipe | None = None
        self.canvas = PairCanvas()
        self.way = SegmentedControl(WAYS, "Shown")
        self.run = QPushButton("B: choose …")
        self.step = choice("Checkpoint of B", (), "Which state of B is shown", "newest")
        self.words = Caption("")
        self.run.setToolTip("Choose the run at the side B; both get the same latent")
        feet = QWidget()
        foot = Flow(8, feet)
        self.words.setMinimumHeight(self.run.sizeHint().height())
        for part in (self.way, self.run, self.step, self.words):
            foot.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.canvas, 1)
        column.addWidget(feet)
        self.way.chosen.connect(self._on_way)
        self.run.clicked.connect(self._on_run)
        self.step.activated.connect(self._on_step)
        explorer.recipe_changed.connect(self.ask)
        explorer.model_changed.connect(self._show_models)

    def set_runs(self, runs: Runs) -> None:
        """The runs there are to choose from."""
        self._runs = runs

    def refresh(self) -> None:
        """The first look compares with the oldest checkpoint of the same run."""
        opened = self.explorer.opened
        if opened is None or not self.isVisible():
            return
        if self.explorer.other_opened is None and not self._desk.waits("open-b"):
            self.open(Model(opened.model.run, opened.steps[0]) if opened.steps else Model(opened.model.run))
        self._show_models()
        self.ask()

    def open(self, model: Model) -> None:
        """Another model at the side B."""
        self._desk.ask(Open(0, "open-b", model), self._on_opened)

    def _on_opened(self, report: object) -> None:
        if isinstance(report, CannotExplore):
            self.failed.emit(report.problem, report.remedy)
        elif isinstance(report, Opened):
            self.explorer.take_other(report)
            self.ask()

    @Slot()
    def _show_models(self) -> None:
        opened, other = self.explorer.opened, self.explorer.other_opened
        names = names_of(opened, other)
        if opened is not None:
            self.canvas.set_name(0, f"{standing(opened)} · {names[0]}")
        if other is None or self._runs is None:
            return
        self.canvas.set_name(1, f"{standing(other)} · {names[1]}")
        self.run.setText(f"B: {names[1]}")
        self._choices = checkpoints(other, self._runs)
        with QSignalBlocker(self.step):
            self.step.clear()
            names = [
                whole(m.step) if m.step is not None else "live" if m.live else "newest" for m in self._choices
            ]
            self.step.addItems(names)
            self.step.setCurrentIndex(self._choices.index(other.model) if other.model in self._choices else 0)

    def show_picture(self, image: QImage, score: float | None) -> None:
        """The picture of A has come."""
        self.canvas.set_image(0, image)
        self._tell(0, score)

    @Slot()
    def ask(self) -> None:
        """The picture of B, of the same recipe."""
        other = self.explorer.other_opened
        if other is None or not self.isVisible():
            return
        recipe = self.explorer.recipe
        request = Render(0, "picture-b", other.model, (recipe,), "score" not in other.capabilities.refusals)
        self._desk.ask(request, self._on_rendered, patient=True)

    def _on_rendered(self, report: object) -> None:
        if isinstance(report, CannotExplore):
            self.canvas.set_image(1, QImage())
            self.words.setText(f"B cannot show this: {report.problem}")
        elif isinstance(report, Rendered) and len(report.images):
            self.canvas.set_image(1, qimages(report.images[:1])[0])
            self._tell(1, None if report.scores is None else float(report.scores[0]))

    def _tell(self, side: int, score: float | None) -> None:
        self._scores[side] = "–" if score is None else f"{score:.2f}"
        self.words.setText(f"Discriminators say: A {self._scores[0] or '–'}, B {self._scores[1] or '–'}")

    @Slot(str)
    def _on_way(self, way: str) -> None:
        self.canvas.set_swipe(way == "swipe")

    @Slot()
    def _on_run(self) -> None:
        other = self.explorer.other_opened
        if self._runs is not None:
            choose_run(self._runs, self.run, other.model.run if other else "", partial(self.open))

    @Slot(int)
    def _on_step(self, index: int) -> None:
        if 0 <= index < len(self._choices):
            self.open(self._choices[index])


def names_of(one: Opened | None, other: Opened | None) -> tuple[str, str]:
    """What two models are called: by their titles, or by their folders where two runs have the same title."""
    pair = [opened for opened in (one, other) if opened is not None]
    alike = len({opened.title for opened in pair}) < len({opened.model.run for opened in pair})
    a, b = (
        "" if opened is None else Path(opened.model.run).name if alike else opened.title
        for opened in (one, other)
    )
    return a, b
