"""The charts of a report as data: which series stand together, thinned so that no spike is lost."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import cast

import numpy as np
from numpy.typing import NDArray

from ganstudio.catalog.metrics import METRICS, Series
from ganstudio.catalog.objectives import ObjectiveOptions
from ganstudio.core.runs import Metrics
from ganstudio.reports.data import ReportData
from ganstudio.reports.figures import better_words, courses, title_of

Array = NDArray[np.float64]
POINTS = 300
"""Rows of a thinned series at the most."""
SMOOTHING = 0.9
G, D, REAL, ACCENT = "generator", "discriminator", "real", "accent"
OTHERS = (ACCENT, G, D, REAL, "warning")


@dataclass(frozen=True, eq=False)
class Thinned:
    """A series in at most :data:`POINTS` rows, each of ``stride`` reports: last step, minimum, maximum, mean.

    ``last`` and ``last_step`` are the newest finite value and its step.
    """

    step: NDArray[np.int64]
    low: Array
    high: Array
    mean: Array
    stride: int
    last: float
    last_step: int

    def smoothed(self, weight: float = SMOOTHING) -> Array:
        """The exponential average with its start bias removed; rows without a value stay NaN.

        After the k-th value it is sum_i w^(k-i) y_i / sum_i w^(k-i) with w = ``weight`` ** ``stride``: a row counts
        as that many equal reports.
        """
        decay = weight**self.stride
        result, total, mass = np.full(len(self.mean), np.nan), 0.0, 0.0
        for row in np.flatnonzero(np.isfinite(self.mean)).tolist():
            total, mass = decay * total + float(self.mean[row]), decay * mass + 1.0
            result[row] = total / mass
        return result


@dataclass(frozen=True)
class Line:
    """One curve of a chart: its series, its words, a colour token and a dash ("solid", "dash" or "dot")."""

    name: str
    label: str
    color: str
    values: Thinned
    dash: str = "solid"


@dataclass(frozen=True)
class Chart:
    """Curves that share their axes. ``theory`` holds values that theory expects, ``marks`` steps with their words.

    ``points`` says that each row is a number of its own with an interval: a dot with a bar instead of a smoothed curve.
    """

    key: str
    title: str
    help: str
    lines: tuple[Line, ...]
    bounds: tuple[float, float] | None = None
    theory: tuple[tuple[str, float], ...] = ()
    marks: tuple[tuple[int, str], ...] = ()
    points: bool = False


@dataclass(frozen=True)
class _Group:
    """Series that belong into one chart: name -> label and colour; ``prefix`` takes in all that begin so."""

    key: str
    title: str
    help: str
    series: tuple[tuple[str, str, str], ...] = ()
    prefix: str = ""


_GROUPS = (
    _Group(
        "losses",
        "Losses",
        "What each player minimises. In most GANs neither tells how good the samples are: a steady balance is a "
        "good sign.",
        (("loss/generator", G, G), ("loss/discriminator", D, D)),
    ),
    _Group(
        "output",
        "Discriminator output",
        "What the discriminator says on average. Close together it cannot tell the two apart.",
        (("score/real", "on real", REAL), ("score/fake", "on generated", G)),
    ),
    _Group(
        "accuracy",
        "Discriminator accuracy",
        "How often the discriminator is right. Near one half it can only guess.",
        (("accuracy/real", "on real", REAL), ("accuracy/fake", "on generated", G)),
    ),
    _Group(
        "gradients",
        "Gradient norm",
        "How strongly each player is pushed at each step.",
        (("grad_norm/generator", G, G), ("grad_norm/discriminator", D, D)),
    ),
    _Group("penalties", "Penalties", "What regularisation adds to the losses.", prefix="penalty/"),
)


def thin(step: NDArray[np.int64], values: Array, points: int = POINTS) -> Thinned:
    """A series in at most so many rows of equally many reports, each with minimum, maximum and mean."""
    stride = max(1, math.ceil(len(step) / points))
    finite = np.flatnonzero(np.isfinite(values))
    last = int(finite[-1]) if len(finite) else -1
    newest = (float(values[last]), int(step[last])) if last >= 0 else (math.nan, 0)
    if stride == 1:
        return Thinned(step, values, values, values, 1, *newest)
    values = np.where(np.isfinite(values), values, np.nan)
    starts = np.arange(0, len(step), stride)
    counts = np.add.reduceat(np.isfinite(values).astype(np.float64), starts)
    sums = np.add.reduceat(np.where(np.isfinite(values), values, 0.0), starts)
    return Thinned(
        step[np.append(starts[1:], len(step)) - 1],
        np.fmin.reduceat(values, starts),
        np.fmax.reduceat(values, starts),
        np.where(counts > 0, sums / np.maximum(counts, 1), np.nan),
        stride,
        *newest,
    )


def charts_of(report: ReportData) -> tuple[Chart, ...]:
    """Every chart that the run has series for, those of the game itself first."""
    taken: set[str] = set()
    found = [_chart(group, report, taken) for group in _GROUPS]
    names = [name for name in report.metrics.values if name not in taken]
    found += [_chart(group, report, taken) for group in _further(names)]
    return numbered(chart for chart in found if chart is not None)


def courses_of(report: ReportData) -> tuple[Chart, ...]:
    """A chart for each metric that was measured at several steps; the interval is minimum and maximum."""
    charts: list[Chart] = []
    for course in courses(report):
        metric, step = course[0].metric, np.array([m.step for m in course], dtype=np.int64)
        value, low, high = (np.array([getattr(m, part) for m in course]) for part in ("value", "low", "high"))
        known = np.isfinite(low) & np.isfinite(high)
        low, high = (
            np.where(known, np.minimum(low, value), value),
            np.where(known, np.maximum(high, value), value),
        )
        values = Thinned(step, low, high, value, 1, float(value[-1]), int(step[-1]))
        line = Line(f"measured/{metric}", metric, ACCENT, values)
        charts.append(
            Chart(f"measured-{slug(metric)}", title_of(metric), better_words(metric), (line,), points=True)
        )
    return numbered(charts)


def _further(names: Iterable[str]) -> list[_Group]:
    """A group for each entry of the catalogue that the run measured besides, and one for what is in no catalogue."""
    groups: dict[str, _Group] = {}
    for name in names:
        series = entry_of(name)
        if series is None:
            groups[name] = _Group(name, name, "", ((name, name, ACCENT),))
        elif "<" in series.name:
            groups[series.name] = _Group(
                series.name, series.title, series.idea, prefix=series.name.partition("<")[0]
            )
        else:
            groups[series.name] = _Group(
                series.name, series.title, series.idea, ((name, series.title.lower(), ACCENT),)
            )
    return list(groups.values())


def entry_of(name: str) -> Series | None:
    """The catalogue's entry for a series; one with ``<name>`` in it stands for all that begin alike."""
    if name in METRICS:
        return METRICS[name]
    return next((s for n, s in METRICS.items() if "<" in n and name.startswith(n.partition("<")[0])), None)


def _chart(group: _Group, report: ReportData, taken: set[str]) -> Chart | None:
    metrics = report.metrics
    listed = [item for item in group.series if _has(metrics, item[0])]
    if group.prefix:
        more = [name for name in metrics.values if name.startswith(group.prefix) and _has(metrics, name)]
        listed += [(n, n.removeprefix(group.prefix), _color(n, i)) for i, n in enumerate(more)]
    taken.update(name for name, *_ in (*group.series, *listed))
    if not listed:
        return None
    lines = [
        Line(name, label, color, thin(metrics.step, metrics.values[name])) for name, label, color in listed
    ]
    entry = entry_of(listed[0][0])
    return Chart(
        slug(group.key),
        group.title,
        group.help,
        tuple(lines),
        bounds_of(lines, entry),
        _theory(report, [name for name, *_ in listed]),
        marks_of(report),
    )


def slug(words: str) -> str:
    """A name as an id: small letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-") or "series"


def numbered(charts: Iterable[Chart]) -> tuple[Chart, ...]:
    """The charts with keys of which no two are equal."""
    seen: dict[str, int] = {}
    found: list[Chart] = []
    for chart in charts:
        seen[chart.key] = seen.get(chart.key, 0) + 1
        found.append(chart if seen[chart.key] == 1 else replace(chart, key=f"{chart.key}--{seen[chart.key]}"))
    return tuple(found)


def _has(metrics: Metrics, name: str) -> bool:
    return name in metrics.values and bool(np.isfinite(metrics.values[name]).any())


def _color(name: str, place: int) -> str:
    last = name.rpartition("/")[2]
    return last if last in (G, D, REAL) else OTHERS[place % len(OTHERS)]


def bounds_of(lines: Sequence[Line], entry: Series | None) -> tuple[float, float] | None:
    """0 to 1 where the catalogue says so and the values keep to it."""
    told = entry is not None and entry.range.startswith("0 to 1")
    inside = all(_within(line.values, 0.0, 1.0) for line in lines)
    return (0.0, 1.0) if told and inside else None


def _within(values: Thinned, low: float, high: float) -> bool:
    kept = np.concatenate([values.low, values.high])
    kept = kept[np.isfinite(kept)]
    return bool(len(kept) == 0 or (kept.min() >= low and kept.max() <= high))


def _theory(report: ReportData, names: Sequence[str]) -> tuple[tuple[str, float], ...]:
    """What the objective expects of a game at rest, one entry for each value."""
    expects = cast("ObjectiveOptions", report.config.objective).expects()
    found: dict[float, str] = {}
    for name in names:
        if name in expects:
            found.setdefault(float(expects[name]), name.rpartition("/")[2])
    words = {math.log(2): "ln 2", 2 * math.log(2): "2 ln 2", 0.5: "½"}
    return tuple((words.get(value, f"{value:g}"), value) for value in found)


def marks_of(report: ReportData) -> tuple[tuple[int, str], ...]:
    """Steps at which a setting changed or the run was taken up again."""
    found: list[tuple[int, str]] = []
    for event in report.events:
        step = event.get("step")
        if not isinstance(step, int):
            continue
        if event.get("event") == "changed":
            found.append((step, f"{event.get('key', '')} changed"))
        elif event.get("event") == "resumed" and "device" in event and step > 0:
            found.append((step, "resumed"))
    return tuple(found)
