"""What is typed into the filter: known answers, sentences for what means nothing, and no text that breaks it."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.listed import entry

from ganstudio.core.notes import Notes
from ganstudio.core.run_list import DAMAGED, TRAINING
from ganstudio.window.compare.filters import read_filter

RUNS = [
    entry("alpha", Notes("My best", ("good", "to show"), True), [("fd-domain", 40.0)], lr=2e-4, seed=1),
    entry(
        "beta", Notes(text="A second look."), [("fd-domain", 60.0)], variant="lsgan", lr=1e-4, seconds=900.0
    ),
    entry(
        "gamma",
        Notes(tags=("bad",), sweep="rates"),
        state=TRAINING,
        step=5000,
        steps=10_000,
        created=1767225600.0,
    ),
    entry("delta", Notes(archived=True), state=DAMAGED, settings={}, variant="", source="", seconds=math.nan),
]


def found(typed: str) -> str:
    read = read_filter(typed, RUNS)
    assert not read.problem, read.problem
    return " ".join(e.path.name for e in RUNS if read.takes(e))


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("", "alpha beta gamma delta"), ("alpha", "alpha"), ("BEST my", "alpha"), ('"my best"', "alpha"),
        ("second", "beta"), ("nothing-like-it", ""), ("rates", "gamma"), ("dcgan", "alpha gamma"),
        ("variant:gan", "alpha beta gamma"), ("variant=dcgan", "alpha gamma"), ("variant=DCGAN digits", "alpha gamma"),
        ("variant!=dcgan", "beta delta"), ("data:digits", "alpha beta gamma"), ("state:train", "gamma"),
        ("state=damaged", "delta"), ("tag:good", "alpha"), ('tag="to show"', "alpha"), ("tag!=bad", "alpha beta delta"),
        ("tags:bad", "gamma"), ("star:yes", "alpha"), ("starred=no", "beta gamma delta"), ("archived:yes", "delta"),
        ("fd-domain<50", "alpha"), ("fd-domain>=60", "beta"), ("fd-domain=40", "alpha"), ("lr=2e-4", "alpha gamma"),
        ("optimizer.generator.lr<=1e-4", "beta"), ("lr=0.0001", "beta"), ("seed=1", "alpha"), ("steps>=10k", "gamma"),
        ("step<100 variant:ls", "beta"), ("time>10min", "beta"), ("time<=20s", "alpha gamma"),
        ("time<1h fd-domain>1", "alpha beta"),
        ("started<2026-02-01", "gamma"), ("r1:on", "alpha beta gamma"), ("sweep:rat", "gamma"), ("title:best", "alpha"),
        ("folder:/runs/be", "beta"),
    ],
)  # fmt: skip
def test_what_a_filter_finds(typed, names):
    assert found(typed) == names


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("varient:dcgan", "did you mean “variant”?"), ("qqqqqq<3", "no column or setting “qqqqqq”"),
        ("fd-domain<", "“fd-domain<” needs a value"), ("fd-domain<much", "“much” behind fd-domain is not a number"),
        ("time<3parsec", "not a number"), ("started>yesterday", "not a date such as 2026-05-01"),
    ],
)  # fmt: skip
def test_a_term_that_means_nothing_is_told_and_left_out(typed, told):
    read = read_filter(f"{typed} alpha", RUNS)
    assert told in read.problem
    assert [e.path.name for e in RUNS if read.takes(e)] == ["alpha"]


@given(st.text(max_size=30) | st.from_regex(r"[a-z.]{1,6}(:|=|<|>|!=)[0-9a-z\"e.-]{0,6}", fullmatch=True))
def test_any_text_is_a_filter(typed):
    read = read_filter(typed, RUNS)
    assert all(isinstance(read.takes(e), bool) for e in RUNS)
