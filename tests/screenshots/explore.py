"""Writes screenshots of the Explore workspace, in both themes, from a real run: ``explore.py OUTDIR RUN [NAME ...]``.

Works without a display. Names choose among the states.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import photographer as shots
from PySide6.QtWidgets import QApplication

from ganstudio.core.explore.recipe import Model, Seed
from ganstudio.window.explore.learning import LearnDialog


class Photographer(shots.Photographer):
    """Drives the workspace through its tools."""

    prefix = "explore-"

    def __init__(self, out: Path) -> None:
        super().__init__(out)
        self.window.performer.perform("workspace.explore")
        found = self.window.switcher.explore
        assert found is not None
        self.space = found

    def rest(self) -> None:
        """Until nothing is asked for any more and the layout has come to rest."""
        end = time.monotonic() + 0.4
        shots.until(
            lambda: time.monotonic() > end and not self.space._rest.isActive() and self.space.desk.idle()
        )

    def view(self, name: str) -> None:
        """Show a view and let it fill."""
        self.window.performer.perform(f"explore.view-{name}")
        self.rest()


def empty(p: Photographer) -> None:
    p.take("empty")


def one(p: Photographer) -> None:
    p.space.column.directions.find("sefa")
    shots.until(lambda: bool(p.space.explorer.pins))
    for seed in (7, 103, 42, 19):
        p.space.explorer.go(Seed(seed), f"Seed {seed}")
        p.rest()
        p.space.timeline.add_key()
    p.space.column.directions.sliders[0].dial.slider.setValue(130)
    p.take("one")
    p.window.resize(*shots.SMALL)
    p.take("small")
    p.window.resize(*shots.LARGE)


def pinned(p: Photographer) -> None:
    """A pinned time-lapse, and a mixture of three classes where there are classes."""
    p.window.performer.perform("explore.pin")
    if p.space.explorer.why_not("class-mixture") == "" and p.space.explorer.opened.capabilities.classes:
        p.space.explorer.edit("Mix", labels=((3, 0.5), (8, 0.3), (5, 0.2)))
    p.window.resize(*shots.SMALL)
    p.take("pinned")
    p.window.resize(*shots.LARGE)


def variations(p: Photographer) -> None:
    p.view("variations")
    p.take("variations")


def latents(p: Photographer) -> None:
    p.view("map")
    p.take("map")


def compare(p: Photographer) -> None:
    p.view("compare")
    p.take("compare")


def inside(p: Photographer) -> None:
    p.view("inside")
    p.take("inside")


def invert(p: Photographer) -> None:
    p.view("invert")
    p.take("invert-empty")
    target = p.out / "target.png"
    p.space.stage.one.picture.image().save(str(target))
    p.space.stage.current().take_file(target)
    p.take("invert")


def learn(p: Photographer) -> None:
    dialog = LearnDialog(p.space.explorer, p.space.desk, p.space)
    dialog.open()
    p.rest()
    for index in (0, 3, 5, 5, 8, 8, 12):
        dialog.grid.picked.emit(index)
    p.take("learn", widget=dialog)
    dialog.reject()


def film(p: Photographer) -> None:
    p.window.performer.perform("explore.save-film")
    dialog = next(w for w in QApplication.topLevelWidgets() if w.windowTitle() == "Export film")
    p.take("film", widget=dialog)
    dialog.close()


STATES = (one, pinned, variations, latents, compare, inside, invert, learn, film)


def main(arguments: list[str]) -> int:
    """Take the pictures."""
    if len(arguments) < 2:
        print(__doc__)
        return 2
    photographer = Photographer(Path(arguments[0]))
    empty(photographer)
    photographer.space.open_model(Model(arguments[1]))
    shots.until(lambda: photographer.space.explorer.opened is not None)
    photographer.rest()
    shots.take_all(photographer, STATES, arguments[2:])
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
