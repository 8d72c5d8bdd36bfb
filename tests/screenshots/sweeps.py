"""Writes screenshots of sweeps (dialog, queue, mean and spread), in both themes: ``sweeps.py OUTDIR [RUNS]``.

Works without a display. Without a folder RUNS that it filled before it trains some thirty tiny runs first, which takes
a few minutes.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from photographer import HOME, RUNS, begin, framed, save, settle, themes, until
from PySide6.QtWidgets import QWidget

from ganstudio.catalog.presets import load_spec
from ganstudio.catalog.sweeping import axis_of, plan
from ganstudio.cli.main import run
from ganstudio.core.run_list import list_runs
from ganstudio.window.background import Background
from ganstudio.window.compare.sweeps.card import QueueCard
from ganstudio.window.compare.sweeps.dialog import SweepDialog
from ganstudio.window.compare.sweeps.door import WaitingDialog
from ganstudio.window.compare.sweeps.queue import RunQueue
from ganstudio.window.compare.sweeps.roster import Wish
from ganstudio.window.compare.sweeps.store import ItemState
from ganstudio.window.compare.sweeps.view import SweepView
from ganstudio.window.controller import RunController
from ganstudio.window.form.draft import draft_of
from ganstudio.window.settings import SettingsFile

SMALL = ("--steps", "40", "--set", "generator.width=16", "--set", "discriminator.width=16", "-q")


def take(path: Path, make: Callable[[], QWidget], size: tuple[int, int] | None) -> None:
    """A picture of a widget in each theme."""
    for mode in themes():
        widget = make()
        if size:
            widget.resize(*size)
        widget.show()
        settle()
        save(widget, path.with_name(f"{path.name}-{mode}.png"))
        widget.close()


def dialog(problem: bool) -> SweepDialog:
    """A sweep over two settings, or one with a value that cannot be."""
    made = SweepDialog(load_spec("digits-dcgan"))
    row = made.add_row()
    row.set_key("batch_size", "16, 32, many" if problem else "16, 32")
    made.examine()
    return made


def queue_card(empty: bool) -> QWidget:
    """A queue in the middle of its work, held after a run was stopped."""
    settings = SettingsFile(HOME / ("empty" if empty else "full") / "window.toml")
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
    return RUNS


def main(arguments: list[str]) -> int:
    """Take the pictures."""
    if not arguments:
        print(__doc__)
        return 2
    runs = Path(arguments[1]) if arguments[1:] else train()
    out = Path(arguments[0])
    begin(out)
    entries = [entry for _, entry in list_runs(runs).values()]
    background = Background()

    def view(sweep: str, number: str) -> QWidget:
        made = SweepView(background)
        made.show_runs([entry for entry in entries if not sweep or entry.notes.sweep == sweep])
        frame = framed(made)
        frame.show()
        until(lambda: not entries or made.number.count() > 0)
        made.number.setCurrentIndex(max(made.number.findText(number), 0))
        made.draw()
        return frame

    take(out / "dialog", lambda: dialog(False), (720, 660))
    take(out / "dialog-problem", lambda: dialog(True), (720, 660))
    take(out / "waiting", lambda: WaitingDialog(3), None)
    take(out / "queue", lambda: queue_card(False), (560, 420))
    take(out / "queue-empty", lambda: queue_card(True), (560, 420))
    take(out / "rates", lambda: view("rates", "loss/generator"), (900, 640))
    take(out / "two-settings", lambda: view("rates and batches", "loss/generator"), (900, 640))
    take(out / "variants", lambda: view("variants", "score/fake"), (900, 640))
    take(out / "all", lambda: view("", "loss/generator"), (640, 420))
    take(out / "low", lambda: view("rates", "loss/generator"), (1360, 330))
    entries.clear()
    take(out / "nothing", lambda: view("", ""), (640, 420))
    background.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
