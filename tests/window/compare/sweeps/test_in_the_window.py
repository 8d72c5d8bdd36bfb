"""Queue and sweeps in a whole window: over the quick stand-in for the engine, and once over the real one."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from support.fake_engine import serve

from ganstudio.catalog.sweeping import plan
from ganstudio.core.lifecycle import State
from ganstudio.core.notes import read_notes
from ganstudio.core.run_list import FINISHED, list_runs
from ganstudio.core.runs import RunFolder
from ganstudio.core.sweeps import columns_of, grouped
from ganstudio.reports.sweeps import samples_of
from ganstudio.window.compare.sweeps.dialog import SweepDialog
from ganstudio.window.compare.sweeps.door import WaitingDialog
from ganstudio.window.compare.sweeps.roster import Wish
from ganstudio.window.compare.sweeps.store import ItemState
from ganstudio.window.dialogs.error import ErrorDialog
from ganstudio.window.form.draft import draft_of, examine


def opened(kind: type) -> list:
    return [w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible()]


def states(studio) -> list[str]:
    return [item.state.name for item in studio.window.sweeps.queue.items]


def test_a_sweep_from_the_menu_is_trained_one_run_after_the_other(fake):
    fake.tiny(steps=30)
    fake.do("run.sweep")
    (dialog,) = opened(SweepDialog)
    dialog.rows[0].values.setText("1e-4, 1e-3")
    dialog.seeds.setText("3")
    dialog.name.setText("rates")
    dialog.tags.edit.setText("thursday, slow")
    fake.qtbot.mouseClick(dialog.queue, Qt.MouseButton.LeftButton)
    fake.until(lambda: states(fake) == ["DONE", "DONE"])
    items = fake.window.sweeps.queue.items
    assert [item.config.optimizer.generator.lr for item in items] == [1e-4, 1e-3]
    notes = [read_notes(Path(item.folder)) for item in items]
    assert [(note.sweep, note.tags) for note in notes] == [("rates", ("thursday", "slow"))] * 2
    assert fake.model.folder.path == Path(items[1].folder)  # the last one is on the screen
    assert fake.window.status.notice.text() == "Nothing waits in the queue any more: 2 finished."


def test_the_form_can_be_had_back_after_a_queued_run(fake):
    fake.tiny(steps=20)
    fake.do("run.queue")
    fake.window.sweeps.queue.hold()
    before = fake.window.form_model.draft
    edited = before.set("batch_size", 48)
    fake.window.form_model.push(edited, "Change")
    fake.window.sweeps.queue.go_on()
    fake.until(lambda: states(fake) == ["DONE"])
    fake.until(lambda: not fake.model.active)
    assert fake.window.form_model.draft != edited
    fake.do("edit.undo")
    assert fake.window.form_model.draft == edited


def test_undo_and_redo_of_the_window_are_about_the_queue_while_the_keyboard_is_there(fake):
    queue, config = fake.window.sweeps.queue, fake.tiny(steps=20)
    queue.hold()
    fake.do("workspace.compare")
    space = fake.window.switcher.compare
    space._change_list("Add 1 run", ("/elsewhere",), ())
    fake.window.activateWindow()
    fake.do("run.queue")
    space.below.bring("queue")
    undo, redo = (fake.window.registry.action(f"edit.{name}") for name in ("undo", "redo"))
    assert undo.text() == "Undo: Add 1 run"
    space.below.queue.list.setFocus()
    fake.until(lambda: undo.text() == f"Undo: Queue {config.name}")
    fake.qtbot.keyClick(space.below.queue.list, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    fake.until(lambda: not queue.items)
    fake.until(lambda: redo.text() == f"Redo: Queue {config.name}")
    fake.do("edit.redo")
    assert len(queue.items) == 1 and not redo.isEnabled()
    space.bar.filter.setFocus()
    fake.until(lambda: undo.text() == "Undo: Add 1 run")
    fake.do("edit.undo")
    assert len(queue.items) == 1 and not space.settings.compare_added


def test_stop_holds_the_queue_and_go_on_goes_on(fake):
    config = fake.tiny()
    queue = fake.window.sweeps.queue
    queue.add([Wish(config), Wish(config)])
    fake.until_state(State.RUNNING)
    fake.do("run.stop")
    fake.until(lambda: states(fake) == ["STOPPED", "WAITING"])
    assert queue.held
    assert "so the queue waits" in fake.window.status.notice.text()
    queue.go_on()
    fake.until(lambda: states(fake) == ["STOPPED", "RUNNING"])


def test_failures_of_the_queue_open_no_dialogs(fake):
    queue = fake.window.sweeps.queue
    config = fake.tiny(steps=20, name="broken")
    good = fake.tiny(steps=20)
    queue.add([Wish(config), Wish(good)])
    fake.until(lambda: states(fake) == ["FAILED", "DONE"])
    assert queue.items[0].problem == "The data is broken."
    assert not opened(ErrorDialog)


def test_a_process_that_dies_does_not_stop_the_queue(fake):
    crashing, good = fake.tiny(name="crash"), fake.tiny(steps=20)
    fake.window.sweeps.queue.add([Wish(crashing), Wish(good)])
    fake.until(lambda: states(fake) == ["FAILED", "DONE"])
    assert fake.window.sweeps.queue.items[0].problem.startswith("The training process is gone")


def test_a_window_that_closes_asks_next_time_and_goes_on_with_the_very_run(qtbot, fake):
    config = fake.tiny()
    fake.window.sweeps.queue.add([Wish(config, "s"), Wish(fake.tiny(steps=20, name="second"), "s")])
    fake.until_state(State.RUNNING)
    fake.until(lambda: fake.model.step > 5)
    folder = fake.model.folder.path
    fake.window.controller.shut_down(save=True)
    fake.until(lambda: fake.window._closed)
    step = RunFolder(folder).checkpoint_steps()[-1]

    again = type(fake)(qtbot, serve)
    try:
        (question,) = opened(WaitingDialog)
        assert [item.state for item in again.window.sweeps.queue.items] == [ItemState.WAITING] * 2
        qtbot.mouseClick(question.go_on, Qt.MouseButton.LeftButton)
        again.until_state(State.RUNNING)
        assert again.model.folder.path == folder
        assert again.model.started.step == step
        again.do("run.stop")
        again.until(lambda: states(again) == ["STOPPED", "WAITING"])
    finally:
        again.close()


def test_not_now_leaves_them_in_the_queue(qtbot, fake):
    fake.window.sweeps.queue.hold()
    fake.window.sweeps.queue.add([Wish(fake.tiny(steps=20))])
    fake.window._leave(save=False)
    fake.until(lambda: fake.window._closed)
    again = type(fake)(qtbot, serve)
    try:
        (question,) = opened(WaitingDialog)
        qtbot.mouseClick(question.later, Qt.MouseButton.LeftButton)
        assert states(again) == ["WAITING"]
        assert again.model.state is State.IDLE
    finally:
        again.close()


def test_real_runs_of_a_sweep_end_in_mean_and_spread(studio, own_folders):
    config = studio.tiny(steps=40)
    found = plan(draft_of(config).table, [], (0, 1), "real")
    studio.window.sweeps._on_queued(found)
    studio.until(lambda: len(states(studio)) == 2 and set(states(studio)) == {"DONE"})
    entries = [entry for _, entry in list_runs(own_folders.runs).values()]
    assert [entry.state for entry in entries] == [FINISHED] * 2
    assert {entry.notes.sweep for entry in entries} == {"real"}
    assert {entry.notes.title for entry in entries} == {run.config.name for run in found.runs}
    (group,) = grouped(samples_of(entries), ())
    loss = next(c for c in columns_of(group.samples) if c.name == "loss/generator")
    values = [RunFolder(entry.path).metrics().values["loss/generator"][-1] for entry in entries]
    assert group.spread(loss).count == 2
    assert group.spread(loss).mean == pytest.approx(sum(values) / 2)


def test_a_real_run_whose_numbers_break_down_makes_room_for_the_next(studio):
    wild = studio.tiny(steps=100_000, name="wild")
    draft = draft_of(wild)
    for player in ("generator", "discriminator"):
        draft = draft.with_kind(f"optimizer.{player}", "kind", "sgd").set(f"optimizer.{player}.lr", 10.0)
    good = studio.tiny(steps=20, name="good")
    studio.window.sweeps.queue.add([Wish(examine(draft).config), Wish(good)])
    studio.until(lambda: states(studio) == ["FAILED", "DONE"])
    item = studio.window.sweeps.queue.items[0]
    assert item.problem.endswith(".")
    assert RunFolder(item.folder).checkpoint_steps()  # the person can go on from there
