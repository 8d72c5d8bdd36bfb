"""Pictures of samples as files."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from safetensors.numpy import load_file
from support.tiny import IMAGES, make_trainer, tiny, trained

from ganstudio.core import messages as m
from ganstudio.core.runs import RunFolder
from ganstudio.data.points import mixture_3, ring
from ganstudio.engine.gallery import exact_density, make_gallery
from ganstudio.engine.pictures import (
    GAP,
    GENERATED,
    REAL,
    columns_for,
    draw_points,
    grid,
    png_bytes,
    save_points,
    split_grid,
)


@given(
    count=st.integers(1, 30),
    height=st.integers(1, 9),
    width=st.integers(1, 9),
    channels=st.sampled_from([1, 3]),
)
def test_a_grid_can_be_taken_apart_again(count: int, height: int, width: int, channels: int):
    images = np.random.default_rng(count).integers(0, 256, (count, height, width, channels), dtype=np.uint8)
    sheet = grid(images)
    across = columns_for(count)
    assert across**2 >= count > (across - 1) ** 2
    assert sheet.shape[1] == across * (width + GAP) + GAP
    assert np.array_equal(split_grid(sheet, count, height, width), images)
    if channels == 1:
        assert np.array_equal(split_grid(sheet[:, :, 0], count, height, width), images)


def test_two_pixels_between_the_cells_and_around():
    sheet = grid(np.full((5, 4, 4, 1), 255, np.uint8))[:, :, 0]
    assert sheet.shape == (2 + 2 * 6, 2 + 3 * 6)
    dark = [x for x in range(sheet.shape[1]) if not sheet[:, x].any()]
    assert dark == [0, 1, 6, 7, 12, 13, 18, 19]
    assert [y for y in range(sheet.shape[0]) if not sheet[y].any()] == [0, 1, 6, 7, 12, 13]
    assert not sheet[8:12, 14:18].any()  # the sixth cell is empty


def test_row_by_row_and_enlarged_pixel_by_pixel():
    images = np.arange(4, dtype=np.uint8)[:, None, None, None].repeat(2, 1).repeat(2, 2) + 1
    small, large = grid(images)[:, :, 0], grid(images, scale=3)[:, :, 0]
    assert (small[2, 2], small[2, 6], small[6, 2], small[6, 6]) == (1, 2, 3, 4)
    assert large.shape == (2 + 2 * (6 + 2), 2 + 2 * (6 + 2))
    assert (large[2:8, 10:16] == 2).all()


@pytest.mark.parametrize("channels", [1, 3])
def test_png_holds_the_pixels_and_the_recipe(channels: int, tmp_path: Path):
    picture = np.random.default_rng(0).integers(0, 256, (6, 9, channels), dtype=np.uint8)
    path = tmp_path / "picture.png"
    path.write_bytes(png_bytes(picture, {"kind": "samples", "name": "Ziffern äöü", "seed": 0}))
    with Image.open(path) as image:
        assert image.mode == {1: "L", 3: "RGB"}[channels]
        assert np.array_equal(np.asarray(image).reshape(picture.shape), picture)
        assert json.loads(image.info["ganstudio"]) == {"kind": "samples", "name": "Ziffern äöü", "seed": 0}


def test_points_come_back_from_their_file(tmp_path: Path):
    generated, real = np.random.rand(5, 2).astype(np.float32), np.random.rand(7, 2).astype(np.float32)
    save_points(tmp_path / "points.safetensors", generated[:, ::-1], real)
    found = load_file(tmp_path / "points.safetensors")
    assert np.array_equal(found["generated"], generated[:, ::-1]) and np.array_equal(found["real"], real)


def coloured(picture: np.ndarray, colour: tuple[int, int, int]) -> np.ndarray:
    return (picture == np.array(colour, np.uint8)).all(-1)


def test_points_are_drawn_where_they_are():
    picture = draw_points(
        np.array([[1.0, 1.0]], np.float32), np.array([[-1.0, -1.0]], np.float32), (-2, 2), 101
    )
    assert picture.shape == (101, 101, 3)
    (y, x), (v, u) = np.argwhere(coloured(picture, GENERATED))[0], np.argwhere(coloured(picture, REAL))[0]
    assert (x, y) == (75, 25) and (u, v) == (25, 75)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e30, -1e30])
@pytest.mark.parametrize("dimension", [1, 2])
def test_what_is_no_point_is_left_out(bad: float, dimension: int):
    generated = np.full((4, dimension), bad, np.float32)
    real = np.zeros((4, dimension), np.float32)
    picture = draw_points(generated, real, (-2, 2))
    assert not coloured(picture, GENERATED).any() and coloured(picture, REAL).any()


def test_no_points_at_all():
    none = np.zeros((0, 2), np.float32)
    assert (draw_points(none, none, (-1, 1)) == 22).all()


def test_points_on_a_line_are_two_histograms():
    picture = draw_points(np.zeros((9, 1), np.float32), np.ones((9, 1), np.float32), (-2, 2), 100)
    assert coloured(picture, REAL)[:50].any() and not coloured(picture, REAL)[50:].any()
    assert coloured(picture, GENERATED)[51:].any() and not coloured(picture, GENERATED)[:51].any()


# ---------------------------------------------------------------- galleries


def test_a_gallery_of_pictures(tmp_path: Path):
    trainer, run = trained(tiny(IMAGES), 1), RunFolder(tmp_path)
    run.samples.mkdir()
    gallery = make_gallery(trainer)
    shown = gallery.save(run, 1)
    assert isinstance(shown, m.Picture) and shown.saved and shown.images.shape == (4, 8, 8, 1)
    with Image.open(run.sample_path(1)) as image:
        recipe = json.loads(image.info["ganstudio"])
        cells = split_grid(np.asarray(image), recipe["count"], recipe["height"], recipe["width"])
    assert np.array_equal(cells, shown.images)
    assert (recipe["step"], recipe["seed"], recipe["run"]) == (1, 0, "run")
    again = gallery.show(1, saved=False)
    assert isinstance(again, m.Picture) and np.array_equal(again.images, shown.images)


def test_a_gallery_of_points(tmp_path: Path):
    trainer, run = trained(tiny(), 1), RunFolder(tmp_path)
    run.samples.mkdir()
    shown = make_gallery(trainer).save(run, 1)
    assert isinstance(shown, m.Cloud) and shown.generated.shape == shown.real.shape == (64, 2)
    found = load_file(run.points_path(1))
    assert np.array_equal(found["generated"], shown.generated)
    assert run.sample_path(1).is_file()
    radius = np.linalg.norm(shown.real, axis=1)
    assert np.allclose(radius, 2, atol=0.15)  # raw units, not the network's


def test_the_exact_density_of_a_line():
    trainer = make_trainer(tiny(data={"source": "mixture-3"}))
    density = next(r for r in make_gallery(trainer).context() if isinstance(r, m.Density))
    assert np.trapezoid(density.p, density.x) == pytest.approx(1, abs=1e-3)
    assert density.x[density.p.argmax()] == pytest.approx(-2, abs=0.2) or density.p.max() > 0.2
    assert exact_density(ring()) is None
    wanted = exact_density(mixture_3())
    assert wanted is not None and np.array_equal(wanted.p, density.p)
