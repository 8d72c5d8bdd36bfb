"""The series store against a plain list of reports."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganstudio.core.messages import Scalars
from ganstudio.core.runs import Metrics
from ganstudio.window.model.series import SeriesStore

value = st.one_of(st.floats(-1e6, 1e6), st.just(math.nan))
reports = st.lists(st.tuples(st.integers(1, 5), value, st.booleans()), min_size=1, max_size=200)


def told(rows: list[tuple[int, float, bool]]) -> list[Scalars]:
    step, result = 0, []
    for more, number, both in rows:
        step += more
        values = {"a": number, "b": -number} if both else {"a": number}
        result.append(Scalars(step, step * 64, step / 10, values))
    return result


def filled(rows: list[Scalars], limit: int = 1 << 16) -> SeriesStore:
    store = SeriesStore(limit)
    for row in rows:
        store.append(row)
    return store


@given(reports)
def test_below_the_limit_every_report_is_kept(rows: list[tuple[int, float, bool]]) -> None:
    model = told(rows)
    store = filled(model)
    series = store.series("a")
    assert series.step.tolist() == [r.step for r in model]
    assert series.images.tolist() == [r.images for r in model]
    np.testing.assert_array_equal(series.mean, [r.values["a"] for r in model])
    if "b" in store:
        np.testing.assert_array_equal(store.series("b").mean, [r.values.get("b", math.nan) for r in model])
    np.testing.assert_array_equal(series.low, series.mean)


@given(reports, st.sampled_from([4, 6, 16]))
def test_beyond_the_limit_each_row_keeps_minimum_maximum_and_mean(
    rows: list[tuple[int, float, bool]], limit: int
) -> None:
    model = told(rows)
    store = filled(model, limit)
    series, stride = store.series("a"), store.stride
    assert len(store) <= limit
    groups = [model[i : i + stride] for i in range(0, len(model), stride)]
    assert series.step.tolist() == [group[-1].step for group in groups]
    for i, group in enumerate(groups):
        numbers = np.array([r.values["a"] for r in group])
        finite = numbers[np.isfinite(numbers)]
        if not len(finite):
            assert math.isnan(series.low[i])
            continue
        assert series.low[i] == finite.min()
        assert series.high[i] == finite.max()
        if len(finite) == len(group):
            assert series.mean[i] == pytest.approx(finite.mean(), rel=1e-9, abs=1e-6)


@given(reports, st.sampled_from([4, 16, 1 << 16]))
def test_loading_a_run_gives_what_appending_gives(rows: list[tuple[int, float, bool]], limit: int) -> None:
    model = told(rows)
    appended = filled(model, limit)
    column = {n: np.array([r.values.get(n, math.nan) for r in model]) for n in appended.names()}
    metrics = Metrics(
        np.array([r.step for r in model]),
        np.array([r.images for r in model]),
        np.array([r.seconds for r in model]),
        column,
    )
    loaded = SeriesStore(limit)
    loaded.load(metrics)
    one, other = appended.series("a"), loaded.series("a")
    assert one.step.tolist() == other.step.tolist()
    assert (one.stride, one.fill) == (other.stride, other.fill)
    np.testing.assert_array_equal(one.low, other.low)
    np.testing.assert_array_equal(one.high, other.high)
    loaded.append(Scalars(10_000, 1, 1.0, {"a": 1.0, "late": 2.0}))
    appended.append(Scalars(10_000, 1, 1.0, {"a": 1.0, "late": 2.0}))
    np.testing.assert_array_equal(appended.series("a").high, loaded.series("a").high)
    np.testing.assert_array_equal(appended.series("late").low, loaded.series("late").low)


def test_a_step_that_was_there_replaces_what_followed() -> None:
    store = filled([Scalars(i, i, i, {"a": float(i)}) for i in range(1, 11)])
    store.append(Scalars(5, 5, 5.0, {"a": -5.0}))
    series = store.series("a")
    assert series.step.tolist() == [1, 2, 3, 4, 5]
    assert series.mean.tolist() == [1, 2, 3, 4, -5]
    store.append(Scalars(6, 6, 6.0, {"b": 1.0}))
    assert store.last("a") == -5.0, "not every report has it"
    assert math.isnan(store.at("b", 5))


def test_memory_is_flat_over_a_million_reports() -> None:
    store = SeriesStore(1024)
    usual, values, sizes = {"a": 0.5}, {654_321: {"a": 99.0}, 654_322: {"a": -99.0}}, set()
    for step in range(1, 1_000_001):
        store._put(step, step, 0.0, values.get(step, usual))
        if step > 10_000 and step % 10_000 == 0:
            sizes.add(store.bytes())
    assert len(sizes) == 1
    assert sizes.pop() < 100_000
    assert np.nanmax(store.series("a").high) == 99.0
    assert np.nanmin(store.series("a").low) == -99.0
    assert store.steps()[-1] == 1_000_000


def test_the_values_of_an_unknown_scalar_are_not_a_number() -> None:
    assert math.isnan(SeriesStore().last("nothing"))
    with pytest.raises(KeyError):
        SeriesStore().series("nothing")
    with pytest.raises(ValueError, match="even"):
        SeriesStore(7)


def test_the_value_of_a_rare_scalar_is_the_one_shortly_before():
    store = SeriesStore()
    for step in range(1, 400):
        store.append(
            Scalars(
                step, step, float(step), {"a": 1.0} | ({"rare": float(step)} if step in (3, 20) else {}), 0
            )
        )
    assert store.at("rare", 10) == 3.0 and store.at("rare", 25) == 20.0 and math.isnan(store.at("rare", 2))
    assert math.isnan(store.last("rare")), "that is long ago"
