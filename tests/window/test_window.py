"""The window itself, over a stand-in engine that is a real process: closing, palette, drops, layout, settings."""

from __future__ import annotations

import os
import signal

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLineEdit
from support.fake_engine import FINDING, serve

from ganstudio.core.lifecycle import State
from ganstudio.core.messages import Healed
from ganstudio.core.runs import RunFolder
from ganstudio.window.actions import WORKSPACES
from ganstudio.window.dialogs.chooser import ENTRY, Chooser, Entry
from ganstudio.window.dialogs.closing import ClosingDialog
from ganstudio.window.dialogs.error import ErrorDialog
from ganstudio.window.dialogs.pages import PageDialog
from ganstudio.window.dialogs.preferences import PreferencesDialog
from ganstudio.window.main_window import MainWindow
from ganstudio.window.registry import specs
from ganstudio.window.settings import SettingsFile
from ganstudio.window.theme import theme


def drop(window: MainWindow, path) -> None:
    """Drop a path into the middle of the window."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDropEvent(
        QPointF(400, 300),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    window.dropEvent(event)


def chooser(fake) -> Chooser:
    fake.until(lambda: bool(fake.window.findChildren(Chooser)))
    return fake.window.findChildren(Chooser)[-1]


def dialog(fake, kind):
    fake.until(lambda: bool(fake.window.findChildren(kind)))
    return fake.window.findChildren(kind)[-1]


# ---------------------------------------------------------------- closing


def test_closing_an_idle_window_leaves_nothing(fake):
    fake.window.close()
    fake.until(lambda: fake.window._closed)
    assert not fake.window.controller.worker.isRunning()


def test_closing_while_training_can_be_cancelled(fake):
    fake.start()
    fake.window.close()
    asked = dialog(fake, ClosingDialog)
    QTest.mouseClick(asked.cancel, Qt.MouseButton.LeftButton)
    fake.until(lambda: not fake.window.findChildren(ClosingDialog))
    assert fake.window.isVisible() and fake.state is State.RUNNING
    fake.window.close()
    QTest.keyClick(dialog(fake, ClosingDialog), Qt.Key.Key_Escape)
    fake.until(lambda: not fake.window.findChildren(ClosingDialog))
    assert fake.window.isVisible() and fake.state is State.RUNNING


def test_save_and_quit_writes_a_checkpoint_first(fake):
    fake.start()
    folder = fake.model.folder
    fake.window.close()
    QTest.mouseClick(dialog(fake, ClosingDialog).save, Qt.MouseButton.LeftButton)
    fake.until(lambda: fake.window._closed)
    assert folder.checkpoint_steps()[-1] == fake.model.step


def test_quit_at_once_writes_none(fake):
    fake.start()
    folder = fake.model.folder
    fake.window.close()
    QTest.mouseClick(dialog(fake, ClosingDialog).quit, Qt.MouseButton.LeftButton)
    fake.until(lambda: fake.window._closed)
    assert folder.checkpoint_steps() == []


def test_an_engine_that_hangs_does_not_hold_the_window(fake, monkeypatch):
    monkeypatch.setattr("ganstudio.window.worker.PATIENCE", 0.5)
    fake.tiny(name="hang")
    fake.do("run.toggle")
    fake.until_state(State.STARTING)
    fake.window.close()
    asked = dialog(fake, ClosingDialog)
    QTest.mouseClick(asked.save, Qt.MouseButton.LeftButton)
    assert asked.isVisible() and asked.quit.text() == "Quit without saving"
    QTest.mouseClick(asked.quit, Qt.MouseButton.LeftButton)
    fake.until(lambda: fake.window._closed)


# ---------------------------------------------------------------- trouble


def test_an_engine_that_dies_while_training_is_told_once_and_can_be_closed(fake):
    fake.tiny(name="crash")
    fake.do("run.toggle")
    fake.until_state(State.FAILED)
    line = fake.window.train.going_on.lines()[0]
    assert "ended with code 9" in line.text and "No checkpoint had been saved yet" in line.text
    QTest.mouseClick(fake.window.train.going_on.button("Close run"), Qt.MouseButton.LeftButton)
    assert fake.state is State.IDLE and fake.model.folder is None
    fake.start(name="after the crash", steps=30)
    fake.until_state(State.FINISHED)


def test_a_run_that_fails_says_what_to_do(fake):
    fake.tiny(name="broken")
    fake.do("run.toggle")
    fake.until_state(State.FAILED)
    shown = dialog(fake, ErrorDialog)
    assert shown.what.text() == "The data is broken." and shown.remedy.text() == "Choose other data."
    assert shown.detail.isHidden()
    QTest.mouseClick(shown.fold, Qt.MouseButton.LeftButton)
    assert shown.detail.isVisible() and shown.detail.toPlainText() == "a long trace"
    QTest.mouseClick(shown.copy, Qt.MouseButton.LeftButton)
    from PySide6.QtGui import QGuiApplication

    assert "a long trace" in QGuiApplication.clipboard().text()
    QTest.mouseClick(shown.ok, Qt.MouseButton.LeftButton)
    assert fake.window.registry.action("run.toggle").isEnabled()


def test_a_finding_offers_its_advice_and_the_chart(fake):
    fake.tiny(name="finding")
    fake.do("run.toggle")
    card = fake.window.train.going_on
    fake.until(lambda: card.button("Use a smaller batch") is not None)
    assert "The discriminator is too strong." in card.lines()[1].text
    QTest.mouseClick(card.button("Show in chart"), Qt.MouseButton.LeftButton)
    QTest.mouseClick(card.button("Use a smaller batch"), Qt.MouseButton.LeftButton)
    fake.until(lambda: fake.model.config.batch_size == 8)
    assert fake.window.form_model.examined.config.batch_size == 8, "the form follows"
    assert card.button("Use a smaller batch") is None, "the finding is dealt with"
    fake.do("edit.undo")
    fake.until(lambda: fake.model.config.batch_size != 8)
    assert card.button("Put back") is None, "there is nothing left to put back"


def test_a_followed_advice_is_put_back_by_its_button_until_something_else_is_changed(fake):
    fake.tiny(name="finding")
    fake.do("run.toggle")
    card, form = fake.window.train.going_on, fake.window.form_model
    fake.until(lambda: card.button("Use a smaller batch") is not None)
    before = fake.model.config.batch_size
    for _ in range(2):
        fake.model.take_finding(FINDING)
        QTest.mouseClick(card.button("Use a smaller batch"), Qt.MouseButton.LeftButton)
        fake.until(lambda: fake.model.config.batch_size == 8)
        QTest.mouseClick(card.button("Put back"), Qt.MouseButton.LeftButton)
        fake.until(lambda: fake.model.config.batch_size == before)
        assert form.examined.config.batch_size == before and card.button("Put back") is None
    fake.model.take_finding(FINDING)
    QTest.mouseClick(card.button("Use a smaller batch"), Qt.MouseButton.LeftButton)
    form.edit("optimizer.generator.lr", 3e-4)
    assert card.button("Put back") is None, "it would take back the other change"


def test_what_a_finding_is_about_is_marked_in_its_charts_while_it_holds(fake):
    fake.tiny(name="finding")
    fake.do("run.toggle")
    card, charts = fake.window.train.going_on, fake.window.train.charts
    fake.until(lambda: card.button("Use a smaller batch") is not None)
    (mark,) = [mark for mark in charts.marks() if mark.kind == "finding"]
    assert mark.step == 3 and mark.series == ("loss/discriminator",)
    fake.until(lambda: fake.model.last is not None)
    charts.refresh(force=True)
    shown = {panel.spec.key: [u.kind for u in panel.plot.furniture.uprights] for panel in charts.panels}
    assert shown["losses"] == ["finding"] and "finding" not in shown["speed"]
    fake.window.controller.worker.report.emit(Healed("strong", 9))
    assert card.button("Use a smaller batch") is None
    assert not [mark for mark in charts.marks() if mark.kind == "finding"]


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals")
def test_many_kills_in_a_row(fake):
    for _ in range(5):
        fake.start()
        os.kill(fake.window.controller.worker.pid, signal.SIGKILL)
        fake.until_state(State.FAILED)
        fake.do("run.close")


# ---------------------------------------------------------------- settings and layout


def test_damaged_settings_are_set_aside_and_told(qtbot, own_folders):
    own_folders.config.mkdir()
    path = own_folders.config / "window.toml"
    path.write_bytes(b'theme = "dark\x00\nrecent = [')
    window = MainWindow(SettingsFile(), serve)
    window.show()
    window.begin()
    shown = window.findChildren(ErrorDialog)[0]
    assert "put back" in shown.whole_text()
    assert path.with_suffix(".toml.bad").exists()
    shown.accept()
    window._leave(save=False)
    qtbot.waitUntil(lambda: window._closed)
    assert SettingsFile().settings.theme == "system" and not SettingsFile().notice
    window.deleteLater()


def test_the_layout_is_remembered_and_put_back(fake, qtbot):
    window = fake.window
    fake.do("view.charts")
    assert window.charts_dock.isHidden() and not window.registry.action("view.charts").isChecked()
    window.setup_dock.setFloating(True)
    window._remember()
    again = MainWindow(SettingsFile(), serve)
    again.show()
    assert again.charts_dock.isHidden() and again.setup_dock.isFloating()
    again.registry.action("view.reset-layout").trigger()
    assert again.charts_dock.isVisible() and not again.setup_dock.isFloating()
    again._leave(save=False)
    qtbot.waitUntil(lambda: again._closed)
    again.deleteLater()


def test_the_theme_changes_everywhere_and_is_kept(fake):
    fake.do("theme.light")
    assert theme().name == "light" and SettingsFile().settings.theme == "light"
    image = fake.window.grab().toImage()
    assert image.pixelColor(image.width() // 2, 8).lightness() > 200
    fake.do("theme.dark")
    image = fake.window.grab().toImage()
    assert image.pixelColor(image.width() // 2, 8).lightness() < 80


def test_preferences_change_the_folder_of_runs(fake, tmp_path):
    fake.do("app.preferences")
    shown = dialog(fake, PreferencesDialog)
    shown.runs.setText(str(tmp_path / "elsewhere"))
    QTest.mouseClick(shown.ok, Qt.MouseButton.LeftButton)
    fake.start(steps=20)
    assert fake.model.folder.path.parent == tmp_path / "elsewhere"
    fake.until_state(State.FINISHED)


def test_preferences_refuse_a_folder_that_cannot_be(fake, tmp_path):
    (tmp_path / "file").write_text("")
    fake.do("app.preferences")
    shown = dialog(fake, PreferencesDialog)
    shown.runs.setText(str(tmp_path / "file" / "below"))
    QTest.mouseClick(shown.ok, Qt.MouseButton.LeftButton)
    assert shown.isVisible() and shown.problem.isVisible()
    shown.reject()


# ---------------------------------------------------------------- opening


def test_a_finished_run_opens_by_drop_with_its_series_and_settings(fake):
    fake.start(steps=40, seed=7)
    fake.until_state(State.FINISHED)
    path = fake.model.folder.path
    folder = RunFolder(path)
    for step in (10, 20, 30):
        folder.append_metrics(step, step * 32, step / 10, {"loss/generator": 0.5})
    folder.append_event("changed", 20, key="batch_size", old=32, new=16)
    fake.do("run.close")
    fake.window.form_model.edit("seed", 1)
    drop(fake.window, path)
    fake.until(lambda: fake.model.stored is not None)
    assert fake.model.series.names() == ("loss/generator",)
    assert fake.model.marks[0].label == "Batch size 32 → 16"
    assert fake.window.form_model.examined.config.seed == 7
    assert "stands at" in fake.window.train.going_on.lines()[0].text or (
        "complete" in fake.window.train.going_on.lines()[0].text
    )
    assert path.name in fake.window.windowTitle()


def test_a_config_opens_by_drop(fake, tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('variant = "gan"\nsteps = 77\n[data]\nsource = "moons"\n')
    drop(fake.window, path)
    config = fake.window.form_model.examined.config
    assert (config.steps, config.data.kind) == (77, "moons")
    fake.do("edit.undo")
    assert fake.window.form_model.examined.config.data.kind == "digits"


def test_a_folder_of_pictures_becomes_the_data(fake, tmp_path):
    Image.fromarray(np.zeros((8, 8, 3), np.uint8)).save(tmp_path / "one.png")
    drop(fake.window, tmp_path)
    assert fake.window.form_model.examined.config.data.path == str(tmp_path)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bad.toml", "variant = 'dcgan'\nsteps = 'many'\n[data]\nsource='digits'"),
        ("torn.toml", "variant = "),
        ("notes.txt", "hello"),
        ("empty.toml", ""),
    ],
)
def test_what_cannot_be_opened_is_said_and_changes_nothing(fake, tmp_path, name, content):
    before = fake.window.form_model.draft
    (tmp_path / name).write_text(content)
    drop(fake.window, tmp_path / name)
    shown = dialog(fake, ErrorDialog)
    assert name in shown.whole_text() and "Traceback" not in shown.whole_text()
    assert fake.window.form_model.draft == before
    shown.accept()


def test_a_run_with_a_broken_config_is_refused_in_words(fake, tmp_path):
    (tmp_path / "run.toml").write_text("variant = 5")
    drop(fake.window, tmp_path)
    assert "run.toml" in dialog(fake, ErrorDialog).whole_text()
    dialog(fake, ErrorDialog).accept()


# ---------------------------------------------------------------- palette, keys, help


def test_the_palette_finds_an_action_by_a_few_letters(fake):
    QTest.keyClick(fake.window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    palette = chooser(fake)
    QTest.keyClicks(palette.search, "light")
    QTest.keyClick(palette.search, Qt.Key.Key_Return)
    fake.until(lambda: theme().name == "light")


def test_the_palette_lists_presets_and_explains_what_cannot_be_done(fake):
    fake.do("app.palette")
    palette = chooser(fake)
    entries = [palette.list.item(row).data(ENTRY) for row in range(palette.list.count())]
    stop = next(e for e in entries if isinstance(e, Entry) and e.id == "run.stop")
    assert not stop.enabled and stop.why == "No run is under way." and stop.hint == "Ctrl+."
    QTest.keyClicks(palette.search, "ring2d")
    QTest.keyClick(palette.search, Qt.Key.Key_Return)
    fake.until(lambda: fake.window.form_model.draft.source == "ring")


def test_every_action_has_a_menu_and_a_tip_and_no_key_is_taken_twice(fake):
    keys = [spec.shortcut for spec in specs() if spec.shortcut]
    assert len(keys) == len(set(keys))
    in_menus = set()
    for menu in fake.window.top.menu.actions():
        stack = [menu]
        while stack:
            action = stack.pop()
            in_menus.add(action.objectName())
            stack += action.menu().actions() if action.menu() else []
    assert {spec.id for spec in specs()} <= in_menus
    for spec in specs():
        method = spec.id.replace(".", "_").replace("-", "_")
        known = spec.id.startswith(("theme.", "workspace.", "explore.", "compare.")) or hasattr(
            fake.window.performer, method
        )
        assert known and spec.tip.endswith("."), spec.id
    assert [space.name for space in WORKSPACES] == ["train", "explore", "compare"]


def test_space_types_in_a_text_field_and_presses_a_focused_button(fake):
    row = fake.window.train.form.row("name")
    assert isinstance(row.editor, QLineEdit)
    row.editor.setFocus()
    row.editor.clear()
    QTest.keyClicks(row.editor, "a b.c")
    assert row.editor.text() == "a b.c" and fake.state is State.IDLE
    switch = fake.window.train.form.row("stabilizers.label-smoothing").toggle
    switch.setFocus()
    QTest.keyClick(switch, Qt.Key.Key_Space)
    assert switch.isChecked() and fake.state is State.IDLE


def test_the_page_of_keys_and_about(fake):
    fake.do("help.keys")
    page = dialog(fake, PageDialog)
    assert "Ctrl+K" in page.text.toPlainText() and "Start" in page.text.toPlainText()
    page.accept()
    fake.until(lambda: not fake.window.findChildren(PageDialog))
    fake.do("help.about")
    assert "MIT" in dialog(fake, PageDialog).text.toPlainText()
    dialog(fake, PageDialog).accept()


def test_the_config_is_saved_as_toml(fake, tmp_path, monkeypatch):
    target = tmp_path / "saved"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", staticmethod(lambda *_: (str(target), "")))
    fake.window.form_model.edit("steps", 123)
    fake.do("file.save-config")
    fake.window.form_model.edit("steps", 5)
    fake.window.opener.open_path(target.with_suffix(".toml"))
    assert fake.window.form_model.examined.config.steps == 123


def test_recent_runs_are_offered(fake):
    fake.start(steps=20)
    fake.until_state(State.FINISHED)
    fake.do("run.close")
    menu = fake.window.registry.recent_menu
    menu.aboutToShow.emit()
    menu.actions()[0].trigger()
    fake.until(lambda: fake.model.stored is not None)


def test_f1_explains_what_is_under_the_pointer(fake, monkeypatch):
    shown = []
    monkeypatch.setattr("ganstudio.window.performer.QToolTip.showText", lambda *a: shown.append(a[1]))
    monkeypatch.setattr("ganstudio.window.performer.QApplication.widgetAt", lambda _p: fake.window.top.stop)
    fake.do("help.what")
    assert "End the run" in shown[0]


@pytest.mark.parametrize("size", [(960, 600), (1280, 720), (2560, 1440)])
def test_nothing_important_is_cut_at_any_size(fake, size):
    window = fake.window
    window.resize(*size)
    fake.qtbot.waitUntil(lambda: window.width() == size[0])
    form = window.train.form
    assert form.widget().minimumSizeHint().width() <= form.viewport().width()
    for button in (window.top.toggle, window.top.step, window.top.stop, window.top.preset):
        assert button.width() >= button.minimumSizeHint().width()
        corner = button.mapTo(window, QPoint(button.width(), 0)).x()
        assert corner <= window.width()


def test_panels_come_back_as_wide_as_they_were(fake):
    window = fake.window
    docks = (window.setup_dock, window.charts_dock)
    before = [dock.width() for dock in docks]
    for space in WORKSPACES[1:]:
        fake.do(f"workspace.{space.name}")
        fake.until(lambda: not any(dock.isVisible() for dock in docks))
        fake.do("workspace.train")
        fake.until(lambda: all(dock.isVisible() for dock in docks))
        assert [dock.width() for dock in docks] == before, space.name
