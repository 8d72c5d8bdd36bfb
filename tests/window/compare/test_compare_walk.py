"""Many actions in a random but repeatable order: nothing breaks, and undo leads back to where it began."""

from __future__ import annotations

import random

import pytest
from PySide6.QtTest import QTest

from ganstudio.core.notes import read_notes
from ganstudio.window.compare.grouping import GROUPINGS
from ganstudio.window.dialogs.error import ErrorDialog

FILTERS = ("", "", "dcgan", "variant:lsgan", "tag:walked", "fd-domain<41 nonsense:1", "star:yes", "nothing")


def act(comparing, dice: random.Random) -> None:
    space = comparing.space
    entries = space.model.all_entries
    name = dice.choice(
        ("select", "select", "edit", "edit", "edit", "undo", "redo", "look", "view", "view", "place")
    )
    if name == "select":
        space.table.select([e.path for e in dice.sample(entries, dice.randrange(len(entries) + 1))])
    elif name == "edit":
        action = comparing.window.registry.action(dice.choice(("compare.star", "compare.archive")))
        if action.isEnabled():
            action.trigger()
        if dice.random() < 0.4:
            space.verbs.rename_run(dice.choice(entries).path, dice.choice(("", "Walked", "Again")))
    elif name in ("undo", "redo"):
        getattr(space, name)()
    elif name == "look":
        space.look()
    elif name == "place":
        comparing.window.performer.perform(
            dice.choice(("workspace.train", "workspace.compare", "workspace.compare"))
        )
        space.below.bring(dice.choice(("runs", "sweep", "queue")))
    else:
        space._wish(
            filter=dice.choice(FILTERS), group=dice.choice(GROUPINGS)[0], archived=dice.random() < 0.5
        )
        space.sort_by(dice.choice(space.model.columns).key)
    QTest.qWait(dice.randrange(12))


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 1])
def test_a_random_walk_leads_back_by_undo(comparing, runs, seed):
    dice = random.Random(seed)
    paths = [entry.path for entry in comparing.space.model.all_entries]
    before = {path: read_notes(path) for path in paths}
    changed = False
    for _ in range(120):
        act(comparing, dice)
        changed = changed or {path: read_notes(path) for path in paths} != before
    assert changed
    while comparing.space.undo_words()[0]:
        comparing.space.undo()
    assert {path: read_notes(path) for path in paths} == before
    comparing.window.performer.perform("workspace.compare")
    comparing.until(lambda: {e.path: e.notes for e in comparing.space.model.all_entries} == before)
    comparing.until(lambda: not comparing.space.below.pane.is_busy())
    assert not comparing.window.findChildren(ErrorDialog)
