"""What the window costs and how quickly it answers. Prints, never fails.

    python tests/benchmarks/window.py [start] [train] [memory]

``start``: launch to painted window (budget 1.0 s), ``--help`` (0.3 s).
``train``: Start to first update with a warm engine (1.5 s), gaps between frames (p99 50 ms) and time until an event
is handled (100 ms) while training, training speed beside the open window against the same engine without one (10 %).
``memory``: the process (300 MB) after 10,000 and after 100,000 reports.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

if sys.platform == "linux" and not os.environ.get("DISPLAY"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
SCRATCH = tempfile.mkdtemp(prefix="ganstudio-benchmark-")
os.environ["GANSTUDIO_CONFIG_HOME"] = os.environ["GANSTUDIO_RUNS"] = SCRATCH

import psutil  # noqa: E402
from PySide6.QtCore import QEvent, QObject, Qt, QTimer  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from ganstudio.catalog.presets import load_spec  # noqa: E402
from ganstudio.catalog.resolve import change  # noqa: E402
from ganstudio.core.lifecycle import State  # noqa: E402
from ganstudio.core.messages import Begin, Finished, Ready, Scalars, StateChanged, Stop  # noqa: E402
from ganstudio.engine.launch import EngineProcess, compute_threads  # noqa: E402
from ganstudio.window.application import make_application, prepare_environment  # noqa: E402

prepare_environment()


def percentile(values: list[float], share: float) -> float:
    """The value below which that share of the values lies."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def wait_until(app: QApplication, done: Callable[[], bool], seconds: float = 60.0) -> None:
    """Run the event loop until something holds."""
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            raise TimeoutError("the benchmark waited in vain")
        app.processEvents()
        time.sleep(0.001)


def measure_start(rounds: int = 5) -> None:
    """New processes, from launch to the first painted window."""
    found: list[float] = []
    for _ in range(rounds):
        environment = os.environ | {"GANSTUDIO_TIME_START": "1"}
        process = subprocess.Popen(
            [sys.executable, "-m", "ganstudio", "gui"], stderr=subprocess.PIPE, text=True, env=environment
        )
        assert process.stderr is not None
        for line in process.stderr:
            if "on screen after" in line:
                found.append(float(line.split()[-2]))
                break
        process.terminate()
        process.communicate(timeout=30)
    print(f"window on screen: {statistics.median(found):.2f} s, best {min(found):.2f} s (budget 1.0 s)")
    helps: list[float] = []
    for _ in range(rounds):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-m", "ganstudio", "--help"], stdout=subprocess.DEVNULL, check=True)
        helps.append(time.perf_counter() - start)
    print(f"--help: {statistics.median(helps):.2f} s, best {min(helps):.2f} s (budget 0.3 s)")


class Pulse(QObject):
    """Notes when the event loop gets to a 33 ms timer, and how long events posted by a thread wait."""

    def __init__(self, target: QObject) -> None:
        super().__init__()
        self.ticks: list[float] = []
        self.waits: list[float] = []
        self.target = target
        self._posted = 0.0
        self._stop = threading.Event()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        target.installEventFilter(self)

    def _tick(self) -> None:
        self.ticks.append(time.perf_counter())

    def start(self) -> None:
        """Begin to listen."""
        self._timer.start(33)
        threading.Thread(target=self._click, daemon=True).start()

    def stop(self) -> None:
        """Listen no more."""
        self._stop.set()
        self._timer.stop()
        self.target.removeEventFilter(self)

    def _click(self) -> None:
        while not self._stop.wait(0.137):
            if self._posted == 0.0:
                self._posted = time.perf_counter()
                QApplication.postEvent(self.target, QEvent(QEvent.Type.User))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """An event has arrived."""
        if event.type() == QEvent.Type.User and self._posted:
            self.waits.append(time.perf_counter() - self._posted)
            self._posted = 0.0
        return False

    def gaps(self) -> list[float]:
        """Seconds between two frames."""
        return [b - a for a, b in zip(self.ticks, self.ticks[1:], strict=False)]


def measure_training(seconds: float = 12.0, rounds: int = 3) -> None:
    """The real window with a real engine, and the same engine alone, in turn."""
    from ganstudio.window.main_window import MainWindow
    from ganstudio.window.settings import SettingsFile

    app = make_application()
    ratios: list[float] = []
    for number in range(rounds):
        window = MainWindow(SettingsFile())
        window.resize(1440, 900)
        window.show()
        window.begin(None)
        model = window.controller.model
        wait_until(app, lambda model=model: bool(model.devices))
        config = change(load_spec("digits-dcgan"), "steps", 10**6)
        start = time.perf_counter()
        window.controller.start(config)
        wait_until(app, lambda model=model: model.last is not None)
        first = time.perf_counter() - start
        wait_until(app, lambda model=model: model.seconds_left is not None)
        pulse = Pulse(window.centralWidget())
        before = model.last
        pulse.start()
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            app.processEvents()
            time.sleep(0.0005)
        pulse.stop()
        beside = (model.last.step - before.step) / (model.last.seconds - before.seconds)
        memory = psutil.Process().memory_info().rss / 2**20
        window.controller.stop(save=False)
        wait_until(app, lambda model=model: model.state in (State.FINISHED, State.FAILED))
        window.controller.shut_down(save=False)
        gone: list[bool] = []
        window.controller.closed.connect(lambda gone=gone: gone.append(True))
        wait_until(app, lambda gone=gone: bool(gone))
        window.close()
        window.deleteLater()
        alone = engine_alone(config, seconds)
        ratios.append(beside / alone)
        gaps, waits = pulse.gaps(), pulse.waits
        print(
            f"round {number + 1}: first update {first:.2f} s (budget 1.5); frame gap p50 "
            f"{1e3 * percentile(gaps, 0.5):.0f} p99 {1e3 * percentile(gaps, 0.99):.0f} max {1e3 * max(gaps):.0f} ms "
            f"(budget p99 50); event handled p50 {1e3 * percentile(waits, 0.5):.1f} p99 "
            f"{1e3 * percentile(waits, 0.99):.0f} ms (budget 100); {beside:.1f} steps/s beside the window, "
            f"{alone:.1f} without: {beside / alone:.2f}; process {memory:.0f} MB",
            flush=True,
        )
    print(f"speed beside the window: {statistics.median(ratios):.2f} of headless (budget 0.90)")


def engine_alone(config: object, seconds: float) -> float:
    """Steps per second of the same engine with as many threads and no window."""
    engine = EngineProcess()
    config = change(config, "compute.threads", compute_threads(window=True))
    folder = Path(tempfile.mkdtemp(dir=SCRATCH)) / "alone"
    first: Scalars | None = None
    last: Scalars | None = None
    while not isinstance(engine.receive(), Ready):
        pass
    engine.send(Begin(str(folder), config, window=False))
    while True:
        report = engine.receive()
        if isinstance(report, Scalars):
            last = report
            if first is None and report.seconds > 1.0:
                first = report
            if first is not None and report.seconds - first.seconds >= seconds:
                engine.send(Stop(save=False))
        if isinstance(report, Finished) or (
            isinstance(report, StateChanged) and report.state is State.FAILED
        ):
            break
    engine.close()
    assert first is not None
    assert last is not None
    return (last.step - first.step) / (last.seconds - first.seconds)


def measure_memory() -> None:
    """The window's model and charts under a long run."""
    from ganstudio.window.main_window import MainWindow
    from ganstudio.window.settings import SettingsFile

    app = make_application()
    window = MainWindow(SettingsFile())
    window.resize(1440, 900)
    window.show()
    config = change(load_spec("digits-dcgan"), "steps", 10**6)
    model = window.controller.model
    model.begin(Path(SCRATCH) / "memory", config)
    names = ("loss/generator", "loss/discriminator", "score/real", "score/fake", "accuracy/real", "accuracy/fake",
             "grad_norm/generator", "grad_norm/discriminator", "penalty/r1", "rate/images_per_second")  # fmt: skip
    found: dict[int, float] = {}
    for index in range(1, 100_001):
        values = {name: (index * (k + 1) % 97) / 97 for k, name in enumerate(names)}
        model.take_scalars([Scalars(index * 5, index * 320, index * 0.1, values)])
        if index % 500 == 0:
            window.train.charts.refresh()
            app.processEvents()
        if index in (1, 10_000, 50_000, 100_000):
            found[index] = psutil.Process().memory_info().rss / 2**20
    told = ", ".join(f"{count:,} reports {size:.0f} MB" for count, size in found.items())
    print(f"window process: {told} (budget 300 MB, flat)")
    window.controller.shut_down(save=False)


MEASURES = {"start": measure_start, "train": measure_training, "memory": measure_memory}

if __name__ == "__main__":
    for chosen in sys.argv[1:] or list(MEASURES):
        MEASURES[chosen]()
