"""Samples side by side: one step, one cell size, one cell enlarged in all; clouds on the same axes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from ganstudio.catalog.presets import load_spec
from ganstudio.core.config import dump_toml
from ganstudio.core.run_list import RunEntry, read_entry
from ganstudio.core.runs import RunFolder
from ganstudio.engine.pictures import save_png, save_points
from ganstudio.window.compare.views.run_column import RunColumn
from ganstudio.window.compare.views.samples_view import SamplesView
from ganstudio.window.widgets.saving import SaveDialog


def columns(view: SamplesView) -> list[RunColumn]:
    return list(view.columns.values())


@pytest.fixture
def pair(made, save_grid) -> list[RunEntry]:
    """Two runs that saved at other steps."""
    runs = [made(name, pictures=()) for name in ("one", "two")]
    for run, steps in zip(runs, ((0, 10, 20, 30), (0, 20, 25)), strict=True):
        for step in steps:
            save_grid(run, step)
    return runs


def test_the_newest_of_each_is_shown_first(shown, pair) -> None:
    view = shown.show(*pair, view="samples").samples
    assert [column.below.text() for column in columns(view)] == ["step\u00a030", "step\u00a025"]
    assert view.slider.steps() == (0, 20)
    assert view.slider.text() == "newest · step\u00a030"


def test_the_slider_takes_all_to_one_step(shown, pair, qtbot) -> None:
    view = shown.show(*pair, view="samples").samples
    qtbot.keyClick(view.slider.track, Qt.Key.Key_Left)
    shown.settle()
    assert [column.below.text() for column in columns(view)] == ["step\u00a020"] * 2
    images = [column.grid.images() for column in columns(view)]
    np.testing.assert_array_equal(images[0], images[1])
    assert images[0][1, 0, 0, 0] == 3 + 20


def test_a_run_without_a_grid_there_shows_the_one_before_or_says_so(shown, made, save_grid) -> None:
    runs = [made(name, pictures=()) for name in ("a", "b", "c")]
    for run, steps in zip(runs, ((10,), (5,), (40,)), strict=True):
        for step in steps:
            save_grid(run, step)
    view = shown.show(*runs, view="samples").samples
    assert view.slider.steps() == (5, 10, 40), "no step in common: all of them"
    view.slider.set_position(10)
    view._load()
    shown.settle()
    assert [c.below.text() for c in columns(view)[:2]] == ["step\u00a010", "step\u00a05, the last before"]
    assert columns(view)[2].words.text() == "Nothing was saved yet at this step."


def test_cells_have_one_size_whatever_their_pixels(shown, made, save_grid) -> None:
    small, large = made("small", pictures=()), made("large", pictures=(), data__resolution=32)
    save_grid(small, 10)
    save_grid(large, 10, size=32)
    view = shown.show(small, large, view="samples").samples
    sizes = {(c.grid.cell_box(0).width(), c.grid.cell_box(9).height()) for c in columns(view)}
    assert len(sizes) == 1
    side = columns(view)[0].grid.side()
    assert side % 32 == 0
    painted = columns(view)[0].grid._zoomed(columns(view)[0].grid.images())
    cell = painted.pixelColor(side, 3).red(), painted.pixelColor(side + 4, 3).red()
    assert cell == (10, 13), "hard edges: nothing is smoothed"


def test_a_cell_is_enlarged_and_left_in_all_runs_at_once(shown, pair, qtbot) -> None:
    view = shown.show(*pair, view="samples").samples
    first, second = (column.grid for column in columns(view))
    qtbot.mouseClick(first, Qt.MouseButton.LeftButton, pos=first.cell_box(5).center().toPoint())
    assert (first.enlarged(), second.enlarged()) == (5, 5)
    assert second.height() > 300
    qtbot.keyClick(second, Qt.Key.Key_Right)
    assert (first.enlarged(), second.enlarged()) == (6, 6)
    qtbot.keyClick(first, Qt.Key.Key_Escape)
    assert (first.enlarged(), second.enlarged()) == (None, None)
    assert second.selected() == 6


def test_other_seeds_and_other_latents_are_said(shown, made, save_grid) -> None:
    one, two, three = (
        made("one", pictures=()),
        made("two", pictures=()),
        made("three", pictures=(), latent__dimension=7),
    )
    save_grid(one, 10)
    save_grid(two, 10, seed=64)
    save_grid(three, 10)
    view = shown.show(one, two, view="samples").samples
    assert view.note.text() == "The grids show different seeds: one from 0, two from 64."
    assert columns(view)[1].grid.cell_name(3) == "seed 67"
    shown.show(one, three, view="samples")
    assert "share their seed, but not their latent" in view.note.text()
    shown.show(one, view="samples")
    assert not view.note.isVisible()


def test_a_new_grid_is_found_when_the_run_is_shown_again(shown, pair, save_grid) -> None:
    view = shown.show(*pair, view="samples").samples
    save_grid(pair[0], 50)
    shown.show(*pair, view="samples")
    assert columns(view)[0].below.text() == "step\u00a050"


def test_the_menu_opens_the_run_and_all_columns_are_saved(
    shown, pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pane = shown.show(*pair, view="samples")
    opened: list[Path] = []
    pane.open_wanted.connect(opened.append)
    menu = columns(pane.samples)[1].build_menu(3)
    texts = [action.text() for action in menu.actions() if action.text()]
    assert texts[0] == "Enlarge in all runs"
    menu.actions()[-1].trigger()
    assert opened == [pair[1].path]
    menu.deleteLater()
    path = tmp_path / "saved.png"
    monkeypatch.setattr(SaveDialog, "ask", lambda *_: path)
    pane.samples.save.click()
    assert QImage(str(path)).width() > 800


def points_run(parent: Path, name: str, shift: float) -> RunEntry:
    folder = RunFolder(parent / name)
    folder.create(dump_toml(load_spec("ring-2d"), {"run": {"schema": 2}}))
    real = np.random.default_rng(0).normal(size=(50, 2)).astype(np.float32) + np.float32(shift)
    save_points(folder.points_path(10), real * 0.5, real)
    save_png(folder.sample_path(10), np.zeros((8, 8, 3), np.uint8))
    return read_entry(folder.path)


def test_clouds_share_their_axes_and_their_mode(shown, tmp_path: Path, qtbot) -> None:
    runs = [points_run(tmp_path, name, shift) for name, shift in (("a", 0.0), ("b", 9.0))]
    view = shown.show(*runs, view="samples").samples
    first, second = (column.cloud for column in columns(view))
    assert first.isVisible()
    assert first.view_range() == second.view_range()
    low, high = first.view_range().x
    assert low < -1
    assert high > 10
    qtbot.keyClick(first, Qt.Key.Key_R)
    assert second.mode() == "generated"


def test_points_and_pictures_stand_beside_each_other(shown, tmp_path: Path, pair) -> None:
    view = shown.show(points_run(tmp_path, "a", 0.0), pair[0], view="samples").samples
    assert columns(view)[0].cloud.isVisible()
    assert columns(view)[1].grid.isVisible()


def test_playing_stops_when_nobody_looks(shown, pair) -> None:
    pane = shown.show(*pair, view="samples")
    pane.samples.slider.set_playing(True)
    assert pane.samples.slider.is_playing()
    pane.set_view("curves")
    assert not pane.samples.slider.is_playing()
    shown.settle()


def test_renaming_a_run_keeps_its_pictures(shown, pair) -> None:
    view = shown.show(*pair, view="samples").samples
    shown.show(replace(pair[0], title="another name"), pair[1], view="samples")
    assert columns(view)[0].title.text() == "another name"
    assert columns(view)[0].grid.images() is not None
