"""Columns of the scatter, colour groups, and the front of the best."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.reported import measurement

from ganstudio.catalog.measures import HIGHER, LOWER
from ganstudio.core.notes import Notes
from ganstudio.core.run_list import RunEntry
from ganstudio.window.compare.views.columns import (
    GROUPS,
    NONE,
    Column,
    axis_of,
    columns_of,
    groups_of,
    pareto,
)


def entry(number: int, **more: object) -> RunEntry:
    settings = {"variant": "dcgan", "data.source": "digits", "seed": number, "batch_size": 64}
    settings |= more.pop("settings", {})
    name = f"run-{number}"
    told = {
        "variant": "dcgan",
        "source": "digits",
        "state": "Finished",
        "step": 10 * number,
        "images": 5,
        "seconds": 2.0,
    }
    return RunEntry(Path("/runs") / name, name, settings=settings, **(told | more))


def column(runs: list[RunEntry], title: str) -> Column:
    return next(c for c in columns_of(runs) if c.title.startswith(title))


def test_only_settings_that_differ_are_offered() -> None:
    runs = [entry(1), entry(2, settings={"stabilizers.r1": True, "stabilizers.r1.gamma": 2.0})]
    keys = {c.key for c in columns_of(runs) if c.section == "Settings"}
    assert keys == {"setting seed", "setting stabilizers.r1", "setting stabilizers.r1.gamma"}
    gamma = column(runs, "R1 penalty: gamma")
    assert [gamma.value(run) for run in runs] == [NONE, 2.0]
    assert not gamma.numeric(runs)
    assert column(runs, "R1 penalty").value(runs[1]) == "on"


def test_two_protocols_are_two_columns() -> None:
    few, many = measurement("fd-domain", 30.0, 40), measurement("fd-domain", 20.0, 40, samples=1000)
    runs = [entry(1, measurements=(few, many)), entry(2, measurements=(few,))]
    found = [c for c in columns_of(runs) if c.section == "Measured"]
    assert len({c.key for c in found}) == len({c.title for c in found}) == 2
    assert [c.value(runs[0]) for c in found] == [30.0, 20.0]
    assert [c.value(runs[1]) for c in found] == [30.0, None]
    assert found[0].better == LOWER
    assert found[0].interval(runs[0]) == (29.0, 31.0)
    assert all(math.isnan(end) for end in found[1].interval(runs[1]))


def test_a_measurement_that_is_no_number_is_left_out() -> None:
    lost = replace(measurement("fd-domain", 1.0, 40), value=math.nan)
    assert not [c for c in columns_of([entry(1, measurements=(lost,))]) if c.section == "Measured"]


def test_words_stand_in_the_order_of_the_alphabet_and_none_last() -> None:
    runs = [entry(i, notes=Notes(sweep=name)) for i, name in enumerate(("b", "", "a", "b"))]
    axis = axis_of(column(runs, "Sweep"), runs)
    assert axis.names == ("a", "b", NONE)
    assert axis.places == (1, 2, 0, 1)
    assert not axis.positive


def test_a_run_has_the_colour_of_the_other_views() -> None:
    runs = [entry(3), entry(1), entry(2)]
    assert groups_of(column(runs, "Run"), runs) == ((0, 1, 2), ("run-3", "run-1", "run-2"))


def test_numbers_are_places_and_missing_ones_are_none() -> None:
    runs = [entry(1, seconds=2.0), entry(2, seconds=math.nan)]
    axis = axis_of(column(runs, "Time"), runs)
    assert axis.places[0] == 2.0
    assert math.isnan(axis.places[1])
    assert axis.positive
    assert not axis_of(column([entry(0)], "Steps"), [entry(0)]).positive


def test_few_numbers_have_a_colour_each_and_many_share_ranges() -> None:
    few = [entry(i, step=step) for i, step in enumerate((5, 7, 5))]
    assert groups_of(column(few, "Steps"), few) == ((0, 1, 0), ("5", "7"))
    many = [entry(i, step=i) for i in range(40)]
    groups, names = groups_of(column(many, "Steps"), many)
    assert len(names) <= GROUPS
    assert list(groups) == sorted(groups)
    assert all(groups.count(group) >= 7 for group in range(len(names)))
    damaged = [entry(1), RunEntry(Path("/x"), "x")]
    assert groups_of(column(damaged, "Variant"), damaged)[0] == (0, -1)


@pytest.mark.parametrize(("x", "y"), [(LOWER, LOWER), (LOWER, HIGHER), (HIGHER, LOWER), (HIGHER, HIGHER)])
@given(places=st.lists(st.tuples(st.integers(-5, 5), st.integers(-5, 5)), max_size=30))
def test_the_front_is_what_no_other_beats(x: str, y: str, places: list[tuple[int, int]]) -> None:
    points = {i: (float(a), float(b)) for i, (a, b) in enumerate(places)}

    def beats(one: tuple[float, float], other: tuple[float, float]) -> bool:
        mine = tuple(-v if better == HIGHER else v for v, better in zip(one, (x, y), strict=True))
        theirs = tuple(-v if better == HIGHER else v for v, better in zip(other, (x, y), strict=True))
        return mine != theirs and mine[0] <= theirs[0] and mine[1] <= theirs[1]

    best = {i for i, point in points.items() if not any(beats(other, point) for other in points.values())}
    assert set(pareto(points, x, y)) == best
