"""Columns, their order and what groups say of them."""

from __future__ import annotations

import math
import random

import pytest
from support.listed import entry
from support.reported import measurement

from ganstudio.core.notes import Notes
from ganstudio.core.run_list import DAMAGED, TRAINING
from ganstudio.window.compare.columns import FIRST, LAST, METRIC, columns_for, in_order
from ganstudio.window.compare.grouping import group_text, groups_of, summary


def column(key, entries=()):
    return next(c for c in columns_for(entries) if c.key == key or c.title == key)


def names(entries):
    return [e.path.name for e in entries]


def test_every_column_says_what_it_is_and_shows_any_entry():
    full = entry("a", Notes("Mine", ("x", "y"), True, "Two\nlines"), [("fd-domain", 40.5)], state=TRAINING)
    bare = entry(
        "b", variant="", source="", settings={}, state=DAMAGED, seconds=math.nan, created=0.0, images=0
    )
    columns = columns_for([full, bare])
    assert len({c.key for c in columns}) == len(columns) == len(FIRST) + len(LAST) + 1
    assert all(c.tip for c in columns)
    shown = {c.key: c.text(full) for c in columns}
    assert shown["title"] == "Mine" and shown["tags"] == "x, y" and shown["note"] == "Two lines"
    assert shown["step"] == "40 of 40" and shown["images"] == "1,280" and shown["variant"] == "DCGAN"
    assert all(isinstance(c.text(bare), str) for c in columns)


def test_numbers_found_in_different_ways_never_share_a_column():
    a = entry("a", metrics=[measurement("fd-domain", 40.5, 40)])
    b = entry("b", metrics=[measurement("fd-domain", 30.5, 40, samples=900), ("kd-domain", 0.5)])
    found = [c for c in columns_for([a, b]) if c.kind == METRIC]
    assert [c.title for c in found] == ["Frechet distance", "Frechet distance", "Kernel distance"]
    assert sorted(c.caption for c in found) == [f"{n} samples · own" for n in (500, 500, 900)]
    by_caption = {c.caption: c for c in found[:2]}
    assert by_caption["500 samples · own"].text(a) == "40.50 ± 0.50"
    assert by_caption["500 samples · own"].text(b) == ""
    assert "unbiased covariance" in found[0].tip and "Lower is better" in found[0].tip


def test_without_a_spread_half_the_interval_stands_for_it():
    exact = {"spread": math.nan, "low": math.nan, "high": math.nan}
    a = entry("a", metrics=[measurement("ms-ssim", 0.25, 40, spread=math.nan, low=0.2, high=0.3)])
    b = entry("b", metrics=[measurement("ms-ssim", 0.25, 40, **exact)])
    found = next(c for c in columns_for([a]) if c.kind == METRIC)
    assert (found.text(a), found.text(b)) == ("0.2500 ± 0.050", "0.2500")


@pytest.mark.parametrize("descending", [False, True])
def test_sorting_is_stable_and_what_is_missing_stands_last(descending):
    entries = [
        entry("a", metrics=[("fd-domain", 2.0)]), entry("b"), entry("c", metrics=[("fd-domain", math.nan)]),
        entry("d", metrics=[("fd-domain", 1.0)]), entry("e", metrics=[("fd-domain", 2.0)]),
    ]  # fmt: skip
    metric = next(c for c in columns_for(entries) if c.kind == METRIC)
    first = ["a", "e", "d"] if descending else ["d", "a", "e"]
    assert names(in_order(entries, metric, descending)) == [*first, "b", "c"]


def test_words_sort_whatever_their_case_and_every_column_sorts():
    entries = [
        entry("b"),
        entry("A"),
        entry("C", Notes(tags=("z",))),
        entry("d", state=DAMAGED, seconds=math.nan),
    ]
    assert names(in_order(entries, column("title"))) == ["A", "b", "C", "d"]
    dice = random.Random(0)
    for each in columns_for(entries):
        mixed = dice.sample(entries, len(entries))
        assert sorted(names(in_order(mixed, each))) == sorted(names(entries))


def test_groups_keep_the_order_and_say_mean_and_spread():
    entries = [
        entry("a", seed=0, metrics=[("fd-domain", 40.0)]), entry("b", variant="lsgan", seed=0),
        entry("c", seed=1, metrics=[("fd-domain", 42.0)]), entry("d", seed=2),
    ]  # fmt: skip
    metric = next(c for c in columns_for(entries) if c.kind == METRIC)
    first, second = groups_of(entries, "variant")
    assert (first.title, names(first.entries), second.title) == ("DCGAN", ["a", "c", "d"], "LSGAN")
    assert group_text(first, metric) == "41.0 ± 1.4 (2)"
    assert group_text(second, metric) == ""
    assert group_text(first, column("data")) == ""


def test_repetitions_are_found_and_told_apart_by_what_differs():
    entries = [
        entry("a", seed=0),
        entry("b", seed=1),
        entry("c", seed=0, lr=1e-4),
        entry("x", settings={}, variant=""),
    ]
    groups = groups_of(entries, "seeds")
    assert [names(g.entries) for g in groups] == [["a", "b"], ["c"], ["x"]]
    assert "generator rate 2e-4" in groups[0].title and "generator rate 1e-4" in groups[1].title
    assert groups[2].title == "Settings not known"


def test_runs_without_a_sweep_stand_last():
    entries = [entry("a"), entry("b", Notes(sweep="rates")), entry("c")]
    assert [(g.title, names(g.entries)) for g in groups_of(entries, "sweep")] == [
        ("rates", ["b"]), ("No sweep", ["a", "c"]),
    ]  # fmt: skip


def test_a_summary_is_that_of_a_sample():
    found = summary([1.0, 2.0, 3.0, None, math.nan, math.inf])
    assert (found.count, found.mean, found.deviation) == (3, 2.0, 1.0)
    assert summary([5.0]).text() == "5.00 (1)"
    assert summary([]).text() == ""


def test_where_it_ran_and_how_often_it_was_looked_at_makes_no_other_run():
    here, there = entry("a"), entry("b")
    there.settings.update({"compute.device": "cuda", "samples.every": 7, "checkpoint.keep": 3, "seed": 1})
    assert len(groups_of([here, there], "seeds")) == 1
    there.settings["compute.precision"] = "bf16"
    assert len(groups_of([here, there], "seeds")) == 2
