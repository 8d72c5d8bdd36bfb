"""What measuring costs the training beside it, as a ratio of speeds; taken in turns within one run.

    python tests/benchmarks/measuring.py [--preset digits-dcgan] [--rounds 8] [--seconds 6] [--threads 0]
        [--only all|features|statistics]

One child trains without a pause. Another one measures its checkpoint over and over for some seconds, then rests for as
many. The speed while it measures is divided by the mean of the speeds before and after: a machine whose speed moves
moves both. ``--threads`` are those of training: 0 takes one fewer than cores, as beside a window.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from multiprocessing.connection import wait
from pathlib import Path

import psutil

from ganstudio.catalog.presets import load_spec
from ganstudio.catalog.resolve import change
from ganstudio.core import messages as m
from ganstudio.engine.launch import EngineProcess, serve_measuring

METRICS = {
    "all": (),
    "features": ("fd-domain",),
    "statistics": ("kd-domain", "precision-domain", "ms-ssim"),
}
SETTLE = 1.0
"""Seconds after a turn that count for neither side."""


class Pair:
    """A child that trains and one that measures what it has saved."""

    def __init__(self, preset: str, threads: int, metrics: tuple[str, ...], folder: Path) -> None:
        config = change(load_spec(preset), "steps", 10**9)
        config = change(change(config, "checkpoint.every_seconds", 1e6), "checkpoint.every", 10**8)
        config = change(config, "compute.threads", threads)
        self.folder, self.metrics, self.wanted = folder, metrics, False
        self.trains, self.measures = EngineProcess(), EngineProcess(serve_measuring)
        self.last: m.Scalars | None = None
        self.done, self.busy = 0, False
        self.trains.send(m.Begin(str(folder), config))
        self.until(lambda: self.last is not None)
        self.trains.send(m.Save())
        self.until(lambda: any(folder.glob("checkpoints/0*")))

    def pump(self, seconds: float) -> None:
        """Hear both for so long, and keep the one that measures busy if that is wanted."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            for connection in wait([self.trains.connection, self.measures.connection], left):
                self.hear((self.trains if connection is self.trains.connection else self.measures).receive())

    def until(self, condition) -> None:
        while not condition():
            self.pump(0.05)

    def hear(self, report: m.Report) -> None:
        if isinstance(report, m.Scalars):
            self.last = report
        elif isinstance(report, m.Failed | m.MeasureFailed):
            raise SystemExit(report.problem)
        elif isinstance(report, m.MeasureEnded):
            self.busy = False
            self.done += not report.cancelled
            self.measure()

    def measure(self) -> None:
        if self.wanted and not self.busy:
            self.busy = True
            self.measures.send(m.Measure(str(self.folder), metrics=self.metrics))

    def turn(self, on: bool, seconds: float) -> tuple[float, float]:
        """Images a second with or without measuring, and the processor time that measuring took meanwhile, per second."""
        self.wanted = on
        if on:
            self.measure()
        else:
            self.measures.send(m.StopMeasuring())
        self.pump(SETTLE)
        assert self.last is not None
        first, used, since = self.last, cpu(self.measures.pid), time.monotonic()
        self.pump(seconds)
        took = self.last.seconds - first.seconds
        share = (cpu(self.measures.pid) - used) / (time.monotonic() - since)
        return (self.last.images - first.images) / took, share

    def close(self) -> None:
        self.trains.send(m.Stop(save=False))
        for engine in (self.trains, self.measures):
            engine.close(2.0)


def cpu(pid: int) -> float:
    """Seconds of processor time a process has used."""
    times = psutil.Process(pid).cpu_times()
    return times.user + times.system


def main() -> None:
    """Print one line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--preset", default="digits-dcgan")
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=6.0)
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--only", choices=tuple(METRICS), default="all")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        pair = Pair(options.preset, options.threads, METRICS[options.only], Path(folder) / "run")
        pair.wanted = True
        pair.measure()
        pair.until(
            lambda: pair.done > 0 or pair.last.seconds > 120
        )  # the classifier of the data is learned once
        ratios, shares = [], []
        before, _ = pair.turn(False, options.seconds)
        for _ in range(options.rounds):
            beside, share = pair.turn(True, options.seconds)
            after, _ = pair.turn(False, options.seconds)
            ratios.append(2 * beside / (before + after))
            shares.append(share)
            print(
                f"{before:7.0f} {beside:7.0f} {after:7.0f} img/s  ratio {ratios[-1]:.3f}  share {share:.2f}",
                flush=True,
            )
            before = after
        pair.close()
    low, high = min(ratios), max(ratios)
    print(
        f"{options.preset}, measuring {options.only}: training keeps {statistics.median(ratios):.3f} of its speed "
        f"({low:.3f} to {high:.3f}, {options.rounds} rounds); measuring has {statistics.mean(shares):.2f} of a core, "
        f"{pair.done} rounds done"
    )


if __name__ == "__main__":
    main()
