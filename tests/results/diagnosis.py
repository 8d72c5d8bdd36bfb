"""Short runs, healthy ones of every variant and sick ones made on purpose, and what the diagnosis says of them.

    python tests/results/diagnosis.py record [--only NAME ...]
    python tests/results/diagnosis.py table [--write]

``record`` trains each run for some hundred steps on one thread and keeps its series beside the tests of the rules.
``table`` plays the recorded series to the doctor, report by report, and lists what it said and when. The tests of the
rules read the same files.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, cast

os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).parents[1]))

import torch
from torch import Tensor

from ganstudio.catalog.diagnosing import facts_of
from ganstudio.catalog.objectives import ObjectiveOptions
from ganstudio.catalog.resolve import resolve
from ganstudio.catalog.variants import VARIANTS
from ganstudio.core.diagnosis import Doctor
from ganstudio.core.schema import settings_of
from ganstudio.data import Feed, ImageSet, load, make_feed
from ganstudio.data.held_out import hold_out
from ganstudio.engine import devices
from ganstudio.engine.examining import Examiner
from ganstudio.training.trainer import Trainer

PLACE = Path(__file__).parents[1] / "core" / "diagnosis" / "recorded"
DIGITS: dict[str, Any] = {"source": "digits", "resolution": 8}
WIDTH = {"base_channels": 16, "width": 32}
"""Widths of the healthy runs' networks: of convolutional ones, and of R3GAN's."""
SMALLER: dict[str, dict[str, Any]] = {"Architecture": {"batch_size": 16}}
"""Settings of families whose steps would take too long."""
SLOW = {"dragan": 1500, "ebgan": 1500}
"""Steps of variants that take long to begin."""
Change = Callable[[Trainer], None]


def nothing(trainer: Trainer) -> None:
    """A run as it is."""


def no_noise(trainer: Trainer) -> None:
    """The generator gets the same numbers every time instead of noise."""

    def silence(_: Any, inputs: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        return (inputs[0] * 0 + 1, *inputs[1:])

    for net in (trainer.game.generator, trainer.average.net):
        net.register_forward_pre_hook(silence)


def leak(trainer: Trainer) -> None:
    """Real pictures carry a mark that no generator can make: a corner brighter than white."""

    class Marked:
        def __init__(self, feed: Any) -> None:
            self.feed = feed

        def __getattr__(self, name: str) -> Any:
            return getattr(self.feed, name)

        def batch(self, position: int, count: int) -> tuple[Tensor, Tensor | None]:
            real, labels = self.feed.batch(position, count)
            real[:, :, :2, :2] = 3.0
            return real, labels

    trainer.feed = cast("Feed", Marked(trainer.feed))


def kill_units(trainer: Trainer) -> None:
    """The generator's first layer is pushed so far down that its ReLUs never open."""
    with torch.no_grad():
        for module in trainer.game.generator.modules():
            if isinstance(module, torch.nn.Linear | torch.nn.BatchNorm2d) and module.bias is not None:
                module.bias -= 100.0
                return


def saturate(trainer: Trainer) -> None:
    """The generator's last layer is a hundred times too large, so that tanh is at its ends."""
    with torch.no_grad():
        convolutions = [
            m for m in trainer.game.generator.modules() if isinstance(m, torch.nn.ConvTranspose2d)
        ]
        convolutions[-1].weight *= 300.0


@dataclass(frozen=True)
class Case:
    """A run to record. ``expected`` are kinds of finding, at least one of which should come; none for a healthy run."""

    name: str
    what: str
    table: dict[str, Any]
    steps: int = 450
    every: int = 10
    expected: tuple[str, ...] = ()
    change: Change = nothing
    pictures: int = 0
    held_out: int = 10
    limit: float = 5.0
    """Seconds of computing after which it ends early."""


def narrow(variant: str, **more: Any) -> dict[str, Any]:
    """A variant's config on digits of 8 px with small networks."""
    recipe, table = VARIANTS[variant], {"variant": variant, "data": DIGITS, "steps": 3000}
    for player, networks in (("generator", recipe.generator), ("discriminator", recipe.discriminator)):
        known = {s.name for s in settings_of(type(networks["image"]))}
        table[player] = {key: value for key, value in WIDTH.items() if key in known}
    return table | more


def toy(variant: str, source: str, **more: Any) -> dict[str, Any]:
    """A variant's config on points."""
    return {"variant": variant, "data": {"source": source}, "steps": 3000} | more


def rates(generator: float, discriminator: float, kind: str = "adam") -> dict[str, Any]:
    """Learning rates of both players."""
    return {
        "generator": {"kind": kind, "lr": generator},
        "discriminator": {"kind": kind, "lr": discriminator},
    }


def healthy() -> list[Case]:
    """Every variant on digits, and on points some that learn them well."""
    pictures = [
        Case(
            f"digits-{name}", f"{recipe.title} on digits", narrow(name, **SMALLER.get(recipe.group, {})),
            SLOW.get(name, 450), limit=15.0,
        )
        for name, recipe in VARIANTS.items() if "image" in recipe.data
    ]  # fmt: skip
    points = [
        Case(f"{source}-{name}", f"{VARIANTS[name].title} on {source}", toy(name, source), 1500, 15)
        for name, source in (
            ("wgan-gp", "ring"), ("wgan-lp", "moons"), ("hinge", "swiss-roll"), ("cgan", "ring"), ("sngan", "moons"),
            ("dragan", "mixture-3"), ("lsgan", "checkerboard"), ("multi-generator", "ring"),
        )
    ]  # fmt: skip
    return pictures + points


def sick() -> list[Case]:
    """Runs with something wrong on purpose."""
    fast = rates(6e-3, 6e-3)
    strong = ("discriminator-strong", "vanishing-gradient", "mode-collapse", "stalled")
    broken = (
        "dead-units",
        "vanishing-gradient",
        "divergence",
        "oscillation",
        "mode-collapse",
        "saturation",
        "discriminator-strong",
        "stalled",
    )
    return [
        Case("rate-x30", "learning rates x 30", narrow("dcgan", optimizer=fast), expected=broken),
        Case("rate-x300", "learning rates x 300", narrow("dcgan", optimizer=rates(6e-2, 6e-2)), expected=broken),
        Case("rate-x30-ring", "learning rates x 30, points", toy("gan", "ring", optimizer=fast), 1500, 15, broken),
        Case("rate-x30-hinge", "learning rates x 30, hinge", narrow("hinge", optimizer=fast), expected=broken),
        Case("rate-x30-wgan-gp", "learning rates x 30, WGAN-GP", narrow("wgan-gp", optimizer=rates(3e-3, 3e-3)),
             expected=broken),
        Case("discriminator-x20", "discriminator 20 x too large, 3 updates a step",
             narrow("dcgan", discriminator={"base_channels": 72}, discriminator_steps=3), 400, expected=strong),
        Case("discriminator-fast", "discriminator's rate x 30",
             narrow("dcgan", optimizer=rates(2e-4, 6e-3)), expected=strong),
        Case("saturating", "minimax loss against a discriminator 30 x as fast",
             narrow("gan", objective={"loss": "saturating"}, optimizer=rates(2e-4, 6e-3)), expected=strong),
        Case("rate-0", "both rates 0", narrow("dcgan", optimizer=rates(0.0, 0.0)), expected=("idle",)),
        Case("rate-0-generator", "the generator's rate 0", toy("gan", "ring", optimizer=rates(0.0, 2e-4)), 1500, 15,
             ("idle",)),
        Case("rate-0-discriminator", "the discriminator's rate 0", narrow("dcgan", optimizer=rates(2e-4, 0.0)),
             expected=("idle",)),
        Case("no-noise", "the generator gets no noise", narrow("dcgan"), 1200, 15, ("mode-collapse",), no_noise),
        Case("no-noise-points", "the generator gets no noise, points", toy("wgan-gp", "ring"), 1500, 15,
             ("mode-collapse",), no_noise),
        Case("collapse-ring", "GAN on the ring, which it is known not to cover", toy("gan", "ring"), 2000, 20,
             ("mode-collapse", "oscillation")),
        Case("collapse-grid", "GAN on the grid, which it is known not to cover", toy("gan", "grid"), 2000, 20,
             ("mode-collapse", "oscillation")),
        Case("grid-rpgan", "RpGAN on the grid without its penalties", toy("rpgan", "grid"), 1500, 15,
             ("mode-collapse",)),
        Case("batch-2", "a batch of 2", narrow("dcgan", batch_size=2), 1000, 10, ("small-batch", *broken)),
        Case("batch-2-points", "a batch of 2, points", toy("gan", "ring", batch_size=2), 2500, 25,
             ("small-batch", *broken)),
        Case("leak", "real pictures carry a mark", narrow("dcgan"), 1200, 15, strong, leak, held_out=0),
        Case("leak-hinge", "real pictures carry a mark, hinge", narrow("hinge"), 1200, 15, strong, leak, held_out=0),
        Case("dead-units", "the generator's first ReLUs never open", narrow("dcgan"),
             expected=("dead-units", "mode-collapse", "vanishing-gradient"), change=kill_units),
        Case("saturated", "tanh at its ends", narrow("dcgan"), expected=("saturation",), change=saturate),
        Case("r1-huge", "R1 with gamma 10,000", narrow("dcgan", stabilizers={"r1": {"gamma": 10000.0}}), 1200, 15,
             expected=("loss-imbalance", "discriminator-weak")),
        Case("few-pictures", "24 pictures", narrow("dcgan", batch_size=16), 2500, 25,
             ("memorisation", "overfitting"), pictures=48, held_out=50, limit=40.0),
        Case("ten-pictures", "10 pictures, wider networks",
             narrow("dcgan", batch_size=10, generator={"base_channels": 32}, discriminator={"base_channels": 32}),
             2000, 20, ("memorisation", "overfitting"), pictures=20, held_out=50, limit=40.0),
        Case("few-pictures-wide", "100 pictures, a wide discriminator",
             narrow("hinge", discriminator={"base_channels": 32}), 1200, 15,
             ("memorisation", "overfitting"), pictures=200, held_out=50),
        Case("no-bound", "Wasserstein's loss with nothing that bounds the slope",
             narrow("wgan-gp", stabilizers={"gradient-penalty": False}), 1200, 15, broken, limit=20.0),
    ]  # fmt: skip


def data_of(case: Case, options: Any, seed: int) -> tuple[Any, Tensor | None]:
    """What a run trains on, and what it never sees."""
    data = load(options)
    if not isinstance(data, ImageSet):
        return data, None
    if case.pictures:
        labels = None if data.labels is None else data.labels[: case.pictures]
        data = replace(data, images=data.images[: case.pictures], labels=labels)
    return hold_out(data, case.held_out, seed)


def record(case: Case) -> dict[str, Any]:
    """Train a run and return its series."""
    config = resolve(case.table)
    objective = cast(ObjectiveOptions, config.objective)
    device = torch.device("cpu")
    data, held_out = data_of(case, config.data, config.seed)
    trainer = Trainer(config, make_feed(data, device, config.seed), device)
    case.change(trainer)
    examiner = Examiner(trainer, held_out)
    steps: list[int] = []
    rows: list[dict[str, float]] = []
    start = time.process_time()
    while trainer.step_count < case.steps and time.process_time() - start < case.limit:
        trainer.measure = (trainer.step_count + 1) % case.every == 0
        trainer.step()
        if trainer.measure:
            rows.append(trainer.meter.read(objective.probability, objective.middle()) | examiner.look())
            steps.append(trainer.step_count)
    names = sorted({name for row in rows for name in row})
    series = {name: [_short(row.get(name, math.nan)) for row in rows] for name in names}
    finite = len(data) if isinstance(data, ImageSet) else 0
    return {
        "what": case.what, "expected": list(case.expected), "config": case.table, "pictures": finite,
        "seconds": round(time.process_time() - start, 1), "steps": steps, "series": series,
    }  # fmt: skip


def _short(value: float) -> float | str | None:
    if math.isnan(value):
        return None
    return float(f"{value:.4g}") if math.isfinite(value) else str(value)


def keep(name: str, record: dict[str, Any]) -> None:
    """Write a record, a series in a line."""
    lines = [f"{json.dumps(key)}: {json.dumps(value, separators=(',', ':'))}" for key, value in record.items()
             if key != "series"]  # fmt: skip
    series = [f"{json.dumps(key)}: {json.dumps(value, separators=(',', ':'))}"
              for key, value in record["series"].items()]  # fmt: skip
    lines.append('"series": {\n ' + ",\n ".join(series) + "\n}")
    PLACE.mkdir(parents=True, exist_ok=True)
    (PLACE / f"{name}.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def told(made: dict[str, Any]) -> dict[str, tuple[int, int]]:
    """What the doctor said of a recorded run: kind -> (step at which it was told, since when)."""
    doctor = Doctor(facts_of(resolve(made["config"]), made["pictures"]))
    found: dict[str, tuple[int, int]] = {}
    for row, step in enumerate(made["steps"]):
        values = {
            name: float(series[row]) for name, series in made["series"].items() if series[row] is not None
        }
        doctor.take(step, values)
        for finding in doctor.examine().raised:
            found.setdefault(finding.kind, (step, finding.since))
    return found


def table() -> list[str]:
    """The two tables."""
    records = {
        path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(PLACE.glob("*.json"))
    }
    ill = {name: made for name, made in records.items() if made["expected"]}
    well = {name: made for name, made in records.items() if not made["expected"]}
    lines = ["| sick run | steps | caught | as (told at step, since step) |", "|---|---|---|---|"]
    caught = 0
    for name, made in ill.items():
        found = told(made)
        hit = any(kind in found for kind in made["expected"])
        caught += hit
        steps, said = made["steps"][-1], "yes" if hit else "no"
        lines.append(f"| {made['what']} (`{name}`) | {steps:,} | {said} | {_words(found)} |")
    lines += ["", "| healthy run | steps | false alarms |", "|---|---|---|"]
    alarms = 0
    for name, made in well.items():
        found = told(made)
        alarms += bool(found)
        lines.append(f"| {made['what']} (`{name}`) | {made['steps'][-1]:,} | {_words(found)} |")
    head = f"Caught {caught} of {len(ill)} sick runs; {alarms} of {len(well)} healthy runs raised something."
    return [head, "", *lines]


def _words(found: dict[str, tuple[int, int]]) -> str:
    return "; ".join(f"{kind} ({at:,}, {since:,})" for kind, (at, since) in found.items()) or "nothing"


def main() -> None:
    """Record, or tell."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("do", choices=("record", "table"))
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)
    if options.do == "record":
        for case in (*sick(), *healthy()):
            if not options.only or case.name in options.only:
                made = record(case)
                keep(case.name, made)
                print(case.name, made["seconds"], "s,", made["steps"][-1], "steps", flush=True)
        return
    lines = table()
    print("\n".join(lines))
    if options.write:
        heading = [
            "# What the diagnosis says of sick and of healthy runs", "",
            f"Written {date.today()} by `tests/results/diagnosis.py` on {devices.processor()}, one thread, seed 0. "
            "Digits have 8 px and networks are narrow; points have the recipes' own networks. Each run was looked at "
            "every few steps, where a run in use is looked at about once a second. Thresholds were set while looking "
            "at these very runs, so that this is no test on fresh ones. A run ends early after some seconds of "
            "computing: healthy ones of fewer than 300 steps say little, and cases of the script without a line were "
            "not recorded.",
            "",
        ]  # fmt: skip
        Path(__file__).with_suffix(".md").write_text("\n".join([*heading, *lines]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
