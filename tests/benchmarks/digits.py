"""How long until digits are recognisable (budget: 0.70 with ten classes after 10 s, 0.80 within a minute).

    python tests/benchmarks/digits.py [--threads 1] [--seconds 60] [--seeds 0,1,2] [--set key=value ...]

A support vector machine trained on the real 8 x 8 digits looks at 256 samples of the averaged generator, reduced
to 8 px: its mean top probability and the number of classes it sees. Real digits score 0.98. Only training time
counts. One thread is what training has beside a window on two cores.
"""

from __future__ import annotations

import argparse
import time
import warnings

from ganstudio.engine.launch import prepare_environment

prepare_environment(window=False)

import numpy as np  # noqa: E402
import torch  # noqa: E402
from sklearn.datasets import load_digits  # noqa: E402
from sklearn.svm import SVC  # noqa: E402

from ganstudio.catalog.presets import DEFAULT_PRESET, presets  # noqa: E402
from ganstudio.catalog.resolve import resolve  # noqa: E402
from ganstudio.core.config import assign, load_toml  # noqa: E402
from ganstudio.data import load, make_feed  # noqa: E402
from ganstudio.engine import devices  # noqa: E402
from ganstudio.training.trainer import Trainer  # noqa: E402

MARKS = (3.0, 5.0, 7.5, 10.0, 20.0, 30.0, 45.0, 60.0)


class Judge:
    """The classifier of the budget."""

    def __init__(self) -> None:
        digits = load_digits()
        warnings.filterwarnings("ignore", category=FutureWarning, module="sklearn")
        self.machine = SVC(C=10, gamma=0.001, probability=True, random_state=0).fit(
            digits.data, digits.target
        )

    def __call__(self, images: torch.Tensor) -> tuple[float, int]:
        """Mean top probability and classes seen, for uint8 (N, 1, R, R)."""
        small = torch.nn.functional.avg_pool2d(images.float(), images.shape[-1] // 8)
        sure = self.machine.predict_proba((small / 255 * 16).flatten(1).numpy())
        return float(sure.max(1).mean()), len(np.unique(sure.argmax(1)))


def watch(judge: Judge, assignments: list[str], seed: int, seconds: float) -> None:
    """Train and print the judge's answer at every mark."""
    table = load_toml(presets()[DEFAULT_PRESET].path)
    for assignment in [*assignments, f"seed={seed}", "steps=1000000"]:
        assign(table, assignment)
    config = resolve(table)
    device = devices.choose("cpu")
    trainer = Trainer(config, make_feed(load(config.data), device, seed), device)
    spent, found = 0.0, []
    for mark in (m for m in MARKS if m <= seconds):
        while spent < mark:
            start = time.perf_counter()
            trainer.step()
            spent += time.perf_counter() - start
        sure, classes = judge(trainer.feed.to_display(trainer.sample(range(256))))
        found.append(f"{mark:g} s {sure:.3f} ({classes}) at step {trainer.step_count:,}")
    print(f"seed {seed} {' '.join(assignments)}:", "; ".join(found), flush=True)


def main() -> None:
    """Print one line per seed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seeds", default="0,1,2")
    parser.add_argument("--set", action="append", default=[], metavar="key=value")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    judge = Judge()
    print(f"{devices.processor()}, {arguments.threads} thread(s), torch {torch.__version__}")
    for seed in arguments.seeds.split(","):
        watch(judge, arguments.set, int(seed), arguments.seconds)


if __name__ == "__main__":
    main()
