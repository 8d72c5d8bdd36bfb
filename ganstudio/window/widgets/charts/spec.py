"""What a chart shows and how, as data. Knows no Qt."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Curve:
    """One series in a chart: its scalar name, label, colour token and line style ("solid", "dash", "dot")."""

    name: str
    label: str
    color: str
    dash: str = "solid"


@dataclass(frozen=True)
class ChartSpec:
    """One chart. Scalars that start with ``prefix`` are added as they appear, without being listed.

    ``bounds`` fixes the y range in linear scale; ``optional`` hides the chart while it has no data.
    """

    key: str
    title: str
    curves: tuple[Curve, ...] = ()
    prefix: str = ""
    unit: str = ""
    help: str = ""
    bounds: tuple[float, float] | None = None
    optional: bool = False
    collapsed: bool = False


@dataclass(frozen=True)
class ChartOptions:
    """How curves are drawn: ``smoothing`` 0 to 0.999, ``x`` "step", "images" or "time", ``y`` "linear", "log"
    or "symlog"; ``ignore_outliers`` fits the y range to the 1 to 99 % quantiles."""

    smoothing: float = 0.9
    x: str = "step"
    y: str = "linear"
    ignore_outliers: bool = False


@dataclass(frozen=True)
class Mark:
    """A vertical dotted line: ``kind`` "change" (a setting changed), "resume" (the run went on) or "finding" (where
    something wrong began). With ``series`` it belongs to the charts of these alone."""

    step: int
    label: str
    kind: str = "change"
    series: tuple[str, ...] = ()
