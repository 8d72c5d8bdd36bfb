"""A thread that owns a child: what it says, and in which order."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from support import fake_explore

from ganstudio.core import messages as m
from ganstudio.window.child_thread import ChildThread


def test_that_a_child_was_lost_is_told_before_its_number_is_gone(qtbot: QtBot):
    """Else somebody who sees that it has gone could ask for something before those who must ask anew know of it."""
    thread, said, seen = ChildThread(fake_explore.serve), [], []
    thread.report.connect(said.append)
    thread.lost.connect(lambda how: seen.append((how, thread.pid)), Qt.ConnectionType.DirectConnection)
    thread.start()
    thread.send(m.Quit())
    qtbot.waitUntil(lambda: bool(seen))  # it quits at once, which nobody has asked the thread for
    assert seen[0][1] != 0
    qtbot.waitUntil(lambda: thread.pid == 0)
    thread.close()
    assert thread.wait(10_000)
