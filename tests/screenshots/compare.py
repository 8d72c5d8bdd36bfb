"""Writes screenshots of the Compare workspace in both themes: ``compare.py OUTDIR [--runs FOLDER] [NAME ...]``.

Works without a display. Without a folder of runs it trains a handful of small ones first (about a minute); it works
on a copy, so that nothing of yours is changed. Names choose among the states.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import photographer as shots
from photographer import ROOT, RUNS
from PySide6.QtCore import QPoint

from ganstudio.core.notes import Notes, change_notes, write_notes
from ganstudio.core.runs import RunFolder

TRAINED = (
    ("dcgan-0", "digits-dcgan", 200, ()), ("dcgan-1", "digits-dcgan", 200, ("seed=1",)),
    ("dcgan-slow", "digits-dcgan", 200, ("optimizer.generator.lr=1e-4", "optimizer.discriminator.lr=1e-4")),
    ("lsgan", "digits-lsgan", 200, ()), ("ring", "ring-2d", 400, ()),
)  # fmt: skip
LONG = "The one with the much smaller learning rate of both players that I want to show in class on Thursday"


def train(parent: Path) -> None:
    """A few real runs, measured."""
    for name, preset, steps, changes in TRAINED:
        words = ["train", preset, "--steps", str(steps), "--out", str(parent / name), "--device", "cpu"]
        for change in (*changes, "samples.every=50"):
            words += ["--set", change]
        ganstudio(*words)
    for name in ("dcgan-0", "dcgan-1", "dcgan-slow", "lsgan"):
        ganstudio(
            "evaluate",
            str(parent / name),
            "--metrics",
            "fd-domain,kd-domain,recall-domain",
            "--samples",
            "500",
        )
    ganstudio("evaluate", str(parent / "ring"), "--metrics", "modes,w1", "--samples", "2500")


def ganstudio(*words: str) -> None:
    """One command; what it says is not of interest."""
    print("ganstudio", *words, flush=True)
    subprocess.run(
        [sys.executable, "-m", "ganstudio", *words], check=True, cwd=ROOT, stdout=subprocess.DEVNULL
    )


def decorate(parent: Path) -> None:
    """Titles, tags, notes, a run that broke off, one that is damaged and one out of sight."""
    names = sorted(path.name for path in parent.iterdir())
    change_notes(
        parent / names[0], starred=True, tags=("good", "baseline"), text="The one to beat.", sweep="seeds"
    )
    for name in names[1:3]:
        change_notes(parent / name, tags=("baseline",), sweep="seeds")
    write_notes(parent / names[3], Notes(LONG, ("slow", "to show", "thursday", "class of 2026")))
    RunFolder(parent / names[1]).append_event(
        "changed", 100, key="optimizer.generator.lr", old=2e-4, new=1e-4
    )
    (RunFolder(parent / names[4]).path / "session.json").write_text("{}")
    shutil.copytree(parent / names[0], parent / "damaged-by-a-full-disk")
    (parent / "damaged-by-a-full-disk" / "run.toml").write_bytes(b"variant = ")
    shutil.copytree(parent / names[0], parent / "put-aside")
    write_notes(parent / "put-aside", Notes(archived=True))


class Photographer(shots.Photographer):
    """Drives the workspace through its states."""

    prefix = "compare-"

    def __init__(self, out: Path) -> None:
        super().__init__(out)
        self.window.performer.perform("workspace.compare")
        found = self.window.switcher.compare
        assert found is not None
        self.space = found
        shots.until(lambda: self.space._known is not None)

    def select(self, *names: str) -> None:
        """Select runs by their folders' names."""
        self.space.table.select(
            [e.path for e in self.space.model.all_entries if not names or e.path.name in names]
        )
        shots.settle()

    def names(self) -> list[str]:
        """The folders of the runs in the table whose settings are known."""
        return [e.path.name for e in self.space.model.arrangement.entries() if not e.problem]

    def show_group(self, value: str) -> None:
        """Group the table."""
        self.space.bar.set_group(value)
        self.space.bar.group.activated.emit(self.space.bar.group.currentIndex())


def empty(p: Photographer) -> None:
    p.take("empty")


def table(p: Photographer) -> None:
    p.select(*p.names()[:3])
    p.take("table")
    for name, size in (("small", shots.SMALL), ("smallest", shots.SMALLEST), ("huge", shots.HUGE)):
        p.window.resize(*size)
        p.take(name)
    p.window.resize(*shots.SMALL)
    p.settle()
    across = p.space.table.horizontalScrollBar()
    across.setValue(across.maximum() // 2)
    p.take("scrolled")
    across.setValue(0)
    p.window.resize(*shots.LARGE)


def groups(p: Photographer) -> None:
    p.show_group("seeds")
    p.take("groups")
    p.show_group("")


def filtered(p: Photographer) -> None:
    p.space.bar.filter.setText("tag:baseline varient:dcgan")
    p.take("filter")
    p.space.bar.filter.setText("nothing like it")
    p.take("nothing-fits")
    p.space.bar.filter.clear()
    p.space.bar.archived.setChecked(True)
    p.take("archived")
    p.space.bar.archived.setChecked(False)


def popups(p: Photographer) -> None:
    p.select(*p.names()[:2])
    p.take("tags", p.space.verbs.tags)
    p.take("columns", p.space.verbs.columns)
    p.take("sort", p.space.verbs.sort)
    p.select(p.names()[0])
    p.take("note", p.space.verbs.note)
    p.take("rename", p.space.verbs.rename)
    p.take("menu", lambda: p.space._on_menu(p.space.table.viewport().mapToGlobal(QPoint(300, 60))))


def below(p: Photographer) -> None:
    p.select(*p.names()[:3])
    for view in ("settings", "samples", "scatter"):
        p.space.below.pane.set_view(view)
        p.take(view)
    p.space.below.pane.set_view("curves")
    p.select()
    for place in ("sweep", "queue"):
        p.space.below.bring(place)
        p.take(place)
    p.space.below.bring("runs")


STATES = (table, below, groups, filtered, popups)


def main(arguments: list[str]) -> int:
    """Take the pictures."""
    if not arguments:
        print(__doc__)
        return 2
    given = arguments.index("--runs") + 1 if "--runs" in arguments else 0
    if not arguments[1:] or "empty" in arguments:
        RUNS.mkdir()
        shots.take_all(Photographer(Path(arguments[0])), (empty,), ())
        RUNS.rmdir()
    if given:
        shutil.copytree(arguments[given], RUNS)
    else:
        train(RUNS)
    decorate(RUNS)
    shots.take_all(Photographer(Path(arguments[0])), STATES, arguments[1:])
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
