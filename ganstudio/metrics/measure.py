"""From a wish to numbers with their protocol: a run at a checkpoint, or two folders of pictures."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import scipy
import torch

import ganstudio
from ganstudio.catalog.measures import MEASURES, NEEDS, Measure, downloads
from ganstudio.core import messages
from ganstudio.core.measurement import Measurement, Protocol
from ganstudio.core.published import NETWORKS
from ganstudio.core.runs import RunFolder, timestamp
from ganstudio.core.schema import nearest
from ganstudio.data import DataError, Feed, ImageSet, PointSource, RenderedSource, load, make_feed
from ganstudio.latent.sampling import Generator, load_generator
from ganstudio.metrics.bench import Bench, Found
from ganstudio.metrics.figures import CancelCheck, MetricError, Progress
from ganstudio.metrics.folders import load_pair
from ganstudio.metrics.measurers import MEASURERS
from ganstudio.metrics.points import POINT_MEASURERS, PointBench
from ganstudio.metrics.published import UNVERIFIED
from ganstudio.metrics.sides import GeneratorSide, SetSide, Side, real_side
from ganstudio.metrics.ticks import tick
from ganstudio.training.checkpoint import CheckpointError

USUAL = {"image": 10_000, "points": 5000}
"""Samples where nobody says how many."""
UNBRANDED = {"fid": "fd", "kid": "kd", "ppl": "path", "ppl-w": "path-w"}
NOT_VOUCHED = "The weights of {} could not be verified: this number is not to be called {}."


@dataclass(frozen=True)
class Place:
    """Where networks compute and what a person calls it; how to tell how far things are, and when to stop."""

    device: torch.device = torch.device("cpu")
    name: str = "CPU"
    progress: Progress | None = None
    cancelled: CancelCheck | None = None


@dataclass(frozen=True, eq=False)
class Task:
    """What is ready to be measured: the chosen measures, what finds each, and the protocol they share."""

    measures: tuple[Measure, ...]
    find: Callable[[str], Found]
    remarks: Callable[[], list[str]]
    protocol: Protocol
    step: int | None
    problems: tuple[str, ...] = ()
    weights: str = ""
    scheduled: bool = False


def prepare(wish: messages.Measure, place: Place | None = None) -> Task:
    """Load and check all that ``wish`` needs; raises :class:`MetricError` or ``Cancelled``."""
    where = place or Place()
    for name in wish.metrics:
        check_name(name)  # before anything is loaded
    try:
        task = _of_folders(wish, where) if wish.folders else _of_run(wish, where)
    except DataError as error:
        raise MetricError(error.problem, error.remedy) from error
    except CheckpointError as error:
        raise MetricError(f"{error}.".replace("..", "."), "Choose another checkpoint.") from error
    for measure in task.measures:
        if task.protocol.samples < measure.least:
            raise MetricError(f"{measure.name} needs at least {measure.least} samples.", "Take more samples.")
    return task


def measured(task: Task, place: Place | None = None) -> Iterator[Measurement]:
    """One number after the other; raises :class:`MetricError` or ``Cancelled``, and what was given by then holds."""
    where = place or Place()
    remarks: list[str] | None = None
    for measure in task.measures:
        tick(where.progress, where.cancelled, f"Measuring {measure.name}", -1.0)
        found = task.find(measure.name)
        remarks = task.remarks() if remarks is None else remarks
        yield _measurement(measure, found, task, remarks)


def check_name(name: str) -> Measure:
    """The measure of that name; raises :class:`MetricError` with the nearest one."""
    if name not in MEASURES:
        hint = nearest(name, list(MEASURES)) or f": one of {', '.join(MEASURES)}"
        raise MetricError(f"{name!r} is not a metric{hint}")
    return MEASURES[name]


# ---------------------------------------------------------------- what is measured


def _of_run(wish: messages.Measure, place: Place) -> Task:
    folder = RunFolder(Path(wish.run))
    generator = load_generator(folder, wish.checkpoint, place.device)
    if wish.scheduled:  # as the run wants it by the time of this checkpoint
        rule = generator.config.measure
        wish = replace(wish, metrics=rule.names, samples=rule.samples)
    data = load(generator.config.data, place.progress, place.cancelled)
    if data.shape.size != generator.shape.size:
        raise MetricError("The data of this run is of another size by now than what its generator draws.")
    count = wish.samples or USUAL[data.shape.kind]
    if isinstance(data, PointSource):
        return _of_points(wish, _side(wish, generator, make_feed(data, "cpu", wish.seed), count), data, place)
    made = _side(wish, generator, make_feed(data, "cpu", wish.seed), count)
    real = real_side(data, count, wish.seed)
    bench = _bench(wish, made, real, data, place)
    protocol = _protocol(wish, made.text, count, real.text, len(real), place)
    return _task(wish, generator, bench, lambda name: MEASURERS[name](bench), protocol)


def _side(wish: messages.Measure, generator: Generator, feed: Feed, count: int) -> GeneratorSide:
    return GeneratorSide(generator, feed, count, wish.seed, wish.truncation, Path(wish.run).name)


def _of_points(wish: messages.Measure, side: GeneratorSide, source: PointSource, place: Place) -> Task:
    points = torch.cat([side.feed.to_display(x).cpu() for x in side.drawn()])
    bench = PointBench(points, source, wish.seed)
    protocol = _protocol(wish, side.text, len(side), f"{source.name}: the distribution itself", 0, place)
    return _task(wish, side.generator, bench, lambda name: POINT_MEASURERS[name](bench), protocol)


def _bench(
    wish: messages.Measure, made: Side, real: Side, data: ImageSet | RenderedSource, place: Place
) -> Bench:
    return Bench(
        made, real, data, seed=wish.seed, device=place.device, allow_fetch=wish.fetch,
        progress=place.progress, cancelled=place.cancelled,
    )  # fmt: skip


def _task(
    wish: messages.Measure,
    generator: Generator,
    bench: Bench | PointBench,
    find: Callable[[str], Found],
    protocol: Protocol,
) -> Task:
    """What is measured of a run's generator."""
    kind = generator.shape.kind
    return Task(
        _chosen(wish, generator, kind, bench.has()), find, bench.remarks, protocol,
        generator.step, generator.problems, generator.weights, wish.scheduled,
    )  # fmt: skip


def _of_folders(wish: messages.Measure, place: Place) -> Task:
    assert wish.folders is not None
    first, second, remarks = load_pair(*wish.folders, place.progress, place.cancelled)
    most = wish.samples or max(len(first), len(second))
    made, real = (
        SetSide(part, most, f"{part.name}: {min(len(part), most):,} of {len(part):,} pictures")
        for part in (first, second)
    )
    bench = _bench(wish, made, real, second, place)
    protocol = _protocol(wish, made.text, len(made), real.text, len(real), place)
    chosen = choose(_named(wish), "image", bench.has())
    return Task(
        chosen, lambda name: MEASURERS[name](bench), lambda: [*remarks, *bench.remarks()], protocol, None
    )


def _named(wish: messages.Measure) -> list[Measure]:
    return [check_name(name) for name in dict.fromkeys(wish.metrics)]


def _chosen(wish: messages.Measure, generator: Generator, kind: str, has: set[str]) -> tuple[Measure, ...]:
    """What is measured of a run. On schedule what takes long is left out, and what decides which is best is not."""
    known = _named(wish)
    if not wish.scheduled:
        return choose(known, kind, has)
    found = choose(known, kind, has) if known else tuple(m for m in choose([], kind, has) if not m.slow)
    deciding = generator.config.measure.keep_best
    if deciding and deciding not in {measure.name for measure in found}:
        found += choose([check_name(deciding)], kind, has)
    return found


def choose(known: list[Measure], kind: str, has: set[str]) -> tuple[Measure, ...]:
    """The measures that were asked for, or else all that suit and need no download.

    Raises :class:`MetricError` for one that does not suit. A missing file of a published network is told when it is
    looked for, with the place where it belongs.
    """
    if not known:
        suitable = (m for m in MEASURES.values() if m.data == kind and not downloads(m))
        return tuple(m for m in suitable if set(m.needs) <= has)
    for measure in known:
        if measure.data != kind:
            raise MetricError(f"{measure.name} is for {_kind(measure.data)}, and these are {_kind(kind)}.")
        for need in measure.needs:
            if need not in has and need not in NETWORKS:
                raise MetricError(f"{measure.name} needs {NEEDS[need]}.", "Choose other metrics.")
    return tuple(known)


def _kind(kind: str) -> str:
    return "pictures" if kind == "image" else "points"


# ---------------------------------------------------------------- how it is told


def _protocol(
    wish: messages.Measure, made: str, count: int, reference: str, others: int, place: Place
) -> Protocol:
    versions = {
        "ganstudio": ganstudio.__version__,
        "torch": str(torch.__version__),
        "numpy": np.__version__,
        "scipy": scipy.__version__,
    }
    return Protocol(
        made, count, reference, others,
        truncation=wish.truncation, seed=wish.seed, device=place.name, versions=versions,
    )  # fmt: skip


def _measurement(measure: Measure, found: Found, task: Task, remarks: list[str]) -> Measurement:
    net, figure = found.net, found.figure
    vouched = net is None or not net.name.startswith(UNVERIFIED)
    warnings = [*remarks, *found.warnings, *_too_few(measure, task.protocol.samples)]
    if not vouched:
        of = " and ".join(network.words for network in downloads(measure))
        warnings.append(NOT_VOUCHED.format(of, measure.name))
    if not math.isfinite(figure.value):
        warnings.append("This is no finite number.")
    protocol = replace(
        task.protocol,
        rules=found.rules,
        feature_net="" if net is None else net.facts,
        resize="" if net is None else net.resize,
    )
    return Measurement(
        measure.name if vouched else unvouched_name(measure.name),
        figure.value, figure.spread, figure.low, figure.high, figure.how,
        protocol, task.step, timestamp(), tuple(warnings), _plain(found.details), task.weights, task.scheduled,
        found.picture,
    )  # fmt: skip


def unvouched_name(name: str) -> str:
    """What a metric is called when it was found with weights that nobody can vouch for."""
    return f"{UNBRANDED.get(name, name)}-unverified"


def _too_few(measure: Measure, samples: int) -> list[str]:
    if samples >= measure.enough:
        return []
    return [f"{samples:,} samples are few: {measure.enough:,} or more are usual."]


def _plain(details: Mapping[str, Any]) -> dict[str, Any]:
    return {key: float(v) if isinstance(v, np.floating) else v for key, v in details.items()}
