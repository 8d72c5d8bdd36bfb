"""Writes screenshots of the Explore workspace, in both themes, from a real run: ``explore.py OUTDIR RUN [NAME ...]``.

Works without a display. Names choose among the states.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
HOME = tempfile.mkdtemp(prefix="ganstudio-explore-")
SCREEN = {"name": "large", "x": 0, "y": 0, "width": 2800, "height": 1600, "logicalDpi": 96, "dpr": 1}
Path(HOME, "screen.json").write_text(json.dumps({"screens": [SCREEN]}))
os.environ.setdefault("QT_QPA_PLATFORM", f"offscreen:configfile={HOME}/screen.json")
os.environ["GANSTUDIO_CONFIG_HOME"] = f"{HOME}/config"
os.environ["GANSTUDIO_RUNS"] = f"{HOME}/runs"

from ganstudio.window.application import make_application, prepare_environment  # noqa: E402

prepare_environment()

from PySide6.QtWidgets import QApplication, QWidget  # noqa: E402

from ganstudio.core.explore.recipe import Model, Seed  # noqa: E402
from ganstudio.window.explore.learning import LearnDialog  # noqa: E402
from ganstudio.window.main_window import MainWindow  # noqa: E402
from ganstudio.window.settings import SettingsFile  # noqa: E402
from ganstudio.window.theme import theme  # noqa: E402

LARGE, SMALL = (1440, 900), (1280, 720)


class Photographer:
    """Drives the workspace through its tools and takes a picture of each, in both themes."""

    def __init__(self, app: QApplication, out: Path) -> None:
        self.app, self.out = app, out
        out.mkdir(parents=True, exist_ok=True)
        self.window = MainWindow(SettingsFile())
        self.window.resize(*LARGE)
        self.window.show()
        self.window._default_layout()
        self.window.begin()
        self.window.performer.perform("workspace.explore")
        found = self.window.switcher.explore
        assert found is not None
        self.space = found

    def until(self, condition: Callable[[], bool], seconds: float = 120) -> None:
        """Run the window until a condition holds."""
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                raise TimeoutError
            self.app.processEvents()
            time.sleep(0.005)

    def rest(self) -> None:
        """Until nothing is asked for any more and the layout has come to rest."""
        end = time.monotonic() + 0.4
        self.until(
            lambda: time.monotonic() > end and not self.space._rest.isActive() and self.space.desk.idle()
        )

    def take(self, name: str, widget: QWidget | None = None) -> None:
        """A picture in each theme."""
        for mode in ("dark", "light"):
            theme().set_mode(mode)
            self.rest()
            (widget or self.window).grab().save(str(self.out / f"explore-{name}-{mode}.png"))
            print(f"explore-{name}-{mode}.png", flush=True)

    def view(self, name: str) -> None:
        """Show a view and let it fill."""
        self.window.performer.perform(f"explore.view-{name}")
        self.rest()


def empty(p: Photographer) -> None:
    p.take("empty")


def one(p: Photographer) -> None:
    p.space.column.directions.find("sefa")
    p.until(lambda: bool(p.space.explorer.pins))
    for seed in (7, 103, 42, 19):
        p.space.explorer.go(Seed(seed), f"Seed {seed}")
        p.rest()
        p.space.timeline.add_key()
    p.space.column.directions.sliders[0].dial.slider.setValue(130)
    p.take("one")
    p.window.resize(*SMALL)
    p.take("small")
    p.window.resize(*LARGE)


def pinned(p: Photographer) -> None:
    """A pinned time-lapse, and a mixture of three classes where there are classes."""
    p.window.performer.perform("explore.pin")
    if p.space.explorer.why_not("class-mixture") == "" and p.space.explorer.opened.capabilities.classes:
        p.space.explorer.edit("Mix", labels=((3, 0.5), (8, 0.3), (5, 0.2)))
    p.window.resize(*SMALL)
    p.take("pinned")
    p.window.resize(*LARGE)


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
    p.take("learn", dialog)
    dialog.reject()


def film(p: Photographer) -> None:
    p.window.performer.perform("explore.save-film")
    dialog = next(w for w in QApplication.topLevelWidgets() if w.windowTitle() == "Export film")
    p.take("film", dialog)
    dialog.close()


STATES = (one, pinned, variations, latents, compare, inside, invert, learn, film)


def main(arguments: list[str]) -> int:
    """Take the pictures."""
    if len(arguments) < 2:
        print(__doc__)
        return 2
    app = make_application()
    photographer = Photographer(app, Path(arguments[0]))
    empty(photographer)
    photographer.space.open_model(Model(arguments[1]))
    photographer.until(lambda: photographer.space.explorer.opened is not None)
    photographer.rest()
    for state in STATES:
        if not arguments[2:] or state.__name__ in arguments[2:]:
            state(photographer)
    gone: list[bool] = []
    photographer.window.gone.connect(lambda: gone.append(True))
    photographer.window.close()
    photographer.until(lambda: bool(gone))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
