"""All image variants after an equal number of images, ranked by a distance in a classifier's features.

    python tests/results/ranking.py DATA [--marks 32000 128000] [--only NAME ...] [--seeds 0 1 2] [--write]

DATA is digits or shapes. The Frechet distance between a classifier's features of 2,048 generated and of as many real
samples ranks the variants (smaller is better). Each variant keeps what its paper says of losses, rates, batches,
critic steps and stabilizers; networks are made small, and all have the same average. Images are real images seen by
the discriminator, so that a critic of five updates to one leaves its generator a fifth of the updates. The
literature's question is asked of several seeds and of a longer run: is DCGAN behind WGAN-GP, and that behind spectral
norm? Every distance is kept in ``ranking-DATA.jsonl`` as soon as it is known, and not measured again; ``--write`` keeps
the table beside this file.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
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
from support.ledger import Ledger  # noqa: E402
from torch import Tensor  # noqa: E402

from ganstudio.catalog.resolve import resolve  # noqa: E402
from ganstudio.catalog.variants import VARIANTS  # noqa: E402
from ganstudio.core.config import RunConfig  # noqa: E402
from ganstudio.core.schema import ConfigError  # noqa: E402
from ganstudio.data import Feed, load, make_feed  # noqa: E402
from ganstudio.engine import devices  # noqa: E402
from ganstudio.metrics.domain import VERSION, DomainFeatures, load_judge  # noqa: E402
from ganstudio.metrics.frechet import frechet  # noqa: E402
from ganstudio.training.trainer import Trainer  # noqa: E402

SAMPLES = 2048
QUESTION = ("dcgan", "wgan-gp", "sngan")
"""Worst to best, if the literature's order holds here."""


def config_of(name: str, data: dict[str, Any], width: int, seed: int) -> RunConfig:
    """The variant on this data, with convolutions of at most ``width`` base channels.

    Raises ``ConfigError`` where it cannot learn it.
    """
    variant = VARIANTS[name]
    table: dict[str, Any] = {
        "variant": name, "data": data, "seed": seed, "steps": 10**9,
        "ema": {"half_life": 2000, "start": 0}, "compute": {"device": "cpu"},
    }  # fmt: skip
    for player, network in (("generator", variant.generator), ("discriminator", variant.discriminator)):
        if "image" in network:
            wide: int = getattr(network["image"], "base_channels", 0)
            if wide > width:
                table[player] = {"base_channels": width}
    return resolve(table)


@torch.no_grad()
def features_of(net: DomainFeatures, feed: Feed, draw: Callable[[int, int], Tensor]) -> Tensor:
    """Features (SAMPLES, 64) of what ``draw(start, count)`` gives, in the network's range; NaN where it gives NaN."""
    drawn = torch.cat([draw(i, 256) for i in range(0, SAMPLES, 256)])
    seen = net.see(feed.to_display(drawn)).features
    return seen if bool(torch.isfinite(drawn).all()) else torch.full_like(seen, torch.nan)


def measure(key: tuple[str, int], options: argparse.Namespace, judge: Judge, ledger: Ledger) -> None:
    """Train one variant to the last mark or the limit, and keep its distance at each mark."""
    name, seed = key
    marks = [m for m in options.marks if name_of(name, seed, m) not in ledger]
    if not marks:
        return
    data = {"source": options.data, "resolution": options.resolution}
    try:
        config = config_of(name, data, options.width, seed)
    except ConfigError as error:
        print(f"{name}: {error.problem}")
        return
    trainer = Trainer(config, make_feed(load(config.data), torch.device("cpu"), seed), torch.device("cpu"))
    seconds = 0.0
    for mark in marks:
        start = time.process_time()
        while trainer.images < mark and seconds + time.process_time() - start < options.limit:
            trainer.step()
        seconds += time.process_time() - start
        row = ledger.add(
            name_of(name, seed, mark), distance=round(judge.distance(trainer), 3), images=trainer.images,
            updates=trainer.players["generator"].updates, seconds=round(seconds, 1), date=str(date.today()),
        )  # fmt: skip
        print(row, flush=True)


def name_of(name: str, seed: int, mark: int) -> str:
    """How a measurement is called in the ledger."""
    return f"{name}, seed {seed}, {mark} images"


class Judge:
    """A classifier of the real data, and real samples as it sees them."""

    def __init__(self, data: str, resolution: int, width: int) -> None:
        config = config_of("dcgan", {"source": data, "resolution": resolution}, width, 0)
        found = load(config.data)
        feed = make_feed(found, torch.device("cpu"), 12345)
        self.net = load_judge(found)
        self.real = features_of(self.net, feed, lambda first, count: feed.batch((1 << 31) + first, count)[0])
        other = features_of(self.net, feed, lambda first, count: feed.batch((1 << 32) + first, count)[0])
        self.floor = frechet(self.real, other)

    def distance(self, trainer: Trainer) -> float:
        """How far the averaged generator's samples are from real ones; infinite where they are no numbers."""
        made = features_of(
            self.net, trainer.feed, lambda first, count: trainer.sample(range(first, first + count))
        )
        return frechet(made, self.real) if torch.isfinite(made).all() else float("inf")


def rows_of(name: str, mark: int, ledger: Ledger) -> list[dict[str, Any]]:
    """What has been measured of a variant at a mark, over all seeds."""
    return [r for k, r in ledger.rows.items() if k.startswith(f"{name}, ") and k.endswith(f", {mark} images")]


def spread(rows: list[dict[str, Any]]) -> str:
    """Mean and standard deviation of the distances."""
    values = [row["distance"] for row in rows]
    more = f" ± {statistics.stdev(values):.2f}" if len(values) > 1 else ""
    return f"{statistics.mean(values):.2f}{more}"


def line(name: str, mark: int, ledger: Ledger) -> tuple[bool, float, str]:
    """Whether a variant was cut short, its distance and its line in the table; infinite where nothing was measured."""
    rows = rows_of(name, mark, ledger)
    if not rows:
        return True, float("inf"), f"| {name} | not measured | | | | | |"
    mean = {
        key: statistics.mean(row[key] for row in rows) for key in ("distance", "images", "updates", "seconds")
    }
    cut = mean["images"] < mark
    short = f"cut short at {mean['images'] / mark:.0%} of the images" if cut else ""
    cells = (
        f"{mean['images']:,.0f} | {mean['updates']:,.0f} | {mean['seconds']:.0f} | {len(rows)} | {short} |"
    )
    return cut, mean["distance"], f"| {name} | {spread(rows)} | {cells}"


def answer(mark: int, ledger: Ledger) -> str:
    """What came out of the literature's question at one mark, in a sentence."""
    found = {name: rows_of(name, mark, ledger) for name in QUESTION}
    if not all(found.values()):
        return f"After {mark:,} images not all three were measured."
    parts = [
        f"{name} {spread(rows)} (generator updates: {rows[0]['updates']:,}, seeds: {len(rows)})"
        for name, rows in found.items()
    ]
    verdicts = [
        f"{worse} is {order(found[worse], found[better])} {better}"
        for worse, better in itertools.pairwise(QUESTION)
    ]
    return f"After {mark:,} images: {', '.join(parts)}. Here {', and '.join(verdicts)}."


def order(first: list[dict[str, Any]], second: list[dict[str, Any]]) -> str:
    """How one variant's distances lie to another's; every seed has to agree."""
    a, b = [row["distance"] for row in first], [row["distance"] for row in second]
    if min(a) > max(b):
        return "behind"
    return "ahead of" if max(a) < min(b) else "not to be told apart from"


def table(options: argparse.Namespace, judge: Judge, ledger: Ledger) -> str:
    """The page."""
    mark = options.marks[0]
    lines = [
        f"# Image variants on {options.data} at {options.resolution} px",
        "",
        f"Measured {date.today()} by `tests/results/ranking.py` on {devices.processor()} (two cores shared with "
        f"other work), {torch.get_num_threads()} thread, torch {torch.__version__}: {mark:,} real images for each, "
        f"at most {options.width} base channels. Seen by a {judge.net.facts}; the distance of real from other real "
        f"samples is {judge.floor:.2f}. "
        "Where there is one seed, differences of a third and less may be chance. What was too slow was cut short and "
        f"stands below, where it has no rank. Single measurements are in `ranking-{options.data}.jsonl`.",
        "",
        "| variant | distance | images | generator updates | processor seconds | seeds | remark |",
        "|---|---|---|---|---|---|---|",
    ]
    names = [name for name, variant in VARIANTS.items() if "image" in variant.data]
    lines += [text for _, _, text in sorted(line(name, mark, ledger) for name in names)]
    lines += ["", "Is DCGAN behind WGAN-GP, and that behind spectral norm?", ""]
    lines += [f"- {answer(mark, ledger)}" for mark in options.marks]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Train what has not been measured yet and print the table, best first."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", choices=("digits", "shapes"))
    parser.add_argument(
        "--marks", type=int, nargs="*", default=[32_000], help="real images after which to measure"
    )
    parser.add_argument("--resolution", type=int, default=16)
    parser.add_argument("--width", type=int, default=32)
    parser.add_argument("--seeds", type=int, nargs="*", default=[0])
    parser.add_argument(
        "--limit", type=float, default=100.0, help="processor seconds for one variant at most"
    )
    parser.add_argument(
        "--minutes", type=float, default=1e9, help="begin no run after so many; call again to go on"
    )
    parser.add_argument("--only", nargs="*", default=[n for n, v in VARIANTS.items() if "image" in v.data])
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)
    start = time.perf_counter()
    judge = Judge(options.data, options.resolution, options.width)
    place = Path(__file__).with_name(f"ranking-{options.data}.jsonl")
    ledger = Ledger(place, {"resolution": options.resolution, "width": options.width, "judge": VERSION})
    for key in itertools.product(options.only, options.seeds):
        if time.perf_counter() - start < 60 * options.minutes:
            measure(key, options, judge, ledger)
    text = table(options, judge, ledger)
    print(text)
    if options.write:
        place.with_suffix(".md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
