"""Pictures of the comparison of runs in both themes: ``python tests/screenshots/compare_views.py FOLDER [NAME ...]``.

The runs are made up (see compare_runs.py); the pictures are for looking at the views, not at results.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import compare_runs
from photographer import begin, framed, save, themes
from PySide6.QtWidgets import QApplication

from ganstudio.core.run_list import RunEntry, read_entry
from ganstudio.window.background import Background
from ganstudio.window.compare.views.pane import ComparePane

LARGE, SMALL = (1350, 800), (640, 420)
Act = Callable[[ComparePane], None]
Shot = tuple[tuple[int, int], str, slice, Act]


def nothing(_pane: ComparePane) -> None:
    """As it opens."""


def cursor(pane: ComparePane) -> None:
    """The pointer is at a step."""
    pane.curves._pointed(900.0)


def joined(pane: ComparePane) -> None:
    """Means over seeds."""
    pane.curves.together.setChecked(True)


def enlarged(pane: ComparePane) -> None:
    """One chart alone."""
    joined(pane)
    settle(pane)
    pane.curves.charts["loss/generator"].maximise_button.click()


def every(pane: ComparePane) -> None:
    """All settings."""
    pane.settings.every.setChecked(True)


def early(pane: ComparePane) -> None:
    """A step in the middle."""
    pane.samples.slider.set_position(600)
    pane.samples._load()


def enlarged_cell(pane: ComparePane) -> None:
    """One cell alone, in all runs."""
    next(iter(pane.samples.columns.values())).grid.enlarge(5)


def choose(pane: ComparePane, *titles: str) -> None:
    """Columns by their titles."""
    view = pane.scatter
    for box, title in zip((view.across, view.up, view.color), titles, strict=True):
        box.setCurrentIndex(next(i for i in range(box.count()) if box.itemText(i).startswith(title)))
    view._show()


def front(pane: ComparePane) -> None:
    """What no other run beats."""
    pane.scatter.best.setChecked(True)
    choose(pane, "Time trained", "Frechet", "Generator rate")
    pane.scatter.chart._choose(2)


def words(pane: ComparePane) -> None:
    """Words on both axes."""
    choose(pane, "Data", "Run", "State")


SHOTS: dict[str, Shot] = {
    "empty": (LARGE, "curves", slice(0, 0), nothing),
    "curves": (LARGE, "curves", slice(0, 8), cursor),
    "curves-two": (LARGE, "curves", slice(0, 2), nothing),
    "curves-mean": (LARGE, "curves", slice(0, 8), joined),
    "curves-enlarged": (LARGE, "curves", slice(0, 7), enlarged),
    "curves-small": (SMALL, "curves", slice(0, 8), nothing),
    "curves-broken": (SMALL, "curves", slice(7, 8), nothing),
    "settings": (LARGE, "settings", slice(0, 8), nothing),
    "settings-all": (LARGE, "settings", slice(0, 8), every),
    "settings-one": (SMALL, "settings", slice(6, 7), nothing),
    "samples": (LARGE, "samples", slice(3, 8), nothing),
    "samples-many": (LARGE, "samples", slice(0, 8), early),
    "samples-enlarged": (LARGE, "samples", slice(4, 7), enlarged_cell),
    "samples-small": (SMALL, "samples", slice(0, 7), nothing),
    "samples-points": (LARGE, "samples", slice(8, 10), nothing),
    "scatter": (LARGE, "scatter", slice(0, 8), front),
    "scatter-words": (LARGE, "scatter", slice(0, 10), words),
    "scatter-small": (SMALL, "scatter", slice(0, 8), nothing),
}


def settle(pane: ComparePane) -> None:
    """Until everything is read and drawn."""
    end, idle = time.monotonic() + 60, 0
    while time.monotonic() < end and idle < 8:
        QApplication.processEvents()
        idle = 0 if pane.is_busy() else idle + 1


def shoot(path: Path, entries: list[RunEntry], name: str) -> None:
    size, view, chosen, act = SHOTS[name]
    background = Background()
    pane = ComparePane(background)
    pane.resize(*size)
    frame = framed(pane)
    frame.show()
    pane.set_view(view)
    pane.show_runs(entries[chosen])
    settle(pane)
    act(pane)
    settle(pane)
    save(frame, path)
    pane.shut_down()
    background.close()
    frame.close()
    frame.deleteLater()
    QApplication.processEvents()


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "screenshots")
    begin(folder)
    with tempfile.TemporaryDirectory() as runs:
        entries = [read_entry(path) for path in compare_runs.family(Path(runs))]
        for mode in themes():
            for name in sys.argv[2:] or SHOTS:
                shoot(folder / f"{name}-{mode}.png", entries, name)
    print(folder)


if __name__ == "__main__":
    main()
