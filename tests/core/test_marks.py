"""Marks inside checkpoints: what is kept, what moves, what the dead leave."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from support.marking import put

from ganstudio.core import marks
from ganstudio.core.processes import identity, living
from ganstudio.core.runs import RunFolder

GONE = {"pid": 2**22 + 1, "started": 1.0}


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    made = RunFolder(tmp_path)
    for step in (1, 2, 3):
        put(made, step)
    return made


def test_every_mark_keeps_a_checkpoint(run: RunFolder):
    for step, mark in ((4, marks.STAR), (5, marks.BEST), (6, marks.WAITING), (7, f"{marks.HELD}17")):
        (put(run, step) / mark).touch()
    put(run, 8)
    marks.prune(run, 1)
    assert run.checkpoint_steps() == [4, 5, 6, 7, 8]
    marks.remove(run, [4, 5, 6, 7], (marks.STAR,))
    assert run.checkpoint_steps() == [4, 8]


def test_the_mark_of_the_best_is_one(run: RunFolder):
    assert marks.best(run) is None
    for step in (2, 3, 3, 1):
        marks.mark_best(run, step)
        assert marks.marked(run, marks.BEST) == [step] and marks.best(run) == step
    marks.mark_best(run, 99)
    assert marks.marked(run, marks.BEST) == [1], "a checkpoint that is gone takes no mark away"
    (run.checkpoint_path(2) / marks.BEST).touch()
    marks.mark_best(run, 3)
    assert marks.marked(run, marks.BEST) == [3]


def test_only_the_newest_waits(run: RunFolder):
    for step in (1, 2, 3):
        (run.checkpoint_path(step) / marks.WAITING).touch()
    assert marks.waiting(run) == 3
    marks.let_go(run, before=3)
    assert marks.marked(run, marks.WAITING) == [3]
    marks.let_go(run)
    assert marks.waiting(run) is None


def test_what_is_held_waits_no_longer_and_is_kept_until_it_is_released(run: RunFolder):
    (run.checkpoint_path(1) / marks.WAITING).touch()
    with marks.held(run, 1):
        assert marks.waiting(run) is None
        assert marks.marks_of(run.checkpoint_path(1)) == [f"held-{os.getpid()}"]
        marks.prune(run, 1)
        marks.forget_the_dead(run)
        assert run.checkpoint_steps() == [1, 3]
    assert marks.marks_of(run.checkpoint_path(1)) == []
    with marks.held(run, 99), marks.held(None, 1), marks.held(run, None):
        assert run.checkpoint_steps() == [1, 3]


@pytest.mark.parametrize("content", [json.dumps(GONE), "{}", "half a", "[1]", "null", ""])
def test_what_the_dead_held_is_let_go(run: RunFolder, content: str):
    place = run.checkpoint_path(1) / f"{marks.HELD}{GONE['pid']}"
    place.write_text(content)
    marks.prune(run, 1)
    assert run.checkpoint_steps() == [1, 3], "nobody has looked yet at what was measured of it"
    marks.forget_the_dead(run)
    assert marks.marks_of(run.checkpoint_path(1)) == []


def test_a_process_is_known_again_by_its_beginning():
    me = identity()
    assert living(me) == os.getpid()
    for nonsense in (
        me | {"started": 1.0},
        GONE,
        None,
        [],
        {"pid": "x", "started": 1},
        {"pid": 1e400, "started": 1},
    ):
        assert living(nonsense) is None


def test_what_a_checkpoint_says(run: RunFolder):
    assert marks.weights_of(run, 2) == "weights of 2" and marks.criterion(run) == "fd-domain"
    put(run, 4, keep_best="w1")
    assert marks.criterion(run) == "w1" and marks.criterion(run, 1) == "fd-domain"
    for text in ("", "[]", '{"files": 3, "config": []}', '{"files": {"weights.safetensors": {"sha256": 7}}}'):
        (run.checkpoint_path(4) / "state.json").write_text(text)
        assert (marks.weights_of(run, 4), marks.criterion(run, 4)) == ("", "")
    assert marks.weights_of(run, 99) == "" and marks.criterion(RunFolder(run.path / "none")) == ""
