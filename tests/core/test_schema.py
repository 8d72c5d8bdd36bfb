"""Settings classes: reading, checking, printing."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import pytest

from ganstudio.core.schema import (
    MISSING,
    ConfigError,
    Option,
    Options,
    nested,
    option,
    plain,
    read_table,
    settings_of,
    to_table,
    walk,
)


@dataclass(frozen=True)
class Inner(Options):
    strength: float = option(0.5, low=0, high=1, open_low=True, help="How strong.")
    pair: tuple[float, float] = option((0.0, 0.9), low=0, high=1, open_high=True, help="Two numbers.")


@dataclass(frozen=True)
class Outer(Options):
    kind: ClassVar[str] = "outer"

    size: int = option(help="How large.", choices=(8, 16, 32))
    word: str = option("crop", choices=("crop", "pad", "stretch"), help="What to do.")
    on: bool = option(False, help="Whether.")
    free: str = option("", help="Anything.")
    inner: Inner = nested(Inner, help="More.")


def error(table: object) -> str:
    with pytest.raises(ConfigError) as caught:
        read_table(Outer, table, {}, "at")
    return str(caught.value)


def test_a_table_is_read_with_its_defaults():
    read = read_table(Outer, {"kind": "outer", "size": 16.0, "inner": {"pair": [0, 0.5]}}, {})
    assert read == Outer(size=16, inner=Inner(pair=(0.0, 0.5)))
    assert isinstance(read.size, int)
    assert isinstance(read.inner.pair[0], float)


def test_what_is_printed_is_read_back():
    outer = Outer(size=8, word="pad", on=True, free="æ\n", inner=Inner(0.25))
    assert read_table(Outer, to_table(outer), {}) == outer


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({}, "at.size: is needed: How large."),
        (3, "at: 3 is not a table of settings"),
        ({"size": 17}, "at.size: 17 is not one of 8, 16, 32; the nearest is 16"),
        ({"size": 8.5}, "at.size: 8.5 is not a whole number"),
        ({"size": True}, "at.size: True is not a whole number"),
        ({"size": "8"}, "at.size: '8' is not a whole number"),
        ({"size": math.nan}, "at.size: nan is not a whole number"),
        ({"size": math.inf}, "at.size: inf is not a whole number"),
        (
            {"size": 8, "word": "corp"},
            "at.word: 'corp' is not one of crop, pad, stretch; did you mean 'crop'?",
        ),
        ({"size": 8, "on": 1}, "at.on: 1 is not true or false"),
        ({"size": 8, "free": "a\0b"}, "at.free: a text cannot hold a null character"),
        ({"size": 8, "free": 1}, "at.free: 1 is not a text"),
        ({"size": 8, "inner": []}, "at.inner: [] is not a table of settings"),
        ({"size": 8, "inner": {"strength": 0}}, "at.inner.strength: 0 is not more than 0 and at most 1"),
        (
            {"size": 8, "inner": {"strength": math.nan}},
            "at.inner.strength: nan is not more than 0 and at most 1",
        ),
        ({"size": 8, "inner": {"pair": [0.5]}}, "at.inner.pair: [0.5] is not a list of 2 values"),
        ({"size": 8, "inner": {"pair": 0.5}}, "at.inner.pair: 0.5 is not a list of 2 values"),
        ({"size": 8, "inner": {"pair": [0, 1]}}, "at.inner.pair: 1 is not at least 0 and less than 1"),
        (
            {"size": 8, "inner": {"strenght": 1}},
            "at.inner.strenght: no such setting; did you mean 'strength'?",
        ),
        ({"size": 8, "sise": 8}, "at.sise: no such setting of outer; did you mean 'size'?"),
        ({"size": 8, "\n": 8}, "at.'\\n': no such setting of outer"),
    ],
)
def test_a_bad_table_is_refused_by_key(table, message):
    assert error(table) == message


@pytest.mark.parametrize("value", [10**400, -(10**400)])
def test_a_number_beyond_all_floats_is_refused(value):
    assert error({"size": value}).startswith("at.size: ")
    assert error({"size": 8, "inner": {"strength": value}}).startswith("at.inner.strength: ")


def test_a_text_that_no_file_can_hold_is_refused():
    assert error({"size": 8, "free": "\udcff"}) == "at.free: a text must be valid Unicode"


def test_an_error_stays_one_short_line():
    deep: object = 1
    for _ in range(100_000):
        deep = [deep]
    assert len(error({"size": deep})) < 200
    assert len(error({"size": "x" * 10_000})) < 200
    long = error({"size": 8, "y" * 10_000: 1})
    assert len(long) < 300
    assert "\n" not in error({"size": 8, "a\nb": 1})


def test_an_error_can_be_told_with_its_file():
    assert str(ConfigError("data.path", "is needed").within("my.toml")) == "my.toml: data.path: is needed"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0002, "2e-4"), (3.0, "3"), (0.5, "0.5"), (0, "0"), (1e-8, "1e-8"), (1.5e-5, "1.5e-5"), (1e20, "1e20"),
        (True, "true"), (math.inf, "inf"), (-0.001, "-1e-3"), (123456.7, "123457"), (0.01, "0.01"),
    ],
)  # fmt: skip
def test_numbers_are_written_as_people_write_them(value, text):
    assert plain(value) == text
    if not isinstance(value, bool):
        assert float(text) == pytest.approx(value, rel=1e-5)


@pytest.mark.parametrize(
    ("declared", "text"),
    [
        (Option("", low=0, high=1, open_high=True), "at least 0 and less than 1"),
        (Option("", low=0, open_low=True), "more than 0"),
        (Option("", choices=(8, 16)), "one of 8, 16"),
        (Option(""), ""),
    ],
)
def test_ranges_are_told_in_words(declared, text):
    assert declared.range_text() == text


def test_every_leaf_is_walked_with_its_dotted_key():
    keys = [key for key, _, _ in walk(Outer(size=8))]
    assert keys == ["size", "word", "on", "free", "inner.strength", "inner.pair"]


def test_settings_know_label_and_default():
    size, *_, inner = settings_of(Outer)
    assert (size.label, size.default) == ("Size", MISSING)
    assert inner.default == Inner()
