"""Which runs are one line, and what they are called."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from ganstudio.core.run_list import RunEntry
from ganstudio.window.compare.views.strands import WIDEST, can_join, labels, strands


def entry(name: str, seed: int = 0, **settings: object) -> RunEntry:
    known = {"variant": "dcgan", "seed": seed, "name": name, **settings}
    return RunEntry(Path("/runs") / name, name, seed=seed, settings=known)


def test_runs_that_differ_only_in_their_seed_are_one_line() -> None:
    runs = [entry("a", 0, lr=1.0), entry("b", 0, lr=2.0), entry("c", 1, lr=1.0)]
    joined = strands(runs, together=True)
    assert [s.runs for s in joined] == [(runs[0].path, runs[2].path), (runs[1].path,)]
    assert joined[0].label == "a, 2 runs"
    assert "a, c" in joined[0].title
    assert [s.color for s in joined] == ["run-1", "run-2"], "a line keeps the colour of its first run"
    assert can_join(runs)
    assert not can_join(runs[:2])


def test_a_run_without_settings_is_like_no_other() -> None:
    damaged = [RunEntry(Path(f"/runs/{i}"), str(i)) for i in range(2)]
    assert len(strands(damaged, together=True)) == 2


def test_thirteen_runs_have_thirteen_looks() -> None:
    looks = {(s.color, s.dash) for s in strands([entry(str(i)) for i in range(13)])}
    assert len(looks) == 13


def test_names_lose_their_date_and_tell_the_seed_where_they_must() -> None:
    runs = [entry("20260504-101010-digits", 0), entry("20260504-101011-digits", 1), entry("faces", 3)]
    assert labels(runs) == ["digits, seed 0", "digits, seed 1", "faces"]
    assert labels([entry("digits", 1), entry("digits", 1)]) == ["digits, seed 1", "digits, seed 1 (2)"]


@given(st.lists(st.tuples(st.text(max_size=40), st.integers(0, 3)), max_size=8))
def test_no_two_names_are_alike(told: list[tuple[str, int]]) -> None:
    runs = [RunEntry(Path("/runs") / str(i), title, seed=seed) for i, (title, seed) in enumerate(told)]
    found = labels(runs)
    assert len(set(found)) == len(found)
    assert all(len(name) <= WIDEST + 16 for name in found)
