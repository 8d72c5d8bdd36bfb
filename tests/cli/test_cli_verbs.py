"""Help, lists, samples, the doctor, the way to the window, and the progress bar."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from cli.program import environment
from PIL import Image

from ganstudio.catalog.presets import DEFAULT_PRESET, presets
from ganstudio.catalog.resolve import KINDS
from ganstudio.catalog.variants import VARIANTS
from ganstudio.cli import doctor, terminal, window
from ganstudio.cli.parser import CATALOGUES, VERBS
from ganstudio.cli.terminal import Progress
from ganstudio.core.runs import RunFolder
from ganstudio.core.schema import walk
from ganstudio.engine.pictures import split_grid

HEAVY = {"torch", "numpy", "PySide6", "sklearn", "scipy", "PIL", "onnx", "psutil", "platformdirs"}


@pytest.mark.parametrize("verb", ["", *(name for name, *_ in VERBS)])
def test_help_comes_without_heavy_imports(verb):
    code = (
        "import sys\nfrom ganstudio.cli.main import run\n"
        "try: run([*sys.argv[1:], '--help'])\n"
        f"except SystemExit as end: print(end.code, sorted({HEAVY!r} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *([verb] if verb else [])],
        capture_output=True, text=True, env=environment(), check=True,
    )  # fmt: skip
    assert f"usage: ganstudio {verb}".rstrip() in done.stdout
    assert done.stdout.splitlines()[-1] == "0 []"


def test_every_setting_is_listed_with_value_and_help(studio):
    from ganstudio.catalog.presets import load_spec

    done = studio("train", "digits-dcgan", "--help-settings")
    assert done.code == 0
    text = " ".join(done.out.split())
    for key, setting, _ in walk(load_spec("digits-dcgan")):
        assert f" {key} = " in text
        assert " ".join(setting.option.help.split()) in text
    for name in KINDS["stabilizers"].keys() - load_spec("digits-dcgan").stabilizers.keys():
        assert f" stabilizers.{name} = false" in text
    assert ' generator.network = "dcgan"' in text
    assert " optimizer.discriminator.lr = 2e-4 (live)" in text
    assert " checkpoint.every_seconds = 300 s " in text


@pytest.mark.parametrize("name", ["folder-dcgan", *VARIANTS])
def test_settings_of_what_is_not_complete_are_listed_too(studio, name):
    done = studio("train", name, "--help-settings")
    assert done.code == 0, done.err
    assert "  batch_size = " in done.out
    assert ("data.path = (needed)" in done.out) == (name == "folder-dcgan")


@pytest.mark.parametrize("catalogue", CATALOGUES)
def test_lists(studio, catalogue):
    done = studio("list", catalogue, "--json")
    assert done.code == 0
    entries = done.record[catalogue]
    assert len(entries) >= 2
    for entry in entries:
        assert entry["name"]
        assert entry["title"]
        assert entry["idea"].endswith((".", "?"))
        assert "year" in entry
    plain = studio("list", catalogue).out
    assert all(entry["name"] in plain for entry in entries)


def test_lists_name_what_there_is(studio):
    names = [entry["name"] for entry in studio("list", "variants", "--json").record["variants"]]
    assert names == list(VARIANTS)
    names = [entry["name"] for entry in studio("list", "presets", "--json").record["presets"]]
    assert names == list(presets()) and names[0] == DEFAULT_PRESET


def test_every_series_of_a_run_is_in_the_list_of_metrics(studio, toy, tmp_path):
    run = tmp_path / "run"
    assert studio("train", toy, "--out", run, "--set", "stabilizers.r1=true").code == 0
    listed = {entry["name"] for entry in studio("list", "metrics", "--json").record["metrics"]}
    measured = set(RunFolder(run).metrics().values)
    patterns = [re.compile(re.sub("<[a-z]+>", "[^/]+", name)) for name in listed]
    assert "penalty/r1" in measured
    assert not [name for name in measured if not any(p.fullmatch(name) for p in patterns)]


def test_samples_equal_the_grid_that_training_saved(studio, tiny, tmp_path):
    run, out = tmp_path / "run", tmp_path / "x.png"
    assert studio("train", tiny, "--out", run).code == 0
    done = studio("sample", run, "--out", out, "--count", 9, "--json")
    assert done.code == 0, done.err
    with Image.open(out) as picture, Image.open(run / "samples" / "000020.png") as saved:
        assert np.array_equal(np.asarray(picture), np.asarray(saved))
        recipe = json.loads(picture.text["ganstudio"])
    assert done.record == {"out": str(out), "picture_width": 32, "picture_height": 32} | recipe
    assert recipe["kind"] == "samples"
    assert (recipe["run"], recipe["step"], recipe["seed"], recipe["count"]) == ("run", 20, 0, 9)

    assert studio("sample", run, "--out", out, "--count", 9, "--checkpoint", 10).code == 0
    with Image.open(out) as picture, Image.open(run / "samples" / "000010.png") as saved:
        assert np.array_equal(np.asarray(picture), np.asarray(saved))


def test_samples_by_seed_scale_and_truncation(studio, tiny, tmp_path):
    run = tmp_path / "run"
    assert studio("train", tiny, "--out", run, "--steps", "3").code == 0

    def picture(*words: object) -> np.ndarray:
        out = tmp_path / "x.png"
        assert studio("sample", run, "--out", out, *words).code == 0
        with Image.open(out) as image:
            return np.asarray(image)

    four = picture("--count", 4)
    assert four.shape == (2 * 10 + 2, 2 * 10 + 2)
    assert np.array_equal(picture("--count", 1, "--seed", 3)[2:10, 2:10], four[12:20, 12:20])
    large = picture("--count", 4, "--scale", 3)
    assert large.shape == (2 * 26 + 2, 2 * 26 + 2)
    assert np.array_equal(large[2:26:3, 2:26:3], four[2:10, 2:10])
    same = picture("--count", 2, "--truncation", 0)
    assert np.array_equal(same[2:10, 2:10], same[2:10, 12:20])
    assert not np.array_equal(four[2:10, 2:10], four[2:10, 12:20])


def test_points_are_drawn(studio, toy, tmp_path):
    run, out = tmp_path / "run", tmp_path / "x.png"
    assert studio("train", toy, "--out", run).code == 0
    assert studio("sample", run, "--out", out, "--count", 64).code == 0
    with Image.open(out) as picture, Image.open(run / "samples" / "000006.png") as saved:
        assert picture.size == (320, 320)
        assert np.array_equal(np.asarray(picture), np.asarray(saved))


def test_a_generator_without_classes_draws_no_class(studio, tiny, tmp_path):
    run = tmp_path / "run"
    assert studio("train", tiny, "--out", run, "--steps", "1").code == 0
    done = studio("sample", run, "--out", tmp_path / "x.png", "--label", "3")
    assert done.code == 2
    assert "--label: dcgan is not conditional: its generator knows no classes" in done.err
    assert not (tmp_path / "x.png").exists()


def test_a_conditional_generator_draws_a_row_for_each_class_or_one_class(studio, tiny, tmp_path):
    run = tmp_path / "run"
    conditional = ("--set", "conditioning.by=concatenation", "--set", "samples.count=20")
    assert studio("train", tiny, "--out", run, *conditional).code == 0
    out = tmp_path / "x.png"
    done = studio("sample", run, "--out", out, "--count", "20", "--json")
    assert (done.record["count"], done.record["columns"]) == (20, 2)
    rows = split_grid(np.asarray(Image.open(out)), 20, 8, 8, columns=2)
    saved = split_grid(np.asarray(Image.open(run / "samples" / "000020.png")), 20, 8, 8, columns=2)
    assert np.array_equal(rows, saved), "the command line draws what training drew"
    assert studio("sample", run, "--out", out, "--count", "2", "--label", "7").code == 0
    sevens = split_grid(np.asarray(Image.open(out)), 2, 8, 8)
    assert np.array_equal(sevens, rows[14:16])
    with Image.open(out) as picture:
        assert json.loads(picture.text["ganstudio"])["label"] == "7"
    wrong = studio("sample", run, "--out", out, "--label", "seven")
    assert wrong.code == 2 and "--label seven: there are the classes 0 to 9 or one of 0, 1, 2" in wrong.err


# ---------------------------------------------------------------- the doctor


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "SECONDS", 0.02)


@pytest.mark.usefixtures("hurried")
def test_the_doctor_tells_what_there_is(studio):
    done = studio("doctor", "--json")
    assert done.code == 0, done.out
    assert done.record["ok"]
    assert done.record["problems"] == []
    assert done.record["versions"]["torch"]
    assert done.record["disk_free"] > 0
    devices = {trial["device"]: trial for trial in done.record["devices"]}
    assert devices["cpu"]["images_per_second"] > 0
    assert isinstance(done.record["missing_libraries"], list)
    assert "All that training needs is in order." in "\n".join(doctor.lines_of(done.record))


@pytest.mark.usefixtures("hurried")
def test_the_doctor_fails_where_nothing_can_be_saved(studio, monkeypatch):
    monkeypatch.setattr(doctor, "_writable", lambda folder: False)
    done = studio("doctor")
    assert done.code == 1
    assert "cannot be written" in done.out
    assert done.out.splitlines()[-1] == "Training does not work here."


def test_the_doctor_fails_where_training_does(studio, monkeypatch):
    def broken(_: Progress) -> list[doctor.Trial]:
        raise ImportError("libtorch.so: cannot open")

    monkeypatch.setattr(doctor, "try_devices", broken)
    done = studio("doctor")
    assert done.code == 1
    assert "Problem: training cannot start: ImportError: libtorch.so: cannot open" in done.out


@pytest.mark.usefixtures("hurried")
def test_the_doctor_names_missing_libraries(studio, monkeypatch):
    monkeypatch.setattr(doctor.system, "missing_libraries", lambda plugin: ["libxcb-cursor.so.0"])
    monkeypatch.setattr(doctor.system, "package_manager", lambda: "apt")
    done = studio("doctor", "--json")
    assert done.code == 0
    assert done.record["missing_libraries"] == ["libxcb-cursor.so.0"]
    assert "libxcb-cursor0" in done.record["install_line"]


# ---------------------------------------------------------------- the window


@pytest.mark.parametrize("words", [[], ["gui"], ["gui", "digits-dcgan"]])
def test_no_display_is_told_in_one_line(words):
    done = subprocess.run(
        [sys.executable, "-m", "ganstudio", *words],
        capture_output=True, text=True, env=environment(), check=False,
    )  # fmt: skip
    assert done.returncode == 3
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        "ganstudio: there is no display to open a window on (neither DISPLAY nor WAYLAND_DISPLAY leads to one)"
    ]


def test_a_missing_library_is_named(studio, monkeypatch):
    monkeypatch.setattr(
        window, "window_problem", lambda: "Qt lacks libxcb-cursor.so.0; type: apt-get install x"
    )
    done = studio("gui")
    assert done.code == 3
    assert done.err == "ganstudio: Qt lacks libxcb-cursor.so.0; type: apt-get install x\n"


# ---------------------------------------------------------------- progress


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def test_the_bar_is_drawn_at_most_ten_times_a_second(monkeypatch):
    clock = [100.0]
    monkeypatch.setattr(terminal.time, "monotonic", lambda: clock[0])
    stream = Terminal()
    bar = Progress(stream=stream)
    for step in range(1000):
        clock[0] += 0.001
        bar.show(step / 1000, f"step {step}")
    bar.close()
    drawings = stream.getvalue().split("\r")[1:]
    assert 9 <= len(drawings) <= 12
    assert drawings[-1].endswith("step 999\n")
    assert "█" in drawings[-1]


def test_where_nothing_can_be_redrawn_there_are_lines(monkeypatch):
    clock = [100.0]
    monkeypatch.setattr(terminal.time, "monotonic", lambda: clock[0])
    stream = io.StringIO()
    bar = Progress(stream=stream)
    for step in range(250):
        clock[0] += 0.1
        bar.show(step / 250, f"step {step}")
    bar.note("a remark")
    bar.close()
    lines = stream.getvalue().splitlines()
    assert lines[0] == "  0 % step 0"
    assert lines[-2:] == ["a remark", "100 % step 249"]
    assert 4 <= len(lines) <= 6
    assert "\r" not in stream.getvalue()


def test_a_terminal_that_has_gone_is_no_error(tmp_path: Path):
    stream = (tmp_path / "x").open("w")
    bar = Progress(stream=stream)
    bar.show(0.5, "half")
    stream.close()
    bar.show(1.0, "whole", now=True)
    bar.note("a remark")
    bar.close()
    assert (tmp_path / "x").read_text() == " 50 % half\n"
