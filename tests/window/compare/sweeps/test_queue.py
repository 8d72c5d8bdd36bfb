"""The queue over a controller that trains nothing: order, waiting, ends, and what it remembers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from ganstudio.core.lifecycle import State
from ganstudio.core.messages import Finding
from ganstudio.core.notes import Notes, read_notes, write_notes
from ganstudio.core.runs import RunFolder
from ganstudio.window.compare.sweeps.roster import Wish
from ganstudio.window.compare.sweeps.store import QueueFile

from .conftest import DONE, FAILED, RUNNING, STOPPED, WAITING, Desk, ring


def turn() -> None:
    """Let everything happen that is due."""
    for _ in range(5):
        QApplication.processEvents()


def test_one_after_the_other(desk: Desk):
    desk.add("a", "b", "c", sweep="rates")
    desk.until_begun("a")
    desk.controller.train()
    assert desk.states() == [("a", RUNNING), ("b", WAITING), ("c", WAITING)]
    folder = Path(desk.queue.items[0].folder)
    assert (read_notes(folder).sweep, read_notes(folder).title) == ("rates", "a")
    desk.controller.end()
    desk.until_begun("a", "b")
    desk.controller.end()
    desk.until_begun("a", "b", "c")
    desk.controller.end()
    turn()
    assert [state for _, state in desk.states()] == [DONE] * 3
    assert desk.told == ["Nothing waits in the queue any more: 3 finished."]


def test_what_a_person_wrote_of_a_run_stays_when_it_goes_on(desk: Desk):
    desk.queue.add([Wish(ring("a"), "rates", ("slow",))])
    desk.until_begun("a")
    desk.controller.train()
    folder = Path(desk.queue.items[0].folder)
    assert read_notes(folder) == Notes("a", ("slow",), sweep="rates")
    write_notes(folder, Notes("Mine", ("good",), starred=True, sweep="rates"))
    desk.controller.fail("Broken.")
    turn()
    desk.queue.try_again(desk.ids("a"))
    desk.until_begun("a", "a")
    desk.controller.train()
    assert read_notes(folder) == Notes("Mine", ("good", "slow"), starred=True, sweep="rates")


def test_a_run_of_the_persons_own_goes_first(desk: Desk):
    desk.controller.start(ring("mine"))
    desk.controller.train()
    desk.add("a")
    turn()
    assert desk.controller.begun == ["mine"]
    desk.controller.model.move(State.PAUSED)
    turn()
    assert desk.controller.begun == ["mine"]
    desk.controller.model.move(State.RUNNING)
    desk.controller.end()
    desk.until_begun("mine", "a")


def test_it_waits_after_a_run_that_was_stopped_by_hand(desk: Desk):
    desk.add("a", "b")
    desk.until_begun("a")
    desk.controller.train()
    desk.controller.stop()
    turn()
    assert desk.states() == [("a", STOPPED), ("b", WAITING)]
    assert desk.queue.held == desk.told[-1] == "You stopped a run, so the queue waits."
    desk.queue.go_on()
    desk.until_begun("a", "b")


def test_it_waits_also_after_another_run_that_was_stopped(desk: Desk):
    desk.controller.start(ring("mine"))
    desk.controller.train()
    desk.add("a")
    desk.controller.stop()
    turn()
    assert desk.controller.begun == ["mine"]
    assert desk.queue.held


def test_a_failed_run_does_not_stop_the_others(desk: Desk):
    desk.add("a", "b")
    desk.until_begun("a")
    desk.controller.fail("The data is broken.")
    desk.until_begun("a", "b")
    assert desk.queue.items[0].problem == "The data is broken."
    assert desk.states()[0] == ("a", FAILED)


def test_three_equal_failures_hold_the_queue(desk: Desk):
    desk.add("a", "b", "c", "d")
    for count in (1, 2, 3):
        desk.until_begun(*"abcd"[:count])
        desk.controller.fail("The disk is full.")
    turn()
    assert len(desk.controller.begun) == 3
    assert desk.queue.held.endswith("The disk is full.")


def test_three_different_failures_do_not(desk: Desk):
    desk.add("a", "b", "c", "d")
    for count in (1, 2, 3):
        desk.until_begun(*"abcd"[:count])
        desk.controller.fail(f"Problem {count}.")
    desk.until_begun("a", "b", "c", "d")


def test_trouble_that_halts_a_run_ends_it_while_others_wait(desk: Desk):
    desk.add("a", "b")
    desk.until_begun("a")
    desk.controller.train()
    desk.controller.model.take_finding(Finding("nan", "error", "The numbers broke down", "At step 3.", 3))
    assert desk.controller.begun == ["a"]
    desk.controller.model.move(State.PAUSED)
    desk.until_begun("a", "b")
    assert desk.states()[0] == ("a", FAILED)
    assert desk.queue.items[0].problem == "The numbers broke down."
    desk.controller.train()
    desk.controller.model.take_finding(Finding("nan", "error", "The numbers broke down", "At step 3.", 3))
    desk.controller.model.move(State.PAUSED)
    turn()
    assert desk.controller.model.state is State.PAUSED  # the last one is left to the person


def test_a_run_whose_process_is_gone_has_failed(desk: Desk):
    desk.add("a")
    desk.until_begun("a")
    desk.controller.train()
    desk.controller.model.lost = "it was killed"
    desk.controller.model.move(State.FAILED)
    turn()
    assert desk.queue.items[0].problem == "The training process is gone: it was killed."


def test_an_engine_that_says_nothing_is_not_waited_for_for_ever(desk: Desk, qtbot):
    desk.queue._patience.setInterval(1)
    desk.add("a", "b")
    desk.until_begun("a")
    desk.controller.model.move(State.FINISHED)
    desk.until_begun("a", "b")
    assert desk.queue.items[0].problem == "It ended without saying why."


def test_hold_and_go_on(desk: Desk):
    desk.queue.hold()
    desk.add("a")
    turn()
    assert desk.controller.begun == []
    desk.queue.go_on()
    desk.until_begun("a")
    desk.queue.hold()
    desk.add("b")
    desk.controller.end()
    turn()
    assert desk.states() == [("a", DONE), ("b", WAITING)]


def test_edits_and_their_undo(desk: Desk):
    desk.queue.hold()
    desk.add("a", "b", "c", "d")
    names = lambda: [name for name, _ in desk.states()]  # noqa: E731
    desk.queue.move(desk.ids("c"), -1)
    assert names() == ["a", "c", "b", "d"]
    desk.queue.move(desk.ids("a", "c"), 99)
    assert names() == ["b", "d", "a", "c"]
    desk.queue.remove(desk.ids("d"))
    assert desk.queue.undo_words() == ("Remove d", "")
    desk.queue.clear()
    assert names() == []
    for wanted in (["b", "a", "c"], ["b", "d", "a", "c"], ["a", "c", "b", "d"], ["a", "b", "c", "d"], []):
        desk.queue.undo()
        assert names() == wanted
    assert not desk.queue.undo_words()[0]
    desk.queue.undo()


def test_undo_keeps_what_has_begun_meanwhile(desk: Desk):
    desk.add("a", "b")
    desk.until_begun("a")
    desk.queue.clear()
    assert desk.states() == [("a", RUNNING)]
    desk.controller.train()
    desk.controller.end()
    turn()
    desk.queue.undo()
    assert desk.states()[0] == ("a", DONE)
    desk.until_begun("a", "b")


def test_a_running_item_is_never_removed_and_an_ended_one_can_be_tried_again(desk: Desk):
    desk.add("a", "b")
    desk.until_begun("a")
    desk.queue.remove(desk.ids("a"))
    assert desk.states()[0] == ("a", RUNNING)
    desk.controller.fail("Broken.")
    desk.until_begun("a", "b")
    desk.queue.try_again(desk.ids("a"))
    assert desk.states() == [("b", RUNNING), ("a", WAITING)]
    desk.queue.clear_ended()
    assert desk.states() == [("b", RUNNING), ("a", WAITING)]


def test_progress_and_time_left(desk: Desk):
    desk.add("a", "b")
    desk.until_begun("a")
    assert desk.queue.seconds_left() is None
    desk.controller.train(step=10)
    desk.controller.report(step=50)
    assert desk.queue.progress() == pytest.approx(0.25)
    left = desk.queue.seconds_left()  # 10 steps a second by the model's clock, 150 steps left
    assert left == pytest.approx(15.0)
    desk.controller.end()
    desk.until_begun("a", "b")
    assert desk.queue.progress() == pytest.approx(0.5)


# ---------------------------------------------------------------- what it remembers


def test_a_killed_window_goes_on_with_the_rest_after_asking(desk: Desk, monkeypatch):
    desk.add("a", "b", "c", sweep="s")
    desk.until_begun("a")
    desk.controller.train(step=40)
    folder = RunFolder(desk.queue.items[0].folder)
    folder.checkpoint_path(40).mkdir(parents=True)
    # as after a kill: nothing was released, and the process is gone
    path = desk.folder / "config" / "queue.json"
    table = json.loads(path.read_bytes())
    path.write_text(json.dumps(table | {"owner": {"pid": 2**22 + 1, "started": 0.0}}))
    desk.queue._closed = True
    desk.queue._patience.stop()
    desk.controller.model.life.state = State.IDLE
    desk.controller.model.clear()
    desk.controller.begun.clear()
    desk.queues.clear()

    queue = desk.open()
    turn()
    assert desk.states() == [("a", WAITING), ("b", WAITING), ("c", WAITING)]
    assert queue.held
    assert desk.controller.begun == []
    queue.go_on()
    desk.until_begun("a")
    assert str(desk.controller.model.folder.path) == str(folder.path)  # the same run goes on
    assert queue.items[0].sweep == "s"
    desk.controller.end()
    desk.until_begun("a", "b")


def test_an_item_that_was_complete_is_not_trained_again(desk: Desk):
    desk.add("a", "b")
    desk.until_begun("a")
    desk.controller.train()
    RunFolder(desk.queue.items[0].folder).checkpoint_path(100).mkdir(parents=True)
    desk.controller.stop()
    turn()
    desk.queue.remove(desk.ids("b"))
    desk.queue.try_again(desk.ids("a"))
    desk.queue.go_on()
    desk.qtbot.waitUntil(lambda: desk.states() == [("a", DONE)], timeout=20_000)
    assert desk.controller.begun == ["a"]


def test_a_window_that_closes_leaves_its_run_to_the_next(desk: Desk):
    desk.add("a", "b")
    desk.until_begun("a")
    desk.controller.train()
    desk.controller.leaving = True
    desk.controller.end("stopped")
    turn()
    assert desk.states() == [("a", RUNNING), ("b", WAITING)]
    desk.queue.shut_down()
    assert [item.config.name for item in QueueFile(desk.folder / "config").load()] == ["a", "b"]


def test_two_windows_do_not_train_the_same_runs(desk: Desk):
    desk.queue.hold()
    desk.add("a")
    first = desk.queue
    second = desk.open()
    assert second.items == ()
    second.hold()
    desk.add("b")
    first.shut_down()
    second.shut_down()
    third = desk.open()
    assert [item.config.name for item in third.items] == ["a", "b"]
    assert [p.name for p in (desk.folder / "config").iterdir()] == ["queue.json"]


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"items": 3}', b"\xff", b'{"items": [1, {}]}', b"[" * 9999]
)
def test_a_damaged_list_is_set_aside_and_said(desk: Desk, content):
    path = desk.folder / "config" / "queue.json"
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    queue = desk.open()
    assert queue.items == ()
    assert queue.notice.startswith("The list of waiting runs ")
    assert (path.parent / "queue.json.bad").read_bytes() == content


def test_a_run_of_a_later_version_is_set_aside_and_the_others_stay(desk: Desk):
    desk.queue.hold()
    desk.add("a", "b")
    desk.queue.shut_down()
    path = desk.folder / "config" / "queue.json"
    table = json.loads(path.read_bytes())
    table["items"][0]["config"]["variant"] = "gan-of-tomorrow"
    path.write_text(json.dumps(table))
    queue = desk.open()
    assert [item.config.name for item in queue.items] == ["b"]
    assert "has a run that cannot be trained" in queue.notice
    assert "gan-of-tomorrow" in (path.parent / "queue.json.bad").read_text()


def test_an_empty_queue_leaves_no_file(desk: Desk):
    desk.add("a")
    path = desk.folder / "config" / "queue.json"
    assert path.exists()
    desk.until_begun("a")
    desk.controller.end()
    turn()
    assert not path.exists()
