"""Series as a diagnosis reads them."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ganstudio.core.diagnosis.record import LIMIT, Record
from ganstudio.core.diagnosis.rule import falling, lasting, rising, swings


def record_of(values: list[float], every: int = 10, name: str = "x") -> Record:
    made = Record()
    for index, value in enumerate(values):
        made.add((index + 1) * every, {name: value})
    return made


def test_values_that_are_no_numbers_are_left_out():
    series = record_of([1.0, math.nan, math.inf, 2.0])["x"]
    assert series.steps.tolist() == [10, 40] and series.values.tolist() == [1.0, 2.0]
    assert len(record_of([])["nobody"]) == 0


def test_a_step_that_comes_again_replaces_what_followed():
    made = record_of([1.0, 2.0, 3.0])
    made.add(20, {"x": 9.0, "y": 5.0})
    assert made["x"].values.tolist() == [1.0, 9.0] and made.step == 20 and list(made.names("y")) == ["y"]


def test_only_what_lies_behind_the_start_counts():
    made = record_of([1.0, 2.0, 3.0])
    made.start = 20
    assert made["x"].steps.tolist() == [20, 30] and made.length == 10


@given(st.integers(1, 3 * LIMIT))
def test_memory_is_bounded_and_the_newest_values_are_whole(count: int):
    made = Record()
    for step in range(count):
        made.add(step, {"x": float(step)})
    series = made["x"]
    assert len(series) <= LIMIT and np.all(np.diff(series.steps) > 0)
    assert series.steps[-min(count, LIMIT // 4) :].tolist() == list(range(max(0, count - LIMIT // 4), count))
    assert series.steps.tolist() == series.values.tolist()


def test_the_latest_stretch_has_both_span_and_count():
    series = record_of([float(i) for i in range(30)])["x"]
    assert series.latest(100, 3).steps.tolist() == list(range(200, 301, 10))  # type: ignore[union-attr]
    assert len(series.latest(10, 7)) == 7  # type: ignore[arg-type]
    assert series.latest(1000, 3) is None and series.latest(10, 31) is None
    newest = series.latest(100, 3)
    assert newest is not None and series.before(newest).steps[-1] == 190


def test_what_lasts_is_told_with_its_beginning():
    series = record_of([1.0] * 10 + [0.1] * 25)["x"]
    assert lasting(series, 0.5, above=False) == 110
    assert lasting(series, 0.05, above=False) is None and lasting(series, 0.5, above=True) is None
    assert lasting(record_of([0.1] * 9)["x"], 0.5, above=False) is None, "too short"
    assert lasting(record_of([0.1] * 10 + [1.0] + [0.1] * 20)["x"], 0.5, above=False) == 10, (
        "one value is no break"
    )


def test_trends_need_two_windows():
    down, up, flat = ([a] * 20 + [b] * 25 for a, b in ((1.0, 0.5), (0.5, 1.0), (1.0, 1.0)))
    assert falling(record_of(down)["x"]) and not rising(record_of(down)["x"])
    assert rising(record_of(up)["x"]) and not falling(record_of(up)["x"])
    assert not falling(record_of(flat)["x"]) and not rising(record_of(flat)["x"])
    assert falling(record_of([1.0] * 5)["x"]), "nobody can tell yet"


def test_turning_points():
    assert swings(record_of([1, 2, 4, 8, 4, 2, 1, 2, 4, 8])["x"], 3.0) == [40, 70]
    assert swings(record_of([1.0, 1.5, 1.0, 1.5] * 9)["x"], 3.0) == [], "too small to be swings"
    assert swings(record_of([2.0**-i for i in range(9)])["x"], 3.0) == [], "one way only"
