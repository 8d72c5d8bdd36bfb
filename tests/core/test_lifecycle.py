"""The state machine of a run."""

from __future__ import annotations

from itertools import pairwise

import pytest

from ganstudio.core.lifecycle import ACTIVE, MOVES, Lifecycle, State


@pytest.mark.parametrize(
    "path",
    [
        [
            State.STARTING,
            State.RUNNING,
            State.PAUSED,
            State.RUNNING,
            State.STOPPING,
            State.FINISHED,
            State.IDLE,
        ],
        [State.STARTING, State.FAILED, State.STARTING, State.PAUSED, State.STOPPING, State.FAILED],
        [State.STARTING, State.FINISHED, State.STARTING],
    ],
)
def test_a_run_goes_through_its_life(path):
    life = Lifecycle()
    for state in path:
        assert life.may(state)
        assert life.move(state)
        assert life.state is state
        assert life.active == (state in ACTIVE)


def test_staying_is_no_change():
    life = Lifecycle()
    assert not life.move(State.IDLE)


@pytest.mark.parametrize(
    ("start", "wrong"),
    [(State.IDLE, State.RUNNING), (State.FINISHED, State.RUNNING), (State.STOPPING, State.RUNNING)],
)
def test_an_impossible_move_is_refused_and_changes_nothing(start, wrong):
    life = Lifecycle()
    life.state = start
    with pytest.raises(ValueError, match=f"from {start.name} to {wrong.name}"):
        life.move(wrong)
    assert life.state is start


def test_every_state_can_be_reached_and_every_active_one_can_fail():
    assert set(MOVES) == set(State)
    reached = {State.IDLE}
    for _ in State:
        reached |= {new for state in reached for new in MOVES[state]}
    assert reached == set(State)
    assert all(State.FAILED in MOVES[state] for state in ACTIVE)


def test_words_are_told_apart():
    words = sorted(state.value for state in State)
    assert all(one != other for one, other in pairwise(words))
