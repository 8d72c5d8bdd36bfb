"""Writes screenshots of the window's main states, in both themes, from real runs: ``window.py OUTDIR [NAME ...]``.

Works without a display. Names choose among the states; all of them take two to three minutes on two cores.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import photographer as shots

from ganstudio.core.lifecycle import State


class Photographer(shots.Photographer):
    """Trains presets before the pictures are taken."""

    def __init__(self, out: Path) -> None:
        super().__init__(out)
        shots.until(lambda: bool(self.window.model.devices))

    def run(self, preset: str, steps: int) -> None:
        """Train a preset up to a step."""
        self.finish()
        self.window.opener.open_target(preset)
        self.window.performer.perform("run.toggle")
        shots.until(lambda: self.window.model.step >= steps)

    def finish(self) -> None:
        """End the run that is under way."""
        if self.window.model.active:
            self.window.performer.perform("run.stop")
            shots.until(lambda: not self.window.model.active)
        self.close_popups()

    def close(self) -> None:
        """End the run, then close the window and wait until it is gone."""
        self.finish()
        super().close()


def empty(p: Photographer) -> None:
    p.take("empty")


def training(p: Photographer) -> None:
    p.run("digits-dcgan", 500)
    p.window.form_model.edit("optimizer.generator.lr", 3e-4)
    shots.until(lambda: p.window.model.step >= 700)
    p.take("training")
    p.window.resize(*shots.SMALL)
    p.take("small-window")
    p.window.resize(*shots.HUGE)
    p.take("large-window")
    p.window.resize(*shots.LARGE)


def readme(p: Photographer) -> None:
    """The pictures of the README, a run well under way."""
    p.run("digits-dcgan", 3000)
    p.take("train")
    p.finish()


def paused(p: Photographer) -> None:
    p.window.performer.perform("run.toggle")
    shots.until(lambda: p.window.model.state is State.PAUSED)
    p.window.train.stage.set_mode("both")
    p.take("paused-both")
    p.window.train.stage.set_mode("generated")
    p.window.train.charts.step_picked.emit(200)
    shots.settle()
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
    shots.until(lambda: bool(p.window.model.findings))
    p.take("finding")
    p.finish()


def palette(p: Photographer) -> None:
    p.take("palette", p.window.performer.app_palette)


def killed(p: Photographer) -> None:
    p.window.performer.perform("run.toggle")
    shots.until(lambda: p.window.model.state is State.RUNNING)
    os.kill(p.window.controller.worker.pid, signal.SIGKILL)
    shots.until(lambda: p.window.model.state is State.FAILED)
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
    shots.take_all(Photographer(Path(arguments[0])), STATES, arguments[1:])
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
