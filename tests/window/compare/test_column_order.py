"""The order of columns: what a person arranged holds, whatever columns come and go."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ganstudio.window.compare.column_order import MOST_KEPT, moved, placed, remembered

KEYS = st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=8)


def test_a_column_that_is_new_follows_the_one_it_follows_at_first():
    assert placed("abcd", ()) == ["a", "b", "c", "d"]
    assert placed("abcd", "dba") == ["d", "b", "c", "a"]
    assert placed("abcd", "bc") == ["a", "b", "c", "d"]


def test_a_column_that_is_gone_is_remembered_after_the_one_it_followed():
    assert remembered("ca", "abcd") == ["c", "d", "a", "b"]
    assert remembered("ab", ()) == ["a", "b"]
    assert len(remembered([str(n) for n in range(500)], ())) == MOST_KEPT


def test_a_column_is_moved_as_far_as_there_is_room():
    assert moved("abcd", "b", 1) == ["a", "c", "b", "d"]
    assert moved("abcd", "b", -9) == ["b", "a", "c", "d"]
    assert moved("abcd", "b", 9) == ["a", "c", "d", "b"]


@given(KEYS, KEYS)
def test_every_column_has_one_place_and_the_order_that_was_wanted(keys, wanted):
    found = placed(keys, wanted)
    assert sorted(found) == sorted(keys)
    assert [key for key in found if key in wanted] == [key for key in wanted if key in keys]


@given(KEYS, KEYS, KEYS)
def test_what_was_remembered_comes_back_when_columns_come_back(shown, before, other):
    kept = remembered(shown, before)
    assert set(kept) == {*shown, *before}
    assert placed(shown, kept) == list(shown)
    assert [k for k in placed(other, kept) if k in kept] == [k for k in kept if k in other]
