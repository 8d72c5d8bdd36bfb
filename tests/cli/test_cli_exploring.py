"""``interpolate`` and ``mix``: the pictures of the explore session, pixel for pixel, and every wrong word told."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from cli.program import finish, start
from PIL import Image
from support.explored import saved
from support.exploring import ChildExplorer, saved_styles

from ganstudio.cli.main import run as program
from ganstudio.core.explore import messages as x
from ganstudio.core.explore.recipe import Model, Recipe, Seed
from ganstudio.core.explore.ways import matrix, way
from ganstudio.engine.pictures import split_grid
from ganstudio.engine.recipes_in_files import recipe_in


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A conditional DCGAN, a StyleGAN2 and a GAN of points."""
    folder = tmp_path_factory.mktemp("runs")
    saved("dcgan-classes", folder / "digits")
    saved_styles(folder / "styles")
    saved("points", folder / "points")
    return folder


@pytest.fixture(scope="module")
def child() -> Iterator[ChildExplorer]:
    made = ChildExplorer()
    yield made
    made.close()


def pictures(child: ChildExplorer, model: Model, recipes: tuple[Recipe, ...]) -> np.ndarray:
    number = child.ask(x.Render, "strip", model, recipes)
    child.answer(number, x.Rendered, x.is_last)
    return np.concatenate([part.images for part in child.about(number) if isinstance(part, x.Rendered)])


def cells(path: Path, count: int, columns: int) -> np.ndarray:
    with Image.open(path) as picture:
        return split_grid(np.asarray(picture), count, 8, 8, columns)


@pytest.mark.parametrize(("space", "mode", "loop"), [("z", "slerp", False), ("w", "lerp", True)])
def test_a_strip_is_that_of_the_session(
    studio, runs: Path, child: ChildExplorer, tmp_path: Path, space: str, mode: str, loop: bool
):
    out = tmp_path / "x.png"
    words = ("--frames", 7, "--space", space, "--truncation", 0.7, *(["--loop"] if loop else []))
    done = studio("interpolate", runs / "styles", "--seeds", "1,2, 3", "--out", out, *words, "--json")
    assert done.code == 0, done.err
    film = way([Seed(1), Seed(2), Seed(3)], 7, Recipe(psi=0.7), mode, space, loop)  # type: ignore[arg-type]
    assert np.array_equal(cells(out, 7, 7), pictures(child, Model(str(runs / "styles")), film))
    assert done.record["seeds"] == [1, 2, 3] and done.record["mode"] == mode
    assert (done.record["picture_width"], done.record["picture_height"]) == (2 + 7 * 10, 12)
    assert done.record["step"] == 2 and done.record["run"] == "styles"
    found = recipe_in(out)
    assert found.recipes == film and found.more["space"] == space


def test_a_matrix_is_that_of_the_session(studio, runs: Path, child: ChildExplorer, tmp_path: Path):
    out = tmp_path / "x.png"
    done = studio(
        "mix", runs / "styles", "--rows", "1,2", "--cols", "3,4,5", "--layers", "0-1", "--out", out, "--json"
    )  # fmt: skip
    assert done.code == 0, done.err
    made = matrix([Seed(1), Seed(2)], [Seed(3), Seed(4), Seed(5)], 0, 1, Recipe())
    found = cells(out, 12, 4)
    assert not found[0].any()
    assert np.array_equal(found[1:], pictures(child, Model(str(runs / "styles")), made))
    assert done.record["layers"] == [0, 1] and recipe_in(out).recipes == made


def test_samples_are_those_of_the_session(studio, runs: Path, child: ChildExplorer, tmp_path: Path):
    out = tmp_path / "x.png"
    for name in ("digits", "styles"):
        assert studio("sample", runs / name, "--out", out, "--count", 20, "--truncation", 0.5).code == 0
        record = recipe_in(out)
        found = cells(out, 20, record.columns or 5)
        assert np.array_equal(found, pictures(child, Model(str(runs / name)), record.recipes))


@pytest.mark.parametrize("layers", ["coarse", "fine", "all", "0"])
def test_layers_by_name_and_number(studio, runs: Path, tmp_path: Path, layers: str):
    out = tmp_path / "x.png"
    words = ("--rows", 1, "--cols", 2, "--layers", layers, "--label", 3, "--strength", 0.5, "--out", out)
    done = studio("mix", runs / "styles", *(word for word in words if word not in ("--label", 3)), "--json")
    assert done.code == 0, done.err
    first, last = done.record["layers"]
    assert first <= last and recipe_in(out).recipes[-1].mixes[0].strength == 0.5


@pytest.mark.parametrize("name", ["x.gif", "x.mp4", "x.webm"])
def test_films(studio, runs: Path, tmp_path: Path, name: str):
    out = tmp_path / name
    done = studio(
        "interpolate", runs / "digits", "--seeds", "1,2", "--label", "3", "--frames", 6, "--fps", 12, "--scale",
        2, "--mode", "matched", "--easing", "smooth", "--even", "--out", out, "--checkpoint", 2, "--quiet",
    )  # fmt: skip
    assert done.code == 0 and done.out == f"{out}\n" and done.err == ""
    found = recipe_in(out)
    assert (len(found.recipes), found.fps, found.scale, found.step) == (6, 12.0, 2, 2)
    assert {recipe.labels for recipe in found.recipes} == {((3, 1.0),)}
    assert [item.name for item in tmp_path.iterdir()] == [name]


WRONG = [
    (("interpolate", "digits", "--seeds", "1", "--out", "x.gif"), "--seeds: 2 seeds are needed"),
    (("interpolate", "digits", "--seeds", "1,two", "--out", "x.gif"), "--seeds: 'two' is not a seed"),
    (("interpolate", "digits", "--seeds", "1,-2", "--out", "x.gif"), "--seeds: '-2' is not a seed"),
    (("interpolate", "digits", "--seeds", "1,2", "--out", "x.avi"), "must end in .png or .gif or .mp4 or .webm"),
    (("interpolate", "digits", "--seeds", "1,2", "--out", "gone/x.gif"), "there is no folder"),
    (("interpolate", "digits", "--seeds", "1,2", "--out", "x.gif", "--space", "w"), "--space w: dcgan has no w"),
    (("interpolate", "styles", "--seeds", "1,2", "--out", "x.gif", "--space", "w", "--mode", "slerp"), "--mode slerp"),
    (("interpolate", "digits", "--seeds", "1,2", "--out", "x.gif", "--mode", "fast"), "invalid choice: 'fast'"),
    (("interpolate", "digits", "--seeds", "1,2", "--out", "x.gif", "--frames", "1"), "--frames 1 is not from 2"),
    (("interpolate", "digits", "--seeds", "1,2", "--out", "x.gif", "--fps", "0"), "0 is not between 0.1 and 240"),
    (("interpolate", "digits", "--seeds", "1,2", "--out", "x.gif", "--label", "x"), "--label x: there are the classes"),
    (("interpolate", "styles", "--seeds", "1,2", "--out", "x.gif", "--label", "1"), "--label: stylegan2 is not"),
    (("interpolate", "digits", "--seeds", "1,2", "--out", "x.gif", "--checkpoint", "9"), "no checkpoint at step 9"),
    (("interpolate", "points", "--seeds", "1,2", "--out", "x.gif"), "makes no pictures"),
    (("interpolate", "gone", "--seeds", "1,2", "--out", "x.gif"), "no such run"),
    (("interpolate", "digits", "--out", "x.gif"), "--seeds"),
    (("interpolate", "digits", "--seeds", "1,2", "--out", "x.gif", "--scale", "9999"), "more than 16,384 px"),
    (("mix", "digits", "--rows", "1", "--cols", "2", "--out", "x.gif"), "must end in .png"),
    (("mix", "digits", "--rows", "", "--cols", "2", "--out", "x.png"), "--rows: 1 seeds are needed"),
    (("mix", "digits", "--rows", "1", "--cols", "x", "--out", "x.png"), "--cols: 'x' is not a seed"),
    (("mix", "styles", "--rows", "1", "--cols", "2", "--layers", "hair", "--out", "x.png"), "hair: not one of"),
    (("mix", "styles", "--rows", "1", "--cols", "2", "--layers", "2-1", "--out", "x.png"), "has the layers 0 to"),
    (("mix", "styles", "--rows", "1", "--cols", "2", "--layers", "0-99", "--out", "x.png"), "has the layers 0 to"),
    (("mix", "styles", "--rows", "1", "--cols", "2", "--strength", "2", "--out", "x.png"), "2 is not between 0 and 1"),
    (("mix", "points", "--rows", "1", "--cols", "2", "--out", "x.png"), "makes no pictures"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "problem"), WRONG)
def test_wrong_words_are_told_in_one_line(
    studio, runs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], problem: str
):
    monkeypatch.chdir(tmp_path)
    verb, run, *rest = words
    done = studio(verb, runs / run, *rest)
    assert done.code == 2 and done.out == ""
    assert problem in done.err and len(done.err.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("name", ["x.gif", "x.mp4"])
def test_a_stopped_film_leaves_no_part(runs: Path, tmp_path: Path, number: int, code: int, name: str):
    process = start(
        "interpolate", runs / "digits", "--seeds", "1,2", "--label", 1, "--frames", 100_000, "--out", tmp_path / name
    )  # fmt: skip
    deadline = time.monotonic() + 100
    while not list(tmp_path.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert [item.name[:2] for item in tmp_path.iterdir()] == [".x"]
    process.send_signal(number)
    done = finish(process)
    assert done.code == code, done.err
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_refuses_is_told(
    runs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ganstudio.engine.films.put_in_place", full)
    words = (
        "interpolate",
        runs / "digits",
        "--seeds",
        "1,2",
        "--frames",
        3,
        "--label",
        1,
        "--out",
        tmp_path / "x.gif",
    )
    assert program([str(word) for word in words]) == 1
    assert "x.gif cannot be written: No space left on device" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
