"""A calculation on a thread of its own: its result, its error, and being stopped."""

from __future__ import annotations

import threading

import pytest

from ganstudio.latent.errors import Stopped
from ganstudio.latent.meanwhile import meanwhile


def test_others_have_their_turn_until_it_is_done():
    turns, enough = [0], threading.Event()

    def stop() -> bool:
        turns[0] += 1
        if turns[0] == 3:
            enough.set()
        return False

    assert meanwhile(lambda: enough.wait(60) and "result", stop) == "result"
    assert turns[0] >= 3


def test_an_error_is_that_of_the_calculation():
    with pytest.raises(ZeroDivisionError):
        meanwhile(lambda: 1 // 0, lambda: False)


def test_a_stopped_one_is_not_waited_for():
    release = threading.Event()
    with pytest.raises(Stopped):
        meanwhile(lambda: release.wait(60), lambda: True)
    release.set()
