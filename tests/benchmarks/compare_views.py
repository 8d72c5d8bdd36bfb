"""Does choosing many long runs freeze the window? ``python tests/benchmarks/compare_views.py [RUNS [LINES]]``.

Makes runs with long series in a temporary folder, chooses all of them, and prints when the first curve and when all
stand, the longest times between two turns of the window's event loop, and the most that the window's thread computed
in one: the difference is waiting for a core or for the reading thread. Not a test: figures depend on the machine.
"""

from __future__ import annotations

import gc
import json
import math
import os
import random
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parents[1]))

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from support.reported import make_run, measurement

from ganstudio.core.run_list import read_entry
from ganstudio.core.runs import RunFolder
from ganstudio.window.background import Background
from ganstudio.window.compare.views.pane import ComparePane
from ganstudio.window.theme import theme

NAMES = ("loss/generator", "loss/discriminator", "score/real", "score/fake", "accuracy/real", "accuracy/fake",
         "grad_norm/generator", "grad_norm/discriminator", "penalty/r1", "rate/images_per_second")  # fmt: skip
RATES = (1e-4, 2e-4, 4e-4, 8e-4)


def make(parent: Path, runs: int, lines: int) -> list[Path]:
    """Runs of four learning rates and three seeds with many lines of series and five measurements each."""
    made: list[Path] = []
    for k in range(runs):
        chance, rate = random.Random(k), RATES[k // 3 % len(RATES)]
        path = make_run(parent, f"run-{k}", steps=0, pictures=(), seed=k % 3, optimizer__generator__lr=rate)
        with (path / "metrics.jsonl").open("w") as file:
            for i in range(1, lines + 1):
                level = 0.5 + 0.2 * math.exp(-4 * i / lines) + 0.02 * k
                values = {name: level + 0.1 * j + chance.gauss(0, 0.1) for j, name in enumerate(NAMES)}
                line = {"step": 5 * i, "images": 320 * i, "seconds": round(0.1 * i, 3)} | values
                file.write(json.dumps(line, separators=(",", ":")) + "\n")
        for part in range(1, 6):
            RunFolder(path).append_evaluation(measurement("fd-domain", 100 / part + k, part * lines))
        made.append(path)
    return made


class Turns:
    """When the event loop came round."""

    def __init__(self) -> None:
        self.last, self.gaps = time.perf_counter(), list[float]()
        self.spent, self.costs = time.thread_time(), list[float]()
        self.timer = QTimer()
        self.timer.timeout.connect(self._turn)
        self.timer.start(0)

    def _turn(self) -> None:
        now = time.perf_counter()
        self.gaps.append(now - self.last)
        self.costs.append(time.thread_time() - self.spent)
        self.last, self.spent = now, time.thread_time()

    def longest(self) -> str:
        """The three longest gaps so far with the most that the window itself computed in one; then begin again."""
        worst, cost = sorted(self.gaps)[-3:], max(self.costs, default=0.0)
        self.gaps, self.costs = [], []
        return (
            ", ".join(f"{1e3 * gap:.0f}" for gap in reversed(worst)) + f" ms (computing {1e3 * cost:.0f} ms)"
        )


def until(app: QApplication, condition: object) -> float:
    """Turn the event loop until a condition holds; seconds it took."""
    start = time.perf_counter()
    while not condition():
        app.processEvents()
        time.sleep(0.0005)
    return time.perf_counter() - start


def measure(paths: list[Path]) -> None:
    """Choose all runs, then use the charts."""
    gc.disable()  # as in the program, which collects from a timer of its own
    app = QApplication.instance() or QApplication([])
    theme().install(app)
    background = Background()
    pane = ComparePane(background)
    pane.resize(1300, 800)
    pane.show()
    entries = [read_entry(path) for path in paths]
    until(app, lambda turns=[0]: turns.append(0) or len(turns) > 50)
    view, turns = pane.curves, Turns()
    start = time.perf_counter()
    pane.show_runs(entries)
    print(f"choosing {len(entries)} runs: {1e3 * (time.perf_counter() - start):.0f} ms")
    first = until(app, lambda: any(chart.strands() for chart in view.charts.values()))
    print(f"first curve after {first:.2f} s")
    until(app, lambda: not pane.library.waiting("series") and not view.is_busy())
    print(f"all curves after {time.perf_counter() - start:.2f} s; longest gaps {turns.longest()}")
    for title, act in (
        ("smoothing", lambda: view.controls.slider.setValue(60)),
        ("logarithm", lambda: view.controls._chosen(view.controls.y_button.menu().actions()[1])),
        ("mean over seeds", lambda: view.together.setChecked(True)),
        ("single runs", lambda: view.together.setChecked(False)),
        ("scrolling", lambda: view._scroll.verticalScrollBar().setValue(400)),
        ("chosen again", lambda: pane.show_runs(entries)),
    ):
        turns.longest()
        start = time.perf_counter()
        act()
        until(app, lambda: not view.is_busy() and not pane.library.waiting("series"))
        print(f"{title}: {1e3 * (time.perf_counter() - start):.0f} ms; longest gaps {turns.longest()}")
    view._scroll.verticalScrollBar().setValue(0)
    until(app, lambda: not view.is_busy())
    turns.longest()
    plot = next(chart.plot for chart in view.charts.values() if chart.isVisible())
    for x in range(100, 300, 4):
        QTest.mouseMove(plot.viewport(), QPoint(x, 40))
        app.processEvents()
    print(f"cursor through all charts: longest gaps {turns.longest()}")
    turns.timer.stop()
    pane.shut_down()
    background.close()
    pane.close()


def main() -> None:
    """Make runs and measure."""
    if len(sys.argv) > 1 and Path(sys.argv[1]).is_dir():
        measure(sorted(path for path in Path(sys.argv[1]).iterdir() if path.is_dir()))
        return
    runs, lines = (int(word) for word in (*sys.argv[1:3], *("12", "100000")[len(sys.argv[1:3]) :]))
    with tempfile.TemporaryDirectory() as folder:
        measure(make(Path(folder), runs, lines))


if __name__ == "__main__":
    main()
