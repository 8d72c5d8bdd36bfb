"""Measurements in a report: which can be compared, which checkpoint is best by them, and how each is told."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ganstudio.catalog.best import alike, best_of
from ganstudio.catalog.measures import HIGHER, LOWER, MEASURES
from ganstudio.core.measurement import Measurement, newest, way
from ganstudio.core.numbers import significant, whole, with_unit
from ganstudio.core.numbers import step as step_words
from ganstudio.reports.data import ReportData
from ganstudio.reports.details import detail_words

BETTER = {LOWER: "lower is better", HIGHER: "higher is better"}


@dataclass(frozen=True)
class Best:
    """The best measured checkpoint by one metric, among ``steps`` steps that were measured in the same way."""

    measurement: Measurement
    steps: int
    kept: bool


def title_of(metric: str) -> str:
    """A metric's title, or its name where the catalogue has none of that name."""
    measure = MEASURES.get(metric)
    return measure.title if measure else metric


def value_words(measurement: Measurement) -> str:
    """The number with its unit: four digits; a whole number of modes as it is."""
    measure, value = MEASURES.get(measurement.metric), measurement.value
    unit = measure.unit if measure else ""
    if unit and math.isfinite(value) and value.is_integer() and 1 <= abs(value) < 1e6:
        return f"{whole(value)}\u00a0{unit}"
    return with_unit(value, unit, 4)


def spread_words(measurement: Measurement) -> str:
    """The interval around it, or its spread; empty where there is neither."""
    if math.isfinite(measurement.low) and math.isfinite(measurement.high):
        return f"{significant(measurement.low)} to {significant(measurement.high)}"
    return f"± {significant(measurement.spread, 2)}" if math.isfinite(measurement.spread) else ""


def better_words(metric: str) -> str:
    """Which side is better, in words; empty where neither is."""
    measure = MEASURES.get(metric)
    return BETTER.get(measure.better, "") if measure else ""


def real_words(measurement: Measurement) -> str:
    """What real samples would score, where that was measured."""
    for name in ("real", "real_halves"):
        value = measurement.details.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return significant(float(value), 4)
    return ""


def protocol_words(measurement: Measurement) -> list[str]:
    """All that has to be equal for two numbers to be compared, in short phrases."""
    p = measurement.protocol
    other = f" ({whole(p.reference_samples)} samples)" if p.reference_samples else ""
    parts = [
        f"{whole(p.samples)} samples of {p.made}", f"against {p.reference}{other}", p.rules, p.feature_net,
        "" if p.resize == "none" else p.resize,
        f"truncation {p.truncation:g}, seed {p.seed}", p.device, measurement.how,
    ]  # fmt: skip
    return [part for part in parts if part]


def how_words(measurement: Measurement) -> str:
    """Which side is better, the protocol and the warnings, in one line."""
    told = "; ".join(
        part for part in (better_words(measurement.metric), *protocol_words(measurement)) if part
    )
    return " ".join([f"{told}.", *detail_words(measurement), *measurement.warnings])


def courses(report: ReportData) -> list[list[Measurement]]:
    """Numbers found in the same way at two steps or more, each list in the order of its steps."""
    found: dict[tuple[object, ...], list[Measurement]] = {}
    for m in newest(report.measurements):
        if m.step is not None and math.isfinite(m.value):
            found.setdefault(way(m), []).append(m)
    rising = [sorted(course, key=lambda m: m.step or 0) for course in found.values()]
    return [course for course in rising if len(course) > 1]


def best(report: ReportData) -> Best | None:
    """The best checkpoint by the metric that the run chose, else the first leading one; ``None`` where none says."""
    found = best_of(report.measurements, report.criterion)
    if found is None:
        return None
    kept = any(found is m for m in report.present)
    return Best(found, len(alike(report.measurements, found.metric)), kept)


def best_words(report: ReportData) -> str:
    """Which checkpoint is best, how that is known, and whether it is still there."""
    found = best(report)
    if found is None:
        return "Nothing that was measured says which checkpoint is best."
    one = found.measurement
    number = f"{title_of(one.metric)} ({one.metric}) {value_words(one)}"
    if found.steps == 1:
        told = f"Only {step_words(one.step or 0)} was measured: {number}"
    else:
        told = f"Best of {found.steps} measured steps is {step_words(one.step or 0)}: {number}"
    gone = "" if found.kept else " Its checkpoint is no longer in the run."
    if report.best is not None and not found.kept:
        gone += f" The best that is still there is {step_words(report.best)}."
    return f"{told}, {better_words(one.metric)}.{gone}"


def checkpoint_words(report: ReportData) -> str:
    """What there is to go on from, and which one is best."""
    if not report.checkpoints:
        return "The run has no checkpoint."
    kept = ", ".join(whole(step) for step in report.checkpoints)
    there = (
        f"Kept: {step_words(report.checkpoints[0])}"
        if len(report.checkpoints) == 1
        else f"Kept: steps {kept}"
    )
    if not report.measurements:
        return f"{there}. No checkpoint has been measured, so that none is known to be the best."
    return f"{there}. {best_words(report)}"
