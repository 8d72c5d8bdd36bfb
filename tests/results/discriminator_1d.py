"""A trained 1-D discriminator beside the optimal one, p / (p + q), where p and q are known.

    python tests/results/discriminator_1d.py [--steps 2000] [--seeds 3] [--write]

p is the data set's own mixture, q the density of a generator that is not trained: a normal distribution as wide as the
data. The discriminator of the variant `gan` learns by the training loop's own loss; its error is the mean absolute
difference to p / (p + q) over an even grid of the places where p + q is above a hundredth of its largest value.
"""

from __future__ import annotations

import argparse
import math
import platform
import statistics
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import torch
from torch import Tensor, nn

from ganstudio.catalog.resolve import resolve
from ganstudio.data import load, make_feed
from ganstudio.data.points import GaussianMixture, mixture_3, mixture_5
from ganstudio.nets.base import Generator
from ganstudio.training.trainer import Trainer

SOURCES: dict[str, GaussianMixture] = {"mixture-3": mixture_3(), "mixture-5": mixture_5()}
BATCH, RATE = 512, 1e-3


class Normal(Generator):
    """The latent itself as the sample: a standard normal distribution in the network's unit."""

    def __init__(self) -> None:
        super().__init__()
        self.unused = nn.Parameter(torch.zeros(1))

    def synthesize(self, z: Tensor, labels: Tensor | None) -> Tensor:
        """z (N, 1) -> (N, 1)."""
        return z


@dataclass(frozen=True)
class Result:
    """Mean absolute difference and its largest value over the grid, and the seconds of training."""

    mean: float
    largest: float
    seconds: float


def train(source: str, steps: int, seed: int) -> Result:
    """A discriminator from its seed to its error."""
    config = resolve(
        {
            "variant": "gan",
            "data": {"source": source},
            "seed": seed,
            "batch_size": BATCH,
            "latent": {"dimension": 1},
            "optimizer": {"discriminator": {"lr": RATE, "betas": [0.9, 0.999]}},
            "compute": {"device": "cpu", "threads": 1},
        }
    )
    place = torch.device("cpu")
    trainer = Trainer(config, make_feed(load(config.data), place, seed), place)
    trainer.game.generator = Normal()
    began = time.perf_counter()
    for _ in range(steps):
        trainer.half_step("discriminator")
    seconds = time.perf_counter() - began
    return judged(source, trainer.players["discriminator"].net, seconds)


@torch.no_grad()
def judged(source: str, net: nn.Module, seconds: float) -> Result:
    """The error over the grid; places are in the data's own unit."""
    mixture = SOURCES[source]
    x = torch.linspace(-8, 8, 4001)[:, None]
    p = mixture.log_density(x).exp()
    q = torch.exp(-0.5 * (x[:, 0] / mixture.scale).square()) / (mixture.scale * math.sqrt(2 * math.pi))
    seen = p + q > 0.01 * (p + q).max()
    difference = (net(x / mixture.scale).sigmoid() - p / (p + q))[seen].abs()
    return Result(difference.mean().item(), difference.max().item(), seconds)


def table(results: dict[str, list[Result]], steps: int) -> str:
    """The results in words and numbers."""
    seeds = len(next(iter(results.values())))
    head = [
        "# A trained 1-D discriminator against p / (p + q)",
        "",
        f"Measured on {date.today().isoformat()} by `python tests/results/discriminator_1d.py --steps {steps} "
        f"--seeds {seeds} --write`: torch {torch.__version__.partition('+')[0]}, {platform.machine()}, one CPU thread, "
        f"seeds 0 to {seeds - 1}, {steps:,} updates of {BATCH} real and {BATCH} generated points, Adam {RATE:g}, "
        "the discriminator of the variant `gan` (three layers of 128).",
        "",
        "| data | mean absolute error (mean over seeds) | worst seed | largest error at one place | training, s |",
        "|---|---|---|---|---|",
    ]
    rows = [
        f"| {source} | {statistics.mean(r.mean for r in found):.4f} | {max(r.mean for r in found):.4f} "
        f"| {max(r.largest for r in found):.3f} | {statistics.mean(r.seconds for r in found):.1f} |"
        for source, found in results.items()
    ]
    return "\n".join([*head, *rows, ""])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--write", action="store_true", help="keep the table beside this file")
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    results = {
        source: [train(source, chosen.steps, seed) for seed in range(chosen.seeds)] for source in SOURCES
    }
    text = table(results, chosen.steps)
    print(text)
    if chosen.write:
        Path(__file__).with_suffix(".md").write_text(text, "utf-8")


if __name__ == "__main__":
    main()
