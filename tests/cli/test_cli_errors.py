"""What is wrong is said in one line, and the exit code tells what kind of wrong it is."""

from __future__ import annotations

import subprocess
import sys

import pytest
from cli.program import Done, environment

from ganstudio.cli import main as program_main
from ganstudio.core.runs import RunFolder


def one_line(done: Done) -> str:
    assert done.out == ""
    lines = done.err.splitlines()
    assert len(lines) == 1, done.err
    assert lines[0].startswith("ganstudio: ")
    return lines[0]


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["trian"], "'trian' is not a verb; did you mean 'train'?"),
        (["train"], "train needs a preset's name or a TOML file"),
        (
            ["train", "digits-dcgn"],
            "digits-dcgn: is neither a preset nor a TOML file; did you mean 'digits-dcgan'?",
        ),
        (["train", "none.toml"], "none.toml: no such file"),
        (["train", "digits-dcgan", "--step", "3"], "unrecognized arguments: --step 3"),
        (["train", "digits-dcgan", "--steps"], "argument --steps: expected one argument"),
        (["train", "digits-dcgan", "--steps", "0"], "--steps: 0 is not at least 1"),
        (["train", "digits-dcgan", "--steps", "many"], "--steps: 'many' is not a whole number"),
        (["train", "digits-dcgan", "--seed", "-1"], "--seed: -1 is not at least 0"),
        (["train", "digits-dcgan", "--device", "tpu"], "argument --device: invalid choice: 'tpu'"),
        (["train", "digits-dcgan", "--set", "steps"], "--set: 'steps' is not of the form key=value"),
        (["train", "digits-dcgan", "--set", "=3"], "--set: '=3' is not of the form key=value"),
        (
            ["train", "digits-dcgan", "--set", "data.resolution=17"],
            "--set: data.resolution: 17 is not one of 8, 16",
        ),
        (["train", "digits-dcgan", "--set", "data.resolutoin=8"], "did you mean 'resolution'?"),
        (["train", "digits-dcgan", "--set", "batch_size.x=8"], "batch_size: is a value, not a table"),
        (["train", "digits-dcgan", "--set", "optimizer.generator=5"], "--set: optimizer.generator"),
        (["train", "digits-dcgan", "--set", "variant=wgam"], "--set: variant: 'wgam' is not known"),
        (["train", "folder-dcgan"], "data.path: is needed"),
        (["train", "folder-dcgan", "--help-settings", "extra"], "unrecognized arguments: extra"),
        (["resume"], "the following arguments are required: RUN"),
        (["resume", "no-such-run"], "no-such-run: no such run"),
        (["sample", "no-such-run", "--out", "x.png"], "no-such-run: no such run"),
        (["sample", "run", "--out", "x.jpg"], "--out x.jpg: the name must end in .png"),
        (["sample", "run", "--out", "no/such/x.png"], "there is no folder"),
        (["sample", "run", "--out", "x.png", "--count", "0"], "argument --count: 0 is not at least 1"),
        (
            ["sample", "run", "--out", "x.png", "--truncation", "nan"],
            "--truncation: nan is not between 0 and 10",
        ),
        (["export", "run", "--out", "x.pt"], "--out x.pt: the name must end in .safetensors or .onnx"),
        (["list", "nothing"], "argument WHAT: invalid choice: 'nothing'"),
        (["--no-such-option"], "unrecognized arguments: --no-such-option"),
    ],
)
def test_a_wrong_request_is_told_in_one_line(studio, words, problem):
    done = studio(*words)
    assert problem in one_line(done)
    assert done.code == 2


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("resolution = 8", "resolution = 17", "tiny.toml: data.resolution: 17 is not one of 8, 16, 32"),
        ("steps = 20", "steps = 'x'", "tiny.toml: steps: 'x' is not a whole number"),
        ("steps = 20", "step = 20", "tiny.toml: step: no such setting; did you mean 'steps'?"),
        ("base_channels = 4", "base_channels = 0", "tiny.toml: generator.base_channels: 0 is not at least 1"),
        ('variant = "dcgan"', "", "tiny.toml: variant: is needed"),
        ("steps = 20", "steps = = 20", "tiny.toml: is not valid TOML"),
        ('source = "digits"', 'source = "ring"', "tiny.toml: data.source: dcgan learns pictures"),
    ],
)
def test_a_config_error_names_file_and_key(studio, tiny, old, new, problem):
    tiny.write_text(tiny.read_text().replace(old, new, 1))
    done = studio("train", tiny)
    assert problem in one_line(done)
    assert done.code == 2


def test_a_run_is_never_overwritten(studio, toy, tmp_path):
    run = tmp_path / "run"
    assert studio("train", toy, "--out", run).code == 0
    done = studio("train", toy, "--out", run)
    assert done.code == 2
    assert f"{run} already holds a run; to go on with it: ganstudio resume {run}" in one_line(done)
    assert studio("train", toy, "--out", toy).code == 2
    done = studio("train", toy, "--out", tmp_path)
    assert "is not empty" in one_line(done)


def test_a_data_folder_that_is_not_there_is_a_wrong_request(studio, tmp_path):
    done = studio(
        "train", "folder-dcgan", "--set", f"data.path={tmp_path / 'none'}", "--out", tmp_path / "run"
    )
    assert done.code == 2
    assert str(tmp_path / "none") in done.err
    assert "Traceback" not in done.err
    assert not RunFolder(tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["--checkpoint", "4"], "has no checkpoint at step 4; there are: 6"),
        (["--set", "latent.dimension=3"], "--set: latent.dimension: is fixed for the whole run"),
        (["--set", "batch_siz=3"], "--set: batch_siz: 'batch_siz' is not known; did you mean 'batch_size'?"),
        (["--set", "batch_size=0"], "--set: batch_size: 0 is not at least 1"),
        (["--steps", "0"], "argument --steps: 0 is not at least 1"),
    ],
)
def test_a_wrong_resume_is_told_in_one_line(studio, toy, tmp_path, words, problem):
    run = tmp_path / "run"
    assert studio("train", toy, "--out", run).code == 0
    done = studio("resume", run, *words)
    assert problem in one_line(done)
    assert done.code == 2


def test_a_damaged_run_is_told_without_a_traceback(studio, toy, tmp_path):
    run = tmp_path / "run"
    assert studio("train", toy, "--out", run).code == 0
    weights = RunFolder(run).checkpoint_path(6) / "weights.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1])
    for words in (["resume", run, "--steps", "8"], ["sample", run, "--out", tmp_path / "x.png"]):
        done = studio(*words)
        assert done.code == 1
        assert "weights.safetensors has" in one_line(done)
    (run / "run.toml").write_bytes(b"\xff\xfe")
    done = studio("resume", run)
    assert "run.toml: is not a text file in UTF-8" in one_line(done)
    assert done.code == 2
    done = studio("resume", tmp_path)
    assert "is not a run: it has no run.toml" in one_line(done)


def test_an_unforeseen_error_is_one_line_and_a_log_file(studio, tmp_path, monkeypatch):
    from ganstudio.cli import listing

    def broken(_: object) -> int:
        raise RuntimeError("first line\nsecond line")

    log = tmp_path / "logs" / "error.log"
    monkeypatch.setattr(program_main, "_log_path", lambda: log)
    monkeypatch.setattr(listing, "run", broken)
    done = studio("list", "presets")
    assert done.code == 1
    assert one_line(done) == (
        f"ganstudio: unexpected error: RuntimeError: first line second line (details: {log})"
    )
    assert "Traceback" in log.read_text()
    monkeypatch.setenv("GANSTUDIO_DEBUG", "1")
    with pytest.raises(RuntimeError, match="first line"):
        studio("list", "presets")


@pytest.mark.parametrize(
    "words",
    [
        ("resume", "x" * 5000),
        ("sample", "run", "--out", "x" * 5000 + ".png"),
        ("train", "digits-dcgan", "--out", "x" * 5000),
    ],
    ids=["resume", "sample", "train"],
)
def test_a_name_too_long_is_told_in_one_line(studio, words):
    done = studio(*words)
    assert "File name too long" in one_line(done)
    assert len(done.err) < 400
    assert done.code == 1


def test_a_reader_who_leaves_early_is_no_error():
    code = "import sys; sys.stdin.readline(); from ganstudio.__main__ import main; sys.exit(main())"
    process = subprocess.Popen(
        [sys.executable, "-c", code, "train", "digits-dcgan", "--help-settings"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(),
    )  # fmt: skip
    assert process.stdout is not None
    process.stdout.close()
    process.stdout = None
    _, err = process.communicate("go\n", timeout=60)
    assert err == ""
    assert process.returncode == 141
