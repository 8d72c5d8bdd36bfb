"""Times of our statistics against torch-fidelity and prdc on the same features, as ratios.

    python tests/benchmarks/metrics.py [--samples 4000] [--width 2048] [--threads 1] [--rounds 2] [--memory 50000]

Ours and theirs take turns on the same arrays; the best of the rounds counts. Below 1 ours is faster. With one thread
it is the time of the processor that counts, so that what else runs on the machine does not; with more, the clock's.
``--memory N`` runs each metric on N x width features in a process of its own instead, and prints the memory that the
process took at most, with torch and the features themselves.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from ganstudio.engine.launch import prepare_environment

prepare_environment(window=False)

import torch  # noqa: E402
from prdc import compute_prdc  # noqa: E402
from threadpoolctl import threadpool_limits  # noqa: E402
from torch import Tensor  # noqa: E402
from torch_fidelity.metric_fid import fid_features_to_statistics, fid_statistics_to_metric  # noqa: E402
from torch_fidelity.metric_isc import isc_features_to_metric  # noqa: E402
from torch_fidelity.metric_kid import kid_features_to_metric  # noqa: E402
from torch_fidelity.metric_prc import prc_features_to_metric  # noqa: E402

from ganstudio.engine import devices  # noqa: E402
from ganstudio.metrics.frechet import frechet, frechet_figure  # noqa: E402
from ganstudio.metrics.inception import inception_score  # noqa: E402
from ganstudio.metrics.kernel import kernel_figure  # noqa: E402
from ganstudio.metrics.manifold import NAEEM, manifold, membership  # noqa: E402
from ganstudio.metrics.neighbours import memory  # noqa: E402

KID: dict[str, Any] = {
    "kid_subsets": 100, "kid_subset_size": 1000, "rng_seed": 2020, "verbose": False, "kid_kernel": "poly",
    "kid_kernel_poly_degree": 3, "kid_kernel_poly_gamma": None, "kid_kernel_poly_coef0": 1,
}  # fmt: skip
PRC: dict[str, Any] = {"prc_neighborhood": 3, "prc_batch_size": 10_000, "verbose": False}
Work = Callable[[], object]


def pair(samples: int, width: int) -> tuple[Tensor, Tensor]:
    """Features like the Inception's: not negative, correlated, of falling variance; float32."""
    generator = torch.Generator().manual_seed(0)
    inner = min(256, width)
    mixing = torch.rand(inner, width, generator=generator) / inner * torch.logspace(0, -2, inner).unsqueeze(1)
    made, real = (
        (torch.randn(samples, inner, generator=generator) @ mixing + scale).relu()
        + 0.05 * torch.rand(samples, width, generator=generator)
        for scale in (0.02, 0.0)
    )
    return made, real


def cases(made: Tensor, real: Tensor) -> dict[str, tuple[Work, dict[str, Work]]]:
    """What is timed: ours, and what peers do for the same."""
    logits = made[:, :1008] * 50

    def fidelity_distance() -> object:
        return fid_statistics_to_metric(
            fid_features_to_statistics(made), fid_features_to_statistics(real), False
        )

    def quiet_prdc() -> object:
        with contextlib.redirect_stdout(io.StringIO()):
            return compute_prdc(real.numpy(), made.numpy(), nearest_k=5)

    kinds: dict[str, tuple[Work, dict[str, Work]]] = {
        "Frechet distance": (lambda: frechet(made, real), {"torch-fidelity": fidelity_distance}),
        "the same with its standard error": (
            lambda: frechet_figure(made, real),
            {"torch-fidelity, without": fidelity_distance},
        ),
        "inception score": (
            lambda: inception_score(logits), {"torch-fidelity": lambda: isc_features_to_metric(logits)},
        ),
        "precision, recall, density, coverage": (
            lambda: membership(made, real, NAEEM, NAEEM),
            {
                "prdc": quiet_prdc,
                "torch-fidelity, precision and recall alone": lambda: prc_features_to_metric(
                    made, real, save_cpu_ram=True, **PRC
                ),
            },
        ),
    }  # fmt: skip
    if len(made) >= 1000:
        kinds["kernel distance"] = (
            lambda: kernel_figure(made, real),
            {
                "torch-fidelity, float32": lambda: kid_features_to_metric(made, real, **KID),
                "torch-fidelity, float64": lambda: kid_features_to_metric(
                    made.double(), real.double(), **KID
                ),
            },
        )
    return kinds


def seconds(work: Work) -> float:
    """How long it takes once: of the processor with one thread, else by the clock."""
    clock = time.process_time if torch.get_num_threads() == 1 else time.perf_counter
    start = clock()
    work()
    return clock() - start


def row(name: str, ours: Work, peers: dict[str, Work], rounds: int) -> list[str]:
    """One line for each peer: seconds and the ratio."""
    times: dict[str, list[float]] = {key: [] for key in ("ours", *peers)}
    for _ in range(rounds):
        times["ours"].append(seconds(ours))
        for key, work in peers.items():
            times[key].append(seconds(work))
    best = {key: min(found) for key, found in times.items()}
    return [
        f"| {name} | {best['ours']:.2f} | {key} | {best[key]:.2f} | {best['ours'] / best[key]:.2f} |"
        for key in peers
    ]


LARGE: dict[str, Callable[[Tensor, Tensor], object]] = {
    "Frechet distance with its standard error": frechet_figure,
    "kernel distance": kernel_figure,
    "precision, recall, density, coverage": manifold,
    "nearest training samples": memory,
}
"""What runs alone on many features -> how."""


def alone(name: str, samples: int, width: int) -> None:
    """Print what one metric takes on many features, as a row."""
    made, real = pair(samples, width)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    took = seconds(lambda: LARGE[name](made, real))
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"| {name} | {took:.0f} | {after:.2f} | {before:.2f} |", flush=True)


def each_alone(samples: int, width: int, threads: int) -> None:
    """Every metric in a process of its own."""
    print(f"\n{samples:,} x {width:,} features twice\n")
    print("| what | s | GB at most | GB before it began |\n|---|---|---|---|", flush=True)
    for name in LARGE:
        words = ["--alone", name, "--memory", str(samples), "--width", str(width), "--threads", str(threads)]
        subprocess.run([sys.executable, __file__, *words], check=True)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--samples", type=int, default=4000)
    parser.add_argument("--width", type=int, default=2048)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--memory", type=int, default=0, help="so many samples, each metric alone")
    parser.add_argument("--only", default="", help="part of the name of what is timed")
    parser.add_argument("--alone", default="", choices=["", *LARGE], help=argparse.SUPPRESS)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    with threadpool_limits(options.threads):
        if options.alone:
            alone(options.alone, options.memory, options.width)
            return
        print(f"{devices.processor()}, {options.threads} thread(s), torch {torch.__version__}", flush=True)
        if options.memory:
            each_alone(options.memory, options.width, options.threads)
        else:
            against_peers(options)


def against_peers(options: argparse.Namespace) -> None:
    """Ours and theirs in turn."""
    print(f"{options.samples:,} x {options.width:,} features, float32, best of {options.rounds}\n")
    print("| what | ours, s | against | theirs, s | ratio |\n|---|---|---|---|---|")
    for name, (ours, peers) in cases(*pair(options.samples, options.width)).items():
        if options.only in name:
            print("\n".join(row(name, ours, peers, options.rounds)), flush=True)


if __name__ == "__main__":
    main()
