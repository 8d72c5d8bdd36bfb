"""A chart for every series of the catalogue that has none of its own: title, help and range as it says. No Qt."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ganstudio.catalog.metrics import METRICS, Series
from ganstudio.window.widgets.charts.spec import ChartSpec, Curve


def charted(specs: Iterable[ChartSpec]) -> list[ChartSpec]:
    """Charts for the series that none of ``specs`` shows; each hidden as long as a run does not measure it."""
    specs = list(specs)
    return [_spec(series) for series in METRICS.values() if not any(_shows(spec, series) for spec in specs)]


def _shows(spec: ChartSpec, series: Series) -> bool:
    listed = any(curve.name == series.name for curve in spec.curves)
    return listed or bool(spec.prefix and series.name.startswith(spec.prefix))


def _spec(series: Series) -> ChartSpec:
    prefix, several, _ = series.name.partition("<")
    curves = () if several else (Curve(series.name, series.title.lower(), "accent-text"),)
    return ChartSpec(
        key=re.sub(r"[^a-z0-9]+", "-", series.name).strip("-"),
        title=series.title,
        curves=curves,
        prefix=prefix if several else "",
        help=series.idea,
        bounds=bounds_of(series.range),
        optional=True,
    )


def bounds_of(words: str) -> tuple[float, float] | None:
    """The fixed range that words such as ``"0 to 1"`` tell, or ``None``."""
    found = re.fullmatch(r"(-?\d+(?:\.\d+)?) to (-?\d+(?:\.\d+)?)", words)
    return (float(found[1]), float(found[2])) if found else None
