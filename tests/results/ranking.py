"""All image variants after an equal number of images, ranked by a distance in a classifier's features.

    python tests/results/ranking.py DATA [--images 64000] [--resolution 16] [--width 32] [--write]

DATA is digits or shapes. A small classifier is trained on real data; the Frechet distance between its features of
2,048 generated and of as many real samples ranks the variants (smaller is better). Each variant keeps what its
paper says of losses, rates, critic steps and stabilizers; networks are made small. Images are real images seen by
the discriminator. The literature's question: is DCGAN behind WGAN-GP, and that behind spectral norm?
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from ganstudio.engine.launch import prepare_environment

prepare_environment(window=False)

sys.path.insert(0, str(Path(__file__).parents[1]))

import torch  # noqa: E402
from support.measures import Classifier, frechet  # noqa: E402
from torch import Tensor  # noqa: E402
from torch.nn.functional import cross_entropy  # noqa: E402

from ganstudio.catalog.resolve import resolve  # noqa: E402
from ganstudio.catalog.variants import VARIANTS  # noqa: E402
from ganstudio.core.config import RunConfig  # noqa: E402
from ganstudio.core.schema import ConfigError, settings_of  # noqa: E402
from ganstudio.data import Feed, load, make_feed  # noqa: E402
from ganstudio.engine import devices  # noqa: E402
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


def batches(feed: Feed, start: int, total: int, size: int = 256) -> list[tuple[Tensor, Tensor]]:
    """Real samples and labels in parts."""
    found: list[tuple[Tensor, Tensor]] = []
    for position in range(start, start + total, size):
        x, labels = feed.batch(position, size)
        assert labels is not None
        found.append((x, labels))
    return found


def train_classifier(feed: Feed, updates: int, seed: int = 0) -> tuple[Classifier, float]:
    """A classifier of the real data and its accuracy on samples from far along the feed."""
    torch.manual_seed(seed)
    net = Classifier(feed.shape.channels, feed.shape.height, feed.shape.classes)
    learner = torch.optim.Adam(net.parameters(), 1e-3, fused=True)
    for update in range(updates):
        x, labels = feed.batch(update * 128, 128)
        learner.zero_grad()
        cross_entropy(net(x), labels).backward()
        learner.step()
    net.eval()
    with torch.no_grad():
        hits = [(net(x).argmax(1) == y).float().mean() for x, y in batches(feed, 1 << 30, 1024)]
    return net, torch.stack(hits).mean().item()


@torch.no_grad()
def features_of(net: Classifier, draw: Callable[[int, int], Tensor]) -> Tensor:
    """Features (SAMPLES, 64) of what ``draw(start, count)`` gives."""
    return torch.cat([net.features(draw(i, 256)) for i in range(0, SAMPLES, 256)])


def train(config: RunConfig, images: int, limit: float) -> tuple[Trainer, float]:
    """The trainer after so many real images, or after ``limit`` seconds, and the seconds it took."""
    device = torch.device("cpu")
    trainer = Trainer(config, make_feed(load(config.data), device, config.seed), device)
    start = time.perf_counter()
    while trainer.images < images and time.perf_counter() - start < limit:
        trainer.step()
    return trainer, time.perf_counter() - start


def measure(name: str, options: argparse.Namespace, judge: Classifier, real: Tensor) -> tuple[float, str]:
    """The distance of one variant and its line in the table."""
    data = {"source": options.data, "resolution": options.resolution}
    try:
        config = config_of(name, data, options.width, options.seed)
    except ConfigError as error:
        return float("inf"), f"| {name} | | | | {error.problem} |"
    trainer, seconds = train(config, options.images, options.limit)
    made = features_of(judge, lambda first, count: trainer.sample(range(first, first + count)))
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
    feed = make_feed(load(config.data), torch.device("cpu"), 12345)
    judge, accuracy = train_classifier(feed, 600)
    real = features_of(judge, lambda first, count: feed.batch((1 << 31) + first, count)[0])
    other = features_of(judge, lambda first, count: feed.batch((1 << 32) + first, count)[0])
    top = heading(options, accuracy, frechet(real, other))
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
