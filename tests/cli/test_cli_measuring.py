"""Measuring on schedule without a window, and the word ``best`` wherever a checkpoint is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cli.program import start
from cli.test_cli_training import tensors, wait_for_steps
from support.marking import number
from support.measuring import make_run
from support.tiny import IMAGES, POINTS
from support.tiny import tiny as tiny_config

from ganstudio.core import marks
from ganstudio.core.runs import RunFolder

SCHEDULE = ("--set", "measure.every=3", "--set", "measure.samples=50", "--set", "measure.metrics=modes")


@pytest.fixture
def ring(tmp_path: Path) -> RunFolder:
    run = make_run(tmp_path / "ring", tiny_config(POINTS), 2)
    make_run_more(run)
    return run


def make_run_more(run: RunFolder) -> None:
    from support.tiny import trained

    from ganstudio.training import checkpoint

    checkpoint.save(trained(tiny_config(POINTS), 4), run, 1.0)


def test_a_training_without_a_window_measures_on_schedule_and_is_the_same(
    studio: Any, toy: Path, tmp_path: Path
):
    plain, measured = tmp_path / "plain", tmp_path / "measured"
    assert studio("train", toy, "--out", plain, "-q").code == 0
    done = studio("train", toy, "--out", measured, *SCHEDULE, "--set", "measure.keep_best=modes", "--json")
    assert done.code == 0, done.err
    run = RunFolder(measured)
    told = run.evaluations()
    assert told and {e.metric for e in told} == {"modes"} and all(e.scheduled and e.weights for e in told)
    assert told[-1].step == 6, "the last one is waited for"
    best = marks.best(run)
    assert done.record["best"] == best and best in [e.step for e in told]
    assert (
        "Measured at step 6: modes " in done.err and "The best checkpoint so far is that of step" in done.err
    )
    assert marks.waiting(run) is None
    assert tensors(plain, 6) == tensors(measured, 6)


def test_what_cannot_be_measured_is_a_usage_error(studio: Any, toy: Path, tmp_path: Path):
    done = studio("train", toy, "--out", tmp_path / "run", "--set", "measure.keep_best=fid")
    assert done.code == 2 and "measure.keep_best: fid is for pictures" in done.err


@pytest.mark.slow
def test_ctrl_c_ends_training_and_measuring(toy: Path, tmp_path: Path):
    import signal

    run = tmp_path / "run"
    process = start("train", toy, "--steps", "1000000", "--out", run, *SCHEDULE)
    wait_for_steps(process, run)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "to go on" in err and out is not None
    steps = RunFolder(run).checkpoint_steps()
    assert steps and len(steps) < 10


def test_best_names_the_marked_checkpoint(studio: Any, ring: RunFolder, tmp_path: Path):
    assert ring.checkpoint_steps() == [2, 4]
    marks.mark_best(ring, 2)
    out = tmp_path / "model.safetensors"
    done = studio("export", ring.path, "--checkpoint", "best", "--out", out, "--json")
    assert done.code == 0 and done.record["step"] == 2
    done = studio(
        "evaluate", ring.path, "--checkpoint", "BEST", "--metrics", "modes", "--samples", 20, "--json"
    )
    assert done.code == 0 and done.record["step"] == 2


def test_best_without_a_mark_is_the_best_that_was_measured(studio: Any, ring: RunFolder, tmp_path: Path):
    for step, value in ((2, 0.1), (4, 0.2)):
        ring.append_evaluation(number(step, value, "js", weights=marks.weights_of(ring, step)))
    out = tmp_path / "model.safetensors"
    done = studio("export", ring.path, "--checkpoint", "best", "--out", out, "--json")
    assert done.code == 0 and done.record["step"] == 2


@pytest.mark.parametrize("verb", ["sample", "interpolate", "mix", "export", "evaluate", "resume"])
def test_without_a_measurement_best_says_what_to_do(studio: Any, tmp_path: Path, verb: str):
    run = make_run(tmp_path / "digits", tiny_config(IMAGES), 1)
    more = {
        "sample": ("--out", "x.png"), "interpolate": ("--out", "x.png", "--seeds", "1,2"),
        "mix": ("--out", "x.png", "--rows", "1", "--cols", "2"), "export": ("--out", "x.onnx"),
    }  # fmt: skip
    done = studio(verb, run.path, "--checkpoint", "best", *more.get(verb, ()))
    assert done.code == 2 and "measure one with: ganstudio evaluate digits" in done.err


def test_a_step_is_a_number_or_best(studio: Any, ring: RunFolder):
    done = studio("evaluate", ring.path, "--checkpoint", "worst")
    assert done.code == 2 and "'worst' is not a whole number" in done.err


def test_evaluating_by_hand_moves_the_mark_if_the_run_keeps_the_best(studio: Any, tmp_path: Path):
    run = make_run(tmp_path / "kept", tiny_config(POINTS, measure={"keep_best": "modes"}), 2)
    done = studio("evaluate", run.path, "--metrics", "modes", "--samples", 20)
    assert done.code == 0 and "the best checkpoint of the run is that of step 2" in done.out
    assert marks.best(run) == 2 and marks.marks_of(run.checkpoint_path(2)) == [marks.BEST]
