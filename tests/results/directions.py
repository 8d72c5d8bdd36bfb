"""Directions and style mixing against known truth: does a direction change one factor, and which rows carry which?

    python tests/results/directions.py [RUN ...] [--train SPEC --set KEY=VALUE ... --minutes 3 --out DIR] [--write]
    python tests/results/directions.py RUN --mouth [--strip FILE.png] [--seen "what the filmstrips show"] [--write]

RUN is the folder of a run on faces or shapes, whose every factor is known. A classifier of the data reads the factors
from pixels; only those that it reads well on held-out pictures count. Directions of the weights (SeFa), of samples
(PCA) and of samples marked by what was read (learned) are followed from -2 to +2 sigma, beside random ones; the rows
of styles of one seed are put into another. ``--train`` trains a preset or a file first, for minutes of processor time.
What was found of a run is kept in ``directions.jsonl``, a later measurement by the same reader in place of an
earlier one; ``--write`` keeps the page beside this file. ``--mouth`` asks instead whether a person can find the
slider that opens the mouth, which a reader of whole faces overlooks.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from ganstudio.engine.launch import prepare_environment

prepare_environment(window=False)

sys.path.insert(0, str(Path(__file__).parents[1]))

import torch  # noqa: E402
from PIL import Image  # noqa: E402
from support.factor_page import page  # noqa: E402
from support.factor_reading import (  # noqa: E402
    ATTRIBUTES,
    Attribute,
    Lab,
    Reader,
    candidates,
    halves,
)
from support.factor_scores import Effect, Reads, effect  # noqa: E402
from support.ledger import Ledger  # noqa: E402
from support.mouth_reading import train_reader  # noqa: E402
from support.mouth_slider import MouthLab, filmstrips, sliders, visible  # noqa: E402

from ganstudio.cli.specs import assignments, read_config  # noqa: E402
from ganstudio.core.config import dump_toml  # noqa: E402
from ganstudio.core.explore.recipe import Model  # noqa: E402
from ganstudio.core.runs import RunFolder  # noqa: E402
from ganstudio.data import RenderedSource, load, make_feed  # noqa: E402
from ganstudio.latent.model import opened  # noqa: E402
from ganstudio.metrics.domain import load_judge  # noqa: E402
from ganstudio.training import checkpoint  # noqa: E402
from ganstudio.training.trainer import Trainer  # noqa: E402

Row = dict[str, Any]


def train(options: argparse.Namespace) -> Path:
    """A run trained for so many minutes of processor time, or to its last step."""
    config = read_config(options.train, assignments(options.set))
    place = torch.device("cpu")
    trainer = Trainer(config, make_feed(load(config.data), place, config.seed), place)
    start = time.process_time()
    while trainer.step_count < config.steps and time.process_time() - start < 60 * options.minutes:
        trainer.step()
    run = RunFolder(options.out)
    run.create(dump_toml(config))
    checkpoint.save(trainer, run, time.process_time() - start)
    return run.path


def measure(path: Path, options: argparse.Namespace, ledger: Ledger) -> None:
    """All that the page says of one run."""
    start = time.process_time()
    model = opened(Model(str(path)))
    config = model.generator.config
    source = load(config.data)
    if not isinstance(source, RenderedSource) or source.name not in ATTRIBUTES:
        raise SystemExit(f"{path}: the factors of {config.data.kind} are not known; take faces or shapes.")
    reader = Reader(source, load_judge(source, updates=options.updates))
    lab = Lab(model, reader, range(options.seeds))
    known, _ = checkpoint.newest(RunFolder(path), model.step, weights_only=True)
    ceiling = reader.ceiling()
    ledger.add(
        f"{config.name}, read after {options.updates} updates", data=source.name, variant=config.variant,
        seed=config.seed, step=model.step,
        images=known.state.counters["images"], trained=round(known.seconds), resolution=source.resolution,
        reader={name: [reader.raw[name], reader.scores[name]] for name in reader.raw}, used=list(reader.used),
        ceiling={name: one.share(name) for name, one in ceiling.items()},
        moves=[*searched(lab, options), *taught(lab, options)],
        mixing=lab.mixed() if model.styled is not None else {},
        updates=options.updates, measured=round(time.process_time() - start), date=str(date.today()),
    )  # fmt: skip


def measure_mouth(path: Path, options: argparse.Namespace, ledger: Ledger) -> None:
    """Whether the slider that opens the mouth can be found in one run."""
    start = time.process_time()
    model = opened(Model(str(path)))
    config = model.generator.config
    source = load(config.data)
    if not isinstance(source, RenderedSource) or source.name != "faces" or model.styled is None:
        raise SystemExit(f"{path}: mouths are looked for in runs with styles on faces.")
    lab = MouthLab(model, train_reader(source), range(options.seeds))
    if options.strip:
        Image.fromarray(filmstrips(lab).numpy()).save(options.strip)
    known, _ = checkpoint.newest(RunFolder(path), model.step, weights_only=True)
    moods = ("laughing", "surprised")
    ledger.add(
        f"{config.name}: the slider that opens the mouth", seed=config.seed, step=model.step,
        images=known.state.counters["images"], resolution=source.resolution, accuracy=lab.reader.accuracy,
        visible={mood: visible(source, mood) for mood in moods}, drawn=drawn_share(source, moods),
        seen=options.seen, **sliders(lab, options.samples),
        measured=round(time.process_time() - start), date=str(date.today()),
    )  # fmt: skip


def drawn_share(source: RenderedSource, moods: tuple[str, ...]) -> float:
    """The share of these expressions among drawn faces, which are all equally frequent."""
    return len(moods) / len(source.factor("expression").choices)


def searched(lab: Lab, options: argparse.Namespace) -> Iterable[Row]:
    """Directions that nobody named, in all rows and in parts of them."""
    for part, rows in halves(lab.model).items():
        for origin, directions in candidates(lab.model, rows, options.count, options.samples).items():
            for direction in directions:
                found = lab.effect(direction, rows)
                yield described(found, origin=origin, name=direction.name, rows=part, score=direction.score)


def taught(lab: Lab, options: argparse.Namespace) -> Iterable[Row]:
    """Directions learned for attributes whose factor is read well."""
    pool: Reads = lab.pool(options.pool)
    for attribute in ATTRIBUTES[lab.reader.source.name]:
        if attribute.factor in lab.reader.used:
            yield lesson(lab, attribute, pool, options.marked)


def lesson(lab: Lab, attribute: Attribute, pool: Reads, marked: int) -> Row:
    """One learned direction: how well it tells samples apart, what it changes, and how its attribute moves."""
    known = lab.learn(attribute, pool, marked)
    low, high = lab.moved(known.direction)
    found = effect(low, high, lab.reader.units)
    ends = [float(lab.reader.shows(attribute, reads).mean()) for reads in (low, high)]
    return described(
        found, origin="learned", name=attribute.name, rows="all", score=known.held_out, ends=ends,
        wanted=attribute.factor, share=found.share(attribute.factor), common=found.common.share(attribute.factor),
    )  # fmt: skip


def described(found: Effect, **more: Any) -> Row:
    """An effect as a row."""
    first, second = found.ranked[:2]
    common = found.common
    return more | {
        "factor": first, "amount": found.amounts[first], "purity": found.purity, "steady": found.steady[first],
        "second": second, "second_share": found.share(second), "common_factor": common.ranked[0],
        "common_purity": common.purity,
    }  # fmt: skip


def main() -> None:
    """Measure what was asked for and print the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("runs", nargs="*", type=Path)
    parser.add_argument("--train", help="a preset or a TOML file to train first")
    parser.add_argument("--set", nargs="*", default=[], help="changes of its settings")
    parser.add_argument("--minutes", type=float, default=3.0, help="processor time of that training")
    parser.add_argument("--out", type=Path, default=Path("runs/directions"), help="its run folder")
    parser.add_argument("--seeds", type=int, default=60)
    parser.add_argument(
        "--count", type=int, default=5, help="directions of SeFa and PCA, and half the random ones"
    )
    parser.add_argument("--samples", type=int, default=4000, help="samples for the components")
    parser.add_argument("--pool", type=int, default=1200, help="samples to learn directions from")
    parser.add_argument("--marked", type=int, default=200, help="of these with plus, and as many with minus")
    parser.add_argument("--updates", type=int, default=800, help="of the classifier that reads the factors")
    parser.add_argument("--mouth", action="store_true", help="ask for the slider that opens the mouth alone")
    parser.add_argument("--strip", type=Path, help="a PNG for filmstrips along that slider")
    parser.add_argument("--seen", default="", help="what a person saw in them, kept with the measurement")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)
    sizes = ("seeds", "count", "samples", "pool", "marked")
    terms = {key: getattr(options, key) for key in sizes}
    ledger = Ledger(Path(__file__).with_suffix(".jsonl"), terms)
    for path in [*options.runs, *([train(options)] if options.train else [])]:
        (measure_mouth if options.mouth else measure)(path, options, ledger)
    text = page(ledger.rows.values(), terms)
    print(text)
    if options.write:
        Path(__file__).with_suffix(".md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
