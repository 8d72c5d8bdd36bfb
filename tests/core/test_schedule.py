"""One is measured at a time, one waits, the newest wins."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ganstudio.core.schedule import Schedule, left_out_words


def test_the_newest_wins():
    schedule = Schedule()
    assert schedule.start() is None
    assert schedule.due(10) is None and schedule.start() == 10 and schedule.start() is None
    assert schedule.due(20) is None and schedule.due(30) == 20 and schedule.due(30) is None
    assert schedule.start() is None, "one at a time"
    schedule.ended()
    assert schedule.start() == 30 and schedule.dropped == 1
    assert "step 20 is left out" in left_out_words(20)


@given(st.lists(st.booleans()))
def test_every_step_is_measured_left_out_or_waits(turns: list[bool]):
    schedule, step = Schedule(), 0
    started: list[int] = []
    dropped: list[int] = []
    for due in turns:
        if due:
            step += 1
            dropped += [left] if (left := schedule.due(step)) is not None else []
        else:
            schedule.ended()
        started += [now] if (now := schedule.start()) is not None else []
    waiting = [] if schedule.next is None else [schedule.next]
    assert sorted(started + dropped + waiting) == list(range(1, step + 1))
    assert started == sorted(started) and schedule.dropped == len(dropped)
