"""``ganstudio evaluate``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ganstudio.cli import specs
from ganstudio.cli.errors import FAILED, CommandError
from ganstudio.cli.terminal import Progress, say, say_json, tell
from ganstudio.core.files import write_atomically
from ganstudio.core.measurement import Measurement
from ganstudio.core.messages import Measure
from ganstudio.core.numbers import significant, whole
from ganstudio.core.published import NETWORKS
from ganstudio.core.runs import RunFolder
from ganstudio.reports.details import detail_words
from ganstudio.reports.figures import better_words, spread_words, value_words

if TYPE_CHECKING:
    from ganstudio.metrics.measure import Place

MOST_SAMPLES = 1_000_000


def run(options: argparse.Namespace) -> int:
    """Measure a run or two folders, print every number with its protocol, and keep a run's."""
    wish = _wish(options)
    progress = Progress(quiet=options.quiet)
    place = _place(options.device, progress)
    for name in NETWORKS:
        if file := getattr(options, name):
            _take_weights(name, Path(file).expanduser(), progress)
    found = _measure(wish, place, progress, RunFolder(wish.run) if wish.run else None, options.json)
    if options.pairs:
        _keep_pairs(Path(options.pairs).expanduser(), found)
    if options.json:
        say_json(_record(wish, found))
    return 0


def _wish(options: argparse.Namespace) -> Measure:
    if options.pairs and Path(options.pairs).suffix.lower() != ".png":
        raise CommandError(f"--pairs {options.pairs}: the name must end in .png")
    if (options.run is None) == (options.folders is None):
        raise CommandError("evaluate needs a run, or --folders A B")
    if options.folders and options.checkpoint is not None:
        raise CommandError("--checkpoint: folders have no checkpoints")
    if options.samples and not 2 <= options.samples <= MOST_SAMPLES:
        raise CommandError(f"--samples: {options.samples} is not between 2 and {MOST_SAMPLES:,}")
    names = [name.strip().lower() for name in (options.metrics or "").split(",")]
    run = None if options.run is None else specs.find_run(options.run)
    return Measure(
        run="" if run is None else str(run),
        folders=None if options.folders is None else tuple(options.folders),
        metrics=tuple(name for name in names if name),
        samples=options.samples or 0,
        checkpoint=None if run is None else specs.step_of(run, options.checkpoint),
        seed=options.seed,
        truncation=options.truncation,
        fetch=options.fetch,
    )


def _place(device: str, progress: Progress) -> Place:
    from ganstudio.engine.launch import prepare_environment

    prepare_environment(window=False)
    import torch

    from ganstudio.engine import devices
    from ganstudio.engine.launch import compute_threads
    from ganstudio.metrics.measure import Place

    torch.set_num_threads(compute_threads(window=False))
    try:
        chosen = devices.choose(device)
    except devices.DeviceError as error:
        raise CommandError(f"--device: {error}") from None
    return Place(chosen, devices.describe(chosen), lambda what, done: progress.show(done, what))


def _take_weights(name: str, path: Path, progress: Progress) -> None:
    """A published network's weights from a person's file, once their checksum is found right."""
    from ganstudio.metrics.figures import MetricError
    from ganstudio.metrics.published import take_weights

    try:
        take_weights(name, path, lambda what, done: progress.show(done, what))
    except MetricError as error:
        raise CommandError(f"--{name}: {error}") from None
    finally:
        progress.close()


def _measure(
    wish: Measure, place: Place, progress: Progress, folder: RunFolder | None, quiet: bool
) -> list[Measurement]:
    """What is measured, told and kept one after the other: Ctrl-C loses nothing that was there."""
    from ganstudio.engine.keeping import KeepingError, kept, note
    from ganstudio.metrics.figures import MetricError
    from ganstudio.metrics.measure import measured, prepare

    found: list[Measurement] = []
    best: int | None = None
    try:
        with kept(folder, wish.checkpoint):
            task = prepare(wish, place)
            for problem in task.problems:
                progress.note(f"passed over a damaged checkpoint: {problem}")
            for measurement in measured(task, place):
                found.append(measurement)
                if folder is not None:
                    best = note(folder, measurement) or best
                if not quiet:
                    _show(measurement, progress)
    except MetricError as error:
        raise CommandError(str(error), FAILED if found else 2) from None
    except KeepingError as error:
        raise CommandError(str(error), FAILED) from None
    finally:
        progress.close()
    if not found:
        raise CommandError("Nothing that can be measured suits this.", FAILED)
    if not quiet:
        _show_protocol(found[0])
        if best is not None:
            say(f"the best checkpoint of the run is that of step {whole(best)}")
    return found


def _keep_pairs(path: Path, found: list[Measurement]) -> None:
    """Write the picture of the memorisation test where the person wants it."""
    picture = next((measurement.picture for measurement in found if measurement.picture), b"")
    if not picture:
        raise CommandError("--pairs: only copied-domain has a picture, and it was not measured", FAILED)
    try:
        write_atomically(path, picture)
    except OSError as error:
        raise CommandError(f"--pairs: {path} cannot be written ({error.strerror or error})", FAILED) from None
    say(str(path))


def _show(measurement: Measurement, progress: Progress) -> None:
    """The number on stdout, warnings on stderr."""
    progress.close()
    better = better_words(measurement.metric)
    interval = spread_words(measurement)
    told = "; ".join(part for part in (interval, measurement.how, better) if part)
    say(f"{measurement.metric}: {value_words(measurement)}  ({told})")
    for name in ("real", "real_halves"):
        if name in measurement.details:
            say(f"  real samples have {significant(measurement.details[name], 4)}")
    for sentence in detail_words(measurement):
        say(f"  {sentence}")
    rules = "; ".join(part for part in (measurement.protocol.rules, measurement.protocol.feature_net) if part)
    if rules:
        say(f"  {rules}")
    for warning in measurement.warnings:
        tell(f"{measurement.metric}: {warning}")


def _show_protocol(measurement: Measurement) -> None:
    protocol = measurement.protocol
    other = f", {whole(protocol.reference_samples)} samples" if protocol.reference_samples else ""
    say(
        f"{protocol.made}, {whole(protocol.samples)} samples, seed {protocol.seed}, truncation {protocol.truncation:g}"
    )
    say(f"compared with {protocol.reference}{other}; on {protocol.device}")


def _record(wish: Measure, found: list[Measurement]) -> dict[str, Any]:
    where = {"run": wish.run} if wish.run else {"folders": [str(Path(f)) for f in wish.folders or ()]}
    return where | {
        "step": found[0].step,
        "metrics": {measurement.metric: measurement.value for measurement in found},
        "measurements": [measurement.to_record() for measurement in found],
    }
