"""One picture, large, and beside it what the discriminator says, what lies near in the data, how it came to be."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from ganstudio.core.explore.messages import (
    CannotExplore,
    FoundNearest,
    Nearest,
    NoiseMap,
    NoiseSpread,
    Rendered,
    Through,
)
from ganstudio.core.explore.recipe import Model, Recipe
from ganstudio.core.numbers import whole
from ganstudio.window.explore import edits
from ganstudio.window.explore.column.section import small_button
from ganstudio.window.explore.desk import Desk
from ganstudio.window.explore.images import qimages
from ganstudio.window.explore.lapse import Lapse
from ganstudio.window.explore.picture import PictureView
from ganstudio.window.explore.state import Explorer
from ganstudio.window.explore.strip import Thumb, ThumbStrip
from ganstudio.window.theme import theme
from ganstudio.window.widgets.basic import Caption, Card, Title
from ganstudio.window.widgets.grid_canvas import to_qimage
from ganstudio.window.widgets.saving import copy_image

SIDE_WIDTH = 236
NEAREST = 4
THUMB = 40
PIN = "Keep this picture's row: it grows with every checkpoint while you move on (Shift+T)"
UNPIN = "Let the pinned row go and show the picture's own again (Shift+T)"
COPY, NEAR = 0.35, 0.8
"""Shares of the data's usual distance below which a picture counts as a copy, or as near."""


class ScoreBar(QWidget):
    """A probability between generated and real, or a critic's number."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._share: float | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(12)
        self.setAccessibleName("Discriminator's score")
        theme().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(120, 12)

    def set_share(self, share: float | None) -> None:
        """From 0 (generated) to 1 (real); ``None`` shows nothing."""
        self._share = share
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The track in halves of the two colours, and a knob."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        middle = self.width() / 2
        for left, token in ((0.0, "generator"), (middle, "real")):
            painter.setBrush(theme().color(token))
            painter.drawRoundedRect(QRectF(left, 4, middle, 4), 2, 2)
        if self._share is not None:
            x = 6 + min(max(self._share, 0.0), 1.0) * (self.width() - 12)
            painter.setBrush(theme().color("text"))
            painter.drawEllipse(QRectF(x - 5, 1, 10, 10))


class OneView(QWidget):
    """The picture of the recipe. Parts: ``picture``, ``score``, ``nearest``, ``through``."""

    save_wanted = Signal()
    step_wanted = Signal(int)
    """A checkpoint was picked among those the latent is shown at."""
    film_wanted = Signal()
    told = Signal(str)
    failed = Signal(str, str)

    def __init__(self, explorer: Explorer, desk: Desk, lapse: Lapse, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.explorer, self._desk, self.lapse = explorer, desk, lapse
        self.picture = PictureView("Picture")
        self._bar, self.score, self.unscored = ScoreBar(), Title("–"), Caption("", wrap=True)
        self.nearest = ThumbStrip("Nearest training pictures", 44, fit=True)
        self.nearness = Caption("", wrap=True)
        self.through = ThumbStrip("Same latent through training", THUMB, captions=True, fit=True)
        self.pin = small_button("Pin", PIN, True)
        self.film = small_button("Film …", "Write this row as a film, frame by frame")
        self._pinned = Caption("", wrap=True)
        self._path = Card("Through training")
        self._noise = Card("Noise")
        self._noise_view = PictureView("Noise map", travels=False)
        self._noise_words = Caption("", wrap=True)
        self._steps: tuple[int, ...] = ()
        self._shown: tuple[object, ...] | None = None
        self._passed: tuple[object, ...] | None = None
        self._assemble()
        self.picture.travelled.connect(self._on_travelled)
        self.picture.released.connect(explorer.seal)
        self.picture.menu_requested.connect(self._on_menu)
        self.through.picked.connect(self._on_step)
        self.pin.clicked.connect(lapse.toggle)
        self.film.clicked.connect(self.film_wanted)
        lapse.changed.connect(self._on_lapse)

    def _assemble(self) -> None:
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 4, 0)
        column.setSpacing(8)
        says = Card("Discriminator says")
        says.setToolTip("What the run's discriminator makes of this picture: left generated, right real")
        says.body.addWidget(self._bar)
        says.body.addWidget(self.score)
        says.body.addWidget(self.unscored)
        near = Card("Nearest in the data")
        near.setToolTip("The training pictures nearest to this one: is it a copy?")
        near.body.addWidget(self.nearest)
        near.body.addWidget(self.nearness)
        self._path.setToolTip("This recipe at every checkpoint; click one to explore it")
        self._pinned.hide()
        self.film.hide()
        self._path.add_control(self.pin)
        self._path.body.addWidget(self.through)
        self._path.body.addWidget(self._pinned)
        self._path.body.addWidget(self.film, 0, Qt.AlignmentFlag.AlignRight)
        away = small_button("×", "Put the noise map away")
        away.clicked.connect(self._noise.hide)
        self._noise.add_control(away)
        self._noise.body.addWidget(self._noise_view)
        self._noise.body.addWidget(self._noise_words)
        self._noise_view.setFixedHeight(120)
        self._noise.hide()
        for card in (says, self._path, near, self._noise):
            column.addWidget(card)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidget(side)
        area.setWidgetResizable(True)
        area.setFixedWidth(SIDE_WIDTH)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        side.setProperty("role", "scrolled")
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        line.addWidget(self.picture, 1)
        line.addWidget(area)

    # ------------------------------------------------------------ what is shown

    def show_picture(self, image: QImage, score: float | None) -> None:
        """The picture of the recipe, and what the discriminator says."""
        self.picture.set_image(image)
        can, why = self.explorer.can, self.explorer.why_not("score") if score is None else ""
        self.unscored.setText(why)
        self.unscored.setVisible(bool(why))
        if score is None or can is None:
            self._bar.set_share(None)
            self.score.setText("–")
        elif can.probability:
            self._bar.set_share(score)
            self.score.setText(f"{score:.2f} real")
        else:
            self._bar.set_share(0.5 + 0.5 * float(np.tanh(score / 4)))
            self.score.setText(f"{score:+.2f}".replace("-", edits.MINUS))

    def refresh(self) -> None:
        """Ask for what stands beside the picture; called when the recipe has come to rest."""
        model, recipe = self.explorer.model, self.explorer.recipe
        opened = self.explorer.opened
        if model is None or opened is None or not self.isVisible():
            return
        if not self.lapse.pinned:
            self._pass_through(model, recipe, opened.steps)
        if self._shown == (opened.model, opened.step, recipe):
            return
        self._shown = (opened.model, opened.step, recipe)
        if self._noise.isVisible():
            self.show_noise()
        why = self.explorer.why_not("nearest")
        if why:
            self.nearness.setText(why)
        else:
            self._desk.ask(Nearest(0, "nearest", model, recipe, NEAREST), self._on_nearest)

    def _pass_through(self, model: Model, recipe: Recipe, steps: tuple[int, ...]) -> None:
        """The row of the recipe, which follows a run that trains from checkpoint to checkpoint."""
        if self._passed != (model, recipe, steps):
            self._passed = (model, recipe, steps)
            request = Through(0, "through", model, recipe, THUMB, follow=model.live)
            self._desk.ask(request, self._on_through)

    @Slot()
    def _on_lapse(self) -> None:
        """The pinned row in place of the one that follows the recipe, or the other way about."""
        recipe, frames = self.lapse.recipe, self.lapse.frames()
        self.pin.setChecked(recipe is not None)
        self.pin.setText("Unpin" if recipe is not None else "Pin")
        self.pin.setToolTip(UNPIN if recipe is not None else PIN)
        for part in (self._pinned, self.film):
            part.setVisible(recipe is not None)
        self._passed = None
        if recipe is None:
            self.refresh()
            return
        self._desk.cancel("through")
        count = f"{len(frames)} checkpoints" if len(frames) != 1 else "1 checkpoint"
        self._pinned.setText(self.lapse.problem or f"{edits.place_name(recipe.place)} · pinned · {count}")
        self._steps = tuple(step for step, _ in frames)
        images = qimages(np.stack([image for _, image in frames])) if frames else []
        thumbs = [
            Thumb(image, _short(step), tip=self._tip(step))
            for step, image in zip(self._steps, images, strict=True)
        ]
        self.through.set_thumbs(thumbs, self._here())

    def _tip(self, step: int) -> str:
        gone = self.lapse.pinned and not self.lapse.on_disk(step)
        return f"step {whole(step)}" + (", no longer on the disk" if gone else "")

    def _here(self) -> int:
        """Which of the row is the checkpoint that is shown; -1 for none."""
        opened = self.explorer.opened
        return self._steps.index(opened.step) if opened is not None and opened.step in self._steps else -1

    def _on_nearest(self, report: object) -> None:
        if isinstance(report, CannotExplore):
            self.nearest.set_thumbs(())
            self.nearness.setText(report.problem)
        elif isinstance(report, FoundNearest):
            images = qimages(report.images)
            pairs = zip(images, report.distances.tolist(), strict=True)
            self.nearest.set_thumbs([Thumb(image, tip=f"distance {far:.2f}") for image, far in pairs])
            self.nearness.setText(nearness(float(report.distances[0]), report.usual))

    def _on_through(self, report: object) -> None:
        if isinstance(report, CannotExplore):
            self.through.set_thumbs(())
            self.through.set_words(report.problem)
        elif isinstance(report, Rendered) and not self.lapse.pinned:
            if report.first == 0:
                self._steps = ()
                self.through.set_thumbs([Thumb(None)] * report.total)
            self._steps += report.steps
            steps = report.steps or (report.step,)
            here = self.through.thumbs()
            new = [
                Thumb(
                    image,
                    _short(steps[min(i, len(steps) - 1)]),
                    tip=self._tip(steps[min(i, len(steps) - 1)]),
                )
                for i, image in enumerate(qimages(report.images))
            ]
            thumbs = [*here[: report.first], *new, *here[report.first + len(new) :]]
            self.through.set_thumbs(thumbs, self._here())

    def show_noise(self) -> None:
        """Have it found out where the noise matters."""
        model = self.explorer.model
        if model is not None:
            self._noise.show()
            self._noise_words.setText("Drawing noises …")
            self._desk.ask(NoiseMap(0, "noise", model, self.explorer.recipe), self._on_noise)

    def _on_noise(self, report: object) -> None:
        if isinstance(report, CannotExplore):
            self._noise.hide()
            self.failed.emit(report.problem, report.remedy)
        elif isinstance(report, NoiseSpread):
            most = float(report.spread.max())
            grey = (report.spread * (255.0 / max(most, 1e-6))).astype(np.uint8)[:, :, None]
            self._noise_view.set_image(to_qimage(grey))
            self._noise_words.setText(
                f"Brighter depends more on the noise; at most {most:.1f} of 255 grey levels."
            )

    # ------------------------------------------------------------ what a person does

    @Slot(float, float)
    def _on_travelled(self, right: float, down: float) -> None:
        place = edits.travelled(self.explorer.recipe.place, right, down)
        self.explorer.go(place, "Travel", "travel")

    @Slot(int)
    def _on_step(self, index: int) -> None:
        if index >= len(self._steps):
            return
        if self.lapse.pinned and not self.lapse.on_disk(self._steps[index]):
            self.told.emit("Training has removed this checkpoint; its picture stays in the row.")
        else:
            self.step_wanted.emit(self._steps[index])

    @Slot(object)
    def _on_menu(self, where: QPoint) -> None:
        menu = QMenu(self)
        menu.addAction("Save picture …", self.save_wanted.emit)
        image = self.picture.image()
        menu.addAction("Copy picture", lambda: copy_image(image))
        menu.exec(where)
        menu.deleteLater()


def nearness(distance: float, usual: float) -> str:
    """In words how near the nearest training picture is, measured by how near those are to each other."""
    share = distance / usual if usual > 0 else float("inf")
    words = "very near: perhaps a copy" if share < COPY else "near" if share < NEAR else "not a copy"
    return f"distance {distance:.3g} · {words}"


def _short(step: int) -> str:
    return f"{step / 1000:g}k" if step >= 1000 else str(step)
