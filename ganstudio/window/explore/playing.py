"""What moves by itself: the timeline and the walk, by the clock on the wall, while somebody looks."""

from __future__ import annotations

import secrets
import time

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QToolButton, QWidget

from ganstudio.core.explore.recipe import Blend, Place, Seed
from ganstudio.window.explore.column.where import RANDOM_BELOW
from ganstudio.window.explore.dial import Dial
from ganstudio.window.explore.state import Explorer

FRAME_MS = 33


class Player(QObject):
    """Plays the timeline, or walks: great circles from seed to seed at constant speed keep the prior."""

    changed = Signal()

    def __init__(self, explorer: Explorer, walk: QToolButton, speed: Dial, parent: QWidget) -> None:
        super().__init__(parent)
        self._explorer, self._walk = explorer, walk
        self._timer = QTimer(self)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self.tick)
        self._mode = ""
        self._share, self._at = 0.0, 0.0
        self._speed = speed
        self._from: Place = Seed(0)
        self._to: Place = Seed(1)
        walk.toggled.connect(self._on_walk)

    @property
    def playing(self) -> bool:
        """Whether anything moves."""
        return bool(self._mode)

    @property
    def mode(self) -> str:
        """ "timeline", "walk" or "" while nothing moves."""
        return self._mode

    @property
    def share(self) -> float:
        """How much of the timeline has been played, 0 to 1."""
        return self._share

    def set_share(self, share: float) -> None:
        """Where the timeline is played from."""
        self._share = min(max(share, 0.0), 1.0)

    def toggle(self) -> None:
        """Play the timeline, or stop whatever moves."""
        if self._mode:
            self.stop()
        elif self._explorer.timeline.plays:
            if self._share >= 1.0:
                self._share = 0.0
            self._begin("timeline")

    @Slot(bool)
    def _on_walk(self, on: bool) -> None:
        if on and self._explorer.opened is not None:
            self._from, self._to = self._explorer.recipe.place, Seed(secrets.randbelow(RANDOM_BELOW))
            self._share = 0.0
            self._begin("walk")
        elif self._mode == "walk":
            self.stop()

    def _begin(self, mode: str) -> None:
        self._mode, self._at = mode, time.perf_counter()
        self._timer.start()
        self.changed.emit()

    def stop(self) -> None:
        """Stand still; where it stands becomes a step of the history."""
        if not self._mode:
            return
        label = "Walk" if self._mode == "walk" else "Timeline"
        self._timer.stop()
        self._mode = ""
        self._walk.setChecked(False)
        self._explorer.settle(label)
        self.changed.emit()

    @Slot()
    def tick(self) -> None:
        """The next frame, as far as the clock says."""
        now = time.perf_counter()
        self.advance(now - self._at)
        self._at = now

    def advance(self, seconds: float) -> None:
        """Move on by a time."""
        if self._mode == "walk":
            self._share += seconds * self._speed.value()
            if self._share >= 1.0:
                self._from, self._to = self._to, Seed(secrets.randbelow(RANDOM_BELOW))
                self._share %= 1.0
            recipe = self._explorer.recipe.at(Blend(self._from, self._to, self._share))
            self._explorer.show_moving(recipe)
            return
        timeline = self._explorer.timeline
        self._share += seconds / max(timeline.seconds, 0.1)
        if timeline.loop:
            self._share %= 1.0
        self._share = min(self._share, 1.0)
        self._explorer.show_moving(timeline.at(self._explorer.recipe, self._share))
        self.changed.emit()
        if self._share >= 1.0:
            self.stop()
