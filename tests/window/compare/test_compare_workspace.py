"""The table of runs in a real window: what it shows, what it does, and what it takes back."""

from __future__ import annotations

import csv
import sys

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QPushButton
from support.reported import make_run, measurement

from ganstudio.core.notes import read_notes
from ganstudio.core.run_list import DAMAGED, FINISHED, STOPPED, TRAINING
from ganstudio.core.runs import RunFolder
from ganstudio.window.compare.column_menu import ColumnMenu
from ganstudio.window.compare.grouping import Group
from ganstudio.window.compare.note_dialogs import TagsDialog, TextDialog
from ganstudio.window.compare.sweeps.dialog import SweepDialog
from ganstudio.window.dialogs.chooser import Chooser
from ganstudio.window.dialogs.error import ErrorDialog
from ganstudio.window.dialogs.report import ReportDialog
from ganstudio.window.settings import SettingsFile

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere this would be the real trash")


def dialog(comparing, kind):
    comparing.until(lambda: bool(comparing.window.findChildren(kind)))
    return comparing.window.findChildren(kind)[-1]


def key(widget, which, modifiers=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(widget, which, modifiers)


# ---------------------------------------------------------------- what is shown


def test_all_runs_are_listed_the_newest_first_and_damaged_ones_too(comparing):
    assert sorted(comparing.names()) == ["alpha", "beta", "broken", "gamma"]
    states = {e.path.name: e.state for e in comparing.space.model.all_entries}
    assert states == {"alpha": FINISHED, "beta": STOPPED, "gamma": FINISHED, "broken": DAMAGED}
    assert comparing.space.bar.count.text() == "4 runs"
    captions = [c.caption for c in comparing.space.model.columns if c.title.startswith("Frechet")]
    assert captions == ["500 samples · own"]


def test_sorting_by_a_header_and_again_turns_the_order(comparing):
    space = comparing.space
    header, place = space.table.header_, space.model.column_of("title")
    at = QPoint(header.sectionViewportPosition(place) + 20, 20)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert comparing.names() == ["beta", "broken", "gamma", "alpha"]  # by title: alpha is "My best"
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert comparing.names() == ["alpha", "gamma", "broken", "beta"]
    metric = next(c.key for c in space.model.columns if c.key.startswith("metric:"))
    space.sort_by(metric)
    assert comparing.names()[:2] == ["alpha", "beta"]  # lower is better: the best first
    space.sort_by(metric)
    assert comparing.names()[:2] == ["beta", "alpha"]


def test_the_filter_finds_and_says_what_it_does_not_understand(comparing):
    comparing.filter("variant:lsgan")
    assert comparing.names() == ["gamma"]
    assert comparing.space.bar.count.text() == "1 of 4 runs"
    comparing.filter("varient:lsgan")
    assert "did you mean “variant”" in comparing.space.bar.problem.text()
    assert comparing.space.bar.problem.isVisible()
    comparing.filter("nothing at all")
    assert comparing.space.empty.isVisible() and comparing.space.empty.button.text() == "Empty the filter"
    comparing.space.empty.button.click()
    comparing.until(lambda: len(comparing.names()) == 4)
    assert not comparing.space.bar.problem.isVisible()


def test_keys_lead_from_the_filter_into_the_table_and_out_of_it(comparing):
    space = comparing.space
    comparing.do("compare.filter")
    assert QApplication.focusWidget() is space.bar.filter
    QTest.keyClicks(space.bar.filter, "sent")  # letters that are keys elsewhere are letters here
    assert space.bar.filter.text() == "sent"
    key(space.bar.filter, Qt.Key.Key_Escape)
    assert space.bar.filter.text() == ""
    comparing.until(lambda: len(comparing.names()) == 4)
    key(space.bar.filter, Qt.Key.Key_Down)
    assert QApplication.focusWidget() is space.table
    key(space.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    comparing.until(lambda: len(space.table._told) == 4)
    assert "4 selected" in space.bar.count.text()


def test_groups_have_rows_that_open_and_close_and_keep_so(comparing):
    space = comparing.space
    space.bar.set_group("variant")
    space.bar.group.activated.emit(1)
    rows = [row for row in space.model.arrangement.rows if isinstance(row, Group)]
    assert {row.title for row in rows} == {"DCGAN", "LSGAN", "Not known"}
    top = next(i for row, i in space.model.indexes() if isinstance(row, Group) and row.title == "DCGAN")
    assert space.table.isExpanded(top) and space.model.rowCount(top) == 2
    metric = next(p for p, c in enumerate(space.model.columns) if c.key.startswith("metric:"))
    assert top.siblingAtColumn(metric).data() == "40.5 ± 0.71 (2)"
    space.table.setCurrentIndex(top)
    key(space.table, Qt.Key.Key_Return)
    assert not space.table.isExpanded(top)
    comparing.filter("digits")
    comparing.filter("")
    top = next(i for row, i in space.model.indexes() if isinstance(row, Group) and row.title == "DCGAN")
    assert not space.table.isExpanded(top)
    space.table.setCurrentIndex(top)
    assert {e.path.name for e in space.table.selected()} == {"alpha", "beta"}


def test_what_changes_on_the_disk_appears_and_the_selection_stays(comparing, runs):
    comparing.select("beta", "gamma")
    RunFolder(runs / "beta").append_metrics(44, 1408, 99.0, {})
    comparing.space.look()
    comparing.until(lambda: comparing.entry("beta").step == 44)
    make_run(runs, "delta")
    comparing.space.look()
    comparing.until(lambda: len(comparing.space.model.all_entries) == 5)
    assert {e.path.name for e in comparing.space.table.selected()} == {"beta", "gamma"}
    RunFolder(runs / "delta").claim()
    comparing.space.look()
    comparing.until(lambda: comparing.entry("delta").state == TRAINING)


def test_it_looks_by_itself_only_while_it_is_in_front(comparing, runs):
    assert comparing.space._look.isActive()
    comparing.do("workspace.train")
    assert not comparing.space._look.isActive()
    make_run(runs, "delta")
    comparing.do("workspace.compare")
    comparing.until(lambda: len(comparing.space.model.all_entries) == 5)


def test_thumbnails_of_the_rows_in_sight_come(comparing):
    space = comparing.space
    whole = [e.thumbnail for e in space.model.all_entries if e.thumbnail is not None]
    comparing.until(lambda: all(space.thumbnails.get(path) is not None for path in whole))


def test_columns_are_chosen_and_remembered(comparing):
    space = comparing.space
    space.columns.ask(space.bar.columns)
    menu = space.findChild(ColumnMenu)
    switch = {action.data(): action for action in menu.actions()}
    assert not switch["title"].isEnabled()
    for name in ("variant", "sweep"):
        QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(switch[name]).center())
    assert menu.isVisible()
    menu.close()
    shown = [c.key for c in space.table.shown_columns()]
    assert "variant" not in shown and "sweep" in shown
    comparing.window.settings.save()
    again = SettingsFile().settings
    assert (again.compare_hidden, again.compare_shown) == (["variant"], ["sweep"])


def test_every_column_but_the_name_may_be_hidden(comparing, runs):
    space = comparing.space
    space.table.set_hidden([c.key for c in space.model.columns])
    assert [c.key for c in space.table.shown_columns()] == ["title"]
    space.bar.set_group("variant")
    space.bar.group.activated.emit(1)
    comparing.select("beta")
    space.table.grab()
    key(space.table, Qt.Key.Key_Up)
    key(space.table, Qt.Key.Key_Down)
    assert space.model.entry_of(space.table.currentIndex()).path == runs / "beta"
    comparing.do("compare.rename")
    assert space.table.editing()
    key(space.table.findChild(QLineEdit), Qt.Key.Key_Escape)


def test_the_menu_of_columns_to_sort_by(comparing):
    comparing.do("compare.sort")
    menu = dialog(comparing, Chooser)
    menu.search.setText("seed")
    key(menu.search, Qt.Key.Key_Return)
    assert comparing.space.model.wish.sort == "seed"


# ---------------------------------------------------------------- notes


def test_a_run_is_renamed_in_place_and_back(comparing, runs):
    comparing.select("beta")
    comparing.do("compare.rename")
    editor = comparing.space.table.findChild(QLineEdit)
    assert editor.text() == "beta"
    editor.setText("  A better name ")
    key(editor, Qt.Key.Key_Return)
    comparing.until(lambda: comparing.entry("beta").title == "A better name")
    assert (runs / "beta").is_dir()
    assert comparing.window.registry.action("edit.undo").text() == "Undo: Rename beta"
    comparing.do("edit.undo")
    comparing.until(lambda: comparing.entry("beta").title == "beta")
    comparing.do("edit.redo")
    comparing.until(lambda: comparing.entry("beta").title == "A better name")


def test_a_name_being_typed_is_not_torn_away_by_a_look_at_the_disk(comparing, runs):
    comparing.select("beta")
    comparing.do("compare.rename")
    editor = comparing.space.table.findChild(QLineEdit)
    editor.setText("half a na")
    make_run(runs, "delta")
    number = comparing.space.reading.newest("runs")
    comparing.space.look()
    comparing.until(lambda: comparing.space.reading.newest("runs") > number)
    comparing.space.reading._pool.waitForDone()
    QApplication.processEvents()
    assert comparing.space.table.editing() and editor.text() == "half a na"
    key(editor, Qt.Key.Key_Escape)
    comparing.space.look()
    comparing.until(lambda: len(comparing.space.model.all_entries) == 5)


def test_stars_by_key_and_by_click(comparing, runs):
    space = comparing.space
    comparing.select("beta", "gamma")
    comparing.do("compare.star")
    assert read_notes(runs / "beta").starred and read_notes(runs / "gamma").starred
    comparing.until(lambda: comparing.entry("gamma").notes.starred)
    comparing.do("compare.star")
    assert not read_notes(runs / "beta").starred
    comparing.until(lambda: not comparing.entry("gamma").notes.starred)
    index = space.model.index_of(runs / "alpha", space.model.column_of("star"))
    QTest.mouseClick(
        space.table.viewport(), Qt.MouseButton.LeftButton, pos=space.table.visualRect(index).center()
    )
    assert not read_notes(runs / "alpha").starred
    comparing.do("edit.undo")
    assert read_notes(runs / "alpha").starred


def test_tags_of_several_runs_keep_what_only_some_have(comparing, runs):
    comparing.select("alpha", "beta")
    comparing.do("compare.tags")
    asked = dialog(comparing, TagsDialog)
    assert asked.field.edit.text() == ""
    suggestion = next(b for b in asked.findChildren(QPushButton) if b.text() == "good")
    asked.field.edit.setText("to show")
    suggestion.click()
    assert asked.field.edit.text() == "to show, good"
    asked.keep.click()
    assert read_notes(runs / "alpha").tags == ("good", "to show")
    assert read_notes(runs / "beta").tags == ("to show", "good")
    comparing.until(
        lambda: comparing.entry("beta").notes.tags and not comparing.window.findChildren(TagsDialog)
    )
    comparing.do("compare.tags")
    asked = dialog(comparing, TagsDialog)
    assert asked.field.edit.text() in ("good, to show", "to show, good")
    asked.field.edit.setText("to show")
    asked.keep.click()
    assert read_notes(runs / "alpha").tags == read_notes(runs / "beta").tags == ("to show",)
    comparing.do("edit.undo")
    comparing.do("edit.undo")
    assert (read_notes(runs / "alpha").tags, read_notes(runs / "beta").tags) == (("good",), ())


def test_a_note_is_written_and_taken_back(comparing, runs):
    comparing.select("alpha")
    comparing.do("compare.note")
    asked = dialog(comparing, TextDialog)
    assert asked.edit.toPlainText() == "Worth another look."
    asked.edit.setPlainText("Looked again.\nStill good.")
    asked.keep.click()
    assert read_notes(runs / "alpha").text == "Looked again.\nStill good."
    comparing.do("edit.undo")
    assert read_notes(runs / "alpha").text == "Worth another look."


def test_archived_runs_are_out_of_sight_and_can_be_shown(comparing):
    comparing.select("alpha", "beta")
    comparing.do("compare.archive")
    comparing.until(lambda: set(comparing.names()) == {"broken", "gamma"})
    assert "2 archived" in comparing.space.bar.count.text()
    assert comparing.window.registry.action("edit.undo").text() == "Undo: Archive 2 runs"
    comparing.space.bar.archived.setChecked(True)
    assert len(comparing.names()) == 4
    comparing.do("edit.undo")
    comparing.until(lambda: not comparing.entry("alpha").notes.archived)


# ---------------------------------------------------------------- trash


@LINUX
def test_runs_go_to_the_trash_and_come_back(comparing, runs, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    comparing.select("alpha", "broken")
    comparing.do("compare.trash")
    assert sorted(comparing.names()) == ["beta", "gamma"]
    assert not (runs / "alpha").exists()
    assert str(tmp_path / "data" / "Trash") in comparing.said()
    comparing.do("edit.undo")
    comparing.until(lambda: len(comparing.names()) == 4)
    assert (runs / "alpha" / "notes.json").is_file()


@LINUX
def test_a_run_that_is_trained_is_refused(comparing, runs, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    RunFolder(runs / "beta").claim()
    comparing.select("beta")
    comparing.do("compare.trash")
    assert comparing.said() == "beta is being trained: stop it first."
    assert (runs / "beta").exists() and not comparing.space.undo_words()[0]


# ---------------------------------------------------------------- elsewhere


def test_what_cannot_be_done_says_why(comparing):
    assert comparing.why("compare.open") == "Select a run in the table first."
    comparing.select("alpha", "beta")
    assert comparing.why("compare.explore") == comparing.why("compare.rename") == "Select one run only."
    comparing.select("broken")
    assert comparing.why("compare.open") == "This run is damaged: its settings cannot be used."
    assert comparing.why("compare.take-off") == "Only runs from outside the runs folder can be taken off."
    assert comparing.why("edit.undo") == "There is nothing to take back."
    comparing.do("workspace.train")
    assert comparing.why("compare.star") == "This belongs to the Compare workspace (Ctrl+4)."


def test_enter_opens_a_run_in_train_and_tells_what_is_wrong_with_a_damaged_one(comparing, runs):
    comparing.select("broken")
    key(comparing.space.table, Qt.Key.Key_Return)
    told = dialog(comparing, ErrorDialog)
    assert "not valid TOML" in told.problem.what
    told.accept()
    comparing.select("beta")
    key(comparing.space.table, Qt.Key.Key_Return)
    comparing.until(lambda: comparing.window.model.stored is not None)
    assert comparing.window.switcher.front == "train"
    assert comparing.window.model.folder.path == runs / "beta"


def test_a_run_is_explored(comparing):
    comparing.select("alpha")
    comparing.do("compare.explore")
    explorer = comparing.window.switcher.explore.explorer
    comparing.until(lambda: explorer.opened is not None)
    assert comparing.window.switcher.front == "explore" and explorer.opened.model.run.endswith("alpha")
    comparing.until(comparing.window.switcher.explore.desk.idle)


def test_a_duplicate_is_a_form_with_the_same_settings(comparing):
    comparing.select("gamma")
    comparing.do("compare.duplicate")
    config = comparing.window.form_model.examined.config
    assert (config.variant, config.seed, config.name) == ("lsgan", 2, "digits-lsgan")
    assert comparing.window.switcher.front == "train"
    assert comparing.window.form_model.undo_text() == "Duplicate gamma"


def test_one_report_of_several_runs_leaves_damaged_ones_out(comparing):
    comparing.select("alpha", "broken", "gamma")
    comparing.do("compare.report")
    report = dialog(comparing, ReportDialog)
    assert sorted(path.name for path in report.runs) == ["alpha", "gamma"]
    report.reject()


def test_the_table_as_csv(comparing, tmp_path, monkeypatch):
    target = tmp_path / "table"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    comparing.filter("dcgan")
    comparing.do("compare.export")
    rows = list(csv.DictReader((tmp_path / "table.csv").read_text("utf-8").splitlines()))
    assert {row["Run"] for row in rows} == {"beta", "My best"}
    best = next(row for row in rows if row["Run"] == "My best")
    assert best["Frechet distance 500 samples · own"] == "40.0"
    assert best["Frechet distance 500 samples · own: step"] == "40"
    assert (best["Seed"], best["Tags"], best["State"]) == ("0", "good", "Finished")


def drop(widget, *paths) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    event = QDropEvent(
        QPointF(40, 30),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    assert event.type() == QEvent.Type.Drop
    widget.dropEvent(event)


def test_runs_from_elsewhere_are_dropped_in_and_taken_off(comparing, tmp_path):
    folder = make_run(tmp_path / "elsewhere", "epsilon").parent
    RunFolder(folder / "epsilon").append_evaluation(measurement("kd-domain", 0.5, 40))
    drop(comparing.space, folder)
    comparing.until(lambda: "epsilon" in comparing.names())
    assert SettingsFile().settings.compare_added == [str(folder)]
    assert any(c.title.startswith("Kernel") for c in comparing.space.model.columns)
    comparing.select("epsilon")
    comparing.do("compare.take-off")
    comparing.until(lambda: "epsilon" not in comparing.names())
    comparing.space.look()
    comparing.until(lambda: len(comparing.space._known) == 4)
    assert (folder / "epsilon").is_dir() and SettingsFile().settings.compare_added == []
    comparing.do("edit.undo")
    comparing.until(lambda: "epsilon" in comparing.names())
    comparing.do("edit.redo")
    comparing.until(lambda: "epsilon" not in comparing.names())
    drop(comparing.space, tmp_path / "config")
    assert "neither a run nor a folder of runs" in dialog(comparing, ErrorDialog).problem.what


def test_without_runs_it_says_what_will_be_here_and_leads_to_train(bare):
    assert bare.space.empty.isVisible()
    assert bare.space.empty.button.text() == "Train a run"
    bare.space.empty.button.click()
    assert bare.window.switcher.front == "train"


# ---------------------------------------------------------------- below the table


def test_the_selected_runs_stand_beside_each_other_below(comparing):
    below = comparing.space.below
    comparing.select("alpha", "gamma")
    assert [e.path.name for e in below.pane._entries] == [
        n for n in comparing.names() if n in ("alpha", "gamma")
    ]
    comparing.until(lambda: not below.pane.is_busy())
    below.pane.set_view("settings")
    comparing.select("beta")
    assert [e.path.name for e in below.pane._entries] == ["beta"]
    comparing.until(lambda: not below.pane.is_busy())


def test_mean_and_spread_is_of_all_shown_runs_where_none_is_selected(comparing):
    below = comparing.space.below
    comparing.do("compare.view-sweep")
    assert below.currentIndex() == 1
    assert {e.path.name for e in below.sweep._entries} == {"alpha", "beta", "gamma"}  # not the damaged one
    comparing.select("alpha", "beta")
    assert {e.path.name for e in below.sweep._entries} == {"alpha", "beta"}
    comparing.do("compare.view-queue")
    assert below.queue.isVisible() and below.tabText(2) == "Queue"
    comparing.do("compare.view-runs")
    comparing.until(lambda: not below.pane.is_busy())


def test_a_sweep_is_planned_from_a_run(comparing):
    comparing.select("gamma")
    comparing.do("compare.sweep")
    planned = dialog(comparing, SweepDialog)
    assert planned.isVisible()
    planned.reject()


def test_actions_say_what_they_would_do(comparing):
    action = comparing.window.registry.action
    comparing.select("alpha")
    assert action("compare.star").text() == "Take the star away"
    comparing.select("alpha", "beta")
    assert (action("compare.star").text(), action("compare.archive").text()) == ("Star", "Archive")


def test_the_workspace_is_as_it_was_when_the_window_opens_again(comparing, qtbot):
    space = comparing.space
    space.sort_by("title")
    space.bar.set_group("data")
    space.bar.group.activated.emit(2)
    space.bar.archived.setChecked(True)
    comparing.close()
    again = type(comparing)(qtbot)
    wish = again.space.model.wish
    assert (wish.sort, wish.descending, wish.group, wish.archived) == ("title", False, "data", True)
    assert again.space.bar.group.currentData() == "data" and again.space.bar.archived.isChecked()
    again.close()
