"""Times the list of runs: ``compare.py [RUNS]``. Budget: a thousand runs within two seconds.

Makes that many run folders as training leaves them, in a folder of its own that is removed afterwards, then prints
how long it takes to list them, to look again when nothing or one run has changed, to fill the window's table, and
what sorting, filtering, grouping and selecting cost there, with the longest gap between two events.
"""

from __future__ import annotations

import gc
import json
import math
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parents[1]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PIL import Image
from PySide6.QtCore import QObject, QTimer, Slot
from support.reported import FACTS, measurement, values_at

from ganstudio.catalog.presets import load_spec
from ganstudio.catalog.resolve import change
from ganstudio.core.config import dump_toml
from ganstudio.core.notes import Notes, write_notes
from ganstudio.core.run_list import list_runs
from ganstudio.core.runs import RunFolder
from ganstudio.window.application import make_application
from ganstudio.window.main_window import MainWindow
from ganstudio.window.settings import SettingsFile

PRESETS = ("digits-dcgan", "digits-lsgan", "digits-wgan-gp", "digits-sngan", "faces-stylegan2")
REPORTS, GRIDS, EVENTS = 2000, 60, 40


def make_runs(parent: Path, count: int) -> None:
    """Run folders of five variants with two thousand reports, sixty grids and four measurements each."""
    configs = [load_spec(name) for name in PRESETS]
    series = "".join(
        json.dumps({"step": 10 * i, "images": 640 * i, "seconds": 0.4 * i} | values_at(i)) + "\n"
        for i in range(1, REPORTS + 1)
    )
    noise = np.random.default_rng(0).integers(0, 256, (146, 146), np.uint8)
    for number in range(count):
        config = change(configs[number % len(configs)], "seed", number // len(configs))
        config = change(config, "optimizer.generator.lr", 1e-4 * (1 + number % 7))
        folder = RunFolder(parent / f"20260504-{number:06d}-{PRESETS[number % len(PRESETS)]}")
        folder.create(dump_toml(config, {"run": FACTS}))
        (folder.path / "metrics.jsonl").write_text(series)
        (folder.path / "events.jsonl").write_text("".join(_event(i) for i in range(EVENTS)))
        for metric in ("fd-domain", "kd-domain", "precision-domain", "recall-domain"):
            folder.append_evaluation(measurement(metric, 40 + math.sin(number), 20_000))
        Image.fromarray(noise).save(folder.sample_path(0))
        for step in range(1, GRIDS):
            folder.sample_path(step * 300).hardlink_to(folder.sample_path(0))
        folder.checkpoint_path(20_000).mkdir()
        if number % 3 == 0:
            write_notes(
                folder.path, Notes(tags=("good",), starred=number % 2 == 0, text="Worth another look.")
            )


def _event(number: int) -> str:
    kind = "finished" if number == EVENTS - 1 else "checkpoint"
    return (
        json.dumps({"time": 1777890000.0 + number, "event": kind, "step": 500 * number, "reason": "done"})
        + "\n"
    )


def timed(what: str, action: Callable[[], object], rounds: int = 3) -> None:
    """Print the shortest of a few rounds, by the clock and by the processor: the machine may have other work."""
    spans: list[tuple[float, float]] = []
    for _ in range(rounds):
        start, before = time.perf_counter(), time.process_time()
        action()
        spans.append((time.perf_counter() - start, time.process_time() - before))
    clock, processor = (min(each) for each in zip(*spans, strict=True))
    print(f"{what:<44} {clock:7.3f} s, processor {processor:.3f} s", flush=True)


def time_list(parent: Path) -> None:
    """The list itself: from nothing, unchanged, with one run that goes on."""
    timed("list, first time in this process", lambda: list_runs(parent), 1)
    timed("list, everything read again", lambda: list_runs(parent))
    known = list_runs(parent)
    timed("look again, nothing changed", lambda: list_runs(parent, known))
    first = RunFolder(next(iter(known)))

    def go_on() -> None:
        first.append_metrics(20_010, 1_280_640, 801.0, {})
        list_runs(parent, known)

    timed("look again, one run has gone on", go_on)


class Gaps(QObject):
    """The longest time between two beats of a timer of 5 ms: how long the window did not answer."""

    def __init__(self) -> None:
        super().__init__()
        self.longest, self._last = 0.0, time.perf_counter()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._beat)
        self._timer.start(5)

    @Slot()
    def _beat(self) -> None:
        now = time.perf_counter()
        self.longest, self._last = max(self.longest, now - self._last), now

    def reset(self) -> None:
        """Begin anew."""
        self.longest, self._last = 0.0, time.perf_counter()


def time_window(parent: Path, count: int) -> None:
    """The table in a window without an engine."""
    os.environ["GANSTUDIO_RUNS"] = str(parent)
    os.environ["GANSTUDIO_CONFIG_HOME"] = str(parent / ".config")
    app = make_application()
    gc.disable()
    window = MainWindow(SettingsFile())
    window.resize(1440, 900)
    window.show()
    window.switcher.make("compare")  # what it costs to build is not what it costs to list
    space, gaps = window.switcher.compare, Gaps()
    assert space is not None

    def measure(what: str, action: Callable[[], object], done: Callable[[], bool]) -> None:
        gaps.reset()
        start, before = time.perf_counter(), time.process_time()
        action()
        while not done():
            app.processEvents()
            time.sleep(0.001)
        app.processEvents()
        clock, processor = time.perf_counter() - start, time.process_time() - before
        gap = f"longest gap {1000 * gaps.longest:.0f} ms"
        print(f"{what:<44} {clock:7.3f} s, processor {processor:.3f} s, {gap}", flush=True)

    def rested() -> bool:
        return not space.table._settle.isActive() and not space.below.pane.is_busy()

    measure("workspace in front to all rows in the table", lambda: window.switcher.show("compare"),
            lambda: space.model.rowCount() == count)  # fmt: skip
    metric = next(c.key for c in space.model.columns if c.key.startswith("metric:"))
    measure("sort by a metric", lambda: space.sort_by(metric), lambda: True)
    measure("filter", lambda: space._wish(filter="tag:good lr<3e-4"), lambda: True)
    measure("all again, in groups over seeds", lambda: space._wish(filter="", group="seeds"), lambda: True)
    measure("all again", lambda: space._wish(group=""), lambda: True)
    measure("a look, nothing changed", space.look, lambda: not space.reading._pool.activeThreadCount())
    measure("select all", space.table.selectAll, rested)
    window._leave(save=False)
    while not window._closed:
        app.processEvents()


def main(arguments: list[str]) -> int:
    """Make, time, remove."""
    count = int(arguments[0]) if arguments else 1000
    with tempfile.TemporaryDirectory(prefix="ganstudio-bench-") as folder:
        parent = Path(folder)
        make_runs(parent, count)
        print(f"{count:,} runs of {REPORTS:,} reports, {GRIDS} grids and 4 measurements each")
        time_list(parent)
        time_window(parent, count)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
