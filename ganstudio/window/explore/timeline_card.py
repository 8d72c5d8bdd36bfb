"""The timeline: keys, the way between them as a filmstrip, and a slider to scrub on."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QPoint, QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QInputDialog, QMenu, QPushButton, QSlider, QToolButton, QWidget

from ganstudio.core.explore.messages import CannotExplore, Render, Rendered
from ganstudio.core.explore.recipe import Recipe, Seed
from ganstudio.window.explore import edits
from ganstudio.window.explore.column.section import small_button
from ganstudio.window.explore.desk import Desk
from ganstudio.window.explore.images import qimages
from ganstudio.window.explore.playing import Player
from ganstudio.window.explore.state import Explorer
from ganstudio.window.explore.strip import Thumb, ThumbStrip
from ganstudio.window.explore.timeline import EVEN, EVEN_TIP, MOST_KEYS
from ganstudio.window.theme import icon, theme
from ganstudio.window.theme.style import set_role
from ganstudio.window.widgets.basic import Caption, Card, ElidedLabel

FRAMES, FRAME_SIDE, KEY_SIDE, TICKS = 20, 34, 44, 1000
WAYS = {
    "mode": ("Way", ("slerp", "lerp", "matched", "spline")),
    "space": ("Space", ("z", "w")),
    "easing": ("Easing", ("linear", "smooth", "in", "out")),
}
TIPS = {
    "slerp": "Along the great circle: the latent keeps its length",
    "lerp": "Straight: in z the latent is shorter halfway than any that was trained on",
    "matched": "Straight, with the variance put right",
    "spline": "Smooth through all keys, without corners",
    "z": "The prior's space, from which latents are drawn",
    "w": "Behind the mapping network, where every way is straight or smooth",
    "linear": "At the same pace from key to key",
    "smooth": "Slow at every key, quicker between them",
    "in": "Away from every key slowly, on to the next quickly",
    "out": "Away from every key quickly, on to the next slowly",
}
NO_SPHERE = "In w there is no sphere to go along: choose lerp or spline."
ONLY_Z = "In w every way is straight: lerp and slerp are the same there. Choose z to compare them."
SPLIT = "The same way by lerp and by slerp, one below the other, with the lengths of the latents"
EMPTY = "Add this picture as a key (K), move on and add another: the way between them plays here."


class TimelineCard(Card):
    """Parts: ``keys``, ``film``, ``slider``, ``play``. ``player`` is set by the workspace."""

    film_wanted = Signal()
    failed = Signal(str, str)

    def __init__(self, explorer: Explorer, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__("Timeline", "", parent)
        self.explorer, self._desk = explorer, desk
        self.player: Player | None = None
        self._drawn: dict[str, tuple[object, ...]] = {}
        self.add = QPushButton("Add key")
        self.way = QPushButton("slerp in z")
        self.split = small_button("Split", SPLIT, True)
        self.export = QPushButton("Export …")
        self.keys = ThumbStrip("Keys", KEY_SIDE, captions=True)
        self.film = ThumbStrip("Film", FRAME_SIDE, fit=True)
        self.other = ThumbStrip("The same way by lerp", FRAME_SIDE, fit=True)
        self.film_words, self.other_words = ElidedLabel(), ElidedLabel()
        self._lengths: dict[str, list[float]] = {}
        self.play = QToolButton()
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.clock = Caption("")
        self.hint = Caption(EMPTY, wrap=True)
        self._below = QWidget()
        self._dress()
        self._assemble()
        self._connect()
        self.show_timeline()

    def _dress(self) -> None:
        self.add.setToolTip("Put the picture that is shown at the end of the timeline (K)")
        self.way.setToolTip("How the keys are joined: the way, the space, easing, loop, duration")
        self.way.setIcon(icon("chevron-down", "muted"))
        self.way.setIconSize(QSize(10, 10))
        self.way.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self.export.setToolTip("Render the timeline into a file, frame by frame")
        set_role(self.export, "primary")
        self.play.setIcon(icon("play", "text"))
        self.play.setToolTip("Play the timeline, or stop (P)")
        self.play.setAccessibleName("Play")
        set_role(self.play, "quiet")
        self.slider.setRange(0, TICKS)
        self.slider.setAccessibleName("Place on the timeline")
        self.slider.setToolTip("Scrub through the film; the picture follows")
        self.clock.setFont(theme().font("small-figure"))
        self.clock.setFixedWidth(60)
        self.clock.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.keys.setToolTip("The keys; the context menu moves, replaces and removes them")
        self.film.setToolTip("The film in twenty pictures; click to go there")
        self.other.setToolTip(TIPS["lerp"])
        for words in (self.film_words, self.other_words):
            words.setFont(theme().font("caption"))
            set_role(words, "caption")

    def _assemble(self) -> None:
        for control in (self.add, self.way, self.split, self.export):
            self.add_control(control)
        line = QHBoxLayout(self._below)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(self.play)
        line.addWidget(self.slider, 1)
        line.addWidget(self.clock)
        for part in (
            self.hint, self.keys, self.other_words, self.other, self.film_words, self.film, self._below,
        ):  # fmt: skip
            self.body.addWidget(part)
        self.body.setSpacing(4)

    def _connect(self) -> None:
        self.add.clicked.connect(self.add_key)
        self.way.clicked.connect(self._on_way)
        self.split.toggled.connect(self._on_split)
        self.export.clicked.connect(self.film_wanted)
        self.play.clicked.connect(self.toggle)
        self.slider.valueChanged.connect(self._on_scrubbed)
        self.slider.sliderReleased.connect(self._on_released)
        self.keys.picked.connect(self._on_key)
        self.keys.menu_requested.connect(self._on_key_menu)
        self.film.picked.connect(self._on_frame)
        self.explorer.timeline_changed.connect(self.show_timeline)
        self.explorer.model_changed.connect(self.show_timeline)

    def set_player(self, player: Player) -> None:
        """Who plays it."""
        self.player = player
        player.changed.connect(self._follow_player)

    # ------------------------------------------------------------ showing

    @Slot()
    def show_timeline(self) -> None:
        """Keys and words; what is empty says what it is for."""
        timeline, some = self.explorer.timeline, bool(self.explorer.timeline.keys)
        plays = timeline.plays
        self.hint.setVisible(not plays)
        self.hint.setText("Move on and add a second key (K)." if some else EMPTY)
        self.keys.setVisible(some)
        self.film.setVisible(plays)
        for part in (self.other, self.other_words, self.film_words):
            part.setVisible(self._splits())
        self._below.setVisible(plays)
        why = "" if plays else "Two keys are needed for a film."
        self.export.setEnabled(plays)
        self.export.setToolTip(why or "Render the timeline into a file, frame by frame")
        self.split.setEnabled(plays and timeline.space == "z")
        self.split.setToolTip(SPLIT if timeline.space == "z" else ONLY_Z)
        self.way.setText(f"{timeline.way} in {timeline.space}")
        count = len(timeline.keys)
        words = [
            f"{count} keys" if count != 1 else "1 key",
            timeline.easing if timeline.easing != "linear" else "",
        ]
        words += ["loop" if timeline.loop else "", "even pace" if timeline.even else ""]
        words += [f"{timeline.seconds:.1f} s"]
        self.set_caption(" · ".join(word for word in words if word) if some else "")
        self._tell_clock()
        if self.isVisible():
            self.refresh()

    def _splits(self) -> bool:
        return self.explorer.timeline.plays and self.split.isChecked() and self.split.isEnabled()

    def refresh(self) -> None:
        """Ask for the pictures of keys and film, where they are not those that are shown."""
        model, opened, timeline = self.explorer.model, self.explorer.opened, self.explorer.timeline
        if model is None or opened is None or not timeline.keys:
            return
        base = self.explorer.recipe.at(Seed(0))
        keys = tuple(base.at(place) for place in timeline.keys)
        names = [edits.place_name(place) for place in timeline.keys]
        self._draw("keys", self.keys, keys, 2 * KEY_SIDE, names)
        if timeline.plays:
            split = self._splits()
            mode = "slerp" if split else timeline.mode
            self._draw("film-strip", self.film, timeline.taken(mode, base, FRAMES), 2 * FRAME_SIDE, [])
            if split:
                self._draw("split", self.other, timeline.taken("lerp", base, FRAMES), 2 * FRAME_SIDE, [])

    def _draw(
        self, slot: str, strip: ThumbStrip, recipes: tuple[Recipe, ...], height: int, names: list[str]
    ) -> None:
        model, opened = self.explorer.model, self.explorer.opened
        assert model is not None and opened is not None
        wanted = (opened.model, opened.step, recipes)
        if self._drawn.get(slot) == wanted:
            return
        self._drawn[slot] = wanted
        old = strip.thumbs()
        new = [
            Thumb(
                old[i].image if i < len(old) else None,
                names[i].removeprefix("seed ") if names else "",
                tip=names[i] if names else "",
            )
            for i in range(len(recipes))
        ]
        strip.set_thumbs(new, strip.current())
        request = Render(0, slot, model, recipes, height=height, measured=slot != "keys")
        self._desk.ask(request, partial(self._on_strip, slot, strip))

    def _on_strip(self, slot: str, strip: ThumbStrip, report: object) -> None:
        if isinstance(report, CannotExplore):
            strip.set_thumbs(())
            strip.set_words(report.problem)
        elif isinstance(report, Rendered):
            for index, image in enumerate(qimages(report.images), report.first):
                strip.set_image(index, image)
            if report.lengths is not None:
                kept = self._lengths.get(slot, []) if report.first else []
                self._lengths[slot] = [*kept, *report.lengths.tolist()]
                self._tell_lengths()

    def _tell_lengths(self) -> None:
        """Why one dims and the other does not: how long the latents are on either way."""
        can = self.explorer.can
        sphere = can is not None and can.sphere
        for name, slot, label in (
            ("lerp", "split", self.other_words), ("slerp", "film-strip", self.film_words),
        ):  # fmt: skip
            label.setText(edits.lengths_in_words(name, self._lengths.get(slot, []), sphere))

    @Slot()
    def _follow_player(self) -> None:
        if self.player is None:
            return
        self.play.setIcon(icon("pause" if self.player.mode == "timeline" else "play", "text"))
        if self.player.mode != "walk":
            self._show_share(self.player.share)

    def _show_share(self, share: float) -> None:
        with QSignalBlocker(self.slider):
            self.slider.setValue(round(share * TICKS))
        self.film.set_current(round(share * (FRAMES - 1)))
        self._tell_clock()

    def _tell_clock(self) -> None:
        seconds = self.slider.value() / TICKS * self.explorer.timeline.seconds
        self.clock.setText(f"{seconds:.2f} s")

    # ------------------------------------------------------------ doing

    @Slot()
    def toggle(self) -> None:
        """Play or stop."""
        if self.player is not None:
            self.player.toggle()

    @Slot()
    def add_key(self) -> None:
        """The place that is shown becomes a key."""
        timeline = self.explorer.timeline
        if self.explorer.opened is None:
            return
        if len(timeline.keys) >= MOST_KEYS:
            self.failed.emit(f"A timeline holds {MOST_KEYS} keys.", "Remove one first, by its context menu.")
            return
        place = self.explorer.recipe.place
        self.explorer.set_timeline(timeline.with_key(place), f"Key {len(timeline.keys) + 1}")

    @Slot(int)
    def _on_scrubbed(self, value: int) -> None:
        share = value / TICKS
        if self.player is not None:
            self.player.set_share(share)
        self.film.set_current(round(share * (FRAMES - 1)))
        self._tell_clock()
        self.explorer.show_moving(self.explorer.timeline.at(self.explorer.recipe, share))
        if not self.slider.isSliderDown():
            self._on_released()

    @Slot()
    def _on_released(self) -> None:
        self.explorer.settle("Timeline")

    @Slot(int)
    def _on_frame(self, index: int) -> None:
        self.slider.setValue(round(index / (FRAMES - 1) * TICKS))

    @Slot(int)
    def _on_key(self, index: int) -> None:
        timeline = self.explorer.timeline
        if index < len(timeline.keys):
            self.keys.set_current(index)
            self.explorer.go(timeline.keys[index], f"Key {index + 1}")
            share = timeline.key_share(index)
            if self.player is not None:
                self.player.set_share(share)
            self._show_share(share)

    @Slot(bool)
    def _on_split(self, on: bool) -> None:
        self.film.setToolTip(TIPS["slerp"] if on else "The film in twenty pictures; click to go there")
        self.show_timeline()

    # ------------------------------------------------------------ menus

    @Slot(int, object)
    def _on_key_menu(self, index: int, where: QPoint) -> None:
        if index >= 0:
            menu = self.key_menu(index)
            menu.exec(where)
            menu.deleteLater()

    def key_menu(self, index: int) -> QMenu:
        """What can be done with a key."""
        menu, timeline = QMenu(self), self.explorer.timeline
        place = self.explorer.recipe.place
        take = self.explorer.set_timeline
        replaced, name = timeline.with_key_at(index, place), f"key {index + 1}"
        menu.addAction("Replace by this picture", partial(take, replaced, f"Replace {name}"))
        earlier = menu.addAction("Earlier", partial(take, timeline.moved(index, -1), f"Move {name}"))
        earlier.setEnabled(index > 0)
        later = menu.addAction("Later", partial(take, timeline.moved(index, 1), f"Move {name}"))
        later.setEnabled(index < len(timeline.keys) - 1)
        menu.addAction("Remove", partial(take, timeline.without_key(index), f"Remove {name}"))
        return menu

    @Slot()
    def _on_way(self) -> None:
        menu = self.way_menu()
        menu.exec(self.way.mapToGlobal(QPoint(0, self.way.height())))
        menu.deleteLater()

    def way_menu(self) -> QMenu:
        """Way, space, easing, loop and duration."""
        menu, timeline = QMenu(self), self.explorer.timeline
        menu.setToolTipsVisible(True)
        for name, (title, values) in WAYS.items():
            heading = menu.addAction(title)  # a section's title is not shown under a style sheet
            heading.setEnabled(False)
            group = QActionGroup(menu)
            for value in values:
                changed = replace(timeline, **{name: value})
                words = f"{title} {value}"
                action = menu.addAction(value, partial(self.explorer.set_timeline, changed, words))
                action.setCheckable(True)
                action.setChecked((timeline.way if name == "mode" else getattr(timeline, name)) == value)
                why = self._why_no_way(value)
                action.setEnabled(not why)
                action.setToolTip(why or TIPS[value])
                group.addAction(action)
            menu.addSeparator()
        looped = replace(timeline, loop=not timeline.loop)
        loop = menu.addAction("Loop", partial(self.explorer.set_timeline, looped, "Loop"))
        loop.setCheckable(True)
        loop.setChecked(timeline.loop)
        paced = replace(timeline, even=not timeline.even)
        even = menu.addAction(EVEN, partial(self.explorer.set_timeline, paced, EVEN))
        even.setCheckable(True)
        even.setChecked(timeline.even)
        even.setToolTip(EVEN_TIP)
        menu.addAction(f"Duration: {timeline.seconds:.1f} s …", self._on_duration)
        bare = replace(timeline, keys=())
        menu.addAction("Remove all keys", partial(self.explorer.set_timeline, bare, "Remove all keys"))
        return menu

    def _why_no_way(self, value: str) -> str:
        if value == "slerp" and self.explorer.timeline.space == "w":
            return NO_SPHERE
        return self.explorer.why_not("w") if value == "w" else ""

    @Slot()
    def _on_duration(self) -> None:
        timeline = self.explorer.timeline
        seconds, sure = QInputDialog.getDouble(
            self, "Duration", "Seconds for the whole way", timeline.seconds, 0.5, 600.0, 1
        )
        if sure:
            self.explorer.set_timeline(replace(timeline, seconds=seconds), "Duration")
