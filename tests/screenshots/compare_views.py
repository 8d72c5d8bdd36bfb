"""Pictures of the comparison of runs in both themes: ``python tests/screenshots/compare_views.py FOLDER [NAME ...]``.

The runs are made up (see compare_runs.py); the pictures are for looking at the views, not at results.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parent))

import compare_runs
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from ganstudio.core.run_list import RunEntry, read_entry
from ganstudio.window.background import Background
from ganstudio.window.compare.views.pane import ComparePane
from ganstudio.window.theme import theme
from ganstudio.window.theme.style import set_role

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
    settle(QApplication.instance(), pane)
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


def settle(app: QApplication, pane: ComparePane) -> None:
    """Until everything is read and drawn."""
    end, idle = time.monotonic() + 60, 0
    while time.monotonic() < end and idle < 8:
        app.processEvents()
        idle = 0 if pane.is_busy() else idle + 1


def shoot(app: QApplication, folder: Path, entries: list[RunEntry], mode: str, name: str) -> None:
    theme().set_mode(mode)
    size, view, chosen, act = SHOTS[name]
    background = Background()
    frame = QWidget()
    set_role(frame, "window")
    frame.setAutoFillBackground(True)
    pane = ComparePane(background)
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(12, 12, 12, 12)
    layout.addWidget(pane)
    frame.resize(size[0] + 24, size[1] + 24)
    frame.show()
    pane.set_view(view)
    pane.show_runs(entries[chosen])
    settle(app, pane)
    act(pane)
    settle(app, pane)
    frame.grab().save(str(folder / f"{name}-{mode}.png"))
    pane.shut_down()
    background.close()
    frame.close()
    frame.deleteLater()
    app.processEvents()


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    app = QApplication.instance() or QApplication([])
    theme().install(app)
    with tempfile.TemporaryDirectory() as runs:
        entries = [read_entry(path) for path in compare_runs.family(Path(runs))]
        for mode in ("dark", "light"):
            for name in sys.argv[2:] or SHOTS:
                shoot(app, folder, entries, mode, name)
    print(folder)


if __name__ == "__main__":
    main()
