"""Everything done to a run can be taken back, and what cannot is told."""

from __future__ import annotations

import os
import sys

import pytest
from support.reported import make_run

from ganstudio.core.notes import Notes, change_notes, read_notes, write_notes
from ganstudio.core.runs import RunFolder
from ganstudio.window.compare.trash import SystemTrash
from ganstudio.window.compare.undoing import TrashStep, Undoing, edit_notes, runs_in_words


@pytest.fixture
def runs(tmp_path):
    return [make_run(tmp_path / "runs", name, steps=2) for name in ("a", "b", "c")]


def test_an_edit_of_notes_is_taken_back_and_done_again(runs):
    write_notes(runs[0], Notes("Mine", tags=("old",)))
    undoing = Undoing()
    step, problem = edit_notes("Tag 3 runs", runs, lambda n: {"tags": (*n.tags, "good")})
    assert step is not None and not problem
    undoing.push(step)
    assert [read_notes(run).tags for run in runs] == [("old", "good"), ("good",), ("good",)]
    change_notes(runs[1], text="written meanwhile")
    assert undoing.undo_text == "Tag 3 runs" and undoing.undo() == ""
    assert [read_notes(run) for run in runs] == [
        Notes("Mine", ("old",)),
        Notes(text="written meanwhile"),
        Notes(),
    ]
    assert (undoing.undo_text, undoing.redo_text) == ("", "Tag 3 runs")
    assert undoing.redo() == ""
    assert read_notes(runs[1]) == Notes(tags=("good",), text="written meanwhile")


def test_an_edit_that_changes_nothing_is_no_step(runs):
    assert edit_notes("Unstar", runs, lambda _: {"starred": False}) == (None, "")
    assert not (runs[0] / "notes.json").exists()


def test_a_run_that_cannot_be_written_is_told_and_the_others_are_changed(runs, monkeypatch):
    import ganstudio.window.compare.undoing as module

    def refuse(run, **fields):
        if run == runs[1]:
            raise OSError(28, "No space left on device")
        return change_notes(run, **fields)

    monkeypatch.setattr(module, "change_notes", refuse)
    step, problem = edit_notes("Star 3 runs", runs, lambda _: {"starred": True})
    assert problem == "The notes of b cannot be written (No space left on device)."
    assert [read_notes(run).starred for run in runs] == [True, False, True]
    assert step is not None and step.undo() == ""
    assert not any(read_notes(run).starred for run in runs)


def test_notes_of_a_run_that_is_gone_are_told_of(runs):
    step, _ = edit_notes("Star a", runs[:1], lambda _: {"starred": True})
    runs[0].rename(runs[0].with_name("moved"))
    undoing = Undoing()
    undoing.push(step)
    assert "the folder is gone" in undoing.undo()
    assert (undoing.undo_text, undoing.redo_text, undoing.undo(), undoing.redo()) == ("", "", "", "")


def test_words(runs):
    assert (runs_in_words(runs), runs_in_words(runs[:1]), runs_in_words(runs[:1], "Mine")) == (
        "3 runs",
        "a",
        "Mine",
    )


# ---------------------------------------------------------------- trash


@pytest.fixture
def own_trash(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path / "data" / "Trash"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere this would be the real trash")
def test_the_trash_of_the_system_gives_a_run_back(runs, own_trash):
    content = (runs[0] / "run.toml").read_bytes()
    step = TrashStep("Trash a", SystemTrash(), tuple(runs[:1]))
    for _ in range(2):
        assert step.redo() == ""
        assert not runs[0].exists()
        assert (own_trash / "files" / "a" / "run.toml").read_bytes() == content
        assert step.undo() == ""
        assert (runs[0] / "run.toml").read_bytes() == content
        assert list((own_trash / "files").iterdir()) == list((own_trash / "info").iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere this would be the real trash")
def test_a_run_that_is_trained_stays(runs, own_trash):
    RunFolder(runs[1]).claim()
    assert RunFolder(runs[1]).trainer() == os.getpid()
    step = TrashStep("Trash 3 runs", SystemTrash(), tuple(runs))
    assert step.redo() == "b is being trained: stop it first."
    assert [run.exists() for run in runs] == [False, True, False]
    assert step.undo() == ""
    assert all(run.exists() for run in runs)


class Secretive:
    """A trash that does not say where things lie."""

    def put(self, path):
        path.rename(path.with_name(f".{path.name}"))

    def take_back(self, place, path):
        raise AssertionError


def test_a_trash_that_does_not_say_where_is_told_of(runs):
    step = TrashStep("Trash a", Secretive(), tuple(runs[:1]))
    assert step.redo() == ""
    assert "put it back from there" in step.undo()


class Refusing(Secretive):
    def put(self, path):
        raise OSError(0, "the system has no trash for this disk")


def test_a_system_that_refuses_is_told_of_and_nothing_is_lost(runs):
    step = TrashStep("Trash a", Refusing(), tuple(runs[:1]))
    assert step.redo() == "a cannot be moved to the trash (the system has no trash for this disk)."
    assert runs[0].exists() and step.paths == ()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere this would be the real trash")
def test_a_place_that_is_taken_meanwhile_is_not_overwritten(runs, own_trash):
    step = TrashStep("Trash a", SystemTrash(), tuple(runs[:1]))
    assert step.redo() == ""
    runs[0].mkdir()
    assert "another folder of that name" in step.undo()
    assert list(runs[0].iterdir()) == []
