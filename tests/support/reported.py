"""Runs on the disk as training leaves them, made by hand so that every number is known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from ganstudio.catalog.presets import load_spec
from ganstudio.catalog.resolve import change
from ganstudio.core.config import RunConfig, dump_toml
from ganstudio.core.measurement import Measurement, Protocol
from ganstudio.core.runs import RunFolder

FACTS = {
    "schema": 2,
    "started": "2026-05-04T10:20:30+00:00", "ganstudio": "0.1.0", "torch": "2.14.1", "device": "CPU, 2 threads",
}  # fmt: skip
STARTED = 1777890030
STEPS = 40


def measurement(metric: str, value: float, step: int | None, **more: Any) -> Measurement:
    """A number as an evaluation writes it."""
    protocol = Protocol(
        f"averaged generator at step {step}", more.pop("samples", 500), "digits: all", 1797, "a classifier", seed=0,
        rules="unbiased covariance", device="CPU",
    )  # fmt: skip
    told = {"spread": 0.5, "low": value - 1, "high": value + 1, "how": "bootstrap"} | more
    return Measurement(metric=metric, value=value, protocol=protocol, step=step, **told)


def values_at(step: int) -> dict[str, float]:
    """What the made runs report at a step."""
    return {
        "loss/generator": 1 + 1 / step,
        "loss/discriminator": 1.4 - 0.001 * step,
        "accuracy/real": 0.7,
        "accuracy/fake": 0.8,
        "rate/images_per_second": 100.0 + step,
    }


def make_run(
    parent: Path,
    name: str = "digits",
    steps: int = STEPS,
    pictures: tuple[int, ...] = (0, 20, 40),
    preset: str = "digits-dcgan",
    **changes: Any,
) -> Path:
    """A run's folder below ``parent``: by its name, changed settings (``__`` for a dot), and what it holds."""
    config: RunConfig = change(load_spec(preset), "steps", STEPS)
    for key, value in changes.items():
        config = change(config, key.replace("__", "."), value)
    folder = RunFolder(parent / name)
    folder.create(dump_toml(config, {"run": FACTS}))
    folder.append_event("started", 0, device="CPU, 2 threads")
    for step in range(1, steps + 1):
        values = values_at(step)
        if step % 4 == 0:
            values["penalty/r1"] = 1 / step
        folder.append_metrics(step, 32 * step, 0.5 * step, values)
    for step in pictures:
        shade = np.full((20, 20), 5 * step % 256, np.uint8)
        Image.fromarray(shade).save(folder.sample_path(step))
    if steps:
        folder.checkpoint_path(steps).mkdir()
        folder.append_event("finished", steps, reason="done" if steps >= STEPS else "stopped")
    return folder.path
