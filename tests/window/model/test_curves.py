"""Smoothing against its definition; decimation keeps the extremes of every pixel column."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ganstudio.window.model.bins import density_of, score_bins
from ganstudio.window.model.curves import Smoother, decimate, limits, present, smooth, smooth_rare

numbers = st.floats(-1e3, 1e3)
series = st.integers(1, 700).flatmap(lambda n: arrays(np.float64, n, elements=numbers))
weights = st.one_of(st.floats(0, 0.999), st.sampled_from([0.0, 1e-6, 0.5, 0.9, 0.999]))


def defined(values: np.ndarray, weight: float) -> np.ndarray:
    """The debiased average as its docstring has it, one value after the other."""
    result, top, bottom = np.full(len(values), np.nan), 0.0, 0.0
    for i, value in enumerate(values):
        if math.isfinite(value):
            top, bottom = weight * top + value, weight * bottom + 1
            result[i] = top / bottom
    return result


@given(series, weights)
def test_smoothing_is_what_its_definition_says(values: np.ndarray, weight: float) -> None:
    np.testing.assert_allclose(smooth(values, weight), defined(values, weight), rtol=1e-6, atol=1e-6)


@given(series, weights, st.integers(0, 700))
def test_smoothing_in_two_parts_is_smoothing_at_once(values: np.ndarray, weight: float, cut: int) -> None:
    smoother = Smoother(weight)
    parts = np.concatenate([smoother.take(values[:cut]), smoother.take(values[cut:])])
    np.testing.assert_allclose(parts, smooth(values, weight), rtol=1e-9, atol=1e-9)


def test_gaps_stay_gaps_and_do_not_spread() -> None:
    values = np.array([1.0, np.nan, 3.0, np.inf, 5.0])
    result = smooth(values, 0.5)
    np.testing.assert_allclose(result, defined(values, 0.5))
    assert np.isnan(result[[1, 3]]).all()


def test_a_row_counts_as_its_reports() -> None:
    full = np.repeat([1.0, 4.0, 2.0, 8.0], [4, 4, 4, 3])
    merged = smooth(np.array([1.0, 4.0, 2.0, 8.0]), 0.9, stride=4, fill=3)
    np.testing.assert_allclose(merged, smooth(full, 0.9)[[3, 7, 11, 14]])


@given(st.integers(1, 3000), st.integers(1, 80), st.integers(0, 10), st.floats(0, 0.6), st.floats(0.01, 1.0))
def test_decimation_keeps_the_extremes_of_every_column(
    count: int, columns: int, seed: int, start: float, length: float
) -> None:
    random = np.random.default_rng(seed)
    x = np.cumsum(random.uniform(0.1, 2, count))
    y = random.normal(size=count) * 10 ** random.uniform(-3, 3)
    left, right = x[-1] * start, x[-1] * (start + length)
    xs, ys = decimate(x, y, y, left, right, columns)
    assert len(xs) == len(ys) <= 2 * (columns + 3)
    assert np.all(np.diff(xs) >= 0)
    inside = (x >= left) & (x <= right)
    if inside.any():
        assert ys.max() >= y[inside].max()
        assert ys.min() <= y[inside].min()
        assert set(ys.tolist()) <= set(y.tolist())
    edges = np.linspace(left, right, columns + 1)
    for low, high in itertools.pairwise(edges):
        part = y[(x >= low) & (x < high)]
        if len(part):
            drawn = set(ys.tolist())
            assert part.max() in drawn
            assert part.min() in drawn


def test_decimation_of_nothing_and_of_a_point() -> None:
    empty = np.empty(0)
    assert len(decimate(empty, empty, empty, 0, 1, 100)[0]) == 0
    one = np.array([2.0])
    assert decimate(one, one, one, 0, 10, 100)[1].tolist() == [2.0]


def test_low_and_high_are_both_drawn() -> None:
    x = np.array([1.0, 2.0])
    _, ys = decimate(x, np.array([0.0, 1.0]), np.array([5.0, 6.0]), 0, 3, 100)
    assert ys.tolist() == [0, 5, 1, 6]


def test_limits_leave_out_outliers_on_request() -> None:
    values = np.append(np.linspace(0, 1, 1000), [1e6, np.nan, np.inf])
    assert limits([values]) == (0.0, 1e6)
    low, high = limits([values], ignore_outliers=True) or (0, 0)
    assert 0 < low < 0.02
    assert 0.97 < high < 1
    assert limits([np.array([np.nan])]) is None


def test_bins_are_shares() -> None:
    bins = score_bins(np.array([0.0, 1.0, 0.5]), np.array([0.9, 0.9]), probability=True)
    assert (len(bins.real), bins.edges[0], bins.edges[-1]) == (32, 0.0, 1.0)
    assert bins.real.sum() == pytest.approx(1)
    assert bins.fake.max() == 1.0
    raw = score_bins(np.array([-30.0, 10.0]), np.array([50.0]), probability=False)
    assert (raw.edges[0], raw.edges[-1]) == (-30.0, 50.0)
    same = score_bins(np.array([2.0]), np.array([2.0, np.nan]), probability=False)
    assert same.edges[0] < 2 < same.edges[-1]


def test_a_kernel_density_integrates_to_one_and_finds_the_normal() -> None:
    x = np.linspace(-6, 6, 401)
    p = density_of(np.random.default_rng(0).normal(size=20_000), x)
    assert p.sum() * (x[1] - x[0]) == pytest.approx(1, abs=1e-3)
    np.testing.assert_allclose(p, np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi), atol=0.02)


def test_a_series_that_few_reports_have_is_joined_and_one_that_ceased_has_a_gap():
    rare = np.full(100, np.nan)
    rare[5::10] = np.arange(10.0)
    assert rare[present(rare)].tolist() == list(range(10))
    rare[26:84] = np.nan
    assert [int(v) if v == v else None for v in rare[present(rare)]] == [0, 1, 2, None, 8, 9]


def test_series_that_most_reports_have_or_that_begin_late_keep_their_gaps():
    dense, late = np.arange(100.0), np.full(100, np.nan)
    dense[40:60] = np.nan
    late[80:] = 1.0
    late[90] = np.nan
    for values in (dense, late, np.full(10, np.nan), np.empty(0)):
        assert np.array_equal(values[present(values)], values, equal_nan=True)


def test_a_rare_value_counts_for_the_reports_since_the_last_one():
    rare = np.full(95, np.nan)
    rare[::10] = np.arange(10.0)
    smoothed = smooth_rare(rare, 0.9)
    np.testing.assert_allclose(smoothed[::10], smooth(np.arange(10.0), 0.9**10))
    assert smoothed[-1] == smoothed[90] and np.isnan(smoothed[91:94]).all()
    assert np.isnan(smooth_rare(np.append(rare, np.full(100, np.nan)), 0.9)[-1]), "that is long ago"


@pytest.mark.parametrize("pattern", [(1, 0), (1, 1, 0), (1, 0, 0, 0)])
def test_a_series_that_misses_reports_now_and_then_is_one_curve(pattern: tuple[int, ...]) -> None:
    """As a penalty that is worked out at every fourth step, where reports come at other ones."""
    values = np.arange(120.0)
    values[np.resize(np.array(pattern) == 0, 120)] = np.nan
    assert np.isfinite(values[present(values)]).all()
    whole = smooth_rare(values, 0.9)
    assert np.array_equal(np.isfinite(whole[:-1]), np.isfinite(values[:-1]))
