"""The timeline of the Explore workspace: undone like all else, and honest about what its ways are."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from ganstudio.core.explore.files import to_table
from ganstudio.core.explore.recipe import Direction, Move, Recipe, Seed
from ganstudio.core.explore.records import Record, facts
from ganstudio.core.explore.ways import way
from ganstudio.engine.films import open_film
from ganstudio.engine.recipes_in_files import recipe_in
from ganstudio.window.dialogs.error import ErrorDialog
from ganstudio.window.explore.film_dialog import FilmDialog, empty_folder
from ganstudio.window.explore.history import History
from ganstudio.window.explore.learning import LearnDialog
from ganstudio.window.explore.state import PINNED, Explorer
from ganstudio.window.explore.strip import Thumb, ThumbStrip
from ganstudio.window.explore.taking_home import timeline_of
from ganstudio.window.explore.timeline import Timeline
from ganstudio.window.opening import Dropped, what_is


def add_keys(opened, *seeds: int) -> None:
    for seed in seeds:
        opened.state.change(Recipe(Seed(seed)), f"Seed {seed}")
        opened.do("explore.add-key")


def chosen(menu: QMenu, words: str):
    """The entry of a menu with these words; the menu goes with the test."""
    return next(action for action in menu.actions() if action.text() == words)


def test_a_step_of_the_timeline_is_a_step_of_the_history():
    history = History(Recipe())
    history.push(Recipe(), "Key 1", timeline=Timeline((Seed(1),)))
    history.push(Recipe(Seed(2)), "Seed 2")
    assert history.current.timeline.keys == (Seed(1),) and len(history.entries()) == 3
    history.push(Recipe(Seed(2)), "Remove all keys", timeline=Timeline())
    assert history.undo() and history.current.timeline.keys == (Seed(1),)


def test_removing_all_keys_is_taken_back(opened):
    add_keys(opened, 10, 60, 100)
    card, before = opened.space.timeline, opened.state.timeline
    menu = card.way_menu()
    chosen(menu, "Remove all keys").trigger()
    menu.deleteLater()
    assert not opened.state.timeline.keys and opened.state.history.undo_text == "Remove all keys"
    opened.do("edit.undo")
    assert opened.state.timeline == before and card.keys.thumbs()[2].caption == "100"
    opened.do("edit.redo")
    assert not opened.state.timeline.keys


def test_a_step_of_the_timeline_shows_the_picture_it_was_made_at(opened):
    add_keys(opened, 10)
    opened.rest()
    thumbs = opened.space.history.strip.thumbs()
    assert [thumb.tip.split(".")[0] for thumb in thumbs] == ["Start", "Seed 10", "Key 1"]
    assert thumbs[2].image is not None and thumbs[2].image.pixelColor(5, 5).red() == 10


def test_both_halves_of_the_split_view_say_which_they_are_and_why_one_dims(opened):
    add_keys(opened, 10, 60)
    card = opened.space.timeline
    assert not card.other_words.isVisible()
    card.split.click()
    opened.rest()
    assert card.other_words.isVisible() and card.film_words.isVisible()
    assert card.other_words.text() == "lerp: latents 70% to 100% as long as usual"
    assert card.film_words.text().startswith("slerp: latents")


def test_the_tools_without_a_key_of_their_own_are_found_among_the_actions(opened):
    add_keys(opened, 10, 60)
    opened.do("explore.split")
    assert opened.space.timeline.split.isChecked()
    opened.state.set_timeline(replace(opened.state.timeline, space="w"))
    opened.do("explore.split")
    assert "the same there" in opened.window.status._notice
    opened.do("explore.noise-map")
    opened.rest()
    assert opened.space.stage.one._noise.isVisible()
    opened.do("explore.learn")
    dialog = next(w for w in QApplication.topLevelWidgets() if isinstance(w, LearnDialog))
    opened.rest()
    dialog.close()


def test_in_w_every_way_is_straight_and_the_menu_says_so(opened):
    add_keys(opened, 10, 60)
    card = opened.space.timeline
    opened.state.set_timeline(replace(opened.state.timeline, space="w"))
    assert card.way.text() == "lerp in w" and not card.split.isEnabled()
    assert "the same there" in card.split.toolTip()
    menu = card.way_menu()
    assert not chosen(menu, "slerp").isEnabled() and "no sphere" in chosen(menu, "slerp").toolTip()
    assert chosen(menu, "lerp").isChecked()
    headings = [action.text() for action in menu.actions() if action.text() and not action.isCheckable()]
    assert headings[:3] == ["Way", "Space", "Easing"]
    assert all(action.toolTip() != action.text() for action in menu.actions() if action.actionGroup())
    menu.deleteLater()


def test_constant_speed_is_chosen_once_and_comes_back_with_the_film(opened, tmp_path):
    add_keys(opened, 10, 60)
    menu = opened.space.timeline.way_menu()
    chosen(menu, "Constant perceptual speed").trigger()
    menu.deleteLater()
    assert opened.state.timeline.even and "even pace" in opened.space.timeline.caption_label.text()
    opened.do("explore.save-film")
    dialog = next(w for w in QApplication.topLevelWidgets() if isinstance(w, FilmDialog))
    assert dialog.even.isChecked() and dialog.wish().even
    dialog.even.click()
    assert not opened.state.timeline.even
    dialog.even.click()
    dialog.close()
    record = Record(
        "film", "styled", 300, (Recipe(Seed(10)),), more={"timeline": to_table(opened.state.timeline)}
    )
    (tmp_path / "film.json").write_text(json.dumps(facts(record)))
    opened.state.set_timeline(Timeline())
    opened.window.opener.open_path(tmp_path / "film.json")
    opened.until(lambda: opened.state.timeline.even)


def test_a_film_of_the_command_line_brings_its_timeline_along():
    keys, base = (Seed(1), Seed(2), Seed(3)), Recipe(psi=0.7)
    frames = way(keys, 60, base, "matched", "z", True)
    found = timeline_of(Record("film", "styled", 300, frames, fps=30.0))
    assert found == Timeline(keys, "matched", "z", "linear", True, 2.0)
    strip = timeline_of(Record("strip", "styled", 300, frames[:9], fps=30.0))
    assert strip.keys == keys and strip.seconds == Timeline().seconds, "a strip takes no time"
    assert timeline_of(Record("picture", "styled", 300, frames[:1])) is None
    assert timeline_of(Record("samples", "styled", 300, (base, base))) is None


@pytest.mark.parametrize("run", ["styled", "elsewhere"])
def test_it_is_said_which_model_shows_what_was_restored(opened, tmp_path, run):
    record = Record("picture", run, 300, (Recipe(Seed(77)),))
    (tmp_path / "kept.json").write_text(json.dumps(facts(record)))
    opened.window.opener.open_path(tmp_path / "kept.json")
    opened.until(lambda: opened.state.recipe == Recipe(Seed(77)))
    assert ("so styled makes the picture" in opened.window.status._notice) is (run == "elsewhere")


def test_a_damaged_timeline_changes_nothing(opened, tmp_path):
    record = Record("film", "styled", 300, (Recipe(Seed(77)),), more={"timeline": {"keys": 3}})
    (tmp_path / "film.json").write_text(json.dumps(facts(record)))
    opened.window.opener.open_path(tmp_path / "film.json")
    opened.until(lambda: any(isinstance(w, ErrorDialog) for w in QApplication.topLevelWidgets()))
    next(w for w in QApplication.topLevelWidgets() if isinstance(w, ErrorDialog)).close()
    assert opened.state.recipe == Recipe(Seed(0)) and len(opened.state.history.entries()) == 1


def test_a_row_is_as_high_as_its_pictures(qtbot):
    strip = ThumbStrip("Film", 34, fit=True)
    qtbot.addWidget(strip)
    strip.set_thumbs([Thumb(None)] * 20)
    strip.resize(800, 38)
    strip.show()
    qtbot.waitExposed(strip)
    assert strip.height() == 38
    strip.resize(402, 38)
    assert strip.height() == round(400 / 20) == strip.box(19).height() + 4


def test_a_folder_of_frames_is_a_film_and_other_pictures_are_data(tmp_path):
    record = Record("film", "styled", 300, tuple(Recipe(Seed(seed)) for seed in (1, 2)), fps=30.0)
    with open_film(tmp_path / "frames", record) as film:
        for _ in range(2):
            film.add(np.zeros((8, 8, 3), np.uint8))
        while not film.settled():
            pass
    assert what_is(tmp_path / "frames") is Dropped.RECIPE
    assert recipe_in(tmp_path / "frames").recipes == record.recipes
    (tmp_path / "mine").mkdir()
    Image.new("L", (8, 8)).save(tmp_path / "mine" / "000001.png")
    assert what_is(tmp_path / "mine") is Dropped.PICTURES


def test_frames_never_fall_among_other_files(tmp_path):
    folder = tmp_path / "chosen"
    assert empty_folder(folder) == folder, "one that is not there is told of by who writes"
    folder.mkdir()
    assert empty_folder(folder) == folder
    (folder / "letter.txt").touch()
    assert empty_folder(folder) == folder / "frames"
    (folder / "frames").mkdir()
    assert empty_folder(folder) == folder / "frames-2"


def test_what_a_row_is_for_is_still_said_after_the_pointer_was_on_it(qtbot):
    strip = ThumbStrip("Film", 34)
    qtbot.addWidget(strip)
    strip.setToolTip("Click to go there")
    strip.set_thumbs([Thumb(None), Thumb(None, "0.25")])
    for index, words in ((0, "Click to go there"), (1, "0.25\nClick to go there")):
        at = strip.box(index).center()
        strip.mouseMoveEvent(
            QMouseEvent(
                QMouseEvent.Type.MouseMove, at, QPointF(), Qt.MouseButton.NoButton, Qt.MouseButton.NoButton,
                Qt.KeyboardModifier.NoModifier,
            )
        )  # fmt: skip
        assert strip.toolTip() == words


def direction(number: int) -> Direction:
    return Direction(f"number {number}", "z", (1.0, 0.0), 1.0, "pca", 0.1)


def test_what_acts_always_has_a_slider():
    explorer = Explorer()
    moves = tuple(Move(direction(number), 1.0, 1, 2) for number in range(PINNED))
    explorer.change(Recipe(moves=moves), "Restore picture")
    assert [(pin.direction, pin.first, pin.last) for pin in explorer.pins] == [
        (move.direction, 1, 2) for move in moves
    ]
    explorer.pin(direction(90))
    assert len(explorer.pins) == PINNED + 1, "none of those that act gives way"
    explorer.pin(direction(91))
    assert direction(90) not in {pin.direction for pin in explorer.pins}
    explorer.unpin(direction(3))
    assert direction(3) not in {pin.direction for pin in explorer.pins}
    explorer.undo()
    assert direction(3) in {pin.direction for pin in explorer.pins}


def test_a_key_leads_to_its_time(opened):
    add_keys(opened, 10, 60, 100)
    opened.rest()
    card = opened.space.timeline
    card.keys.picked.emit(1)
    assert opened.state.recipe == Recipe(Seed(60)) and card.slider.value() == card.slider.maximum() / 2
    assert opened.space.player.share == 0.5 and card.clock.text() == "3.00 s"
    card.slider.setValue(250)
    assert opened.space.column.where.seed.text() == "", "between keys there is no one seed"


def test_the_film_is_walked_by_keys(opened):
    add_keys(opened, 10, 60)
    opened.rest()
    film, slider = opened.space.timeline.film, opened.space.timeline.slider
    QTest.keyClick(film, Qt.Key.Key_End)
    assert slider.value() == slider.maximum()
    QTest.keyClick(film, Qt.Key.Key_Left)
    assert 0 < slider.value() < slider.maximum()
