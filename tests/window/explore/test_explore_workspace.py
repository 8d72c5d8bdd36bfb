"""The Explore workspace over a quick stand-in for its child: everything a person does leads to a picture."""

from __future__ import annotations

import os
import signal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from ganstudio.core.explore import library
from ganstudio.core.explore.messages import Moved
from ganstudio.core.explore.recipe import Blend, Model, Numbers, Recipe, Seed
from ganstudio.core.runs import RunFolder
from ganstudio.window.dialogs.error import ErrorDialog
from ganstudio.window.explore.film_dialog import FilmDialog
from ganstudio.window.widgets.basic import ElidedLabel
from ganstudio.window.widgets.saving import SaveDialog


def test_without_a_run_it_says_what_will_be_here(exploring):
    assert exploring.space.empty.isVisible()
    assert "Open a run" in exploring.space.empty.button.text()
    assert not exploring.window.registry.action("explore.next").isEnabled()


def test_an_opened_model_shows_its_picture_and_what_stands_around_it(opened):
    space = opened.space
    assert opened.shown() == 0
    assert space.stage.one.score.text() == "0.63 real"
    assert [t.image is not None for t in space.stage.one.nearest.thumbs()] == [True] * 4
    assert [t.caption for t in space.stage.one.through.thumbs()] == ["100", "200", "300"]
    assert space.stage.one.through.current() == 2
    assert "step 300" in space.column.model.card.caption.text()
    assert all(thumb.image is not None for thumb in space.side.psi.strip.thumbs())
    assert len(space.side.matrix.grid._images) == 24


def test_seeds_are_stepped_drawn_typed_and_locked(opened):
    opened.do("explore.next")
    assert opened.state.recipe == Recipe(Seed(1))
    opened.do("explore.previous")
    opened.do("explore.previous")
    assert opened.state.recipe == Recipe(Seed(0))
    field = opened.space.column.where.seed
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "42")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert opened.state.recipe == Recipe(Seed(42))
    opened.rest()
    assert opened.shown() == 42
    opened.do("explore.lock")
    opened.do("explore.next")
    assert opened.state.recipe == Recipe(Seed(42)) and "locked" in opened.window.status._notice


def test_a_thousand_moves_leave_no_queue_and_end_on_the_last(opened):
    dial = opened.space.column.where.psi
    for step in range(1000):
        dial.slider.setValue(step % 200)
        if step % 50 == 0:
            QApplication.processEvents()
    dial.slider.setValue(100)
    opened.rest()
    assert opened.state.recipe.psi == dial.value() == 0.25
    assert opened.space.stage.one.picture.image().pixelColor(0, 0).red() == 25
    assert opened.space.desk.skipped > 900


def test_undo_goes_back_and_another_way_branches_off(opened):
    opened.do("explore.next")
    opened.rest()
    opened.do("explore.next")
    opened.rest()
    assert opened.window.registry.action("edit.undo").text() == "Undo: Seed 2"
    opened.do("edit.undo")
    assert opened.state.recipe == Recipe(Seed(1))
    opened.space.column.where.psi.slider.setValue(0)
    opened.rest()
    thumbs = opened.space.history.strip.thumbs()
    assert len(thumbs) == 4 and [t.faded for t in thumbs] == [False, False, True, False]
    assert thumbs[3].branch and all(t.image is not None for t in thumbs)
    opened.space.history.strip.picked.emit(2)
    assert opened.state.recipe == Recipe(Seed(2))
    opened.do("edit.undo")
    opened.do("edit.redo")
    assert opened.state.recipe == Recipe(Seed(2))


def test_undo_of_the_form_is_left_alone_by_exploring(opened):
    draft = opened.window.form_model.draft
    opened.do("explore.next")
    opened.do("edit.undo")
    assert opened.window.form_model.draft == draft
    opened.do("workspace.train")
    assert not opened.window.registry.action("edit.undo").isEnabled()


def test_a_drag_on_the_picture_travels_as_one_step(opened):
    picture = opened.space.stage.one.picture
    middle = picture.rect().center()
    QTest.mousePress(picture, Qt.MouseButton.LeftButton, pos=middle)
    for by in (10, 20, 30):
        QTest.mouseMove(picture, middle + type(middle)(by, 0))
    QTest.mouseRelease(picture, Qt.MouseButton.LeftButton, pos=middle)
    place = opened.state.recipe.place
    assert isinstance(place, Blend) and place.a.share > 0
    assert len(opened.state.history.entries()) == 2
    QTest.keyClick(picture, Qt.Key.Key_Right)
    assert opened.state.recipe.place.a.share > place.a.share


def test_what_the_model_cannot_do_is_grey_and_says_why(exploring):
    exploring.open("plain")
    column = exploring.space.column
    assert column.noise.note.text() == "No noise inputs." and not column.noise.seed.isVisible()
    assert column.classes.note.isVisible() and not column.codes.isVisible()
    assert not column.where.cutoff.isVisible()
    assert "hidden activations" in column.mix.note.text()
    exploring.open("styled")
    assert column.noise.seed.isVisible() and column.codes.isVisible() and column.where.cutoff.isVisible()


def test_classes_codes_mixtures_and_noise_go_into_the_recipe(opened):
    column = opened.space.column
    column.classes.first.setCurrentIndex(2)
    column.classes.first.activated.emit(2)
    assert opened.state.recipe.labels == ((1, 1.0),)
    assert not column.classes.shares
    column.classes.add.setCurrentIndex(1)
    column.classes.add.activated.emit(1)
    column.classes.shares[1].slider.setValue(50)
    assert opened.state.recipe.labels == ((1, 0.75), (0, 0.25))
    column.classes.add.setCurrentIndex(1)
    column.classes.add.activated.emit(1)
    assert not column.classes.add.isEnabled()
    assert [dial.label.text() for dial in column.classes.shares] == ["dog", "cat", "owl"]
    assert [dial.value() for dial in column.classes.shares] == pytest.approx([0.5, 1 / 6, 1 / 3])
    column.classes.removers[0].click()
    assert dict(opened.state.recipe.labels) == pytest.approx({0: 1 / 3, 2: 2 / 3})
    column.classes.removers[0].click()
    assert opened.state.recipe.labels == ((2, 1.0),) and not column.classes.shares
    column.codes.dials[0].slider.setValue(50)
    assert opened.state.recipe.codes == (None, 0.5, None)
    column.mix.groups["middle"].slider.setValue(200)
    mixed = opened.state.recipe.mixes
    assert [(mix.first, mix.last, mix.strength) for mix in mixed] == [(1, 1, 1.0)]
    column.noise.mode.set_value("none")
    column.noise.mode.chosen.emit("none")
    assert opened.state.recipe.noise.mode == "none"
    opened.do("explore.plain")
    assert opened.state.recipe == Recipe(Seed(0))
    assert column.mix.groups["middle"].value() == 0 and column.codes.dials[0].value() is None


@pytest.mark.parametrize("suffix", library.SUFFIXES)
def test_directions_are_found_moved_renamed_and_kept(opened, tmp_path, monkeypatch, suffix):
    section = opened.space.column.directions
    section.finders["sefa"].click()
    opened.rest()
    assert [row.pin.direction.name for row in section.sliders] == [f"sefa {i}" for i in range(1, 6)]
    section.sliders[0].dial.slider.setValue(200)
    opened.rest()
    assert opened.state.recipe.moves[0].amount == 6.0
    assert opened.space.side.direction.isVisible()
    old = section.sliders[0].pin.direction
    new = opened.state.rename(old, "smile")
    assert section.sliders[0].dial.label.text() == "smile" and opened.state.recipe.moves[0].direction == new
    path = tmp_path / f"smile{suffix}"
    monkeypatch.setattr(SaveDialog, "ask", lambda *_: path)
    section.save(new)
    opened.state.unpin(new)
    assert opened.state.recipe.moves == ()
    section.take_file(path)
    assert section.sliders[-1].pin.direction == new
    opened.state.unpin(new)
    opened.window.opener.open_path(path)
    opened.until(lambda: section.sliders and section.sliders[-1].pin.direction == new)


def test_a_latent_in_numbers_is_dropped_and_shown(opened, tmp_path):
    latent = Numbers("z", ((0.5, 1.0, -1.0, 0.0),))
    library.write(tmp_path / "kept.safetensors", latent)
    opened.window.opener.open_path(tmp_path / "kept.safetensors")
    opened.until(lambda: opened.state.recipe == Recipe(latent))
    said = []
    opened.space.column.directions.failed.connect(lambda problem, _: said.append(problem))
    opened.space.column.directions.take_file(tmp_path / "kept.safetensors")
    assert said == ["kept.safetensors holds a latent."]
    opened.until(lambda: any(isinstance(w, ErrorDialog) for w in QApplication.topLevelWidgets()))
    next(w for w in QApplication.topLevelWidgets() if isinstance(w, ErrorDialog)).close()


def test_the_name_that_is_offered_follows_the_format_that_is_picked(monkeypatch, tmp_path):
    answers = {
        "kept.json": ("Safetensors (*.safetensors)", "kept.safetensors"),
        "kept": ("Safetensors (*.safetensors)", "kept.safetensors"),
        "kept.safetensors": ("JSON (*.json)", "kept.safetensors"),
        "": ("JSON (*.json)", None),
    }
    for name, (picked, wanted) in answers.items():
        answer = (str(tmp_path / name) if name else "", picked)
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, answer=answer: answer)
        found = SaveDialog.ask(None, "Save", "kept", *library.SUFFIXES)
        assert found == (tmp_path / wanted if wanted else None)


def test_a_run_that_cannot_be_opened_changes_nothing(opened):
    before = opened.state.opened
    opened.space.open_model(Model("/nowhere/gone"))
    opened.until(lambda: any(isinstance(w, ErrorDialog) for w in QApplication.topLevelWidgets()))
    dialog = next(w for w in QApplication.topLevelWidgets() if isinstance(w, ErrorDialog))
    dialog.close()
    assert opened.state.opened == before


def test_a_killed_child_is_replaced_and_goes_on_where_it_was(opened):
    first = opened.space.desk.worker.pid
    os.kill(first, signal.SIGKILL)
    opened.until(lambda: opened.space.desk.worker.pid == 0)
    opened.do("explore.next")
    opened.rest()
    assert opened.shown() == 1 and opened.space.desk.worker.pid not in (0, first)


def test_a_request_in_flight_is_asked_again_after_a_crash(exploring):
    exploring.open("crash")
    exploring.state.change(Recipe(Seed(666)), "Seed 666")
    exploring.rest()
    assert exploring.shown() == 666 % 200


def test_a_request_that_always_crashes_is_given_up(exploring):
    exploring.open("crash")
    (exploring.folder / "crash" / "always").touch()
    exploring.state.change(Recipe(Seed(666)), "Seed 666")
    exploring.rest()
    assert "ended twice" in exploring.space.stage.caption_label.text()
    exploring.do("explore.next")
    exploring.rest()
    assert exploring.shown() == 667 % 200


@pytest.mark.parametrize("size", [(1280, 720), (1440, 900)])
def test_no_label_of_the_column_is_cut(opened, size):
    opened.window.resize(*size)
    opened.rest()
    labels = opened.space.column.findChildren(ElidedLabel)
    assert "Checkpoint" in [label.text() for label in labels]
    cut = [label.text() for label in labels if label.isVisible() and label.shown_text() != label.text()]
    assert cut == []


@pytest.mark.parametrize("width", [1100, 1280])
def test_no_control_of_the_stage_or_the_timeline_is_cut(opened, width):
    opened.do("explore.add-key")
    opened.do("explore.next")
    opened.do("explore.add-key")
    opened.window.resize(width, 700)
    opened.rest()
    timeline = opened.space.timeline
    parts = [timeline.add, timeline.way, timeline.split, timeline.export, opened.space.stage.views]
    matrix = opened.space.side.matrix
    parts += [matrix.layers, matrix.save, matrix.rows, matrix.columns]
    for view, names in (
        ("compare", "way run step"),
        ("invert", "choose space restarts go take"),
        ("map", "again"),
    ):
        opened.do(f"explore.view-{view}")
        opened.rest()
        if view == "invert":
            opened.space.stage.current().set_picture(QImage(8, 8, QImage.Format.Format_RGB888))
        opened.until(lambda: opened.space.stage.current().isVisible())
        QApplication.processEvents()
        for part in (*parts, *(getattr(opened.space.stage.current(), name) for name in names.split())):
            assert part.width() >= part.minimumSizeHint().width(), part.accessibleName()
            assert part.visibleRegion().boundingRect() == part.rect(), part.accessibleName()


def test_while_a_run_is_opened_it_says_so(exploring):
    (exploring.folder / "styled").mkdir()
    exploring.space.open_model(Model(str(exploring.folder / "styled")))
    assert (
        "Opening" in exploring.space.empty.accessibleName() and not exploring.space.empty.button.isVisible()
    )
    exploring.rest()
    assert exploring.state.opened is not None


def test_a_file_that_is_no_picture_is_refused(opened, tmp_path):
    (tmp_path / "bad.png").write_bytes(b"not a picture")
    opened.window.opener.open_path(tmp_path / "bad.png")
    opened.until(lambda: any(isinstance(w, ErrorDialog) for w in QApplication.topLevelWidgets()))
    next(w for w in QApplication.topLevelWidgets() if isinstance(w, ErrorDialog)).close()
    assert opened.state.recipe == Recipe(Seed(0))


def test_the_timeline_plays_scrubs_and_becomes_a_film(opened, tmp_path):
    card = opened.space.timeline
    assert card.hint.isVisible() and not card.film.isVisible()
    for _ in range(3):
        opened.do("explore.add-key")
        opened.do("explore.next")
    opened.rest()
    assert len(card.keys.thumbs()) == 3 and all(t.image is not None for t in card.film.thumbs())
    opened.space.player.toggle()
    opened.space.player.advance(3.0)
    assert opened.state.recipe.place.at == pytest.approx(0.5, abs=0.1)
    assert not opened.space._rest.isActive()
    opened.space.player.stop()
    card.slider.setValue(250)
    assert opened.state.recipe.place.at == pytest.approx(0.25)
    card.split.click()
    opened.rest()
    assert card.other.isVisible() and all(t.image is not None for t in card.other.thumbs())
    opened.do("explore.save-film")
    dialog = next(w for w in QApplication.topLevelWidgets() if isinstance(w, FilmDialog))
    dialog.export(tmp_path / "film.gif")
    opened.until(lambda: (tmp_path / "film.gif").exists() and opened.space.desk.idle())
    assert "Saved film.gif" in opened.window.status._notice


def test_a_film_can_be_cancelled(exploring, tmp_path):
    exploring.open("hang")
    exploring.do("explore.save-film")
    dialog = next(w for w in QApplication.topLevelWidgets() if isinstance(w, FilmDialog))
    dialog.export(tmp_path / "film.gif")
    exploring.until(lambda: dialog.bar.value() == 500)
    dialog.reject()
    assert exploring.space.desk.idle() and not (tmp_path / "film.gif").exists()


def test_nothing_plays_where_nobody_looks(opened):
    opened.do("explore.walk")
    assert opened.space.player.playing
    opened.space.player.advance(1.0)
    assert isinstance(opened.state.recipe.place, Blend)
    opened.do("workspace.train")
    assert not opened.space.player.playing and not opened.space.player._timer.isActive()


def test_a_run_that_trains_is_rendered_only_where_somebody_looks(opened):
    space, model = opened.space, Model(opened.state.model.run, live=True)
    space.open_model(model)
    opened.until(lambda: opened.state.model == model)
    opened.rest()
    asked = []
    space.desk.busy_changed.connect(lambda: asked.append(True))
    opened.do("workspace.train")
    space.desk.moved.emit(Moved(model, 310))
    assert not asked and not space._rest.isActive() and opened.state.opened.step == 310
    opened.do("workspace.explore")
    opened.rest()
    assert asked
    asked.clear()
    space._rest.timeout.emit()
    assert not asked, "nothing has changed, so nothing is asked for"


def test_a_mixture_of_the_matrix_is_taken(opened):
    grid = opened.space.side.matrix.grid
    grid.picked.emit(0, 1)
    recipe = opened.state.recipe
    assert recipe.place == Seed(1) and [mix.source for mix in recipe.mixes] == [Seed(6)]
    grid.picked.emit(-1, 2)
    assert opened.state.recipe == Recipe(Seed(7))


def test_latents_are_saved_and_restored(opened, tmp_path, monkeypatch):
    path = tmp_path / "latents.json"
    monkeypatch.setattr(SaveDialog, "ask", lambda *_: path)
    for _ in range(2):
        opened.do("explore.next")
        opened.do("explore.add-key")
    opened.space.column.where.psi.slider.setValue(0)
    saved, timeline = opened.state.recipe, opened.state.timeline
    opened.do("explore.save-latents")
    opened.do("explore.plain")
    opened.state.set_timeline(type(timeline)())
    opened.window.opener.open_path(path)
    opened.until(lambda: opened.state.recipe == saved)
    assert opened.state.timeline == timeline


def test_a_cell_of_the_train_workspace_is_explored(opened, monkeypatch):
    monkeypatch.setattr(opened.window.model, "folder", RunFolder(opened.state.model.run))
    opened.do("workspace.train")
    opened.window.train.stage.grid.explore_requested.emit(12, 1)
    assert opened.window.switcher.front == "explore"
    opened.rest()
    assert opened.state.recipe == Recipe(Seed(12), ((1, 1.0),))


def test_the_panels_of_training_leave_and_come_back(exploring):
    window = exploring.window
    assert window.setup_dock.isHidden() and window.charts_dock.isHidden()
    assert not window.registry.action("view.setup").isEnabled()
    exploring.do("workspace.train")
    assert not window.setup_dock.isHidden() and not window.charts_dock.isHidden()


def test_a_typed_number_is_taken_and_follows_an_undo(opened):
    dial = opened.space.column.where.psi
    dial.field.setFocus()
    dial.field.selectAll()
    QTest.keyClicks(dial.field, "0.7")
    QTest.keyClick(dial.field, Qt.Key.Key_Return)
    assert opened.state.recipe.psi == pytest.approx(0.7)
    opened.do("edit.undo")
    assert opened.state.recipe.psi == 1.0 and dial.field.text() == "1.00"
    dial.field.selectAll()
    QTest.keyClicks(dial.field, "much")
    QTest.keyClick(dial.field, Qt.Key.Key_Return)
    assert opened.state.recipe.psi == 1.0 and dial.field.text() == "1.00"


def test_samples_with_marks_become_a_slider(opened):
    from ganstudio.window.explore.learning import LearnDialog

    dialog = LearnDialog(opened.state, opened.space.desk, opened.space)
    dialog.open()
    opened.rest()
    for index in (0, 1, 2):
        dialog.grid.picked.emit(index)
    assert not dialog.learn.isEnabled() and "3 with +" in dialog.learn.toolTip()
    for index in (10, 11, 12):
        dialog.grid.picked.emit(index)
        dialog.grid.picked.emit(index)
    assert [r.place for r in dialog.marked("+")] == [Seed(0), Seed(1), Seed(2)]
    dialog.name.setText("smile")
    dialog.learn.click()
    opened.rest()
    assert [pin.direction.name for pin in opened.state.pins] == ["smile"] and "90%" in dialog.words.text()
    dialog.reject()
