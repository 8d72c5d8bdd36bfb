"""Which series of the chosen runs get a chart, in which order, under which title. Knows no Qt."""

from __future__ import annotations

from collections.abc import Iterable

from ganstudio.reports.curves import entry_of, slug
from ganstudio.window.model.series import SeriesStore
from ganstudio.window.widgets.charts.from_catalogue import bounds_of
from ganstudio.window.widgets.charts.spec import ChartSpec

FIRST = ("loss/generator", "loss/discriminator", "score/real", "score/fake")
LAST = ("rate/",)
"""Series that begin so stand at the end."""


def names_of(stores: Iterable[SeriesStore]) -> list[str]:
    """Every series that at least one run has, the game's own first, speed last."""
    found = {name for store in stores for name in store.names()}
    first = [name for name in FIRST if name in found]
    return first + sorted(found - set(first), key=lambda name: (name.startswith(LAST), name))


def spec_of(name: str) -> ChartSpec:
    """The chart of one series, as the catalogue tells of it."""
    series = entry_of(name)
    if series is None:
        return ChartSpec(slug(name), name, help="A series that is in no catalogue.", optional=True)
    title = series.title
    if "<" in series.name:
        part = name.removeprefix(series.name.partition("<")[0])
        title = f"{title}: {part.replace('_', ' ').replace('-', ' ')}"
    bounds = (0.0, 1.0) if series.range.startswith("0 to 1") else bounds_of(series.range)
    return ChartSpec(slug(name), title, help=series.idea, bounds=bounds, optional=True)
