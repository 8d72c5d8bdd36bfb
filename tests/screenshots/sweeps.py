"""Writes screenshots of sweeps (dialog, queue, mean and spread), in both themes: ``sweeps.py OUTDIR [RUNS]``.

Works without a display. Without a folder RUNS that it filled before it trains some thirty tiny runs first, which takes
a few minutes.
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
HOME = tempfile.mkdtemp(prefix="ganstudio-sweeps-")
SCREEN = {"name": "large", "x": 0, "y": 0, "width": 1920, "height": 1200, "logicalDpi": 96, "dpr": 1}
Path(HOME, "screen.json").write_text(json.dumps({"screens": [SCREEN]}))
os.environ.setdefault("QT_QPA_PLATFORM", f"offscreen:configfile={HOME}/screen.json")
os.environ["GANSTUDIO_CONFIG_HOME"] = f"{HOME}/config"
os.environ["GANSTUDIO_RUNS"] = f"{HOME}/runs"

from ganstudio.window.application import make_application, prepare_environment  # noqa: E402

prepare_environment()

from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget  # noqa: E402

from ganstudio.catalog.presets import load_spec  # noqa: E402
from ganstudio.catalog.sweeping import axis_of, plan  # noqa: E402
from ganstudio.cli.main import run  # noqa: E402
from ganstudio.core.run_list import list_runs  # noqa: E402
from ganstudio.window.background import Background  # noqa: E402
from ganstudio.window.compare.sweeps.card import QueueCard  # noqa: E402
from ganstudio.window.compare.sweeps.dialog import SweepDialog  # noqa: E402
from ganstudio.window.compare.sweeps.door import WaitingDialog  # noqa: E402
from ganstudio.window.compare.sweeps.queue import RunQueue  # noqa: E402
from ganstudio.window.compare.sweeps.roster import Wish  # noqa: E402
from ganstudio.window.compare.sweeps.store import ItemState  # noqa: E402
from ganstudio.window.compare.sweeps.view import SweepView  # noqa: E402
from ganstudio.window.controller import RunController  # noqa: E402
from ganstudio.window.form.draft import draft_of  # noqa: E402
from ganstudio.window.settings import SettingsFile  # noqa: E402
from ganstudio.window.theme import theme  # noqa: E402
from ganstudio.window.theme.style import set_role  # noqa: E402

SMALL = ("--steps", "40", "--set", "generator.width=16", "--set", "discriminator.width=16", "-q")


class Studio:
    """The application and where pictures go."""

    def __init__(self, out: Path) -> None:
        self.app, self.out = make_application(), out
        out.mkdir(parents=True, exist_ok=True)

    def until(self, condition: Callable[[], bool], seconds: float = 60) -> None:
        """Run the application until a condition holds."""
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                raise TimeoutError
            QApplication.processEvents()
            time.sleep(0.005)

    def take(self, name: str, make: Callable[[], QWidget], size: tuple[int, int] | None) -> None:
        """A picture of a widget in each theme."""
        for mode in ("dark", "light"):
            theme().set_mode(mode)
            widget = make()
            if size:
                widget.resize(*size)
            widget.show()
            end = time.monotonic() + 0.5
            self.until(lambda end=end: time.monotonic() > end)
            widget.grab().save(str(self.out / f"{name}-{mode}.png"))
            widget.close()
            print(f"{name}-{mode}.png", flush=True)


def framed(inner: QWidget) -> QWidget:
    """A widget as it lies in the window."""
    frame = QWidget()
    set_role(frame, "window")
    column = QVBoxLayout(frame)
    column.setContentsMargins(12, 12, 12, 12)
    column.addWidget(inner)
    return frame


def dialog(problem: bool) -> SweepDialog:
    """A sweep over two settings, or one with a value that cannot be."""
    made = SweepDialog(load_spec("digits-dcgan"))
    row = made.add_row()
    row.set_key("batch_size", "16, 32, many" if problem else "16, 32")
    made.examine()
    return made


def queue_card(empty: bool) -> QWidget:
    """A queue in the middle of its work, held after a run was stopped."""
    settings = SettingsFile(Path(HOME, "empty" if empty else "full", "window.toml"))
    queue = RunQueue(RunController(settings), settings)
    if not empty:
        config = load_spec("digits-dcgan")
        axes = [axis_of(config, "optimizer.generator.lr", "log 1e-4..1e-2 x3")]
        queue.hold("You stopped a run, so the queue waits.")
        runs = plan(draft_of(config).table, axes, (0, 1, 2), "rates").runs
        queue.add([Wish(planned.config, "rates") for planned in runs])
        states = (ItemState.DONE, ItemState.DONE, ItemState.FAILED, ItemState.STOPPED)
        for item, state in zip(queue.items, states, strict=False):
            problem = "The disk is full." if state is ItemState.FAILED else ""
            queue.roster.update(
                item.id, state=state, problem=problem, step=8000, seconds=42.0, folder="/runs/x"
            )
    card = QueueCard(queue)
    card.select([item.id for item in queue.items][5:6])
    queue.setParent(card)
    return framed(card)


def train() -> Path:
    """Three real sweeps; where they lie."""
    rates = "optimizer.generator.lr=log 1e-4..1e-2 x3"
    for words in (
        ("ring-2d", "--vary", rates, "--seeds", "0-3", "--name", "rates"),
        (
            "ring-2d",
            "--vary",
            rates,
            "--vary",
            "batch_size=16,32",
            "--seeds",
            "0-1",
            "--name",
            "rates and batches",
        ),
        ("ring-2d", "--vary", "variant=gan,lsgan,wgan-gp", "--seeds", "0-1", "--name", "variants"),
    ):
        assert run(["sweep", *words, *SMALL]) == 0
    return Path(HOME, "runs")


def main(arguments: list[str]) -> int:
    """Take the pictures."""
    if not arguments:
        print(__doc__)
        return 2
    runs = Path(arguments[1]) if arguments[1:] else train()
    studio = Studio(Path(arguments[0]))
    entries = [entry for _, entry in list_runs(runs).values()]
    background = Background()

    def view(sweep: str, number: str) -> QWidget:
        made = SweepView(background)
        made.show_runs([entry for entry in entries if not sweep or entry.notes.sweep == sweep])
        frame = framed(made)
        frame.show()
        studio.until(lambda: not entries or made.number.count() > 0)
        made.number.setCurrentIndex(max(made.number.findText(number), 0))
        made.draw()
        return frame

    studio.take("dialog", lambda: dialog(False), (720, 620))
    studio.take("dialog-problem", lambda: dialog(True), (720, 620))
    studio.take("waiting", lambda: WaitingDialog(3), None)
    studio.take("queue", lambda: queue_card(False), (560, 420))
    studio.take("queue-empty", lambda: queue_card(True), (560, 420))
    studio.take("rates", lambda: view("rates", "loss/generator"), (900, 640))
    studio.take("two-settings", lambda: view("rates and batches", "loss/generator"), (900, 640))
    studio.take("variants", lambda: view("variants", "score/fake"), (900, 640))
    studio.take("all", lambda: view("", "loss/generator"), (640, 420))
    studio.take("low", lambda: view("rates", "loss/generator"), (1360, 330))
    entries.clear()
    studio.take("nothing", lambda: view("", ""), (640, 420))
    background.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
