"""Mode coverage on the ring of eight and the grid of 25, over five seeds.

    python tests/results/coverage.py [--steps 6000] [--seeds 5] [--only CASE ...] [--minutes 10] [--write]

Every variant has the same networks, latent, batch, rates and number of generator updates; what differs is what the
variant is. 2,500 samples of the averaged generator are judged, as in PacGAN. Every run is kept in ``coverage.jsonl``
as soon as it is done, and not trained again; ``--write`` keeps the table beside this file.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

from ganstudio.engine.launch import prepare_environment

prepare_environment(window=False)

sys.path.insert(0, str(Path(__file__).parents[1]))

import torch  # noqa: E402
from support.ledger import Ledger  # noqa: E402

from ganstudio.catalog.resolve import merge, resolve  # noqa: E402
from ganstudio.data import GaussianMixture, load, make_feed  # noqa: E402
from ganstudio.engine import devices  # noqa: E402
from ganstudio.metrics.modes import Coverage, coverage  # noqa: E402
from ganstudio.training.trainer import Trainer  # noqa: E402

SAME: dict[str, Any] = {
    "batch_size": 256,
    "generator_batch": 0,
    "latent": {"dimension": 2, "prior": "normal"},
    "generator": {"network": "mlp", "width": 128, "depth": 3, "activation": "relu", "normalization": "none"},
    "discriminator": {"network": "mlp", "width": 128, "depth": 3, "activation": "leaky-relu"},
    "optimizer": {
        player: {"kind": "adam", "lr": 1e-3, "betas": [0.5, 0.9]} for player in ("generator", "discriminator")
    },
    "compute": {"device": "cpu", "threads": 1},
}
CASES: dict[str, dict[str, Any]] = {
    "gan": {"variant": "gan"},
    "pacgan 2": {"variant": "pacgan", "stabilizers": {"packing": {"samples": 2}}},
    "pacgan 4": {"variant": "pacgan", "stabilizers": {"packing": {"samples": 4}}},
    "unrolled-gan 5": {"variant": "unrolled-gan", "stabilizers": {"unrolling": {"ahead": 5}}},
    "wgan-gp": {"variant": "wgan-gp"},
    "rpgan + R1 + R2": {
        "variant": "rpgan",
        "stabilizers": {"r1": {"gamma": 0.1}, "r2": {"gamma": 0.1}},
    },
}
SOURCES = ("ring", "grid")
PUBLISHED = """
Published, for orientation; networks, rates and lengths differ:

| source | data | variant | modes | good samples, % | reverse KL |
|---|---|---|---|---|---|
| PacGAN, table 1 (10 trials) | ring | GAN | 6.3 | 98.2 | .45 |
| | ring | PacGAN 2 | 7.9 | 95.6 | .07 |
| | ring | PacGAN 4 | 7.8 | 95.9 | .07 |
| | grid | GAN | 17.3 | 94.8 | .70 |
| | grid | PacGAN 2 | 23.8 | 91.3 | .13 |
| | grid | PacGAN 4 | 24.8 | 93.6 | .04 |
| VEEGAN, table 1 | ring | GAN | 1 | 99.3 | |
| | ring | unrolled | 7.6 | 35.6 | |
| | grid | GAN | 3.3 | .5 | |
| | grid | unrolled | 23.6 | 16 | |
"""


def make(case: str, source: str, seed: int, steps: int) -> tuple[Trainer, GaussianMixture]:
    """A fresh trainer and its data."""
    table = merge(SAME, CASES[case]) | {"data": {"source": source}, "seed": seed, "steps": steps}
    config = resolve(table)
    device, data = torch.device("cpu"), load(config.data)
    assert isinstance(data, GaussianMixture)
    return Trainer(config, make_feed(data, device, seed), device), data


def train(case: str, source: str, seed: int, steps: int) -> tuple[Coverage, float]:
    """The coverage after so many steps, and the seconds that they took."""
    trainer, data = make(case, source, seed, steps)
    start = time.perf_counter()
    for _ in range(steps):
        trainer.step()
    seconds = time.perf_counter() - start
    return coverage(trainer.feed.to_display(trainer.sample(range(2500))), data), seconds


def cost(case: str, source: str) -> float:
    """Milliseconds of processor time for one step, over twenty."""
    trainer, _ = make(case, source, 0, 10**6)
    for _ in range(5):
        trainer.step()
    start = time.process_time()
    for _ in range(20):
        trainer.step()
    return (time.process_time() - start) * 50


def measure(key: tuple[str, str, int], ledger: Ledger) -> None:
    """Train one case and keep what came out."""
    source, case, seed = key
    found, seconds = train(case, source, seed, ledger.terms["steps"])
    row = ledger.add(
        name_of(key), modes=found.modes, good=round(found.good, 4), reverse_kl=round(found.reverse_kl, 4),
        seconds=round(seconds, 1), date=str(date.today()),
    )  # fmt: skip
    print(row, flush=True)


def name_of(key: tuple[str, str, int]) -> str:
    """How a run is called in the ledger."""
    source, case, seed = key
    return f"{source}, {case}, seed {seed}"


def line(source: str, case: str, seeds: int, ledger: Ledger) -> str:
    """One line of the table: means and spreads over the seeds that have been measured."""
    rows = [ledger.rows[k] for seed in range(seeds) if (k := name_of((source, case, seed))) in ledger]
    if not rows:
        return f"| {source} | {case} | not measured | | | |"
    cells = [
        spread([row["modes"] for row in rows], 1), spread([100 * row["good"] for row in rows], 1),
        spread([row["reverse_kl"] for row in rows], 2), f"{cost(case, source):.1f}",
    ]  # fmt: skip
    short = "" if len(rows) == seeds else f" (seeds: {len(rows)})"
    return f"| {source} | {case}{short} | " + " | ".join(cells) + " |"


def spread(values: list[float], digits: int) -> str:
    """Mean and standard deviation."""
    deviation = statistics.stdev(values) if len(values) > 1 else 0.0
    return f"{statistics.mean(values):.{digits}f} ± {deviation:.{digits}f}"


def table(options: argparse.Namespace, ledger: Ledger) -> str:
    """The page."""
    days = sorted({row["date"] for row in ledger.rows.values()}) or [str(date.today())]
    when = days[0] if days[0] == days[-1] else f"{days[0]} to {days[-1]}"
    lines = [
        "# Mode coverage of mixtures",
        "",
        f"Measured {when} by `tests/results/coverage.py` on {devices.processor()} (two cores shared with other work), "
        f"1 thread, torch {torch.__version__}: {options.steps:,} generator updates, seeds 0 to {options.seeds - 1}, "
        "mean ± standard deviation over the seeds. The same networks (three layers of 128), latent (2), batch (256), "
        "Adam 1e-3 (.5, .9) for all; single runs are in `coverage.jsonl`, with seconds as the shared machine allowed.",
        "",
        "| data | variant | modes | good samples, % | reverse KL, nats | processor ms a step |",
        "|---|---|---|---|---|---|",
    ]
    lines += [line(source, case, options.seeds, ledger) for source in SOURCES for case in CASES]
    return "\n".join(lines) + "\n" + PUBLISHED


def main() -> None:
    """Train what has not been trained yet and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=6000)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--only", nargs="*", default=list(CASES), help="cases to train now")
    parser.add_argument("--data", nargs="*", default=list(SOURCES), help="data to train on now")
    parser.add_argument(
        "--minutes", type=float, default=1e9, help="begin no run after so many; call again to go on"
    )
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)
    ledger = Ledger(Path(__file__).with_suffix(".jsonl"), {"steps": options.steps})
    start = time.perf_counter()
    for key in itertools.product(options.data, options.only, range(options.seeds)):
        if name_of(key) not in ledger and time.perf_counter() - start < 60 * options.minutes:
            measure(key, ledger)
    text = table(options, ledger)
    print(text)
    if options.write:
        Path(__file__).with_suffix(".md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
