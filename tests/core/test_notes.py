"""What a person says of a run, kept beside it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganstudio.core.notes import (
    MOST_LETTERS,
    Notes,
    change_notes,
    clean_tags,
    note_sweep,
    one_line,
    read_notes,
    write_notes,
)

FULL = Notes("My run", ("good", "to show"), True, "Two lines,\nas typed.", True, "rates")


def test_notes_come_back_as_written(tmp_path):
    assert read_notes(tmp_path) == Notes()
    write_notes(tmp_path, FULL)
    assert read_notes(tmp_path) == FULL
    assert [path.name for path in tmp_path.iterdir()] == ["notes.json"]


def test_a_sweep_adds_to_what_a_person_wrote(tmp_path):
    note_sweep(tmp_path, "rates", "lr=1e-3", ["slow"])
    assert read_notes(tmp_path) == Notes("lr=1e-3", ("slow",), sweep="rates")
    write_notes(tmp_path, FULL)
    note_sweep(tmp_path, "", "lr=1e-3", ["Good", "slow"])
    assert read_notes(tmp_path) == Notes(
        FULL.title, ("good", "to show", "slow"), True, FULL.text, True, "rates"
    )


def test_keys_of_others_are_kept(tmp_path):
    (tmp_path / "notes.json").write_text('{"rating": 5, "title": "Old"}')
    assert change_notes(tmp_path, title="New") == Notes("Old")
    assert json.loads((tmp_path / "notes.json").read_text())["rating"] == 5
    assert read_notes(tmp_path) == Notes("New")


def test_a_change_that_changes_nothing_writes_nothing(tmp_path):
    change_notes(tmp_path, starred=False)
    assert not (tmp_path / "notes.json").exists()


@pytest.mark.parametrize("garbage", [b"", b"{", b"[1]", b"\xff\x00", b"[" * 100_000, b" " * (1 << 21)])
def test_a_damaged_file_counts_as_none_and_is_set_aside(tmp_path, garbage):
    path = tmp_path / "notes.json"
    path.write_bytes(garbage)
    assert read_notes(tmp_path) == Notes()
    write_notes(tmp_path, FULL)
    assert read_notes(tmp_path) == FULL
    assert (tmp_path / "notes.json.bad").read_bytes() == garbage


def test_values_of_other_types_cost_that_value_alone(tmp_path):
    table = {"title": 3, "tags": ["a", 2, None, "A"], "starred": "yes", "text": ["x"], "archived": True}
    (tmp_path / "notes.json").write_text(json.dumps(table))
    assert read_notes(tmp_path) == Notes(tags=("a",), archived=True)


def test_titles_are_one_line_and_tags_are_clean():
    assert one_line(" a\n\tb ") == "a b"
    assert len(one_line("x" * 999)) == MOST_LETTERS
    assert one_line("half \ud800 letter") == "half ? letter"
    assert clean_tags(["good", "", " Good ", "a,b", "bad"]) == ("good", "a b", "bad")


@given(
    st.builds(
        Notes, st.text(), st.lists(st.text()).map(tuple), st.booleans(), st.text(), st.booleans(), st.text()
    )
)
def test_any_notes_can_be_written_and_settle_at_once(tmp_path_factory, notes):
    run = tmp_path_factory.mktemp("run")
    write_notes(run, notes)
    found = read_notes(run)
    assert found.text == notes.text
    write_notes(run, found)
    assert read_notes(run) == found
