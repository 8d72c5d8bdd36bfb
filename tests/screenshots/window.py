"""Writes screenshots of the window's main states, in both themes, from real runs: ``window.py OUTDIR [NAME ...]``.

Works without a display. Names choose among the states; all of them take two to three minutes on two cores.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
HOME = tempfile.mkdtemp(prefix="ganstudio-shots-")
SCREEN = {"name": "large", "x": 0, "y": 0, "width": 2800, "height": 1600, "logicalDpi": 96, "dpr": 1}
Path(HOME, "screen.json").write_text(json.dumps({"screens": [SCREEN]}))  # the usual 800 x 800 is too small
os.environ.setdefault("QT_QPA_PLATFORM", f"offscreen:configfile={HOME}/screen.json")
os.environ["GANSTUDIO_CONFIG_HOME"] = f"{HOME}/config"
os.environ["GANSTUDIO_RUNS"] = f"{HOME}/runs"

from ganstudio.window.application import make_application, prepare_environment  # noqa: E402

prepare_environment()

from PySide6.QtCore import QPoint  # noqa: E402
from PySide6.QtGui import QPainter, QPixmap  # noqa: E402
from PySide6.QtWidgets import QApplication, QWidget  # noqa: E402

from ganstudio.core.lifecycle import State  # noqa: E402
from ganstudio.window.main_window import MainWindow  # noqa: E402
from ganstudio.window.settings import SettingsFile  # noqa: E402

SIZE = (1440, 900)


class Photographer:
    """Drives one window through its states and takes a picture of each, in both themes."""

    def __init__(self, app: QApplication, out: Path) -> None:
        self.app, self.out = app, out
        out.mkdir(parents=True, exist_ok=True)
        self.window = MainWindow(SettingsFile())
        self.window.resize(*SIZE)
        self.window.show()
        self.window._default_layout()
        self.window.begin()
        self.until(lambda: bool(self.window.model.devices))

    def until(self, condition: Callable[[], bool], seconds: float = 120) -> None:
        """Run the window until a condition holds."""
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                raise TimeoutError
            self.app.processEvents()
            time.sleep(0.005)

    def settle(self, seconds: float = 0.4) -> None:
        """Let layouts and charts come to rest."""
        end = time.monotonic() + seconds
        self.until(lambda: time.monotonic() > end)

    def take(self, name: str, before: Callable[[], None] | None = None) -> None:
        """A picture in each theme; pop-ups and dialogs are painted where they stand. ``before`` opens them."""
        for mode in ("dark", "light"):
            self.window.performer.set_theme(mode)
            if before:
                before()
            self.settle()
            self._shot().save(str(self.out / f"{name}-{mode}.png"))
            for popup in self._above():
                popup.close()
            self.settle(0.1)
            print(f"{name}-{mode}.png", flush=True)

    def _above(self) -> list[QWidget]:
        return [w for w in QApplication.topLevelWidgets() if w.isVisible() and w is not self.window]

    def _shot(self) -> QPixmap:
        picture = self.window.grab()
        painter = QPainter(picture)
        for widget in self._above():
            corner = widget.mapToGlobal(QPoint()) - self.window.mapToGlobal(QPoint())
            if not 0 <= corner.x() <= self.window.width() - widget.width():
                corner.setX((self.window.width() - widget.width()) // 2)
            painter.drawPixmap(corner, widget.grab())
        painter.end()
        return picture

    def run(self, preset: str, steps: int) -> None:
        """Train a preset up to a step."""
        self.finish()
        self.window.opener.open_target(preset)
        self.window.performer.perform("run.toggle")
        self.until(lambda: self.window.model.step >= steps)

    def finish(self) -> None:
        """End the run that is under way."""
        if self.window.model.active:
            self.window.performer.perform("run.stop")
            self.until(lambda: not self.window.model.active)
        for popup in self._above():
            popup.close()


def empty(p: Photographer) -> None:
    p.take("empty")


def training(p: Photographer) -> None:
    p.run("digits-dcgan", 500)
    p.window.form_model.edit("optimizer.generator.lr", 3e-4)
    p.until(lambda: p.window.model.step >= 700)
    p.take("training")
    p.window.resize(1280, 720)
    p.take("small-window")
    p.window.resize(2560, 1440)
    p.take("large-window")
    p.window.resize(*SIZE)


def readme(p: Photographer) -> None:
    """The pictures of the README, a run well under way."""
    p.run("digits-dcgan", 3000)
    p.take("train")
    p.finish()


def paused(p: Photographer) -> None:
    p.window.performer.perform("run.toggle")
    p.until(lambda: p.window.model.state is State.PAUSED)
    p.window.train.stage.set_mode("both")
    p.take("paused-both")
    p.window.train.stage.set_mode("generated")
    p.window.train.charts.step_picked.emit(200)
    p.settle()
    p.take("looking-back")


def finding(p: Photographer) -> None:
    p.finish()
    p.window.opener.open_target("ring-2d")
    draft = p.window.form_model.draft
    for player in (
        "generator",
        "discriminator",
    ):  # plain descent at a rate far too high: the numbers break down
        draft = draft.with_kind(f"optimizer.{player}", "kind", "sgd").set(f"optimizer.{player}.lr", 10.0)
    p.window.form_model.push(draft, "a rate far too high")
    p.window.performer.perform("run.toggle")
    p.until(lambda: bool(p.window.model.findings))
    p.take("finding")
    p.finish()


def palette(p: Photographer) -> None:
    p.take("palette", p.window.performer.app_palette)


def killed(p: Photographer) -> None:
    p.window.performer.perform("run.toggle")
    p.until(lambda: p.window.model.state is State.RUNNING)
    os.kill(p.window.controller.worker.pid, signal.SIGKILL)
    p.until(lambda: p.window.model.state is State.FAILED)
    p.take("killed")
    p.window.controller.close_run()


def toys(p: Photographer) -> None:
    p.run("ring-2d", 900)
    p.take("toy-2d")
    p.run("mixture-1d", 900)
    p.take("toy-1d")
    p.finish()
    p.take("stopped")


def form(p: Photographer) -> None:
    p.window.controller.close_run()
    p.window.opener.open_target("digits-dcgan")
    p.window.form_model.edit("batch_size", "many")
    p.window.form_model.push(p.window.form_model.draft.switch("r1", True), "on")
    p.take("invalid-value")
    p.take("variants", p.window.train.form._open_variants)
    p.take("data", p.window.train.form._open_data)
    p.window.form_model.undo()
    p.window.form_model.undo()
    p.take("presets", p.window.menus.choose_preset)
    p.take("preferences", p.window.performer.app_preferences)
    p.take("shortcuts", p.window.performer.help_keys)


def error(p: Photographer) -> None:
    def tell() -> None:
        detail = "Traceback (most recent call last):\n  ...\nOSError: [Errno 28] No space left on device"
        shown = p.window.problem("The run cannot go on", "The disk is full: the checkpoint could not be written.",
                                 "Free some space, then resume from step 500.", detail)  # fmt: skip
        shown.fold.click()

    p.take("error", tell)


STATES = (empty, training, paused, palette, killed, finding, toys, form, error, readme)


def main(arguments: list[str]) -> int:
    """Take the pictures."""
    if not arguments:
        print(__doc__)
        return 2
    app = make_application()
    photographer = Photographer(app, Path(arguments[0]))
    chosen = [state for state in STATES if state.__name__ in arguments[1:]] or STATES
    for state in chosen:
        state(photographer)
    photographer.finish()
    gone: list[bool] = []
    photographer.window.gone.connect(lambda: gone.append(True))
    photographer.window.close()
    photographer.until(lambda: bool(gone))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
