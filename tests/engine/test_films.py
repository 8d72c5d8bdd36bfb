"""Films decode back frame by frame, carry their recipes, and leave nothing behind when they fail."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from imageio_ffmpeg import count_frames_and_secs, get_ffmpeg_exe
from PIL import Image

from ganstudio.core.explore import recipe as r
from ganstudio.core.explore.files import RecipeError, dump
from ganstudio.core.explore.records import Record
from ganstudio.core.explore.ways import way
from ganstudio.engine import films, gif, video
from ganstudio.engine.films import Film, FilmError, open_film
from ganstudio.engine.pictures import png_bytes, split_grid
from ganstudio.engine.recipes_in_files import recipe_in

FRAMES, FPS = 12, 25.0
NAMES = ("film.gif", "film.mp4", "film.webm", "film.png", "film")
TEXT = 'a=b;#"\\ \n äöü =;# [x]'


def record(count: int = FRAMES, scale: int = 1, **more: object) -> Record:
    recipes = way([r.Seed(1), r.Seed(2)], count, r.Recipe())
    return Record("film", TEXT, 7, recipes, scale=scale, fps=FPS, more={"note": TEXT, **more})


def names(folder: Path) -> list[str]:
    return sorted(item.name for item in folder.iterdir())


def smooth(count: int = FRAMES, height: int = 17, width: int = 33, channels: int = 3) -> list[np.ndarray]:
    """Frames with soft gradients that move, which survive lossy codecs."""
    y, x = np.mgrid[:height, :width] / (height + width)
    frames = []
    for n in range(count):
        waves = [128 + 100 * np.sin(3 * (x + y) + n / count * 3 + c) for c in range(channels)]
        frames.append(np.stack(waves, -1).astype(np.uint8))
    return frames


def written(path: Path, frames: list[np.ndarray], **more: object) -> Path:
    with open_film(path, record(len(frames), **more)) as film:  # type: ignore[arg-type]
        for frame in frames:
            film.add(frame)
    return path


# ---------------------------------------------------------------- what comes back


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("channels", [1, 3])
def test_the_recipes_come_back(name: str, channels: int, tmp_path: Path):
    path = written(tmp_path / name, smooth(channels=channels))
    found, wanted = recipe_in(path), record()
    if path.is_dir():  # each picture tells of itself
        assert found.recipes == wanted.recipes and found.run == TEXT
        assert recipe_in(path / "000003.png").recipes == wanted.recipes[3:4]
    else:
        assert found == wanted
    assert names(tmp_path) == [name]


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("scale", [1, 2])
def test_a_gif_has_every_frame_at_its_time(channels: int, scale: int, tmp_path: Path):
    frames = smooth(channels=channels)
    path = written(tmp_path / "film.gif", frames, scale=scale)
    with Image.open(path) as picture:
        assert picture.n_frames == FRAMES and picture.size == (33 * scale, 17 * scale)  # type: ignore[attr-defined]
        assert picture.info["loop"] == 0 and picture.info["duration"] == 1000 / FPS
        for index, frame in enumerate(frames):
            picture.seek(index)
            shown = np.asarray(picture.convert("L" if channels == 1 else "RGB")).reshape(
                17 * scale, 33 * scale, -1
            )
            error = np.abs(shown[::scale, ::scale].astype(int) - frame).max()
            assert error == 0 if channels == 1 else error <= 8


@given(st.floats(1, 50), st.integers(1, 300))
def test_delays_add_up(fps: float, count: int):
    total = sum(gif.delay(index, fps) for index in range(count))
    assert abs(total - count * 100 / fps) <= 1


def test_a_gif_without_speed_or_too_fast_is_shown_all_the_same():
    assert gif.delay(3, 0.0) == 100 and gif.delay(3, 1000.0) == gif.LEAST_DELAY


@pytest.mark.parametrize("name", ["film.mp4", "film.webm"])
@pytest.mark.parametrize(("height", "width"), [(17, 33), (16, 16), (8, 8), (63, 5)])
def test_a_video_has_every_frame_and_even_sides(name: str, height: int, width: int, tmp_path: Path):
    frames = smooth(height=height, width=width)
    path = written(tmp_path / name, frames)
    count, seconds = count_frames_and_secs(str(path))
    assert count == FRAMES and seconds == pytest.approx(FRAMES / FPS, abs=0.05)
    words = [get_ffmpeg_exe(), "-v", "error", "-i", str(path), "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    pixels = np.frombuffer(subprocess.run(words, capture_output=True, check=True).stdout, np.uint8)
    shown = pixels.reshape(FRAMES, height + height % 2, width + width % 2, 3)
    for wanted, found in zip(frames, shown, strict=True):
        assert (
            np.abs(found[:height, :width].astype(int) - wanted).mean() < 10
        )  # 4:2:0 has a quarter of the colours


def test_a_strip_has_the_frames_side_by_side(tmp_path: Path):
    frames = smooth(5)
    with Image.open(written(tmp_path / "film.png", frames)) as picture:
        cells = split_grid(np.asarray(picture), 5, 17, 33, columns=5)
    assert np.array_equal(cells, np.stack(frames))


def test_a_matrix_leaves_its_corner_empty(tmp_path: Path):
    frames = smooth(5)
    made = Record("matrix", "run", 1, record(5).recipes, columns=3, corner=True)
    with open_film(tmp_path / "x.png", made) as film:
        for frame in frames:
            film.add(frame)
    with Image.open(tmp_path / "x.png") as picture:
        cells = split_grid(np.asarray(picture), 6, 17, 33, columns=3)
    assert not cells[0].any() and np.array_equal(cells[1:], np.stack(frames))
    assert recipe_in(tmp_path / "x.png") == made


def test_a_long_film_is_never_in_memory(tmp_path: Path):
    """The file grows while frames come in."""
    with open_film(tmp_path / "film.gif", record(200)) as film:
        sizes = []
        for frame in smooth(200, 64, 64):
            film.add(frame)
            sizes.append(film.beside.stat().st_size)
    assert sizes[150] > sizes[50] > sizes[10]


# ---------------------------------------------------------------- what goes wrong


@pytest.mark.parametrize("name", NAMES)
def test_a_film_that_fails_leaves_nothing(name: str, tmp_path: Path):
    with pytest.raises(ZeroDivisionError), open_film(tmp_path / name, record()) as film:
        film.add(smooth()[0])
        raise ZeroDivisionError
    assert names(tmp_path) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_failed_film_leaves_the_old_one(name: str, tmp_path: Path):
    path = written(tmp_path / name, smooth())
    if path.is_dir():
        with pytest.raises(FilmError, match="not empty"):
            written(path, smooth())
    else:
        with pytest.raises(ZeroDivisionError), open_film(path, record()) as film:
            film.add(smooth()[0])
            raise ZeroDivisionError
    assert recipe_in(path).recipes == record().recipes and names(tmp_path) == [name]


def test_leftovers_of_a_killed_process_go_away(tmp_path: Path):
    """Those of the same name at once; others once their process is gone and nothing is written there any more."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left = {
        "same": f".film.gif.{os.getpid():08x}cdef.tmp", "gone": f".other.gif.{ended.pid:08x}cdef.tmp",
        "at work": f".other.gif.{os.getpid():08x}cdef.tmp", "elsewhere": f".b.gif.{ended.pid:08x}cdef.tmp",
        "unknown": ".other.gif.f123456789ab.tmp", "mine": "notes.tmp",
    }  # fmt: skip
    for kind, name in left.items():
        (tmp_path / name).write_bytes(b"half")
        if kind != "elsewhere":
            os.utime(tmp_path / name, (5, 5))
    written(tmp_path / "film.gif", smooth())
    assert names(tmp_path) == sorted([left["at work"], left["elsewhere"], left["mine"], "film.gif"])


def test_a_process_that_ends_at_once_takes_its_films_along(tmp_path: Path):
    with pytest.raises(FilmError), open_film(tmp_path / "film", record()) as film:
        film.add(smooth()[0])
        films.abandon_all()
        assert names(tmp_path) == []
        raise FilmError("the end")


@pytest.mark.parametrize("name", NAMES)
def test_a_film_without_frames_is_none(name: str, tmp_path: Path):
    with pytest.raises(FilmError, match="needs a frame"), open_film(tmp_path / name, record()):
        pass
    assert names(tmp_path) == []


@pytest.mark.parametrize(
    ("frame", "problem"),
    [
        (np.zeros((4, 4), np.uint8), "Only pictures"),
        (np.zeros((4, 4, 2), np.uint8), "Only pictures"),
        (np.zeros((4, 0, 3), np.uint8), "Only pictures"),
        (np.zeros((1, films.MOST_SIDE + 1, 1), np.uint8), "more than"),
    ],
)
def test_what_is_no_picture_is_refused(frame: np.ndarray, problem: str, tmp_path: Path):
    with pytest.raises(FilmError, match=problem), open_film(tmp_path / "film.gif", record()) as film:
        film.add(frame)
    assert names(tmp_path) == []


def test_frames_of_two_sizes_are_refused(tmp_path: Path):
    with pytest.raises(FilmError, match="one size"), open_film(tmp_path / "film.gif", record()) as film:
        film.add(smooth()[0])
        film.add(smooth(height=5)[0])


def test_a_strip_too_large_is_refused_before_it_is_made(tmp_path: Path):
    with (
        pytest.raises(FilmError, match="too large"),
        open_film(tmp_path / "x.png", record(2000, scale=200)) as film,
    ):
        film.add(smooth()[0])


@pytest.mark.parametrize(
    ("name", "problem"), [("film.avi", "no film is written"), ("gone/film.gif", "There is no folder")]
)
def test_a_name_that_will_not_do_is_told(name: str, problem: str, tmp_path: Path):
    with pytest.raises(FilmError, match=problem):
        open_film(tmp_path / name, record())


def test_a_folder_in_the_way_is_told(tmp_path: Path):
    (tmp_path / "film.gif").mkdir()
    with pytest.raises(FilmError, match="is a folder"):
        open_film(tmp_path / "film.gif", record())


def test_without_ffmpeg_gif_is_offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(__import__("sys").modules, "imageio_ffmpeg", None)
    with (
        pytest.raises(FilmError, match="imageio-ffmpeg") as caught,
        open_film(tmp_path / "f.mp4", record()) as film,
    ):
        film.add(smooth()[0])
    assert "GIF" in caught.value.remedy and names(tmp_path) == []


def test_what_ffmpeg_says_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(video.Mp4, "codec", ("-c:v", "no-such-codec"))
    with pytest.raises(FilmError, match="ffmpeg gave up"), open_film(tmp_path / "f.mp4", record()) as film:
        for frame in smooth(40, 256, 256):
            film.add(frame)
    assert names(tmp_path) == []


# ---------------------------------------------------------------- reading


def damaged(data: bytes, name: str, folder: Path) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


FOREIGN = {
    "photo.png": png_bytes(np.zeros((3, 3, 1), np.uint8)),
    "noise.png": b"\x89PNG\r\n\x1a\n" + bytes(40),
    "noise.gif": b"GIF89a" + bytes(3),
    "text.png": b"hello",
    "empty.gif": b"",
    "noise.mp4": bytes(2000),
    "noise.webm": b"\x1a\x45\xdf\xa3" + bytes(2000),
    "list.json": b"[1, 2]",
    "torn.json": b"{",
    "photo.jpg": b"\xff\xd8\xff",
}


@pytest.mark.parametrize("name", FOREIGN)
def test_foreign_and_damaged_files_are_told_in_one_sentence(name: str, tmp_path: Path):
    with pytest.raises(RecipeError, match=r"^[^\n]+$") as caught:
        recipe_in(damaged(FOREIGN[name], name, tmp_path))
    assert name in str(caught.value)


@pytest.mark.parametrize("name", NAMES[:4])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.7])
def test_a_file_cut_anywhere_gives_its_recipe_or_says_so(name: str, share: float, tmp_path: Path):
    whole = written(tmp_path / name, smooth()).read_bytes()
    path = damaged(whole[: int(len(whole) * share)], f"cut-{name}", tmp_path)
    try:
        assert recipe_in(path) == record()
    except RecipeError as error:
        assert "\n" not in str(error)


def test_a_film_from_elsewhere_has_no_recipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(video, "text_of", lambda record: "made by hand")
    path = written(tmp_path / "film.mp4", smooth())
    with pytest.raises(RecipeError, match="not made by GAN Studio"):
        recipe_in(path)


def test_a_gigantic_file_is_not_read(tmp_path: Path):
    path = tmp_path / "big.mp4"
    with path.open("wb") as file:
        file.truncate(5 << 30)  # a hole: takes no space
    with pytest.raises(RecipeError, match="too large"):
        recipe_in(path)
    path = tmp_path / "big.json"
    with path.open("wb") as file:
        file.truncate(1 << 30)
    with pytest.raises(RecipeError, match="too large"):
        recipe_in(path)


def test_a_picture_with_gigantic_sides_is_told(tmp_path: Path):
    data = bytearray(png_bytes(np.zeros((3, 3, 1), np.uint8)))
    data[16:24] = (200_000).to_bytes(4, "big") * 2
    with pytest.raises(RecipeError):
        recipe_in(damaged(bytes(data), "x.png", tmp_path))


def test_what_is_not_there_is_told(tmp_path: Path):
    with pytest.raises(RecipeError, match=r"gone.png cannot be read"):
        recipe_in(tmp_path / "gone.png")
    (tmp_path / "empty").mkdir()
    with pytest.raises(RecipeError, match="no numbered PNG"):
        recipe_in(tmp_path / "empty")


def test_a_bare_recipe_is_no_record(tmp_path: Path):
    path = tmp_path / "x.json"
    path.write_text(dump(r.Recipe()))
    with pytest.raises(RecipeError, match="format"):
        recipe_in(path)


def test_every_kind_of_film_writes_its_frames(tmp_path: Path):
    with pytest.raises(AssertionError), Film(tmp_path / "x", record()) as film:
        film.add(smooth()[0])
