"""Folders as people have them: classes, formats, turned, transparent; many files."""

from __future__ import annotations

import io
import threading
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from support.pictures import SIZE, is_colour, pixels_of, plain, read, save

from ganstudio.catalog.datasets import Folder
from ganstudio.data import Cancelled, decode, load
from ganstudio.data.folder import load_folder

# ---------------------------------------------------------------- classes and order


def test_sub_folders_are_classes_in_natural_order(tmp_path: Path):
    for name, red in (("class10", 10), ("class9", 9), ("Class1", 1)):
        for index in range(2):
            save(tmp_path / name / f"{index}.png", (red, 0, 0))
    found = read(tmp_path)
    assert found.class_names == ("Class1", "class9", "class10")
    assert found.labels is not None
    assert found.labels.tolist() == [0, 0, 1, 1, 2, 2] and found.labels.dtype == torch.int64
    assert found.images[:, 0, 0, 0].tolist() == [1, 1, 9, 9, 10, 10]
    assert found.summary == f"6 images, {SIZE} × {SIZE}, colour, 3 classes"


def test_deeper_folders_belong_to_the_top_level_class(tmp_path: Path):
    save(tmp_path / "cats" / "1.png")
    save(tmp_path / "cats" / "old" / "very old" / "2.png")
    save(tmp_path / "dogs" / "3.png")
    found = read(tmp_path)
    assert found.class_names == ("cats", "dogs")
    assert found.labels is not None and found.labels.tolist() == [0, 0, 1]


def test_pictures_directly_in_the_folder_have_no_labels(tmp_path: Path):
    save(tmp_path / "a.png")
    found = read(tmp_path)
    assert found.labels is None and found.class_names == () and found.shape.classes == 0


def test_a_single_sub_folder_is_no_class(tmp_path: Path):
    save(tmp_path / "all" / "a.png")
    save(tmp_path / "all" / "b.png")
    (tmp_path / "empty").mkdir()
    assert read(tmp_path).labels is None


def test_loose_pictures_beside_classes_leave_no_labels_and_it_says_so(tmp_path: Path):
    for name in ("cats/1.png", "dogs/2.png", "cover.png"):
        save(tmp_path / name)
    found = read(tmp_path)
    assert found.labels is None and len(found) == 3
    assert "no classes because 1 lies outside the sub-folders" in found.summary


def test_a_class_without_readable_pictures_is_left_out(tmp_path: Path):
    save(tmp_path / "a" / "1.png")
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "1.png").write_bytes(b"")
    save(tmp_path / "c" / "1.png")
    found = read(tmp_path)
    assert found.class_names == ("a", "c")
    assert found.labels is not None and found.labels.tolist() == [0, 1]
    assert found.unreadable == ("b/1.png: the file is empty",)


def test_files_come_in_natural_order(tmp_path: Path):
    for number in (10, 9, 100, 1):
        save(tmp_path / f"{number}.png", (number, 0, 0))
    assert read(tmp_path).images[:, 0, 0, 0].tolist() == [1, 9, 10, 100]


# ---------------------------------------------------------------- formats


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.JPEG", "a.webp", "a.bmp", "a.gif"])
def test_every_format_is_read(tmp_path: Path, name: str):
    save(tmp_path / name, (255, 0, 0))
    assert is_colour(read(tmp_path).images[0], (255, 0, 0))


def test_grey_pictures_and_colour_pictures_mix(tmp_path: Path):
    save(tmp_path / "a.png", 77, mode="L")
    save(tmp_path / "b.png", (255, 255, 255))
    assert is_colour(read(tmp_path).images[0], (77, 77, 77), 0)
    grey = read(tmp_path, channels=1)
    assert grey.images.shape == (2, 1, SIZE, SIZE)
    assert grey.images[:, 0, 0, 0].tolist() == [77, 255]


def test_only_the_first_frame_of_an_animation_counts(tmp_path: Path):
    frames = [plain((255, 0, 0)), plain((0, 255, 0))]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:])
    found = read(tmp_path)
    assert len(found) == 1 and is_colour(found.images[0], (255, 0, 0))


# Where the first stored row and the first stored column lie in the upright picture (EXIF 2.32, tag 0x0112).
ORIENTATIONS = {
    1: ("top", "left"),
    2: ("top", "right"),
    3: ("bottom", "right"),
    4: ("bottom", "left"),
    5: ("left", "top"),
    6: ("right", "top"),
    7: ("right", "bottom"),
    8: ("left", "bottom"),
}


@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize("suffix", ["png", "jpg", "webp"])
def test_exif_orientation_is_honoured(tmp_path: Path, orientation: int, suffix: str):
    upright = np.zeros((24, 24, 3), dtype=np.uint8)
    upright[:12, :12] = (255, 0, 0)
    upright[:12, 12:] = (0, 255, 0)
    row, column = ORIENTATIONS[orientation]
    stored = upright if row in ("top", "bottom") else upright.swapaxes(0, 1)
    stored = stored[::-1] if row in ("bottom", "right") else stored
    stored = stored[:, ::-1] if column in ("bottom", "right") else stored
    exif = Image.Exif()
    exif[0x0112] = orientation
    pixels = pixels_of(Image.fromarray(stored.copy()), tmp_path / f"a.{suffix}", exif=exif, quality=95)
    assert is_colour(pixels[:, 1:3, 1:3], (255, 0, 0), 12)
    assert is_colour(pixels[:, 1:3, 5:7], (0, 255, 0), 12)
    assert is_colour(pixels[:, 5:7], (0, 0, 0), 12)


def test_transparency_is_laid_over_black(tmp_path: Path):
    half = Image.new("RGBA", (20, 20), (200, 100, 50, 128))
    assert is_colour(pixels_of(half, tmp_path / "a" / "a.png"), (100, 50, 25))
    assert is_colour(pixels_of(half, tmp_path / "b" / "a.webp", lossless=True), (100, 50, 25))
    grey = Image.new("LA", (20, 20), (200, 0))
    assert is_colour(pixels_of(grey, tmp_path / "c" / "a.png"), (0, 0, 0))


def test_palettes_with_and_without_transparency(tmp_path: Path):
    palette = plain((10, 200, 30)).quantize(4)
    assert is_colour(pixels_of(palette, tmp_path / "a" / "a.png"), (10, 200, 30))
    index = palette.getpixel((0, 0))
    assert is_colour(pixels_of(palette, tmp_path / "b" / "a.png", transparency=index), (0, 0, 0))


def test_sixteen_bits_become_eight(tmp_path: Path):
    deep = Image.fromarray(np.full((20, 20), 40000, dtype=np.uint16))
    assert is_colour(pixels_of(deep, tmp_path / "a.png"), (round(40000 / 257),) * 3, 0)


def test_cmyk_jpeg(tmp_path: Path):
    cmyk = plain((0, 255, 255, 0), mode="CMYK")
    assert is_colour(pixels_of(cmyk, tmp_path / "a.jpg", quality=95), (255, 0, 0), 8)


def test_black_and_white(tmp_path: Path):
    assert is_colour(pixels_of(plain(1, mode="1"), tmp_path / "a.png"), (255, 255, 255), 0)


# ---------------------------------------------------------------- one size


def striped() -> Image.Image:
    """Three squares side by side: red, green, blue."""
    picture = Image.new("RGB", (96, 32), (0, 255, 0))
    picture.paste((255, 0, 0), (0, 0, 32, 32))
    picture.paste((0, 0, 255), (64, 0, 96, 32))
    return picture


@pytest.mark.parametrize("turned", [False, True])
def test_crop_takes_the_middle(tmp_path: Path, turned: bool):
    striped().rotate(90 if turned else 0, expand=True).save(tmp_path / "a.png")
    pixels = read(tmp_path, fit="crop").images[0]
    assert is_colour(pixels[:, 1:-1, 1:-1], (0, 255, 0))
    assert is_colour(pixels, (0, 255, 0), 20)  # the filter looks a little over the edge


def test_pad_adds_black_bars(tmp_path: Path):
    striped().save(tmp_path / "a.png")
    pixels = read(tmp_path, fit="pad", resolution=32).images[0]
    assert is_colour(pixels[:, :10], (0, 0, 0)) and is_colour(pixels[:, 22:], (0, 0, 0))
    assert is_colour(pixels[:, 12:20, 2:8], (255, 0, 0)) and is_colour(pixels[:, 12:20, 24:30], (0, 0, 255))


def test_stretch_keeps_everything(tmp_path: Path):
    striped().save(tmp_path / "a.png")
    pixels = read(tmp_path, fit="stretch", resolution=32).images[0]
    assert is_colour(pixels[:, :, 2:6], (255, 0, 0)) and is_colour(pixels[:, :, 26:30], (0, 0, 255))


@pytest.mark.parametrize("suffix", ["png", "jpg"])
def test_reduction_is_antialiased(tmp_path: Path, suffix: str):
    """A fine checkerboard becomes an even grey; picking single pixels would give black and white."""
    fine = np.indices((512, 512)).sum(0) % 2 * 255
    Image.fromarray(fine.astype(np.uint8)).save(tmp_path / f"a.{suffix}")
    assert is_colour(read(tmp_path).images[0], (127, 127, 127), 6)


def test_a_one_pixel_wide_picture(tmp_path: Path):
    save(tmp_path / "a.png", (9, 9, 9), size=(1, 1000))
    for fit in ("crop", "pad", "stretch"):
        assert read(tmp_path, fit=fit).images.shape == (1, 3, SIZE, SIZE)


def test_a_large_jpeg_is_as_good_as_a_large_png(tmp_path: Path):
    """The decoder's shortcut for large JPEGs must not shift or blur."""
    y, x = np.mgrid[0:700, 0:900]
    smooth = np.stack([x * 255 / 900, y * 255 / 700, 127 + 100 * np.sin(x / 60)], -1).astype(np.uint8)
    Image.fromarray(smooth).save(tmp_path / "a.jpg", quality=95)
    Image.fromarray(smooth).save(tmp_path / "b.png")
    images = read(tmp_path, resolution=32).images.float()
    assert (images[0] - images[1]).abs().mean() < 2


# ---------------------------------------------------------------- many files, progress, cancelling


def test_hundreds_of_files_keep_their_order_and_progress_only_grows(tmp_path: Path):
    for number in range(600):
        (tmp_path / f"{number}.bmp").write_bytes(_tiny_bmp(number % 256))
    told: list[tuple[str, float]] = []
    found = load_folder(
        Folder(path=str(tmp_path), resolution=SIZE), lambda what, done: told.append((what, done))
    )
    assert found.images[:, 0, 0, 0].tolist() == [n % 256 for n in range(600)]
    done = [d for what, d in told if what == "Reading pictures"]
    assert done == sorted(done) and done[0] == 0.0 and done[-1] == 1.0
    assert told[0][1] < 0


def _tiny_bmp(value: int) -> bytes:
    buffer = io.BytesIO()
    Image.new("L", (4, 4), value).save(buffer, "BMP")
    return buffer.getvalue()


def test_cancelling_stops_at_once_and_leaves_no_thread(tmp_path: Path, monkeypatch):
    for number in range(40):
        (tmp_path / f"{number}.bmp").write_bytes(_tiny_bmp(number))
    reached, go_on = threading.Event(), threading.Event()
    calls: list[int] = []
    original = decode.decode

    def slow(*args):
        calls.append(1)
        reached.set()
        assert go_on.wait(20)
        return original(*args)

    def cancelled() -> bool:
        if reached.is_set():
            go_on.set()
            return True
        return False

    monkeypatch.setattr("ganstudio.data.folder.decode", slow)
    with pytest.raises(Cancelled):
        load_folder(Folder(path=str(tmp_path), resolution=SIZE), None, cancelled)
    assert len(calls) < 40
    assert not [t for t in threading.enumerate() if t.name.startswith("decode")]


def test_cancelling_while_looking_for_pictures(tmp_path: Path):
    save(tmp_path / "a.png")
    with pytest.raises(Cancelled):
        load(Folder(path=str(tmp_path)), cancelled=lambda: True)
