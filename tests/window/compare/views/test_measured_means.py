"""Measured numbers of several runs: never two protocols in one chart, and means where all runs were measured."""

from __future__ import annotations

import statistics
from pathlib import Path

import pytest
from support.reported import measurement

from ganstudio.core.messages import Scalars
from ganstudio.window.compare.views.measured import curves_of, ways_of
from ganstudio.window.compare.views.overlay import DEVIATION, RANGE
from ganstudio.window.compare.views.strands import Strand
from ganstudio.window.model.series import SeriesStore
from ganstudio.window.widgets.charts.measures import courses

A, B, C = Path("/a"), Path("/b"), Path("/c")


def sorted_out(table: dict[Path, list]) -> dict:
    return {path: courses(found) for path, found in table.items()}


def numbers(*values: float, **more: object) -> list:
    return [measurement("fd-domain", value, 10 * (i + 1), **more) for i, value in enumerate(values)]


def test_every_protocol_has_a_chart_of_its_own() -> None:
    found = ways_of(sorted_out({A: [*numbers(1.0), *numbers(2.0, samples=50)], B: numbers(3.0), C: []}))
    assert len(found) == 2
    assert {m.protocol.samples for m in found.values()} == {500, 50}


def test_each_run_has_its_own_points() -> None:
    table = sorted_out({A: numbers(1.0, 2.0), B: numbers(5.0)})
    key = next(iter(ways_of(table)))
    strands = [
        Strand((path,), path.name, path.name, color)
        for path, color in ((A, "run-1"), (B, "run-2"), (C, "run-3"))
    ]
    curves = curves_of(key, strands, table, {}, RANGE)
    assert [(c.label, c.color, [m.value for m in c.points]) for c in curves] == [
        ("a", "run-1", [1.0, 2.0]),
        ("b", "run-2", [5.0]),
    ]


@pytest.mark.parametrize("spread", [RANGE, DEVIATION])
def test_a_mean_is_over_the_steps_that_all_runs_have(spread: str) -> None:
    table = sorted_out({A: numbers(1.0, 2.0, 9.0), B: numbers(3.0, 6.0)})
    key = next(iter(ways_of(table)))
    (curve,) = curves_of(key, [Strand((A, B, C), "both", "both", "run-1")], table, {}, spread)
    assert [(m.step, m.value) for m in curve.points] == [(10, 2.0), (20, 4.0)]
    deviation = statistics.stdev([1.0, 3.0])
    ends = (1.0, 3.0) if spread == RANGE else (2.0 - deviation, 2.0 + deviation)
    assert (curve.points[0].low, curve.points[0].high) == pytest.approx(ends)
    assert "mean of 2 runs" in curve.points[0].how


def test_without_a_common_step_the_runs_stay_apart() -> None:
    table = sorted_out({A: numbers(1.0), B: numbers(3.0, 6.0)[1:]})
    key = next(iter(ways_of(table)))
    curves = curves_of(key, [Strand((A, B), "both", "both", "run-1")], table, {}, RANGE)
    assert [[m.value for m in c.points] for c in curves] == [[1.0], [6.0]]


def test_without_series_a_step_has_no_place_among_images_or_times() -> None:
    table = sorted_out({A: numbers(1.0), B: numbers(3.0)})
    store = SeriesStore()
    store.append(Scalars(10, 640, 7.0, {"loss": 1.0}))
    key = next(iter(ways_of(table)))
    strand = [Strand((A, B), "both", "both", "run-1")]
    (curve,) = curves_of(
        key,
        [Strand((A,), "a", "a", "run-1"), Strand((B,), "b", "b", "run-2")],
        table,
        {A: store},
        RANGE,
        "images",
    )
    assert curve.x("images").tolist() == [640]
    assert [
        m.value for m in curves_of(key, strand, table, {A: store, B: store}, RANGE, "images")[0].points
    ] == [2.0]
    apart = curves_of(key, strand, table, {A: store, B: store}, RANGE, "time")
    assert [[m.value for m in c.points] for c in apart] == [[1.0], [3.0]]
