"""Values of a sweep: what a person writes, and what it stands for."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganstudio.core.schema import ConfigError
from ganstudio.core.sweep_values import (
    MOST_VALUES,
    parse_seeds,
    parse_values,
    short_names,
    split,
    value_text,
)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("1e-4, 2e-4", (1e-4, 2e-4)),
        ("1..5", (1, 2, 3, 4, 5)),
        ("5..3", (5, 4, 3)),
        ("16, 32..34, 64", (16, 32, 33, 34, 64)),
        ("0.5..0.9 x5", (0.5, 0.6, 0.7, 0.8, 0.9)),
        ("0..10 × 3", (0, 5, 10)),
        ("log 1e-5..1e-3 x3", (1e-5, 1e-4, 1e-3)),
        ("log 1..8 x4", (1, 2, 4, 8)),
        ("hinge, wasserstein", ("hinge", "wasserstein")),
        ("true, false", (True, False)),
        ("[0.5, 0.999], [0.0, 0.99]", ([0.5, 0.999], [0.0, 0.99])),
        ('"a, b", c', ("a, b", "c")),
        ("-1..1", (-1, 0, 1)),
    ],
)
def test_what_is_written(text, values):
    assert parse_values(text) == values
    assert [type(value) for value in parse_values(text)] == [type(value) for value in values]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "needs values"),
        ("1,,2", "comma with no value"),
        ("1,", "comma with no value"),
        ("0.1..0.5", "has to say how many values: 0.1..0.5 x5"),
        ("log 1..10", "how many"),
        ("log 0..1 x3", "above 0"),
        ("1..2 x1", "2 to 1,000"),
        ("1..9999", "more than 1,000 values"),
        ("1..5 x99999999999999999999", "2 to 1,000"),
        ("1e400..2 x3", "beyond all limits"),
    ],
)
def test_what_cannot_be_read_is_said_under_its_key(text, says):
    with pytest.raises(ConfigError) as caught:
        parse_values(text, "batch_size")
    assert caught.value.key == "batch_size"
    assert says in caught.value.problem


@given(st.text(max_size=60))
def test_any_text_gives_values_or_one_sentence(text):
    for parse in (parse_values, parse_seeds):
        try:
            values = parse(text)
        except ConfigError as error:
            assert "\n" not in str(error)
        else:
            assert 1 <= len(values) <= MOST_VALUES + len(split(text))


@given(st.integers(-500, 500), st.integers(0, 400))
def test_a_whole_range_has_both_ends(first, length):
    values = parse_values(f"{first}..{first + length}")
    assert values == tuple(range(first, first + length + 1))


@given(st.floats(1e-12, 1e12), st.floats(1e-12, 1e12), st.integers(2, 50))
def test_a_range_by_factors_is_one(low, high, count):
    values = parse_values(f"log {low!r}..{high!r} x{count}")
    assert len(values) == count
    assert (values[0], values[-1]) == (pytest.approx(low, rel=1e-12), pytest.approx(high, rel=1e-12))
    ratios = [b / a for a, b in pairwise(values)]
    assert max(ratios) == pytest.approx(min(ratios), rel=1e-3)


def test_seeds():
    assert parse_seeds("0, 1,2") == (0, 1, 2)
    assert parse_seeds("0-4, 10") == (0, 1, 2, 3, 4, 10)
    assert parse_seeds("3..1") == (3, 2, 1)
    for bad in ("", "a", "-1", "1.5", "0-", "1-99999", "²"):
        with pytest.raises(ConfigError):
            parse_seeds(bad)


def test_a_value_in_words():
    texts = [value_text(v) for v in (1e-4, True, False, None, [0.5, 0.999], "adam", 64, 0.1234567)]
    assert texts == ["1e-4", "on", "off", "–", "0.5,0.999", "adam", "64", "0.1234567"]


def test_short_names_tell_keys_apart():
    known = ["optimizer.generator.lr", "optimizer.discriminator.lr", "batch_size", "ema.start"]
    assert short_names(known, known) == {
        "optimizer.generator.lr": "generator.lr",
        "optimizer.discriminator.lr": "discriminator.lr",
        "batch_size": "batch_size",
        "ema.start": "start",
    }
