"""What measuring costs the training beside it, as a ratio of speeds; taken in turns within one run.

    python tests/benchmarks/measuring.py [--preset digits-dcgan] [--rounds 40] [--seconds 1.5] [--threads 0]
        [--only all|features|statistics] [--niceness N] [--headless]

One child trains without a pause. Another one measures its checkpoint over and over; in every other turn it is stopped
dead (SIGSTOP). The speed of a turn with measuring is divided by the mean of the turns before and after, so that a
machine whose speed moves moves both; the median of many short turns is told with its bootstrap interval, and beside
it two ratios that say where the cost comes from: the share of the processor that training gets, and what it does with
a second of it. ``--threads`` are those of training: 0 takes one fewer than cores, as beside a window. ``--headless``
trains as without a window: on all cores, and threads that wait spin as long as OpenMP lets them.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path

import psutil

from ganstudio.catalog.presets import load_spec
from ganstudio.catalog.resolve import change
from ganstudio.core import messages as m
from ganstudio.engine.launch import EngineProcess, prepare_environment, serve_measuring

METRICS = {
    "all": (),
    "features": ("fd-domain",),
    "statistics": ("kd-domain", "precision-domain", "ms-ssim"),
}
SETTLE = 0.3
"""Seconds after a turn that count for neither side."""


def serve_headless(connection: Connection) -> None:
    """A child that trains as the command line does."""
    prepare_environment(window=False)
    from ganstudio.engine.child import run_child

    run_child(connection)
    os._exit(0)


@dataclass(frozen=True)
class Turn:
    """Images a second, seconds of the processor that training got in one, and images in a second of the processor."""

    speed: float
    share: float
    use: float


class Pair:
    """A child that trains and one that measures what it has saved."""

    def __init__(
        self, preset: str, threads: int, metrics: tuple[str, ...], folder: Path, headless: bool
    ) -> None:
        config = change(load_spec(preset), "steps", 10**9)
        config = change(change(config, "checkpoint.every_seconds", 1e6), "checkpoint.every", 10**8)
        config = change(config, "compute.threads", threads)
        self.folder, self.metrics = folder, metrics
        self.trains = EngineProcess(serve_headless if headless else None)
        self.measures = EngineProcess(serve_measuring)
        self.last = m.Scalars(0, 0, 0.0, {})
        self.done = 0
        self.trains.send(m.Begin(str(folder), config, window=not headless))
        self.until(lambda: self.last.step > 0)
        self.trains.send(m.Save())
        self.until(lambda: any(folder.glob("checkpoints/0*")))
        self.measure()

    def pump(self, seconds: float) -> None:
        """Hear both for so long."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            for connection in wait([self.trains.connection, self.measures.connection], left):
                self.hear((self.trains if connection is self.trains.connection else self.measures).receive())

    def until(self, condition: Callable[[], bool]) -> None:
        """Hear both until something holds."""
        while not condition():
            self.pump(0.05)

    def hear(self, report: object) -> None:
        """Keep the one that measures busy."""
        if isinstance(report, m.Scalars):
            self.last = report
        elif isinstance(report, m.Failed | m.MeasureFailed):
            raise SystemExit(report.problem)
        elif isinstance(report, m.MeasureEnded):
            self.done += 1
            self.measure()

    def measure(self) -> None:
        """Once more."""
        self.measures.send(m.Measure(str(self.folder), metrics=self.metrics))

    def turn(self, on: bool, seconds: float) -> Turn:
        """Train for a while, with or without measuring."""
        os.kill(self.measures.pid, signal.SIGCONT if on else signal.SIGSTOP)
        self.pump(SETTLE)
        first, used = self.last, cpu(self.trains.pid)
        self.pump(seconds)
        self.until(lambda: self.last.seconds > first.seconds)
        took, used = self.last.seconds - first.seconds, cpu(self.trains.pid) - used
        images = self.last.images - first.images
        return Turn(images / took, used / took, images / max(used, 1e-6))

    def close(self) -> None:
        """End both."""
        os.kill(self.measures.pid, signal.SIGCONT)
        self.trains.send(m.Stop(save=False))
        for engine in (self.trains, self.measures):
            engine.close(2.0)


def cpu(pid: int) -> float:
    """Seconds of processor time a process has used."""
    times = psutil.Process(pid).cpu_times()
    return times.user + times.system


def interval(values: list[float]) -> tuple[float, float]:
    """Of the median, by resampling: 95 %."""
    chance = random.Random(0)
    medians = sorted(statistics.median(chance.choices(values, k=len(values))) for _ in range(1000))
    return medians[25], medians[974]


def told(name: str, values: list[float]) -> str:
    """A median with its interval."""
    low, high = interval(values)
    return f"{name} {statistics.median(values):.3f} ({low:.3f} to {high:.3f})"


def main() -> None:
    """Print a few lines."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--preset", default="digits-dcgan")
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--seconds", type=float, default=1.5)
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--only", choices=tuple(METRICS), default="all")
    parser.add_argument("--headless", action="store_true")
    parser.add_argument("--niceness", type=int, help="another niceness of measuring than its own")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        metrics, run = METRICS[options.only], Path(folder) / "run"
        pair = Pair(options.preset, options.threads, metrics, run, options.headless)
        if options.niceness is not None:
            psutil.Process(pair.measures.pid).nice(options.niceness)
        pair.pump(5.0)
        ratios: list[tuple[float, float, float]] = []
        measured = beside = 0.0
        before = pair.turn(False, options.seconds)
        for _ in range(options.rounds):
            used, since = cpu(pair.measures.pid), time.monotonic()
            with_it = pair.turn(True, options.seconds)
            measured, beside = measured + cpu(pair.measures.pid) - used, beside + time.monotonic() - since
            after = pair.turn(False, options.seconds)
            ratios.append(
                (
                    2 * with_it.speed / (before.speed + after.speed),
                    2 * with_it.share / (before.share + after.share),
                    2 * with_it.use / (before.use + after.use),
                )
            )
            before = after
        pair.close()
    names = ("training keeps", "of its processor time", "of its images in a second of that")
    print(
        f"{options.preset}, measuring {options.only}, {options.rounds} rounds of {options.seconds:g} s, load "
        f"{os.getloadavg()[0]:.1f}:"
    )
    print(
        "; ".join(
            told(name, list(values)) for name, values in zip(names, zip(*ratios, strict=True), strict=True)
        )
    )
    print(f"measuring had {measured / beside:.2f} of a core; {pair.done} wishes done")


if __name__ == "__main__":
    main()
