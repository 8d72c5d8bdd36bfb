"""All image variants after an equal number of images, ranked by a distance in a classifier's features.

    python tests/results/ranking.py DATA [--images 64000] [--resolution 16] [--width 32] [--write]

DATA is digits or shapes. A small classifier is trained on real data; the Frechet distance between its features of
2,048 generated and of as many real samples ranks the variants (smaller is better). Each variant keeps what its
paper says of losses, rates, critic steps and stabilizers; networks are made small. Images are real images seen by
the discriminator. The literature's question: is DCGAN behind WGAN-GP, and that behind spectral norm?
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from ganstudio.engine.launch import prepare_environment

prepare_environment(window=False)

import torch  # noqa: E402
from torch import Tensor  # noqa: E402

from ganstudio.catalog.resolve import resolve  # noqa: E402
from ganstudio.catalog.variants import VARIANTS  # noqa: E402
from ganstudio.core.config import RunConfig  # noqa: E402
from ganstudio.core.schema import ConfigError, settings_of  # noqa: E402
from ganstudio.data import Feed, load, make_feed  # noqa: E402
from ganstudio.engine import devices  # noqa: E402
from ganstudio.metrics.domain import DomainFeatures, load_judge  # noqa: E402
from ganstudio.metrics.frechet import frechet  # noqa: E402
from ganstudio.training.trainer import Trainer  # noqa: E402

SAMPLES = 2048
WIDTHS = ("base_channels",)
"""Settings that make a convolutional network narrow."""


def config_of(name: str, data: dict[str, Any], width: int, seed: int) -> RunConfig:
    """The variant on this data with narrow networks; raises ``ConfigError`` where it cannot learn it."""
    variant = VARIANTS[name]
    table: dict[str, Any] = {
        "variant": name, "data": data, "seed": seed, "steps": 10**9,
        "ema": {"half_life": 2000}, "compute": {"device": "cpu"},
    }  # fmt: skip
    for player, network in (("generator", variant.generator), ("discriminator", variant.discriminator)):
        if "image" in network:
            known = {s.name for s in settings_of(type(network["image"]))}
            table[player] = {key: width for key in WIDTHS if key in known}
    return resolve(table)


@torch.no_grad()
def features_of(net: DomainFeatures, feed: Feed, draw: Callable[[int, int], Tensor]) -> Tensor:
    """Features (SAMPLES, 64) of what ``draw(start, count)`` gives, in the network's range; NaN where it gives NaN."""
    drawn = torch.cat([draw(i, 256) for i in range(0, SAMPLES, 256)])
    seen = net.see(feed.to_display(drawn)).features
    return seen if bool(torch.isfinite(drawn).all()) else torch.full_like(seen, torch.nan)


def train(config: RunConfig, images: int, limit: float) -> tuple[Trainer, float]:
    """The trainer after so many real images, or after ``limit`` seconds, and the seconds it took."""
    device = torch.device("cpu")
    trainer = Trainer(config, make_feed(load(config.data), device, config.seed), device)
    start = time.perf_counter()
    while trainer.images < images and time.perf_counter() - start < limit:
        trainer.step()
    return trainer, time.perf_counter() - start


def measure(name: str, options: argparse.Namespace, judge: DomainFeatures, real: Tensor) -> tuple[float, str]:
    """The distance of one variant and its line in the table."""
    data = {"source": options.data, "resolution": options.resolution}
    try:
        config = config_of(name, data, options.width, options.seed)
    except ConfigError as error:
        return float("inf"), f"| {name} | | | | {error.problem} |"
    trainer, seconds = train(config, options.images, options.limit)
    made = features_of(judge, trainer.feed, lambda first, count: trainer.sample(range(first, first + count)))
    distance = frechet(made, real) if torch.isfinite(made).all() else float("inf")
    short = "" if trainer.images >= options.images else f"stopped after {options.limit:.0f} s"
    line = f"| {name} | {distance:.2f} | {trainer.images:,} | {seconds:.0f} | {short} |"
    return distance, line


def heading(options: argparse.Namespace, accuracy: float, floor: float) -> list[str]:
    """What stands above the table."""
    return [
        f"# Image variants on {options.data} at {options.resolution} px",
        "",
        f"Measured {date.today()} by `tests/results/ranking.py` on {devices.processor()}, "
        f"{torch.get_num_threads()} threads, torch {torch.__version__}: {options.images:,} real images for each, "
        f"base width {options.width}, seed {options.seed} (one seed: differences of a third and less may be chance). "
        f"Classifier accuracy on real data {accuracy:.3f}; the distance of real from other real samples is "
        f"{floor:.2f}.",
        "",
        "| variant | distance | images | seconds | remark |",
        "|---|---|---|---|---|",
    ]


def main() -> None:
    """Train all and print the table, best first at the end."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", choices=("digits", "shapes"))
    parser.add_argument("--images", type=int, default=64_000)
    parser.add_argument("--resolution", type=int, default=16)
    parser.add_argument("--width", type=int, default=32)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--limit", type=float, default=240.0, help="seconds for one variant at most")
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    config = config_of("dcgan", {"source": options.data, "resolution": options.resolution}, options.width, 0)
    data = load(config.data)
    feed = make_feed(data, torch.device("cpu"), 12345)
    judge = load_judge(data)
    real = features_of(judge, feed, lambda first, count: feed.batch((1 << 31) + first, count)[0])
    other = features_of(judge, feed, lambda first, count: feed.batch((1 << 32) + first, count)[0])
    top = heading(options, judge.accuracies[0], frechet(real, other))
    print("\n".join(top), flush=True)
    rows: list[tuple[float, str]] = []
    for name in options.only or [n for n, v in VARIANTS.items() if "image" in v.data]:
        rows.append(measure(name, options, judge, real))
        print(rows[-1][1], flush=True)
    if options.write:
        lines = [*top, *(line for _, line in sorted(rows, key=lambda item: item[0]))]
        place = Path(__file__).with_name(f"ranking-{options.data}.md")
        place.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
