"""Figures as people read them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganstudio.core import numbers


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.81234, "0.812"),
        (12.34, "12.3"),
        (1180.4, "1,180"),
        (9.999, "10.0"),
        (0, "0"),
        (-0.5, "−0.500"),
        (2.13e-5, "2.13e−5"),
        (1.5e7, "1.5e7"),
        (math.nan, "–"),
        (-math.inf, "−∞"),
    ],
)
def test_three_significant_digits(value: float, words: str) -> None:
    assert numbers.significant(value) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (2e-4, "2e−4"),
        (0.5, "0.5"),
        (1440, "1,440"),
        (20000, "20k"),
        (1.5e6, "1.5M"),
        (0.05, "0.05"),
        (-3, "−3"),
    ],
)
def test_as_short_as_can_be(value: float, words: str) -> None:
    assert numbers.short(value) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (4.21, "4.2 s"),
        (42, "42 s"),
        (84, "1 min 24 s"),
        (7500, "2 h 05 min"),
        (273_600, "3 d 4 h"),
        (59.7, "1 min 00 s"),
    ],
)
def test_durations(seconds: float, words: str) -> None:
    assert numbers.duration(seconds).replace("\u00a0", " ") == words


def test_words_with_numbers() -> None:
    assert numbers.time_left(84).replace("\u00a0", " ") == "1 min 24 s left"
    assert numbers.time_left(0.2) == "a moment left"
    assert numbers.time_left(3).replace("\u00a0", " ") == "3 s left"
    assert numbers.time_left(math.inf) == "time left unknown"
    assert numbers.size(1.1 * 2**30) == "1.1\u00a0GB"
    assert numbers.size(312) == "312\u00a0bytes"
    assert numbers.size_of(1.1 * 2**30, 24 * 2**30) == "1.1 of 24\u00a0GB"
    assert numbers.step(1440) == "step\u00a01,440"
    assert numbers.with_unit(1180, "img/s") == "1,180\u00a0img/s"
    assert numbers.percent(0.684) == "68\u00a0%"
    assert numbers.rate_change(1e-4, 2e-4) == "1e−4 → 2e−4"
    assert numbers.rate_change(True, False) == "on → off"


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_any_number_has_words(value: float) -> None:
    for words in (
        numbers.significant(value),
        numbers.short(value),
        numbers.duration(value),
        numbers.size(abs(value)),
    ):
        assert 0 < len(words) < 400


@given(st.floats(1e-3, 1e6))
def test_the_words_are_the_number(value: float) -> None:
    read = float(numbers.significant(value).replace(",", "").replace("−", "-"))
    assert read == pytest.approx(value, rel=6e-3)
