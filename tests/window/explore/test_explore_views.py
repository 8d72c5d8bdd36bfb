"""The views of the Explore workspace over a quick stand-in for its child, and the pinned time-lapse."""

from __future__ import annotations

import json
import os
import signal

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from support import fake_explore

from ganstudio.core.explore.messages import Opened
from ganstudio.core.explore.recipe import Model, Numbers, Recipe, Seed
from ganstudio.core.explore.records import Record, facts
from ganstudio.window.dialogs.error import ErrorDialog
from ganstudio.window.explore.film_dialog import FilmDialog
from ganstudio.window.explore.views.compare import PairCanvas, names_of
from ganstudio.window.explore.views.inside import FOOT, HEAD, PLOT_HEIGHT, SpectrumPlot
from ganstudio.window.explore.views.map_canvas import HEIGHT
from ganstudio.window.explore.views.map_colours import class_color, scaled
from ganstudio.window.theme import theme


@pytest.mark.parametrize("view", ["variations", "map", "compare", "inside", "invert", "one"])
def test_every_view_shows_something(opened, view):
    opened.do(f"explore.view-{view}")
    opened.rest()
    assert opened.space.stage.view() == view and opened.space.stage.current().isVisible()


def test_a_variation_becomes_the_middle(opened):
    opened.do("explore.view-variations")
    opened.rest()
    view = opened.space.stage.current()
    assert view.grid.images().shape[0] == 35
    view.grid.picked.emit(3)
    assert opened.state.recipe.place == view._recipes[3].place
    opened.rest()
    assert opened.state.recipe == view._recipes[17]


def test_the_map_leads_to_seeds(opened):
    opened.do("explore.view-map")
    opened.rest()
    view = opened.space.stage.current()
    assert view.words.text() == "40 latents" and view.canvas.toolTip().startswith("Alike is near.")
    point = view.canvas.point(25)
    QTest.mouseClick(view.canvas, Qt.MouseButton.LeftButton, pos=point.toPoint())
    assert opened.state.recipe == Recipe(Seed(25)) and view.canvas._current == 25
    QTest.keyClick(view.canvas, Qt.Key.Key_Right)
    assert opened.state.recipe != Recipe(Seed(25))


def test_the_map_shows_pictures_framed_in_colours_that_a_legend_explains(opened):
    opened.do("explore.view-map")
    opened.rest()
    view = opened.space.stage.current()
    canvas = view.canvas
    assert view.thumbnails.isChecked() and view.legend.words() == "from 0.020 real to 0.98 real"
    last = canvas.point(39)  # the spiral's end lies alone
    cell = [int(side // HEIGHT) * HEIGHT for side in (last.x(), last.y())]
    ratio = canvas.devicePixelRatioF()
    assert ratio == 1.0 and canvas.rect().contains(last.toPoint())
    shown = canvas.grab().toImage()
    assert shown.pixelColor(cell[0] + 1, cell[1] + 12).name() == theme().color("real").name(), "the frame"
    inside = shown.pixelColor(cell[0] + HEIGHT // 2, cell[1] + HEIGHT // 2)
    assert inside.red() == inside.green() == 39, "the picture"
    view.thumbnails.click()
    assert canvas.grab().toImage() != shown


def test_every_class_has_a_colour_of_its_own_on_the_map(opened):
    opened.do("explore.view-map")
    opened.rest()
    view = opened.space.stage.current()
    view.colour.set_value("class")
    view.colour.chosen.emit("class")
    opened.rest()
    assert view.legend.words() == "cat, dog, owl"
    for count in (2, 8, 10, 26):
        assert len({class_color(number, count).name() for number in range(count)}) == count


def test_distances_from_the_data_are_coloured_from_near_to_far():
    can = fake_explore.capabilities("styled")
    shade, scale = scaled("nearest", np.arange(101, dtype=np.float32), can)
    assert shade[0] == 0 and shade[-1] == 1 and shade[50] == pytest.approx(0.5)
    assert scale.words == ("2.0, nearest to a training picture", "98, farthest")
    assert scale.color(0.0) != scale.color(1.0)
    assert scaled("score", np.full(5, 0.3, np.float32), can)[0].tolist() == [0.0] * 5


def test_the_whole_way_is_drawn_on_the_map(opened):
    for seed in (10, 60, 100):
        opened.state.change(Recipe(Seed(seed)), f"Seed {seed}")
        opened.do("explore.add-key")
    opened.do("explore.view-map")
    opened.rest()
    canvas = opened.space.stage.current().canvas
    way, keys, here = canvas.way()
    assert keys[:, 0] == pytest.approx([0.05, 0.3, 0.5]), "also those whose seeds are no points of the map"
    assert len(way) == 48 and here[:, 0] == pytest.approx([0.5])
    opened.state.change(Recipe(Seed(20)), "Seed 20")
    opened.do("explore.add-key")
    opened.rest()
    way, keys, here = canvas.way()
    assert len(keys) == 4 and not len(here) and canvas._current == 20
    opened.state.set_timeline(type(opened.state.timeline)())
    opened.rest()
    assert all(len(part) == 0 for part in canvas.way())


def test_two_checkpoints_share_one_latent(opened):
    opened.do("explore.view-compare")
    opened.rest()
    view = opened.space.stage.current()
    assert opened.state.other == Model(opened.state.model.run, 100)
    opened.do("explore.next")
    opened.rest()
    assert [view.canvas.image(side).pixelColor(5, 5).red() for side in (0, 1)] == [1, 1]
    view.way.chosen.emit("swipe")
    QTest.keyClick(view.canvas, Qt.Key.Key_Right)
    assert view.canvas.edge() == pytest.approx(0.55)


def test_pictures_of_two_sizes_lie_on_each_other_under_a_swipe(qtbot):
    canvas = PairCanvas()
    qtbot.addWidget(canvas)
    canvas.resize(500, 321)
    sizes = (32, 20)
    for side, size in enumerate(sizes):
        canvas.set_image(side, QImage(size, size, QImage.Format.Format_RGB888))
    assert canvas.box(0).size() != canvas.box(1).size(), "side by side each has a whole zoom"
    canvas.set_swipe(True)
    assert canvas.box(0) == canvas.box(1)
    canvas.set_image(0, QImage())
    assert not canvas.box(1).isEmpty()


def test_two_runs_of_one_title_are_told_apart_by_their_folders():
    def model(run, title):
        return Opened(0, "open", Model(run), title, 1, (1,), fake_explore.capabilities("styled"))

    one, other, third = model("/a/first", "faces"), model("/a/second", "faces"), model("/a/third", "digits")
    assert names_of(one, other) == ("first", "second")
    assert names_of(one, third) == ("faces", "digits")
    assert names_of(one, one) == ("faces", "faces") and names_of(one, None) == ("faces", "")


def test_layers_of_both_players_are_shown(opened):
    opened.do("explore.view-inside")
    opened.rest()
    view = opened.space.stage.current()
    assert view.layers.count() == 2 and view.maps.images().shape == (6, 4, 4, 1)
    assert "6 constant" in view.words.text() and view.title.text() == "block 4"
    assert view.spectrum.words() == "spectrum, −40 to −20 dB", (
        "what is left of the mean would flatten all else"
    )
    view.player.set_value("discriminator")
    view.player.chosen.emit("discriminator")
    opened.rest()
    assert view.layers.count() == 1


def test_the_spectrum_uses_the_whole_height_for_what_has_waves(qtbot):
    plot = SpectrumPlot()
    qtbot.addWidget(plot)
    plot.resize(200, PLOT_HEIGHT)
    plot.set_values(np.array([-120, 0, -10, -20], np.float32))
    shown, accent = plot.grab().toImage(), theme().color("accent").name()
    rows = [y for y in range(PLOT_HEIGHT) for x in range(1, 199) if shown.pixelColor(x, y).name() == accent]
    assert max(rows) - min(rows) > 0.9 * (PLOT_HEIGHT - HEAD - FOOT)
    plot.set_values(np.zeros(0, np.float32))
    assert plot.words() == "no spectrum: too small for waves"


def test_a_dropped_picture_is_looked_for_and_explored(opened, tmp_path):
    from PIL import Image

    Image.new("RGB", (30, 20), (200, 10, 10)).save(tmp_path / "mine.png")
    opened.window.opener.open_path(tmp_path / "mine.png")
    opened.until(lambda: opened.space.stage.view() == "invert")
    opened.rest()
    view = opened.space.stage.current()
    assert view.words.text() == "PSNR 31.0 dB" and not view.searching
    assert view.space.value() == "w+" and view.target.image().size().toTuple() == (20, 20), "what is searched"
    view.take.click()
    assert opened.state.recipe == Recipe(Seed(5)) and opened.space.stage.view() == "one"


def test_another_picture_is_looked_for_while_one_is(exploring, tmp_path):
    from PIL import Image

    exploring.open("slow-search")
    for grey in (10, 200):
        Image.new("L", (20, 20), grey).save(tmp_path / f"{grey}.png")
    view = exploring.space.stage.made("invert")
    assert view.take_file(tmp_path / "10.png") and view.take_file(tmp_path / "200.png")
    assert view.searching and view.target.image().pixelColor(5, 5).red() == 200


def damaged(path):
    """A picture whose recipe is damaged."""
    from PIL import Image, PngImagePlugin

    info = PngImagePlugin.PngInfo()
    info.add_text("ganstudio", '{"format": "ganstudio-picture-1", "kind": "pictur')
    Image.new("RGB", (20, 20)).save(path, pnginfo=info)


def gigantic(path):
    """One bit a pixel, so that it is small on the disk."""
    from PIL import Image

    Image.new("1", (9000, 9000)).save(path)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (damaged, "the recipe is damaged"),
        (gigantic, "9,000 × 9,000 pixels"),
        (lambda path: path.write_bytes(b"hello"), "cannot be read as a picture"),
    ],
)
def test_what_cannot_be_used_changes_nothing(opened, tmp_path, make, words):
    make(tmp_path / "bad.png")
    opened.window.opener.open_path(tmp_path / "bad.png")
    opened.until(lambda: any(isinstance(w, ErrorDialog) for w in QApplication.topLevelWidgets()))
    dialog = next(w for w in QApplication.topLevelWidgets() if isinstance(w, ErrorDialog))
    assert any(words in label.text() for label in dialog.findChildren(QLabel))
    dialog.close()
    assert opened.space.stage.view() == "one" and not opened.space.desk.waits("invert")
    assert opened.state.recipe == Recipe(Seed(0)) and len(opened.state.history.entries()) == 1


def test_a_restored_recipe_is_shown_and_not_hidden_behind_the_search(opened, tmp_path):
    record = Record("picture", "styled", 300, (Recipe(Seed(77)),))
    (tmp_path / "kept.json").write_text(json.dumps(facts(record)))
    opened.do("explore.view-invert")
    opened.window.opener.open_path(tmp_path / "kept.json")
    opened.until(lambda: opened.state.recipe == Recipe(Seed(77)))
    assert opened.space.stage.view() == "one"


def test_a_place_of_numbers_has_no_seed_to_show(opened):
    field = opened.space.column.where.seed
    opened.state.change(Recipe(Numbers("z", ((0.1, 0.2, 0.3, 0.4),))), "From a picture")
    assert field.text() == "" and field.placeholderText() == "none"
    opened.do("explore.next")
    assert field.text() == "1"


def test_a_pinned_time_lapse_grows_while_the_picture_moves_on(opened, tmp_path):
    one, run = opened.space.stage.one, opened.folder / "styled"
    opened.do("explore.pin")
    opened.rest()
    opened.do("explore.next")
    opened.rest()
    assert one.pin.text() == "Unpin" and opened.shown() == 1
    for step in (200, 300, 400):
        (run / str(step)).touch()
    opened.until(lambda: len(one.through.thumbs()) == 4)
    assert [t.caption for t in one.through.thumbs()] == ["100", "200", "300", "400"]
    assert {t.image.pixelColor(5, 5).red() for t in one.through.thumbs()} == {0}
    opened.until(lambda: opened.state.opened.steps == (200, 300, 400))
    one.through.picked.emit(0)
    assert "removed" in opened.window.status._notice and opened.state.opened.step == 300
    one.film.click()
    dialog = next(w for w in QApplication.topLevelWidgets() if isinstance(w, FilmDialog))
    assert dialog.what.value() == "through" and "4 frames" in dialog.size.text()
    dialog.export(tmp_path / "film.gif")
    opened.until((tmp_path / "film.gif").exists)
    one.pin.click()
    opened.rest()
    assert one.pin.text() == "Pin" and [t.caption for t in one.through.thumbs()] == ["200", "300", "400"]
    assert {t.image.pixelColor(5, 5).red() for t in one.through.thumbs()} == {1}


def test_the_discriminator_is_asked_as_soon_as_a_run_has_saved_one(exploring):
    run = exploring.folder / "young"
    run.mkdir()
    exploring.space.open_model(Model(str(run), None, live=True))
    exploring.until(lambda: exploring.state.opened is not None)
    exploring.rest()
    one = exploring.space.stage.one
    assert one.score.text() == "–" and one.unscored.text() == "No discriminator is saved yet."
    (run / "100").touch()
    exploring.until(lambda: one.score.text() == "0.63 real")
    assert not one.unscored.isVisible()


def test_a_pin_survives_the_child_and_ends_with_another_run(opened):
    one, lapse = opened.space.stage.one, opened.space.lapse
    opened.do("explore.pin")
    opened.rest()
    os.kill(opened.space.desk.worker.pid, signal.SIGKILL)
    opened.until(lambda: opened.space.desk.worker.pid == 0)
    opened.do("explore.next")
    opened.rest()
    (opened.folder / "styled" / "500").touch()
    opened.until(lambda: len(one.through.thumbs()) == 4)
    opened.open("other")
    opened.rest()
    assert not lapse.pinned and one.pin.text() == "Pin" and len(one.through.thumbs()) == 3
