"""A run that really trains, in the table: it moves on by itself, is kept from the trash, and is opened where it is."""

from __future__ import annotations

import pytest

from ganstudio.core.run_list import STOPPED, TRAINING
from ganstudio.window.dialogs.error import ErrorDialog


@pytest.mark.slow
def test_a_run_that_trains_is_followed(studio):
    studio.start()
    folder = studio.model.folder.path
    studio.do("workspace.compare")
    space = studio.window.switcher.compare

    def entry():
        return next((e for e in space.model.all_entries if e.path == folder), None)

    studio.until(lambda: entry() is not None and entry().state == TRAINING and entry().step > 0)
    first = entry().step
    studio.until(lambda: entry().step > first)  # by the table's own timer
    space.table.select([folder])
    studio.until(lambda: len(space.table._told) == 1)
    studio.do("compare.trash")
    assert folder.is_dir()
    assert "stop it first" in studio.window.status.notice.text()
    studio.do("compare.open")
    assert studio.window.switcher.front == "train" and studio.model.active
    assert not studio.window.findChildren(ErrorDialog)
    studio.do("workspace.compare")
    studio.do("run.stop")
    studio.until(lambda: entry().state == STOPPED)
