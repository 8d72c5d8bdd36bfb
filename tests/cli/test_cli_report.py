"""``ganstudio report`` as a person types it, and the card that ``ganstudio export`` leaves."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from support.reported import make_run


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return make_run(tmp_path, "digits")


def test_the_page_is_written_and_named(studio, run: Path, tmp_path: Path) -> None:
    out = tmp_path / "r.html"
    done = studio("report", run, "--out", out, "-q")
    assert done.code == 0 and done.out.split() == [str(out)] and done.err == ""
    assert out.read_text("utf-8").startswith("<!DOCTYPE html>")


def test_json_names_all_files(studio, run: Path, tmp_path: Path) -> None:
    other = make_run(tmp_path, "other", seed=3)
    done = studio("report", run, other, "--out", tmp_path / "r.md", "--json")
    told = json.loads(done.out.splitlines()[-1])
    assert done.code == 0 and told["runs"] == [str(run), str(other)]
    assert all(Path(path).is_file() for path in told["files"]) and len(told["files"]) > 3
    assert told["bytes"] == sum(Path(path).stat().st_size for path in told["files"])


def test_a_folder_is_for_tensorboard(studio, run: Path, tmp_path: Path) -> None:
    assert studio("report", run, "--out", tmp_path / "board", "-q").code == 0
    assert list((tmp_path / "board" / "digits").glob("events.out.tfevents.*"))


def test_parts_are_left_out(studio, run: Path, tmp_path: Path) -> None:
    out = tmp_path / "r.json"
    assert studio("report", run, "--out", out, "--without", "curves, events", "-q").code == 0
    (told,) = json.loads(out.read_text("utf-8"))["runs"]
    assert "series" not in told and "events" not in told and "measurements" in told


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("--out", "{tmp}/r.docx"), "the name must end in .html, .pdf"),
        (("--out", "{tmp}/nowhere/r.html"), "there is no folder"),
        (("--out", "{tmp}/folder.html"), "is a folder"),
        (("--out", "{tmp}/file"), "is a file; event files need a folder"),
        (("--out", "{tmp}/r.html", "--without", "curvs"), "no part of a report; did you mean 'curves'?"),
        ((), "--out"),
    ],
)
def test_what_cannot_be_is_one_line(studio, run: Path, tmp_path: Path, words, problem: str) -> None:
    (tmp_path / "folder.html").mkdir()
    (tmp_path / "file").write_text("")
    done = studio("report", run, *(word.format(tmp=tmp_path) for word in words))
    assert done.code == 2 and problem in done.err and len(done.err.splitlines()) == 1


def test_a_run_that_is_none_and_one_that_is_damaged(studio, tmp_path: Path) -> None:
    done = studio("report", tmp_path, "--out", tmp_path / "r.html")
    assert done.code == 2 and "is not a run: it has no run.toml" in done.err
    (tmp_path / "run.toml").write_text("variant = 'dcgn'")
    done = studio("report", tmp_path, "--out", tmp_path / "r.html", "-q")
    assert done.code == 1 and "did you mean 'dcgan'?" in done.err and len(done.err.splitlines()) == 1


def test_an_exported_generator_has_its_card_and_checkpoints_can_be_kept(studio, tmp_path: Path) -> None:
    config = tmp_path / "tiny.toml"
    config.write_text(
        'variant = "gan"\nsteps = 2\nbatch_size = 8\n[data]\nsource = "ring"\n[generator]\nwidth = 8\n'
        "[discriminator]\nwidth = 8\n"
    )
    assert studio("train", config, "--out", tmp_path / "run", "-q").code == 0
    out = tmp_path / "g.safetensors"
    done = studio("export", tmp_path / "run", "--out", out, "--json")
    told = json.loads(done.out.splitlines()[-1])
    card = Path(told["card"])
    assert done.code == 0 and card == tmp_path / "g.card.md"
    assert "Step 2 has not been measured" in card.read_text("utf-8")
    kept = tmp_path / "kept.zip"
    done = studio("export", tmp_path / "run", "--out", kept, "--checkpoint", "all", "--json")
    assert done.code == 0 and json.loads(done.out.splitlines()[-1])["steps"] == [2]
    with zipfile.ZipFile(kept) as file:
        file.extractall(tmp_path)
    assert studio("sample", tmp_path / "kept", "--out", tmp_path / "s.png").code == 0
    for words, problem in (
        ((kept, "--checkpoint", "7"), "there is no such checkpoint; there are: 2"),
        ((out, "--checkpoint", "all"), "only a .zip holds several checkpoints"),
    ):
        done = studio("export", tmp_path / "run", "--out", *words)
        assert done.code and problem in done.err and len(done.err.splitlines()) == 1
