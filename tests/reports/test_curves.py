"""Charts: what belongs together, thinning that loses no spike, the smoothing of the window."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from support.reported import make_run, measurement

from ganstudio.core import run_colors
from ganstudio.core.runs import RunFolder
from ganstudio.reports import colors
from ganstudio.reports.compare import columns, number, overlaid
from ganstudio.reports.curves import charts_of, numbered, slug, thin
from ganstudio.reports.data import ReportData, read_report
from ganstudio.reports.drawing import frame_of, raw, smooth
from ganstudio.window.model.curves import smooth as window_smooth
from ganstudio.window.theme import tokens

numbers = st.one_of(st.floats(-1e6, 1e6), st.just(np.nan), st.just(np.inf))


@given(arrays(np.float64, st.integers(1, 2000), elements=numbers))
def test_thinning_keeps_every_extreme_and_the_last_value(values) -> None:
    thinned = thin(np.arange(len(values)), values)
    finite = values[np.isfinite(values)]
    assert len(thinned.mean) <= 300
    if len(finite):
        kept_low, kept_high = thinned.low[np.isfinite(thinned.low)], thinned.high[np.isfinite(thinned.high)]
        assert kept_low.min() == finite.min() and kept_high.max() == finite.max()
        assert thinned.last == finite[-1]


def test_few_values_stay_as_they_are() -> None:
    values = np.array([1.0, np.nan, 3.0])
    thinned = thin(np.array([1, 5, 9]), values)
    np.testing.assert_array_equal(thinned.mean, values)
    assert thinned.stride == 1 and (thinned.last, thinned.last_step) == (3.0, 9)


def test_means_are_those_of_their_reports() -> None:
    values = np.arange(600.0)
    values[1] = np.nan
    thinned = thin(np.arange(600), values)
    assert thinned.stride == 2
    np.testing.assert_allclose(thinned.mean[:3], [0.0, 2.5, 4.5])


@given(
    arrays(np.float64, st.integers(1, 400), elements=st.floats(-100, 100)),
    st.sampled_from([0.0, 0.5, 0.9, 0.99]),
)
def test_smoothing_agrees_with_the_windows(values, weight: float) -> None:
    if len(values) > 300 and len(values) % 2:
        values = values[:-1]
    thinned = thin(np.arange(len(values)), values)
    ours = thinned.smoothed(weight)
    theirs = window_smooth(thinned.mean, weight, thinned.stride, thinned.stride)
    np.testing.assert_allclose(ours, theirs, atol=1e-9)


def test_charts_hold_every_series_once(report: ReportData) -> None:
    charts = charts_of(report)
    names = [line.name for chart in charts for line in chart.lines]
    assert sorted(names) == sorted(report.metrics.values)
    assert [chart.key for chart in charts[:2]] == ["losses", "accuracy"]
    losses = charts[0]
    assert losses.theory == (("ln 2", pytest.approx(np.log(2))), ("2 ln 2", pytest.approx(2 * np.log(2))))
    assert losses.marks == ((25, "optimizer.generator.lr changed"),)
    assert charts[1].bounds == (0.0, 1.0)


def test_a_series_that_comes_now_and_then_is_one_curve(report: ReportData) -> None:
    chart = next(chart for chart in charts_of(report) if chart.key == "penalties")
    frame = frame_of(chart, 0, 0, 100, 100)
    assert len(raw(chart.lines[0].values, frame)) == len(smooth(chart.lines[0].values, frame)) == 10


def test_keys_are_safe_and_differ(report: ReportData) -> None:
    assert slug('a"b <c>/d') == "a-b-c-d"
    assert slug("日本") == "series"
    one = charts_of(report)[0]
    assert [chart.key for chart in numbered([one, one])] == ["losses", "losses--2"]


def test_colours_are_those_of_the_window() -> None:
    for ours, theirs in ((colors.LIGHT, tokens.LIGHT), (colors.DARK, tokens.DARK)):
        for name, color in ours.items():
            assert color == theirs["accent-text" if name == "accent" else name], name


@pytest.mark.parametrize(
    ("table", "runs"), [(colors.LIGHT, run_colors.RUNS_LIGHT), (colors.DARK, run_colors.RUNS_DARK)]
)
def test_texts_stand_out_from_what_is_behind_them(table, runs) -> None:
    for ground in ("window", "card"):
        for name in ("text", "muted"):
            assert tokens.contrast(table[name], table[ground]) >= 4.5
    assert all(tokens.contrast(color, table["card"]) >= 3 for color in runs)


def test_series_of_several_runs_have_titles_in_words_and_the_bounds_of_a_share(tmp_path: Path):
    reports = [read_report(make_run(tmp_path, name)) for name in ("one", "other")]
    for report in reports:
        report.metrics.values["dead/generator"] = np.zeros(len(report.metrics))
    charts = {chart.key: chart for chart in overlaid(reports)}
    assert charts["dead-generator"].title == "Dead units: generator"
    assert charts["dead-generator"].bounds == (0.0, 1.0)
    assert charts["penalty-r1"].title == "Penalty: r1" and charts["penalty-r1"].bounds is None
    assert charts["loss-generator"].title == "Generator loss"


def test_of_several_measured_steps_the_latest_counts_not_what_was_measured_last(tmp_path: Path):
    folder = RunFolder(make_run(tmp_path, "one"))
    for step, value in ((40, 2.0), (20, 9.0)):
        folder.append_evaluation(measurement("fd-domain", value, step))
    (column,) = columns([read_report(folder.path), read_report(make_run(tmp_path, "other"))])
    assert [number(value) for value in column.values] == ["2.000, step 40", "–"]
