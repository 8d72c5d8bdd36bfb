"""Small pictures out of saved grids: which part is taken, and that no file breaks the reading."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from ganstudio.engine.pictures import grid, save_png
from ganstudio.window.compare.thumbnails import SIDE, read_thumbnails


def saved(tmp_path, count, side, told=None, columns=0):
    """A grid whose sample number ``n`` is all grey ``10 + n``."""
    images = np.stack([np.full((side, side, 1), 10 + n, np.uint8) for n in range(count)])
    path = tmp_path / "000001.png"
    save_png(path, grid(images, columns=columns), {"count": count} if told is None else told)
    return path


def greys(path):
    image = read_thumbnails([path])[path]
    assert image is not None
    return image.width(), {
        image.pixelColor(x, y).red() for x in range(image.width()) for y in range(image.height())
    }


def test_of_small_samples_four_are_taken_and_of_larger_ones_one(tmp_path):
    assert greys(saved(tmp_path, 9, 16)) == (34, {0, 10, 11, 13, 14})  # rows of three: 0, 1, 3 and 4
    assert greys(saved(tmp_path, 9, 64)) == (64, {10})
    width, seen = greys(saved(tmp_path, 4, 256))
    assert width == SIDE and seen == {10}


def test_a_grid_with_rows_for_classes_says_how_many_columns_it_has(tmp_path):
    path = saved(tmp_path, 6, 16, {"count": 6, "columns": 3, "rows": ["a", "b"]}, columns=3)
    assert greys(path)[1] == {0, 10, 11, 13, 14}


@pytest.mark.parametrize(
    "told", [None, "{", "[1]", '{"count": true}', '{"count": 0}', '{"count": 1e9}', '{"count": 4000}']
)
def test_a_picture_without_a_description_that_makes_sense_is_taken_whole(tmp_path, told):
    path = tmp_path / "000001.png"
    info = PngInfo()
    if told is not None:
        info.add_text("ganstudio", told)
    Image.fromarray(np.full((40, 40), 77, np.uint8)).save(path, pnginfo=info)
    assert greys(path) == (40, {77})


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n", b"nonsense" * 99])
def test_a_damaged_picture_is_none(tmp_path, content):
    path, good = tmp_path / "000002.png", saved(tmp_path, 4, 16)
    path.write_bytes(content)
    found = read_thumbnails([path, tmp_path / "gone.png", good])
    assert found[path] is None and found[tmp_path / "gone.png"] is None and found[good] is not None
