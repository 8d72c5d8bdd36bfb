"""The sample grid: what is painted, where, and what keys and mouse do."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from ganstudio.window.model.tiles import Tiles, compose, grid_zoom
from ganstudio.window.theme import DARK, LIGHT, theme
from ganstudio.window.widgets.sample_grid import SampleGrid
from ganstudio.window.widgets.saving import SaveDialog
from ganstudio.window.widgets.stage import SampleStage

LEFT = Qt.MouseButton.LeftButton


def shades(count: int, size: int = 4, channels: int = 1) -> np.ndarray:
    """Each picture in one shade of its own."""
    images = np.zeros((count, size, size, channels), dtype=np.uint8)
    images += (np.arange(count, dtype=np.uint8) * 10 + 30)[:, None, None, None]
    return images


@pytest.fixture
def grid(qtbot: QtBot) -> SampleGrid:
    made = SampleGrid()
    qtbot.addWidget(made)
    made.resize(200, 200)
    made.set_generated(shades(9), 500)
    made.set_real(shades(4))
    made.show()
    yield made
    made.close()


@given(st.integers(1, 200), st.integers(1, 40), st.integers(1, 40))
def test_cells_do_not_overlap_and_are_found_again(count: int, height: int, width: int) -> None:
    tiles = Tiles(count, height, width)
    assert tiles.columns * tiles.rows >= count
    assert tiles.columns - tiles.rows in (0, 1)
    for index in range(count):
        left, top = tiles.corner(index)
        assert tiles.at(left + width / 2, top + height / 2) == index
        assert left + width + 2 <= tiles.size[0]
        assert top + height + 2 <= tiles.size[1]


def test_the_whole_grid_is_one_picture() -> None:
    whole = compose(shades(3, 2))
    assert whole.shape == (10, 10, 1)
    assert whole[2:4, 2:4].tolist() == np.full((2, 2, 1), 30).tolist()
    assert whole[2, 6, 0] == 40
    assert whole[6, 2, 0] == 50
    assert whole[0].sum() == whole[:, 4:6].sum() == 0


@given(st.integers(1, 100), st.integers(1, 64), st.integers(60, 900), st.integers(60, 900))
def test_the_zoom_is_the_largest_that_fits(count: int, size: int, width: int, height: int) -> None:
    images = np.zeros((count, size, size, 1), dtype=np.uint8)
    zoom = grid_zoom(images, (width, height))
    if zoom > 1:
        across, down = Tiles(count, size * zoom, size * zoom).size
        assert across <= width
        assert down <= height
    bigger = Tiles(count, size * (zoom + 1), size * (zoom + 1)).size
    assert bigger[0] > width or bigger[1] > height


@pytest.mark.parametrize("channels", [1, 3])
def test_pictures_are_painted_whole_and_unsmoothed(grid: SampleGrid, colours, channels: int) -> None:
    grid.set_generated(shades(9, 5, channels))
    allowed = {f"#{v:02x}{v:02x}{v:02x}" for v in [0, *range(30, 130, 10)]}
    seen = colours(grid.generated)
    assert allowed - {"#787878"} <= seen
    greys = {c for c in seen if c[1:3] == c[3:5] == c[5:7]}
    assert greys <= allowed, "smoothing made shades of its own"


def test_large_pictures_are_reduced_to_the_room(grid: SampleGrid) -> None:
    grid.set_generated(np.zeros((9, 256, 256, 3), dtype=np.uint8))
    box = grid.generated.picture_box()
    assert box.width() <= grid.width()
    assert box.height() <= grid.height()
    assert box.width() > 190


@pytest.mark.parametrize(
    "wrong", [np.zeros((2, 4, 4)), np.zeros((2, 4, 4, 2), np.uint8), np.zeros((0, 4, 4, 1), np.uint8)]
)
def test_what_is_no_grid_is_refused(grid: SampleGrid, wrong: np.ndarray) -> None:
    with pytest.raises(ValueError, match="uint8"):
        grid.set_generated(wrong)


def test_a_click_enlarges_and_arrows_move(qtbot: QtBot, grid: SampleGrid) -> None:
    canvas, seen = grid.generated, []
    grid.cell_enlarged.connect(seen.append)
    grid.set_seeds([100 + i for i in range(9)])
    qtbot.mouseClick(canvas, LEFT, pos=canvas.cell_box(4).center().toPoint())
    assert canvas.enlarged() == 4
    assert canvas.cell_name(4) == "seed 104"
    qtbot.keyClick(canvas, Qt.Key.Key_Right)
    qtbot.keyClick(canvas, Qt.Key.Key_Down)
    qtbot.keyClick(canvas, Qt.Key.Key_Down)
    assert canvas.enlarged() == 8
    middle = canvas.grab().toImage().pixelColor(canvas.rect().center())
    assert middle.red() == 30 + 8 * 10
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    qtbot.mouseClick(canvas, LEFT)
    assert canvas.enlarged() is None
    assert seen == [4, 5, 8, -1, 8, -1]


def test_an_enlarged_cell_stays_when_new_pictures_come(grid: SampleGrid) -> None:
    grid.enlarge(7)
    grid.set_generated(shades(9), 520)
    assert grid.generated.enlarged() == 7
    grid.set_generated(shades(4), 540)
    assert grid.generated.enlarged() is None


def test_r_shows_the_real_ones_beside(qtbot: QtBot, grid: SampleGrid) -> None:
    seen: list[str] = []
    grid.mode_changed.connect(seen.append)
    qtbot.keyClick(grid.generated, Qt.Key.Key_R)
    assert grid.real.isVisible()
    assert grid.generated.isVisible()
    qtbot.keyClick(grid.generated, Qt.Key.Key_R)
    assert not grid.real.isVisible()
    grid.set_mode("real")
    assert not grid.generated.isVisible()
    assert seen == ["both", "generated", "real"]


def test_without_pictures_it_says_what_will_come(qtbot: QtBot, grid: SampleGrid) -> None:
    grid.set_empty("No samples yet", "They come.", "Start")
    grid.clear()
    assert grid.empty.isVisible()
    with qtbot.waitSignal(grid.action_requested):
        qtbot.mouseClick(grid.empty.button, LEFT)
    assert grid.image() is None


def test_the_grid_is_saved_pixel_for_pixel(
    grid: SampleGrid, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def answer(_parent: object, _title: str, name: str, suffix: str) -> Path:
        asked.append(name + suffix)
        return tmp_path / (name + suffix)

    monkeypatch.setattr(SaveDialog, "ask", answer)
    grid.save_grid()
    grid.save_cell(grid.generated, 3)
    assert asked == ["samples-000500.png", "samples-000500-seed-3.png"]
    saved = QImage(str(tmp_path / asked[0]))
    assert (saved.width(), saved.height()) == (3 * 6 + 2, 3 * 6 + 2)
    assert saved.pixelColor(3, 3).red() == 30
    assert QImage(str(tmp_path / asked[1])).size().toTuple() == (4, 4)


def test_a_folder_that_cannot_be_written_is_told(
    grid: SampleGrid, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(SaveDialog, "ask", lambda *_: tmp_path / "nowhere" / "x.png")
    monkeypatch.setattr(SaveDialog, "tell_failure", lambda _parent, path, _error: told.append(path.name))
    grid.save_grid()
    assert told == ["x.png"]


def test_the_menu_copies_and_enlarges(grid: SampleGrid) -> None:
    menu = grid.build_menu(grid.generated, 2)
    actions = {action.text(): action for action in menu.actions()}
    actions["Copy picture"].trigger()
    assert QGuiApplication.clipboard().image().pixelColor(1, 1).red() == 50
    actions["Enlarge"].trigger()
    assert grid.generated.enlarged() == 2
    actions["Copy whole grid"].trigger()
    assert QGuiApplication.clipboard().image().width() == 20
    beside = [action.text() for action in grid.build_menu(grid.generated, -1).actions()]
    assert beside == ["Save whole grid …", "Copy whole grid"]


def test_a_stage_switches_theme_and_mode(qtbot: QtBot, colours, left_over) -> None:
    stage = SampleStage()
    qtbot.addWidget(stage)
    stage.resize(420, 380)
    stage.grid.set_generated(shades(9))
    stage.slider.set_steps([0, 100, 200])
    stage.show()
    qtbot.keyClick(stage, Qt.Key.Key_R)
    assert (stage.mode(), stage.modes.value(), stage.grid.mode()) == ("both", "both", "both")
    stage.show_cloud()
    assert stage.modes.value() == stage.cloud.mode() == "both"
    stage.show_grid()
    colours(stage)
    theme().set_mode("light")
    seen = colours(stage)
    assert LIGHT["card"] in seen
    assert LIGHT["accent"] in seen
    assert left_over(stage, DARK, LIGHT) == []
    stage.close()


# ---------------------------------------------------------------- a row for each class


@given(st.integers(1, 12), st.integers(1, 12), st.integers(1, 20))
def test_a_fixed_number_of_columns_is_kept(columns: int, rows: int, size: int) -> None:
    tiles = Tiles(columns * rows, size, size, across=columns)
    assert (tiles.columns, tiles.rows) == (columns, rows)
    assert all(tiles.at(*(place + 0.5 for place in tiles.corner(i))) == i for i in range(tiles.count))


NAMES = ("cat", "dog", "a creature with a very long name indeed, of which only the beginning can be shown")


@pytest.fixture
def classes(grid: SampleGrid) -> SampleGrid:
    grid.resize(320, 240)
    grid.set_generated(shades(6), 40, 2, NAMES)
    return grid


def test_rows_have_their_names_at_the_left_of_their_pictures(qapp, classes: SampleGrid) -> None:
    canvas = classes.generated
    box = canvas.picture_box()
    for row in range(3):
        name, cell = canvas.name_box(row), canvas.cell_box(2 * row)
        assert name.left() >= 0 and name.right() < box.left() + 1
        assert name.center().y() == pytest.approx(cell.center().y())
        assert canvas.row_at(name.center()) == row
    assert canvas.names_width() <= 118
    image = canvas.grab().toImage()
    left = {image.pixelColor(x, y).name() for x in range(int(box.left()) - 2) for y in range(image.height())}
    assert len(left) > 5, "letters are painted there"


def test_a_long_name_is_told_in_full_by_the_tooltip(qtbot: QtBot, classes: SampleGrid) -> None:
    canvas = classes.generated
    qtbot.mouseMove(canvas, canvas.name_box(2).center().toPoint())
    qtbot.waitUntil(lambda: canvas.toolTip() == NAMES[2])
    qtbot.mouseMove(canvas, canvas.cell_box(3).center().toPoint())
    qtbot.waitUntil(lambda: canvas.toolTip() == "Seed 1, dog. Click to enlarge.")


def test_keys_walk_by_rows_and_an_enlarged_cell_says_its_class(qtbot: QtBot, classes: SampleGrid) -> None:
    canvas = classes.generated
    canvas.select(1)
    qtbot.keyClick(canvas, Qt.Key.Key_Down)
    assert canvas.selected() == 3 and canvas.cell_name(3) == "seed 1, dog"
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    assert canvas.enlarged() == 3 and canvas.room().left() == 0, "no names beside one picture"


def test_a_grid_of_classes_is_saved_in_its_layout(classes: SampleGrid) -> None:
    image = classes.image()
    assert image is not None and image.shape == (3 * 6 + 2, 2 * 6 + 2, 1)
    assert classes.generated.whole_image().width() == 14
    classes.set_generated(shades(9), 60)
    assert classes.generated.names_width() == 0 and classes.generated.cell_name(4) == "seed 4"


def test_many_low_rows_name_only_as_many_as_can_be_read(colours, grid: SampleGrid) -> None:
    grid.set_generated(shades(100, 1), 1, 1, tuple(str(i) for i in range(100)))
    colours(grid)
    assert grid.generated.name_box(99).bottom() <= grid.height()


def test_the_name_of_a_saved_picture_is_safe(
    grid: SampleGrid, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(SaveDialog, "ask", lambda _p, _t, name, suffix: asked.append(name + suffix))
    grid.set_generated(shades(2), 7, 1, ("a/b", "..\\c"))
    grid.save_cell(grid.generated, 0)
    assert asked == ["samples-000007-seed-0-a-b.png"]
