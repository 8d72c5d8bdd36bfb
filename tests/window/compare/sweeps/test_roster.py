"""The list behind the queue: whatever is edited, nothing is lost and everything can be taken back."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from ganstudio.window.compare.sweeps.roster import Roster, Wish, merged, moved
from ganstudio.window.compare.sweeps.store import ENDED, ItemState, QueueFile, QueueItem
from ganstudio.window.compare.undoing import Undoing

from .conftest import ring

CONFIG = ring()


class NoFile(QueueFile):
    """Remembers nothing."""

    def __init__(self) -> None:
        super().__init__(Path("/nowhere"))

    def save(self, items) -> bool:
        return True


def items(states: list[ItemState]) -> tuple[QueueItem, ...]:
    return tuple(QueueItem(id, CONFIG, state=state) for id, state in enumerate(states, 1))


STATES = st.lists(st.sampled_from(ItemState), max_size=8)


@given(STATES, st.sets(st.integers(1, 8)), st.integers(-9, 9))
def test_moving_changes_nothing_but_the_order_of_those_that_wait(states, ids, by):
    before = items(states)
    after = moved(before, sorted(ids), by)
    assert sorted(item.id for item in after) == [item.id for item in before]
    for old, new in zip(before, after, strict=True):
        assert (old.state is ItemState.WAITING) == (new.state is ItemState.WAITING)
        assert old.state is ItemState.WAITING or old == new


@given(STATES, STATES)
def test_taking_back_loses_nothing_that_has_begun(then, now):
    snapshot, current = items(then), items(now)
    found = merged(snapshot, current)
    assert len({item.id for item in found}) == len(found)
    assert {item.id for item in snapshot} <= {item.id for item in found}
    assert {item.id for item in current if item.state is not ItemState.WAITING} <= {item.id for item in found}


EDITS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.integers(1, 3)),
        st.tuples(st.just("remove"), st.sets(st.integers(1, 12))),
        st.tuples(st.just("move"), st.sets(st.integers(1, 12)), st.integers(-3, 3)),
        st.tuples(st.sampled_from(["clear", "clear_ended"])),
        st.tuples(st.just("try_again"), st.sets(st.integers(1, 12))),
    ),
    max_size=12,
)


@given(EDITS)
def test_every_edit_can_be_taken_back_and_done_again(edits):
    roster = Roster(NoFile())
    roster.add([Wish(CONFIG)] * 3)
    roster.update(1, state=ItemState.DONE)
    roster.update(2, state=ItemState.RUNNING)
    begun = roster.items
    roster.undoing = Undoing()
    for name, *given_ in edits:
        wishes = (
            [[Wish(CONFIG)] * given_[0]]
            if name == "add"
            else [sorted(given_[0]), *given_[1:]]
            if given_
            else []
        )
        getattr(roster, name)(*wishes)
        assert len({item.id for item in roster.items}) == len(roster.items)
        assert roster.running is not None
    edited = roster.items
    for _ in range(2):
        while roster.undoing.undo_text:
            assert not roster.undoing.undo()
        assert roster.items == begun
        while roster.undoing.redo_text:
            assert not roster.undoing.redo()
        assert roster.items == edited


def test_what_has_begun_since_stays_and_what_ended_since_goes_again():
    roster = Roster(NoFile())
    roster.add([Wish(CONFIG)] * 2)
    roster.remove([1])
    roster.undoing.undo()
    roster.update(1, state=ItemState.RUNNING)
    assert not roster.undoing.redo()
    assert [(item.id, item.state.name) for item in roster.items] == [(2, "WAITING"), (1, "RUNNING")]
    roster.undoing.undo()
    roster.update(1, state=ItemState.DONE, step=100)
    assert not roster.undoing.redo()
    assert [item.id for item in roster.items] == [2]
    roster.undoing.undo()
    assert [(item.id, item.state.name) for item in roster.items] == [(1, "DONE"), (2, "WAITING")]


def test_an_edit_forgets_what_could_have_been_done_again():
    roster = Roster(NoFile())
    roster.add([Wish(CONFIG)] * 2)
    roster.undoing.undo()
    assert roster.undoing.redo_text == "Queue 2 runs"
    roster.add([Wish(CONFIG)])
    assert not roster.undoing.redo_text


def test_three_equal_failures_in_a_row():
    roster = Roster(NoFile())
    roster.add([Wish(CONFIG)] * 4)
    for id in (1, 2, 3):
        assert not roster.alike()
        roster.update(id, state=ItemState.FAILED, problem="The disk is full.")
    assert roster.alike()
    roster.update(4, state=ItemState.DONE)
    assert not roster.alike()
    assert {item.state for item in roster.items} <= ENDED
    assert roster.summary() == "Nothing waits in the queue any more: 1 finished, 3 failed."
