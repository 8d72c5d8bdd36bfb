"""Waking a thread that waits for a pipe."""

from __future__ import annotations

from multiprocessing.connection import wait
from threading import Thread

import pytest

from ganstudio.window.waker import Waker


@pytest.fixture
def waker():
    found = Waker()
    yield found
    found.close()


def test_many_calls_are_one_until_the_thread_has_looked(waker: Waker):
    assert not wait([waker.source], 0)
    for _ in range(100_000):  # far more than a pipe holds
        waker.wake()
    waker.heard(wait([waker.source], 0))
    assert not wait([waker.source], 0)
    waker.wake()
    assert wait([waker.source], 0) == [waker.source]


def test_what_came_from_elsewhere_leaves_the_call(waker: Waker):
    waker.wake()
    waker.heard([])
    assert wait([waker.source], 0)


def test_a_call_after_closing_does_nothing():
    waker = Waker()
    waker.wake()
    waker.close()
    waker.wake()


def test_a_thread_that_waits_wakes(waker: Waker):
    heard: list[object] = []
    thread = Thread(target=lambda: heard.extend(wait([waker.source], 30)))
    thread.start()
    waker.wake()
    thread.join(30)
    assert heard == [waker.source]
