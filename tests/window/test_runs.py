"""The real window over the real engine: start, pause, step, change, stop, resume, kill."""

from __future__ import annotations

import os
import signal

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from ganstudio.core.lifecycle import State
from ganstudio.core.runs import RunFolder
from ganstudio.window.dialogs.error import ErrorDialog
from ganstudio.window.form.palette import SwitchRow
from ganstudio.window.form.rows import FieldRow


def test_a_run_goes_from_start_to_its_last_step_by_keyboard(studio, qtbot):
    studio.tiny(steps=60)
    studio.window.setFocus()
    QTest.keyClick(studio.window, Qt.Key.Key_Space)
    assert studio.state is State.STARTING
    studio.until_state(State.FINISHED)
    assert studio.model.step == 60
    assert studio.model.finished.reason == "done"
    folder = studio.model.folder
    assert folder.checkpoint_steps()[-1] == 60
    assert studio.model.sample_steps == folder.sample_steps()
    assert str(folder.path) == studio.window.settings.settings.recent[0]
    studio.until(lambda: studio.window.status.state.text() == "Finished")
    assert "of 60" in studio.window.status.step.text()


def test_pause_step_half_steps_and_going_on(studio):
    studio.start()
    window = studio.window
    QTest.mouseClick(window.top.toggle, Qt.MouseButton.LeftButton)
    studio.until_state(State.PAUSED)
    assert window.top.toggle.text() == "Resume"
    step = studio.model.step
    QTest.keyClick(window, Qt.Key.Key_Period)
    studio.until(lambda: studio.model.last.step == step + 1)
    QTest.keyClick(window, Qt.Key.Key_D, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(window, Qt.Key.Key_G, Qt.KeyboardModifier.ShiftModifier)
    studio.until(lambda: studio.model.last.step == step + 2)
    assert studio.state is State.PAUSED
    studio.do("run.toggle")
    studio.until_state(State.RUNNING)
    studio.until(lambda: studio.model.last.step > step + 5)


def test_a_live_change_reaches_the_engine_and_leaves_a_mark(studio):
    studio.start()
    row = studio.window.train.form.row("batch_size")
    assert isinstance(row, FieldRow) and row.editor.isEnabled()
    row.editor.selectAll()
    QTest.keyClicks(row.editor, "48")
    QTest.keyClick(row.editor, Qt.Key.Key_Return)
    studio.until(lambda: studio.model.config.batch_size == 48)
    assert studio.model.marks[-1].label == "Batch size 32 → 48"
    events = [e for e in studio.model.folder.events() if e["event"] == "changed"]
    assert [(e["key"], e["new"]) for e in events] == [("batch_size", 48)]


def test_undo_of_a_live_change_is_sent_too(studio):
    studio.start()
    studio.window.form_model.edit("batch_size", 40)
    studio.until(lambda: studio.model.config.batch_size == 40)
    studio.do("edit.undo")
    studio.until(lambda: studio.model.config.batch_size == 32)
    assert not studio.window.form_model.can_undo(), "what was set before the start is locked now"


def test_while_training_only_live_settings_can_be_touched(studio):
    studio.start()
    form = studio.window.train.form
    locked = form.row("seed")
    assert isinstance(locked, FieldRow)
    assert not locked.editor.isEnabled()
    assert "Stop the run" in locked.editor.toolTip()
    assert form.row("optimizer.generator.lr").editor.isEnabled()
    assert not form.variant.isEnabled()


def test_a_stabilizer_is_switched_while_the_run_goes_on_and_back_by_undo(studio):
    studio.start()
    row = studio.window.train.form.row("stabilizers.r1")
    assert isinstance(row, SwitchRow) and row.toggle.isEnabled()
    row.toggle.click()
    studio.until(lambda: "r1" in studio.model.config.stabilizers)
    studio.until(lambda: "penalty/r1" in studio.model.last.values)
    assert studio.model.marks[-1].label == "R1 penalty off → on"
    strength = row.fields.row("stabilizers.r1.gamma")
    assert strength.editor.isEnabled() and not row.fields.row("stabilizers.r1.every").editor.isEnabled()
    studio.do("edit.undo")
    studio.until(lambda: "r1" not in studio.model.config.stabilizers)
    studio.until(lambda: "penalty/r1" not in studio.model.last.values)
    assert not row.toggle.isChecked()


def test_a_refused_change_leaves_the_form_with_what_holds(studio):
    studio.start()
    form = studio.window.form_model
    form.draft = form.draft.set("batch_size", 7)  # as if it had been sent and refused
    studio.window.controller.refused.emit("not so")
    assert form.draft.effective("batch_size") == 32
    assert any("not so" in label.text() for label in studio.window.status.findChildren(QLabel))


def test_stop_saves_and_resume_goes_on_from_there(studio):
    studio.start()
    studio.do("run.stop")
    assert studio.state is State.STOPPING
    studio.until_state(State.FINISHED)
    stopped = studio.model.step
    assert studio.model.folder.checkpoint_steps()[-1] == stopped
    assert studio.model.finished.reason == "stopped"
    button = studio.window.train.going_on.button(f"Resume from step\u00a0{stopped:,}")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    studio.until_state(State.RUNNING)
    assert studio.model.started.step == stopped
    studio.until(lambda: studio.model.last is not None and studio.model.last.step > stopped)
    assert studio.model.marks[-1].kind == "resume"


def test_after_a_run_a_fresh_engine_takes_the_place_of_the_old_one(studio):
    studio.until(lambda: studio.window.controller.worker.pid != 0)
    used = studio.window.controller.worker.pid  # before the run: a short one may be over before anybody looks
    studio.start(steps=40)
    studio.until_state(State.FINISHED)
    studio.until(lambda: studio.window.controller.worker.pid not in (0, used))
    studio.start(steps=40)
    studio.until_state(State.FINISHED)
    assert len(list(studio.window.settings.settings.runs.iterdir())) == 2


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals")
def test_a_killed_engine_is_told_and_resumed(studio):
    studio.start(**{"checkpoint.every": 25})
    studio.until(lambda: studio.model.saved_step is not None)
    os.kill(studio.window.controller.worker.pid, signal.SIGKILL)
    studio.until_state(State.FAILED)
    line = studio.window.train.going_on.lines()[0]
    assert line.mark == "error" and "killed" in line.text
    labels = [button.label for button in line.buttons]
    at = studio.model.resume_step()
    assert labels == [f"Resume from step\u00a0{at:,}", "Close run"]
    QTest.mouseClick(studio.window.train.going_on.button(labels[0]), Qt.MouseButton.LeftButton)
    studio.until_state(State.RUNNING)
    assert studio.model.started.step == at


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals")
def test_a_killed_idle_engine_is_replaced_without_a_word(studio):
    studio.until(lambda: bool(studio.model.devices))
    first = studio.window.controller.worker.pid
    os.kill(first, signal.SIGKILL)
    studio.until(lambda: studio.window.controller.worker.pid not in (0, first))
    assert studio.state is State.IDLE


def test_the_slider_and_the_charts_share_one_cursor_over_saved_samples(studio):
    studio.start(steps=80)
    studio.until_state(State.FINISHED)
    train = studio.window.train
    assert studio.model.sample_steps[0] == 0 and studio.model.sample_steps[-1] == 80
    train.charts.step_picked.emit(43)
    assert train.stage.slider.position() == 40
    studio.until(lambda: 40 in train._cache)
    generated, real = train._cache[40]
    assert generated.shape[1] == 2 and real is not None
    train.stage.slider.step_chosen.emit(20)
    studio.until(lambda: 20 in train._cache)


def test_a_config_that_the_engine_refuses_ends_in_the_error_dialog(studio, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    studio.window.train.form.take_folder(empty)
    studio.do("run.toggle")
    studio.until_state(State.FAILED)
    studio.until(lambda: bool(studio.window.findChildren(ErrorDialog)))
    dialog = studio.window.findChildren(ErrorDialog)[0]
    assert "empty" in dialog.whole_text()
    QTest.mouseClick(dialog.ok, Qt.MouseButton.LeftButton)
    assert not RunFolder(studio.model.folder.path).exists()


CODES = {"latent.categorical": 1, "latent.categories": 3, "latent.continuous": 1}


def test_turning_a_code_shows_other_samples_and_putting_it_back_the_same(studio):
    studio.start(**CODES)
    panel = studio.window.train.stage.codes
    assert panel.isVisible() and (len(panel.choices), len(panel.dials)) == (1, 1)
    studio.do("run.toggle")
    studio.until_state(State.PAUSED)
    step = studio.model.step + 1
    studio.do("run.step")  # shows the samples of the step at which it has come to rest
    studio.until(lambda: studio.model.cloud.step == studio.model.last.step == step)
    drawn = studio.model.cloud.generated
    panel.dials[0].slider.setValue(80)
    studio.until(lambda: not np.array_equal(studio.model.cloud.generated, drawn))
    assert "set by hand" in studio.window.train.stage.caption_label.text()
    QTest.mouseClick(panel.reset, Qt.MouseButton.LeftButton)
    studio.until(lambda: np.array_equal(studio.model.cloud.generated, drawn))
    assert studio.model.step == step, "looking trains nothing"
    assert "by hand" not in studio.window.train.stage.caption_label.text()


def test_codes_are_locked_once_the_run_has_ended(studio):
    studio.start(steps=30, **CODES)
    studio.until_state(State.FINISHED)
    panel = studio.window.train.stage.codes
    assert panel.isVisible() and not panel.dials[0].slider.isEnabled() and "under way" in panel.toolTip()


def test_a_run_without_codes_has_no_dials(studio):
    studio.start()
    assert not studio.window.train.stage.codes.isVisible()
