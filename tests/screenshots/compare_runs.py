"""Made-up runs on the disk for pictures of the Compare workspace. They are shaped like runs; they are no results."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

import inputs
from support.reported import FACTS, make_run, measurement

from ganstudio.catalog.presets import load_spec
from ganstudio.catalog.resolve import change
from ganstudio.core.config import dump_toml
from ganstudio.core.runs import RunFolder
from ganstudio.engine.pictures import draw_points, grid, save_png, save_points

REPORTS = 400


def pictures_run(
    parent: Path, name: str, seed: int, level: float = 0.0, every: int = 200, **changes: Any
) -> Path:
    """A run on digits with series, three measured steps and a saved grid now and then."""
    path = make_run(parent, name, steps=0, pictures=(), seed=seed, **changes)
    folder, store = RunFolder(path), inputs.training(REPORTS, seed, penalty=seed % 2 == 0)
    with (path / "metrics.jsonl").open("w") as file:
        for row, step in enumerate(store.steps().tolist()):
            values = {
                n: float(store.series(n).mean[row]) * (1 + level * (not n.startswith("score")))
                for n in store.names()
            }
            line = {"step": step, "images": 64 * step, "seconds": round(step / 60 * (1 + level), 3)} | values
            file.write(json.dumps(line) + "\n")
    random, last = np.random.default_rng(seed), int(store.steps()[-1])
    for step in range(0, last + 1, every):
        images = inputs.pictures(64, seed + 100 * (step == 0)).astype(float)
        noise = random.normal(0, 160 * np.exp(-step / 500), images.shape)
        sheet = grid(np.clip(images + noise, 0, 255).astype(np.uint8))
        recipe = {"kind": "samples", "step": step, "seed": 0, "count": 64}
        save_png(folder.sample_path(step), sheet, recipe)
    for part in (1, 2, 3):
        value = (60 / part + 12 * level) * (1 + random.normal(0, 0.05))
        folder.append_evaluation(measurement("fd-domain", value, part * last // 3))
        folder.append_evaluation(measurement("precision", 0.5 + 0.1 * part, part * last // 3, spread=0.02))
    folder.append_event("finished", last, reason="done")
    return path


def points_run(parent: Path, name: str, seed: int) -> Path:
    """A run on points in the plane with saved clouds."""
    folder = RunFolder(parent / name)
    config = change(change(load_spec("ring-2d"), "steps", 40), "seed", seed)
    folder.create(dump_toml(config, {"run": FACTS}))
    real, generated, _ = inputs.points(2)
    generated = generated + np.float32(0.4 * seed)
    for step in (0, 20, 40):
        cloud = (generated * (0.3 + step / 60)).astype(np.float32)
        save_png(folder.sample_path(step), draw_points(cloud, real, (-3.0, 3.0)))
        save_points(folder.points_path(step), cloud, real)
    folder.append_event("finished", 40, reason="done")
    return folder.path


def family(parent: Path) -> list[Path]:
    """Two learning rates with three seeds each, one with another loss, and one whose files are damaged."""
    found = [
        pictures_run(
            parent, f"20260504-10{k}{seed}00-digits-lr-{rate:g}", seed, 0.3 * k, optimizer__generator__lr=rate
        )
        for k, rate in enumerate((2e-4, 1e-3))
        for seed in range(3)
    ]
    wide = pictures_run(
        parent, "20260505-090000-a-wider-generator-with-a-rather-long-name", 5, 0.15, 300,
        generator__base_channels=64, ema__half_life=20.0,
    )  # fmt: skip
    RunFolder(wide).append_event("changed", 1200, key="optimizer.generator.lr", old=2e-4, new=1e-4)
    broken = make_run(parent, "20260506-080000-broken", steps=0, pictures=())
    (broken / "metrics.jsonl").write_text('{"step": \nnonsense\n')
    RunFolder(broken).sample_path(200).write_bytes(b"no picture")
    clouds = [points_run(parent, f"20260507-08000{seed}-ring", seed) for seed in range(2)]
    return [*found, wide, broken, *clouds]
