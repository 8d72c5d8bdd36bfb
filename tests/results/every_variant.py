"""Every variant on one device: 200 steps in each precision without NaN, exact resume, images per second.

    python tests/results/every_variant.py [--device cuda] [--data shapes] [--resolution 64] [--steps 200] [--write]

Made for a GPU; on a CPU it runs with fp32 alone. Networks are as wide as their recipes have them, up to ``--width``
base channels, and compiled where runs on that device compile them, which the remark tells, unless ``--compile off``
says otherwise. Exact resume is tried with deterministic kernels: ten steps at once against five, a checkpoint and
five more, compared bit for bit.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from ganstudio.engine.launch import prepare_environment

prepare_environment(window=False)

sys.path.insert(0, str(Path(__file__).parents[1]))

import torch  # noqa: E402
from ranking import config_of  # noqa: E402

from ganstudio.catalog.resolve import change  # noqa: E402
from ganstudio.catalog.variants import VARIANTS  # noqa: E402
from ganstudio.core.config import RunConfig  # noqa: E402
from ganstudio.core.runs import RunFolder  # noqa: E402
from ganstudio.core.schema import ConfigError  # noqa: E402
from ganstudio.data import load, make_feed  # noqa: E402
from ganstudio.engine import devices  # noqa: E402
from ganstudio.engine.setup import set_determinism  # noqa: E402
from ganstudio.training import checkpoint  # noqa: E402
from ganstudio.training.state import snapshot  # noqa: E402
from ganstudio.training.trainer import Trainer  # noqa: E402

WARM = 10


def trainer_of(config: RunConfig, device: torch.device) -> Trainer:
    """A fresh trainer."""
    set_determinism(config)
    return Trainer(config, make_feed(load(config.data), device, config.seed), device)


def wait(device: torch.device) -> None:
    """Until the device has done what it was asked."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def finite(trainer: Trainer) -> bool:
    """Whether all weights are numbers."""
    tensors = snapshot(trainer).weights.values()
    return all(bool(torch.isfinite(t).all()) for t in tensors if t.is_floating_point())


def speed(config: RunConfig, device: torch.device, steps: int) -> tuple[float, bool, str]:
    """Real images per second after a few steps of warming up, whether all numbers stayed numbers, and a remark."""
    trainer = trainer_of(config, device)
    for _ in range(WARM):
        trainer.step()
    wait(device)
    start, images = time.perf_counter(), trainer.images
    for _ in range(max(1, steps - WARM)):
        trainer.step()
    wait(device)
    rate = (trainer.images - images) / (time.perf_counter() - start)
    compiled = "compiled" if trainer.game.fused_generator else ""
    return rate, finite(trainer), trainer.passes.notice or compiled


def resumes(config: RunConfig, device: torch.device) -> bool:
    """Whether five steps, a checkpoint and five more give what ten steps give."""
    config = change(config, "compute.deterministic", True)
    whole, half = trainer_of(config, device), trainer_of(config, device)
    for _ in range(10):
        whole.step()
    for _ in range(5):
        half.step()
    with tempfile.TemporaryDirectory() as place:
        path = checkpoint.save(half, RunFolder(Path(place)), 1.0)
        rest = trainer_of(config, device)
        checkpoint.restore(rest, checkpoint.read(path).state)
    for _ in range(5):
        rest.step()
    first, second = snapshot(whole), snapshot(rest)
    pairs = [(first.weights, second.weights), (first.optimizers, second.optimizers)]
    return all(torch.equal(a[name], b[name]) for a, b in pairs for name in a)


def row(name: str, options: argparse.Namespace, device: torch.device) -> str:
    """The line of one variant."""
    data = {"source": options.data, "resolution": options.resolution}
    try:
        config = change(config_of(name, data, options.width, 0), "compute.device", device.type)
    except ConfigError as error:
        return f"| {name} | | | | {error.problem} |"
    config = change(config, "compute.compile", options.compile)
    cells: list[str] = []
    remark = ""
    for precision in ("fp32", "bf16"):
        if precision == "bf16" and device.type != "cuda":
            cells.append("")
            continue
        rate, sound, remark = speed(change(config, "compute.precision", precision), device, options.steps)
        cells.append(f"{rate:,.0f}" + ("" if sound else " (not finite)"))
    cells.append("yes" if resumes(config, device) else "NO")
    return f"| {name} | " + " | ".join(cells) + f" | {remark} |"


def main() -> None:
    """Run all and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--device", default="cuda", choices=("cuda", "cpu"))
    parser.add_argument("--data", default="shapes")
    parser.add_argument("--resolution", type=int, default=64)
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--width", type=int, default=64)
    parser.add_argument("--compile", default="auto", choices=("auto", "off"))
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    device = devices.choose(options.device)
    lines = [
        f"# Every variant on {devices.describe(device)}",
        "",
        f"Measured {date.today()} by `tests/results/every_variant.py`, torch {torch.__version__}: {options.data} at "
        f"{options.resolution} px, {options.steps} steps, base width {options.width}.",
        "",
        "| variant | images/s fp32 | images/s bf16 | resumes bit for bit | remark |",
        "|---|---|---|---|---|",
    ]
    print("\n".join(lines), flush=True)
    for name in options.only or [n for n, v in VARIANTS.items() if "image" in v.data]:
        lines.append(row(name, options, device))
        print(lines[-1], flush=True)
    if options.write:
        place = Path(__file__).with_name(f"every-variant-{device.type}.md")
        place.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
