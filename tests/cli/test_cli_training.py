"""``train`` and ``resume`` as somebody else's script sees them: exit codes, output, run folders, signals."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from cli.program import ROOT, Done, environment, finish, program, start

from ganstudio.core.runs import RunFolder


def tensors(run: Path, step: int) -> dict[str, bytes]:
    """All tensors of a checkpoint, by file and name, as bytes."""
    from safetensors import safe_open

    found: dict[str, bytes] = {}
    for name in ("weights.safetensors", "trainer.safetensors"):
        with safe_open(RunFolder(run).checkpoint_path(step) / name, "np") as file:
            found |= {f"{name}/{key}": file.get_tensor(key).tobytes() for key in file.keys()}  # noqa: SIM118
    return found


def test_resume_is_exact(studio, tiny, tmp_path):
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    done = studio("train", tiny, "--out", whole, "--json")
    assert done.code == 0, done.err
    assert done.record["run"] == str(whole)
    assert done.record["step"] == 20
    assert done.record["reason"] == "done"
    assert done.record["samples"] == str(whole / "samples" / "000020.png")
    assert done.record["images_per_second"] > 0
    assert done.record["device"]
    assert done.record["metrics"]["loss/generator"] > 0

    assert program("train", tiny, "--out", parts, "--steps", "10").code == 0
    done = studio("resume", parts, "--steps", "20")
    assert done.code == 0, done.err
    assert done.out.splitlines()[-1] == str(parts)
    assert "Going on at step 10" in done.err
    one, other = tensors(whole, 20), tensors(parts, 20)
    assert len(one) > 20
    assert one == other


def test_ctrl_c_saves_a_checkpoint_and_says_how_to_resume(tiny, tmp_path):
    run = tmp_path / "run"
    process = start("train", tiny, "--steps", "1000000", "--out", run, "--json")
    wait_for_steps(process, run)
    process.send_signal(signal.SIGINT)
    check_stopped(finish(process), run, 130)


def test_a_termination_saves_a_checkpoint_too(studio, tiny, tmp_path):
    run = tmp_path / "run"

    def end_it() -> None:
        while len(RunFolder(run).metrics()) < 2 or signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
            time.sleep(0.05)
        os.kill(os.getpid(), signal.SIGTERM)

    thread = threading.Thread(target=end_it)
    thread.start()
    done = studio("train", tiny, "--steps", "1000000", "--out", run, "--json")
    thread.join()
    check_stopped(done, run, 143)


def check_stopped(done: Done, run: Path, code: int) -> None:
    """Ended by a signal, with a checkpoint of the very step that is told."""
    from ganstudio.training.checkpoint import read

    assert done.code == code, done.err
    assert f"ganstudio resume {run}" in done.err
    assert "Traceback" not in done.err
    step = done.record["step"]
    assert done.record["reason"] == "stopped"
    assert RunFolder(run).checkpoint_steps()[-1] == step > 0
    assert RunFolder(run).trainer() is None
    assert read(RunFolder(run).checkpoint_path(step)).step == step


def wait_for_steps(process: subprocess.Popen[str], run: Path) -> None:
    """Until a run has trained some steps."""
    deadline = time.monotonic() + 100
    while len(RunFolder(run).metrics()) < 2:
        assert process.poll() is None, finish(process).err
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_second_signal_leaves_at_once():
    code = (
        "import os, signal, time\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from ganstudio.cli.headless import signals_stop\n"
        "with signals_stop(lambda number: os.write(1, b'saving %d\\n' % number)):\n"
        "    os.write(1, b'ready\\n')\n"  # not print: a handler may come while it holds the buffer
        "    while True: time.sleep(0.05)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=environment()
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGINT)
    assert process.stdout.readline() == "saving 2\n"
    process.send_signal(signal.SIGINT)
    assert finish(process).code == 130


def test_an_ignored_signal_stays_ignored():
    from ganstudio.cli.headless import signals_stop

    seen: list[int] = []
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    interrupted = signal.signal(
        signal.SIGINT, signal.default_int_handler
    )  # ignored where tests run behind a shell
    try:
        with signals_stop(seen.append):
            assert signal.getsignal(signal.SIGTERM) is signal.SIG_IGN
            signal.raise_signal(signal.SIGTERM)
            signal.raise_signal(signal.SIGINT)
        assert seen == [signal.SIGINT]
    finally:
        signal.signal(signal.SIGTERM, before)
        signal.signal(signal.SIGINT, interrupted)


def test_without_out_a_new_folder_below_the_runs(studio, toy, runs_folder):
    done = studio("train", toy, "--name", "My ring", "--seed", "7", "--device", "cpu")
    assert done.code == 0, done.err
    run = Path(done.out.strip())
    assert run.parent == runs_folder
    assert run.name.endswith("My-ring")
    text = (run / "run.toml").read_text()
    assert 'name = "My ring"' in text
    assert "seed = 7" in text
    assert RunFolder(run).sample_steps() == [0, 3, 6]
    again = studio("resume", run.name, "--steps", "8", "--quiet")
    assert again.code == 0, again.err
    assert again.err == ""
    assert RunFolder(run).checkpoint_steps()[-1] == 8


def test_a_finished_run_has_nothing_left_to_do(studio, toy, tmp_path):
    run = tmp_path / "run"
    assert studio("train", toy, "--out", run).code == 0
    events = RunFolder(run).events()
    done = studio("resume", run)
    assert done.code == 0
    assert "finished at step 6" in done.err
    assert done.out.strip() == str(run)
    assert studio("resume", run, "--steps", "5", "--json").record == {
        "run": str(run), "step": 6, "reason": "done",
    }  # fmt: skip
    assert RunFolder(run).events() == events


def test_resume_can_change_what_is_live(studio, toy, tmp_path):
    run = tmp_path / "run"
    assert studio("train", toy, "--out", run).code == 0
    done = studio(
        "resume", run, "--steps", "8", "--set", "batch_size=4", "--set", "optimizer.generator.lr=1e-5"
    )
    assert done.code == 0, done.err
    state = json.loads((RunFolder(run).checkpoint_path(8) / "state.json").read_text())
    assert state["config"]["batch_size"] == 4
    assert state["config"]["optimizer"]["generator"]["lr"] == 1e-5
    assert state["counters"]["images"] == 6 * 16 + 2 * 4


def test_numbers_that_break_down_end_the_run_with_a_way_on(studio, toy, tmp_path):
    from ganstudio.engine.safety import first_bad_tensors
    from ganstudio.training.checkpoint import newest

    run = tmp_path / "run"
    rates = [
        word
        for player in ("generator", "discriminator")
        for word in ("--set", f"optimizer.{player}.kind=sgd", "--set", f"optimizer.{player}.lr=10")
    ]
    done = studio("train", toy, "--steps", "100000", "--out", run, "--json", *rates)
    assert done.code == 1, done.err
    assert "broke down" in done.err
    assert f"ganstudio resume {run} --set optimizer.generator.lr=5" in done.err
    assert done.record["reason"] == "trouble"
    assert done.record["finding"] == "not-finite"
    stored, _ = newest(RunFolder(run))
    assert not first_bad_tensors(stored.state.weights)


def test_a_full_disk_ends_the_run_with_a_way_on(studio, toy, tmp_path, monkeypatch):
    from ganstudio.training import checkpoint

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(checkpoint, "save", full)
    run = tmp_path / "run"
    done = studio("train", toy, "--out", run)
    assert done.code == 1
    assert done.err.count("No space left on device") == 1
    assert f"to go on: ganstudio resume {run}" in done.err


def test_the_program_runs_as_a_module():
    done = subprocess.run(
        [sys.executable, "-m", "ganstudio", "--version"],
        capture_output=True, text=True, env=environment(), cwd=ROOT, check=True,
    )  # fmt: skip
    assert done.stdout.startswith("GAN Studio ")


def test_a_signal_before_training_begins_leaves_nothing(studio, toy, tmp_path, monkeypatch):
    from ganstudio.cli import headless

    monkeypatch.setattr(headless, "prepare_environment", lambda window: signal.raise_signal(signal.SIGTERM))
    done = studio("train", toy, "--out", tmp_path / "run")
    assert done.code == 143
    assert "stopped before training began" in done.err
    assert not (tmp_path / "run").exists()
