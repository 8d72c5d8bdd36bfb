"""One long calculation that cannot be cut into pieces, on a thread of its own, while others get their turn."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from ganstudio.latent.errors import Stopped

LOOK_EVERY = 0.005
"""Seconds between two looks at what else there is to do."""
Result = TypeVar("Result")


def meanwhile(work: Callable[[], Result], stop: Callable[[], bool]) -> Result:
    """What ``work()`` gives (or raises); ``stop()`` is asked all the while.

    Raises :class:`Stopped` once it is true. The thread then ends by itself, unheard. ``work`` must not share anything
    with what goes on inside ``stop()``.
    """
    found: list[Result] = []
    wrong: list[BaseException] = []

    def run() -> None:
        try:
            found.append(work())
        except BaseException as error:
            wrong.append(error)

    thread = threading.Thread(target=run, name="meanwhile", daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(LOOK_EVERY)
        if stop():
            raise Stopped
    if wrong:
        raise wrong[0]
    return found[0]
