"""How quickly the explore session answers, and what that costs a run that trains beside it. Prints, never fails.

    python tests/benchmarks/explore.py [--seconds 5] [--rate 60] [--models dcgan-32 dcgan-64 stylegan2-32 stylegan2-64]

Slider: a new recipe as often as a hand moves one, through the real pipe, to a real child; the age of each picture is
the time from its request to its arrival (budget: p95 under 100 ms), dropped requests were replaced by newer ones.
Training: steps a second of digits-dcgan in a child of its own, alone and beside a slider that never rests (budget:
10 % slower). Tools: the time to the first answer, the model opened before.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ganstudio.engine.launch import (
    EngineProcess,
    compute_threads,
    prepare_environment,
    serve,
    serve_exploration,
)

prepare_environment(window=True)
sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np  # noqa: E402
import torch  # noqa: E402
from support.sessions import ChildTalk  # noqa: E402

from ganstudio.catalog.presets import load_spec  # noqa: E402
from ganstudio.catalog.resolve import change, resolve  # noqa: E402
from ganstudio.core.config import dump_toml  # noqa: E402
from ganstudio.core.explore import messages as x  # noqa: E402
from ganstudio.core.explore.recipe import Blend, Model, Recipe, Seed  # noqa: E402
from ganstudio.core.messages import Begin, Ready, Scalars, Started, Stop  # noqa: E402
from ganstudio.core.runs import RunFolder  # noqa: E402
from ganstudio.data import load, make_feed  # noqa: E402
from ganstudio.engine import devices  # noqa: E402
from ganstudio.training import checkpoint  # noqa: E402
from ganstudio.training.trainer import Trainer  # noqa: E402

SCRATCH = Path(tempfile.mkdtemp(prefix="ganstudio-benchmark-"))
MODELS = ("dcgan-32", "dcgan-64", "stylegan2-32", "stylegan2-64")
BUDGETS = {"SeFa": 1.0, "PCA of 20,000": 5.0, "map of 1,000": 2.0, "inversion": 1.0}


def percentile(values: list[float], share: float) -> float:
    """The value below which that share of the values lies."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def saved(name: str) -> Model:
    """A run of one step: what is measured does not depend on what was learnt."""
    variant, _, side = name.partition("-")
    config = resolve(
        {"variant": variant, "data": {"source": "faces", "resolution": int(side)}, "batch_size": 8}
    )
    place = torch.device("cpu")
    trainer = Trainer(config, make_feed(load(config.data), place, 0), place)
    trainer.step()
    run = RunFolder(SCRATCH / name)
    run.create(dump_toml(config))
    checkpoint.save(trainer, run, 1.0)
    return Model(str(run.path))


class Slider:
    """Renders in a child, as a hand on a slider asks for them."""

    def __init__(self) -> None:
        self.talk = ChildTalk(serve_exploration)
        self.talk.wait(Ready)
        self.number = 0
        self.sent: dict[int, float] = {}
        self.ages: list[float] = []
        self.drops = 0
        self.last = threading.Event()
        self._note = self.talk.note
        self.talk.note = self.note  # type: ignore[method-assign]

    def note(self, report: Any) -> None:
        """On the thread that reads the pipe."""
        now = time.perf_counter()
        if getattr(report, "slot", "") == x.PICTURE and report.id in self.sent:
            if isinstance(report, x.Rendered):
                self.ages.append(now - self.sent[report.id])
            self.drops += isinstance(report, x.Dropped)
            if report.id == self.number:
                self.last.set()
            return
        self._note(report)

    def ask(self, kind: Callable[..., Any], slot: str, *parts: Any, **more: Any) -> int:
        """One request."""
        self.number += 1
        self.talk.send(kind(self.number, slot, *parts, **more))
        return self.number

    def first(self, kind: Callable[..., Any], answer: type[Any], *parts: Any, **more: Any) -> float:
        """Seconds to the first answer; the rest is cancelled."""
        start = time.perf_counter()
        number = self.ask(kind, "tool", *parts, **more)
        found = self.talk.wait(
            object, lambda r: getattr(r, "id", 0) == number and not isinstance(r, x.Working)
        )
        seconds = time.perf_counter() - start
        if not isinstance(found, answer):
            print(f"    {kind.__name__}: {found}")
            return float("nan")
        self.talk.send(x.Cancel("tool"))
        return seconds

    def move(self, model: Model, seconds: float, rate: float) -> tuple[list[float], int]:
        """Ages of the pictures shown (s) and the number of requests dropped."""
        self.sent, self.ages, self.drops = {}, [], 0
        start = time.perf_counter()
        for index in range(int(seconds * rate)):
            recipe = Recipe(Blend(Seed(1), Seed(2), (index % 100) / 100))
            time.sleep(max(0.0, start + index / rate - time.perf_counter()))
            self.last.clear()
            self.sent[self.number + 1] = time.perf_counter()
            self.ask(x.Render, x.PICTURE, model, (recipe,))
        self.last.wait(10)
        return self.ages, self.drops


class Training:
    """The default preset in a child, as beside a window."""

    def __init__(self) -> None:
        self.engine = EngineProcess(serve)
        config = change(load_spec("digits-dcgan"), "steps", 10**7)
        self.marks: list[tuple[float, int]] = []
        self.engine.send(Begin(str(SCRATCH / "training"), config, window=True))
        while not isinstance(self.engine.receive(), Started):
            pass
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        try:
            while True:
                report = self.engine.receive()
                if isinstance(report, Scalars):
                    self.marks.append((time.perf_counter(), report.step))
        except EOFError:
            return

    def rate(self, work: Callable[[], Any]) -> tuple[float, Any]:
        """Steps a second while ``work`` goes on, and what it gave."""
        begin = time.perf_counter()
        given = work()
        marks = [mark for mark in self.marks if mark[0] >= begin]
        (first, low), (last, high) = marks[0], marks[-1]
        return (high - low) / (last - first), given

    def close(self) -> None:
        """Stop."""
        self.engine.send(Stop(save=False))
        self._thread.join(1.0)
        self.engine.process.kill()
        self._thread.join(5.0)
        self.engine.close()


def told(ages: list[float], drops: int) -> str:
    """One cell of the table."""
    shown = f"p50 {1e3 * percentile(ages, 0.5):4.0f}  p95 {1e3 * percentile(ages, 0.95):4.0f} ms"
    return f"{shown}, {len(ages)} shown, {drops} dropped"


def tools(slider: Slider, model: Model) -> dict[str, float]:
    """Seconds to the first answer of each tool."""
    target = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    return {
        "SeFa": slider.first(x.FindDirections, x.FoundDirections, model, "sefa"),
        "PCA of 20,000": slider.first(x.FindDirections, x.FoundDirections, model, "pca"),
        "map of 1,000": slider.first(x.MapOut, x.MapPart, model),
        "inversion": slider.first(x.Invert, x.Inverting, model, target),
    }


def main() -> None:
    """The table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--rate", type=float, default=60.0)
    parser.add_argument("--models", nargs="+", choices=MODELS, default=MODELS)
    options = parser.parse_args()
    torch.set_num_threads(1)
    print(f"{devices.processor()}, {compute_threads(window=False)} cores, torch {torch.__version__}")
    models, slider = {name: saved(name) for name in options.models}, Slider()

    def moved(name: str) -> tuple[list[float], int]:
        return slider.move(models[name], options.seconds, options.rate)

    for name, model in models.items():
        opening = slider.first(x.Open, x.Opened, model)
        print(f"{name:14} opened in {opening:.2f} s; slider alone: {told(*moved(name))}", flush=True)
        for tool, seconds in tools(slider, model).items():
            print(
                f"{name:14} {tool}: first answer {seconds:.2f} s (budget {BUDGETS[tool]:.0f} s)", flush=True
            )
    training = Training()
    for name in models:
        before, _ = training.rate(lambda: time.sleep(options.seconds))
        beside, (ages, drops) = training.rate(lambda name=name: moved(name))
        after, _ = training.rate(lambda: time.sleep(options.seconds))
        ratio = beside / ((before + after) / 2)
        print(f"{name:14} slider beside training: {told(ages, drops)}; training at {ratio:.2f} of its speed alone "
              f"({before:.1f}, {beside:.1f}, {after:.1f} steps/s; budget 0.90)", flush=True)  # fmt: skip
    training.close()
    slider.talk.close()


if __name__ == "__main__":
    main()
