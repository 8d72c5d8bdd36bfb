"""Writes screenshots of measuring in the window, in both themes, from a real run: ``measuring.py OUTDIR [NAME ...]``.

Works without a display. The run trains on digits and is measured on schedule; all of it takes about two minutes.
"""

from __future__ import annotations

import sys
from pathlib import Path

from photographer import take_all, until
from window import Photographer

from ganstudio.window.measuring.choices import PUBLISHED


def schedule(p: Photographer) -> None:
    """Charts with their points, the form's section, the strip while one is measured."""
    p.window.opener.open_target("digits-dcgan")
    form = p.window.form_model
    for key, value in (("steps", 100_000), ("measure.every", 150), ("measure.samples", 1000)):
        form.edit(key, value)
    form.edit("measure.keep_best", "fd-domain")
    p.window.train.form._sections["measure"].heading.setChecked(True)
    p.window.performer.perform("run.toggle")
    until(lambda: len({m.step for m in p.window.model.measurements}) >= 5, 300)
    p.window.performer.perform("run.toggle")
    until(lambda: p.window.measuring.measurer.job is not None or not p.window.model.active, 30)
    p.window.train.form.ensureWidgetVisible(p.window.train.form._sections["measure"])
    p.take("schedule")


def dialog(p: Photographer) -> None:
    """The dialog before, while and after something is measured."""
    measurer = p.window.measuring.measurer
    until(lambda: measurer.job is None, 120)
    p.window.measuring.open()
    p.window.measuring.dialog.samples.setText("500")
    p.take("dialog-empty", p.window.measuring.open)
    p.window.measuring.open()
    p.window.measuring.dialog.samples.setText("4000")
    p.window.measuring.dialog.go.click()
    until(lambda: measurer.asked is not None and measurer.asked.done > 0.2, 60)
    p.take("dialog-busy", p.window.measuring.open)
    until(lambda: not measurer.busy, 240)
    p.take("dialog-done", p.window.measuring.open)

    def published(*metrics: str) -> None:
        p.window.measuring.open()
        p.window.measuring.dialog.features.set_value(PUBLISHED)
        p.window.measuring.dialog._on_features(PUBLISHED)
        for name in metrics:
            p.window.measuring.dialog.list.rows[name].switch.setChecked(True)

    p.take("dialog-inception", published)
    p.take("dialog-lpips", lambda: published("ppl"))


STATES = (schedule, dialog)


def main(arguments: list[str]) -> int:
    """Take the pictures."""
    if not arguments:
        print(__doc__)
        return 2
    take_all(Photographer(Path(arguments[0])), STATES, arguments[1:])
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
