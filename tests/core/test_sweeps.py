"""Grouping of runs, mean and spread: known answers, and what must hold for any numbers."""

from __future__ import annotations

import json
import math
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from ganstudio.core.sweeps import (
    Column,
    Sample,
    axes_of,
    axis_names,
    columns_of,
    grouped,
    last_report,
    log_spaced,
    plus_minus,
    spread,
    titles_of,
)

LOSS, FID = Column("loss", "Loss"), Column("fid", "Frechet distance", "1,000 samples", ("fid", 1000))


def sample(numbers=None, **settings) -> Sample:
    return Sample({key.replace("__", "."): value for key, value in settings.items()}, numbers or {})


def test_three_numbers_by_hand():
    found = spread([1.0, 2.0, 6.0, None, math.nan])
    assert (found.count, found.missing, found.mean, found.low, found.high) == (3, 2, 3.0, 1.0, 6.0)
    assert found.deviation == pytest.approx(math.sqrt(7))
    assert found.half == pytest.approx(4.302653 * math.sqrt(7) / math.sqrt(3), rel=1e-6)
    assert "missing in 2 runs" in found.words()


def test_one_number_has_no_spread_and_none_no_mean():
    assert spread([0.5]).text() == "0.500"
    assert math.isnan(spread([0.5]).half)
    assert spread([None]).text() == "–"
    assert spread([None]).words() == "no number in 1 run"
    assert spread([2.0, 2.0]).text() == "2.00 ± 0"


@given(st.lists(st.floats(-1e6, 1e6).map(lambda x: round(x, 6)), min_size=2, max_size=40))
def test_the_same_as_the_standard_library_and_scipy(values):
    found = spread(values)
    assert found.mean == pytest.approx(statistics.fmean(values), rel=1e-9, abs=1e-9)
    assert found.deviation == pytest.approx(statistics.stdev(values), rel=1e-6, abs=1e-6)
    assert found.low <= found.mean + 1e-6
    assert found.mean - 1e-6 <= found.high
    if found.deviation > 1e-3:
        low, high = stats.t.interval(0.95, len(values) - 1, found.mean, stats.sem(values))
        assert (found.mean - found.half, found.mean + found.half) == (
            pytest.approx(low, rel=1e-6, abs=1e-6),
            pytest.approx(high, rel=1e-6, abs=1e-6),
        )


def test_numbers_near_the_end_of_the_scale_stay_finite():
    found = spread([1.7e308, -1.7e308, 1.0e308])
    assert math.isfinite(found.mean)
    assert math.isfinite(found.deviation)


def test_the_spread_says_how_many_digits_mean_something():
    assert plus_minus(12.3456, 0.4512) == "12.35 ± 0.45"
    assert plus_minus(-0.7, 0.12) == "−0.70 ± 0.12"
    assert plus_minus(1234.5, 67.8) == "1,234 ± 68"
    assert plus_minus(3e-5, 2e-6) == "3e−5 ± 2e−6"


def test_axes_are_the_settings_that_differ_without_what_follows_from_them():
    runs = [
        sample(variant="gan", generator__network="mlp", batch_size=b, seed=s, name=f"{b}{s}")
        for b in (16, 32)
        for s in (0, 1)
    ]
    runs += [
        sample(variant="wgan", generator__network="resnet", batch_size=b, seed=s, name=f"w{b}{s}")
        for b in (16, 32)
        for s in (0, 1)
    ]
    assert axes_of(runs) == ("variant", "batch_size")
    groups = grouped(runs, axes_of(runs))
    assert [group.values for group in groups] == [("gan", 16), ("gan", 32), ("wgan", 16), ("wgan", 32)]
    assert all(len(group.samples) == 2 for group in groups)
    assert axis_names(("generator.network",), runs) == {"generator.network": "network"}


def test_runs_that_differ_in_the_seed_alone_are_one_group():
    runs = [sample({LOSS: s}, batch_size=16, seed=s) for s in range(3)]
    assert axes_of(runs) == ()
    (group,) = grouped(runs, ())
    assert group.spread(LOSS).mean == 1.0


def test_a_switch_is_no_number_and_a_missing_setting_comes_first():
    runs = [sample(x=value) for value in (1, True, 0.5, "word", [1, 2], [1, 2])] + [sample(y=1)]
    groups = grouped(runs, ("x",))
    assert [group.values[0] for group in groups] == [None, True, 0.5, 1, [1, 2], "word"]
    assert [len(group.samples) for group in groups] == [1, 1, 1, 1, 2, 1]


def test_numbers_of_another_protocol_are_another_column():
    other = Column("fid", "Frechet distance", "2,000 samples", ("fid", 2000))
    runs = [sample({FID: 1.0}), sample({other: 9.0})]
    assert columns_of(runs) == [FID, other]
    (group,) = grouped(runs, ())
    assert (group.spread(FID).count, group.spread(FID).missing, group.spread(FID).mean) == (1, 1, 1.0)


def test_titles_are_told_apart_where_they_have_to_be():
    one, other = Column("fid", "FD", "", 1, "1,000"), Column("fid", "FD", "", 2, "2,000")
    assert titles_of([one, other, LOSS]) == {one: "FD (1,000)", other: "FD (2,000)", LOSS: "Loss"}
    assert titles_of([one]) == {one: "FD"}


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.floats(-5, 5)), min_size=1, max_size=40))
def test_every_run_is_in_exactly_one_group(rows):
    runs = [sample({LOSS: v}, a=a, b=b, seed=i) for i, (a, b, v) in enumerate(rows)]
    groups = grouped(runs, axes_of(runs))
    assert sorted(id(s) for g in groups for s in g.samples) == sorted(map(id, runs))
    assert len({group.values for group in groups}) == len(groups)
    assert sum(group.spread(LOSS).count for group in groups) == len(runs)


@pytest.mark.parametrize(
    ("values", "log"),
    [([1e-4, 1e-3, 1e-2], True), ([1, 2, 4, 8], True), ([1, 2, 3], False), ([0, 1, 10], False),
     ([1e-4, 2e-4], False), ([0.01, 1], True), ([5], False), ([1e-4, 2e-4, 5e-4, 1e-3], True)],
)  # fmt: skip
def test_log_spaced(values, log):
    assert log_spaced(values) is log


def test_the_last_report_is_read_from_the_end(tmp_path):
    path = tmp_path / "metrics.jsonl"
    assert last_report(tmp_path).values == {}
    lines = [json.dumps({"step": i, "images": i, "seconds": i / 10, "loss": 1 / i}) for i in range(1, 3000)]
    path.write_text("\n".join([*lines, '{"step": 4000, "loss": ']))
    found = last_report(tmp_path)
    assert (found.step, found.seconds) == (2999, pytest.approx(299.9))
    assert found.values == {"loss": pytest.approx(1 / 2999)}
    path.write_text('{"step": 3, "loss": NaN, "huge": 1e999, "word": "x", "yes": true}\n[1]\n')
    assert last_report(tmp_path).values == {}
