"""Means over seeds, places on the axis, values at the cursor."""

from __future__ import annotations

import csv
import io
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganstudio.core.messages import Scalars
from ganstudio.window.compare.views.overlay import (
    DEVIATION,
    RANGE,
    Course,
    Sight,
    mean_of,
    place_words,
    span_of,
    to_csv,
)
from ganstudio.window.model.series import SeriesStore


def course(x: list[float], y: list[float]) -> Course:
    value = np.array(y, dtype=np.float64)
    return Course(np.array(x, dtype=np.float64), value, value, value)


def test_the_mean_of_lines_is_the_line_between_them() -> None:
    """y = x and y = 3 x + 2 over other places: the mean is 2 x + 1, also between the reports."""
    one, other = course([0, 2, 4, 6], [0, 2, 4, 6]), course([1, 3, 7], [5, 11, 23])
    mean = mean_of([one, other], RANGE, 100)
    assert mean.x.tolist() == [1, 2, 3, 4, 6], (
        "all places of both from the later beginning to the earlier end"
    )
    np.testing.assert_allclose(mean.value, 2 * mean.x + 1)
    np.testing.assert_allclose(mean.low, mean.x)
    np.testing.assert_allclose(mean.high, 3 * mean.x + 2)


def test_the_deviation_is_that_of_a_sample() -> None:
    runs = [course([0, 1], [level, level]) for level in (1.0, 2.0, 6.0)]
    mean = mean_of(runs, DEVIATION, 100)
    spread = np.std([1, 2, 6], ddof=1)
    np.testing.assert_allclose(mean.value, 3)
    np.testing.assert_allclose(mean.high - mean.value, spread)
    np.testing.assert_allclose(mean.value - mean.low, spread)
    assert mean.words(None, DEVIATION) == "3.00 ± 2.6"
    assert mean_of(runs, RANGE, 100).words(0.4, RANGE) == "3.00 (1.00 to 6.00)"


def test_nothing_is_made_up_beyond_where_all_runs_are() -> None:
    assert mean_of([course([0, 1], [0, 0]), course([2, 3], [1, 1])], RANGE, 100) is None
    assert mean_of([course([0, 1], [0, 0]), course([0, 1], [math.nan, math.nan])], RANGE, 100) is None
    mean = mean_of([course([0, 10], [0, 0]), course([4, 6], [1, 1])], RANGE, 100)
    assert (mean.x[0], mean.x[-1]) == (4, 6)
    assert all(math.isnan(v) for v in mean.at(3.9))


def test_gaps_are_bridged_by_the_values_around_them() -> None:
    gappy = course([0, 1, 2], [0, math.nan, 2])
    np.testing.assert_allclose(mean_of([gappy, course([0, 1, 2], [2, 2, 2])], RANGE, 9).value, [1, 1.5, 2])


@given(
    st.lists(
        st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=40).map(lambda y: course(list(range(len(y))), y)),
        min_size=2,
        max_size=5,
    ),
    st.sampled_from([RANGE, DEVIATION]),
    st.integers(2, 20),
)
def test_a_mean_lies_within_its_band_and_its_runs(runs: list[Course], spread: str, points: int) -> None:
    mean = mean_of(runs, spread, points)
    assert mean is not None
    assert len(mean.x) <= points
    slack = 1e-6
    assert (mean.low <= mean.value + slack).all()
    assert (mean.value <= mean.high + slack).all()
    assert mean.value.min() >= min(r.value.min() for r in runs) - slack
    assert mean.value.max() <= max(r.value.max() for r in runs) + slack


def test_the_cursor_reads_the_nearest_report_and_nothing_beyond_the_ends() -> None:
    run = course([10, 20, 30], [1, math.nan, 3])
    assert run.at(11) == 1
    assert run.at(None) == 3
    assert run.at(21) == 3, "a missing value is that of the nearest report that has one"
    assert math.isnan(run.at(9))
    assert math.isnan(run.at(31))


def test_a_band_keeps_its_extremes_when_it_is_thinned() -> None:
    x = np.arange(10_000, dtype=np.float64)
    y = np.zeros(10_000)
    y[4321] = 7.0
    mean = mean_of([course(x.tolist(), y.tolist()), course(x.tolist(), [0.0] * 10_000)], RANGE, 20_000)
    places, low, high = Sight(0, 10_000, 100, "linear").band(mean)
    assert len(places) <= 100
    assert high.max() == 7
    assert low.min() == 0


def test_a_band_below_zero_ends_at_the_mean_of_a_logarithmic_axis() -> None:
    mean = mean_of([course([0, 1], [1, 1]), course([0, 1], [9, 9])], DEVIATION, 9)
    _, low, high = Sight(0, 1, 100, "log").band(mean)
    assert mean.low[0] < 0
    np.testing.assert_allclose(low, math.log10(5))
    assert (high > low).all()


def test_the_axis_spans_all_runs() -> None:
    assert span_of([course([1, 50], [0, 0]), course([2, 100], [0, 0])]) == (0, 100)
    assert span_of([course([80, 100], [0, 0])]) == (80, 100)
    assert span_of([]) == (0, 1)


@pytest.mark.parametrize(
    ("unit", "words"),
    [("step", "step\u00a01,440"), ("images", "1,440\u00a0images"), ("time", "24\u00a0min 00\u00a0s")],
)
def test_places_are_told_in_their_unit(unit: str, words: str) -> None:
    assert place_words(1440, unit) == words


def test_the_table_has_every_report_of_every_run() -> None:
    stores = [SeriesStore(4), SeriesStore()]
    for store, count in zip(stores, (6, 2), strict=True):
        for i in range(count):
            store.append(Scalars(i + 1, 10 * i, 0.5, {"loss": float(i)}))
    text = to_csv([("a", stores[0].series("loss")), ("b", stores[1].series("loss"))], "loss")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["run"] for row in rows] == ["a", "a", "a", "b", "b"]
    assert rows[0] == {
        "run": "a", "step": "2", "images": "10", "seconds": "0.5", "loss": "0.5", "loss/min": "0.0", "loss/max": "1.0",
    }  # fmt: skip
