"""The seven f-divergences of N(0, 1) against N(1, 1): what a small trained critic estimates, beside the closed form.

    python tests/results/divergences.py [--steps 1500] [--seed 0] [--write]

A critic of one hidden layer learns from fresh samples by the loss of the catalogue. The estimate is taken on a million
samples of each kind that it has not learned from, by the weights averaged over the last half of training. It is a lower
bound of the divergence but for the spread of the samples.
"""

from __future__ import annotations

import argparse
import math
import platform
import sys
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import torch
from support.closed_forms import CLOSED
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel

from ganstudio.catalog.objectives import FDivergence
from ganstudio.nets import seeded
from ganstudio.objectives import build_objective

BATCH, UNSEEN = 1024, 1_000_000


@dataclass(frozen=True)
class Result:
    """One estimate, its standard error by the samples it was taken on, and how long training took."""

    divergence: str
    estimate: float
    error: float
    seconds: float


def pairs(count: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Samples (count, 1) of both Gaussians."""
    return torch.randn(count, 1, generator=generator), torch.randn(count, 1, generator=generator) + 1


def train(divergence: str, steps: int, seed: int) -> Result:
    """A critic from its seed to its estimate."""
    generator = torch.Generator().manual_seed(seed + 1)
    with seeded(seed):
        critic = nn.Sequential(nn.Linear(1, 64), nn.Tanh(), nn.Linear(64, 1))
    average = AveragedModel(critic)
    objective = build_objective(FDivergence(divergence=divergence))
    optimizer = torch.optim.Adam(critic.parameters(), lr=3e-3, betas=(0.9, 0.999))
    began = time.perf_counter()
    for step in range(steps):
        real, fake = pairs(BATCH, generator)
        loss = objective.discriminator(critic(real).flatten(), critic(fake).flatten())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if step >= steps // 2:
            average.update_parameters(critic)
    seconds = time.perf_counter() - began
    return judged(divergence, average, seconds, seed)


@torch.no_grad()
def judged(divergence: str, critic: nn.Module, seconds: float, seed: int) -> Result:
    """The estimate on unseen samples."""
    objective = build_objective(FDivergence(divergence=divergence))
    real, fake = pairs(UNSEEN, torch.Generator().manual_seed(seed + 10_000))
    answers = critic(real).flatten().double(), critic(fake).flatten().double()
    estimate = objective.measures(*answers)["divergence"].item()
    costs = objective.real(answers[0]), objective.fake(answers[1])
    error = math.sqrt(sum(cost.var().item() for cost in costs) / UNSEEN)
    return Result(divergence, estimate, error, seconds)


def table(results: list[Result], steps: int, seed: int) -> str:
    """The results in words and numbers."""
    head = [
        "# Estimates of f-divergences between N(0, 1) and N(1, 1)",
        "",
        f"Measured on {date.today().isoformat()} by `python tests/results/divergences.py --steps {steps} "
        f"--seed {seed} --write`: torch {torch.__version__.partition('+')[0]}, {platform.machine()}, one CPU thread, "
        f"{steps:,} updates of {BATCH:,} samples of each kind, estimates on {UNSEEN:,} unseen samples of each.",
        "The critic bounds the divergence from below; what lies above comes from the spread of the unseen samples.",
        "",
        "| divergence | closed form | estimate | standard error | difference | training, s |",
        "|---|---|---|---|---|---|",
    ]
    rows = [
        f"| {r.divergence} | {CLOSED[r.divergence]:.4f} | {r.estimate:.4f} | {r.error:.4f} "
        f"| {r.estimate - CLOSED[r.divergence]:+.4f} | {r.seconds:.1f} |"
        for r in results
    ]
    return "\n".join([*head, *rows, ""])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--write", action="store_true", help="keep the table beside this file")
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    text = table([train(name, chosen.steps, chosen.seed) for name in CLOSED], chosen.steps, chosen.seed)
    print(text)
    if chosen.write:
        Path(__file__).with_suffix(".md").write_text(text, "utf-8")


if __name__ == "__main__":
    main()
