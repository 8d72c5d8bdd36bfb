"""``sweep`` as somebody else's script sees it: folders, table, going on after Ctrl-C, and what is refused."""

from __future__ import annotations

import json
import shlex
import signal
import time

import pytest
from cli.program import finish, program, start

from ganstudio.core.notes import change_notes, read_notes
from ganstudio.core.runs import RunFolder

RATES = ("--vary", "optimizer.generator.lr=1e-4, 1e-3", "--seeds", "0-1", "--device", "cpu")


def test_a_sweep_trains_every_run_and_ends_with_mean_and_spread(studio, toy, tmp_path):
    out = tmp_path / "sweep"
    done = studio("sweep", toy, *RATES, "--tag", "slow, to show", "--tag", "Slow", "--out", out, "--json")
    assert done.code == 0, done.err
    record = done.record
    assert (record["sweep"], record["name"], record["planned"]) == (str(out), "toy", 4)
    names = sorted(path.name for path in out.iterdir())
    assert names == [f"generator.lr={lr}_seed={seed}" for lr in ("1e-3", "1e-4") for seed in (0, 1)]
    assert all(RunFolder(path).checkpoint_steps() == [6] for path in out.iterdir())
    notes = read_notes(out / names[0])
    assert (notes.sweep, notes.title) == ("toy", "toy generator.lr=1e-3 seed=0")
    assert {read_notes(path).tags for path in out.iterdir()} == {("slow", "to show")}
    assert record["tags"] == ["slow", "to show"]
    rows = {row["settings"]["optimizer.generator.lr"]: row for row in record["table"]}
    assert set(rows) == {1e-4, 1e-3}
    loss = next(n for n in rows[1e-4]["numbers"] if n["name"] == "loss/generator")
    values = [
        RunFolder(out / f"generator.lr=1e-4_seed={seed}").metrics().values["loss/generator"][-1]
        for seed in (0, 1)
    ]
    assert loss["n"] == 2
    assert loss["mean"] == pytest.approx(sum(values) / 2)
    assert loss["standard_deviation"] == pytest.approx(abs(values[0] - values[1]) / 2**0.5)
    assert loss["min"] == pytest.approx(min(values))
    assert "generator.lr  runs  loss/generator" in done.out
    assert " ± " in done.out

    change_notes(out / names[0], title="Mine", tags=("good",))
    again = studio("sweep", toy, *RATES, "--tag", "again", "--out", out, "--json")
    notes = read_notes(out / names[0])
    assert (notes.title, notes.tags) == ("Mine", ("good", "again"))
    assert again.code == 0
    assert {run["state"] for run in again.record["runs"]} == {"skipped"}
    assert again.record["table"] == record["table"]


def test_more_steps_and_more_seeds_go_on_in_the_same_folder(studio, toy, tmp_path):
    out = tmp_path / "sweep"
    assert studio("sweep", toy, "--seeds", "0", "--out", out, "-q").code == 0
    done = studio("sweep", toy, "--seeds", "0,1", "--steps", "8", "--out", out)
    assert done.code == 0, done.err
    assert "Going on at step 6" in done.err
    assert "of 2 runs 2 trained" in done.err
    assert all(RunFolder(out / f"seed={seed}").checkpoint_steps()[-1] == 8 for seed in (0, 1))
    assert done.out.splitlines()[-1] == str(out)


def test_ctrl_c_saves_and_says_how_the_sweep_goes_on(toy, tmp_path):
    out = tmp_path / "my sweep"
    words = ["sweep", toy, "--seeds", "0,1", "--tag", "to show", "--steps", "1000000", "--out", out]
    process = start(*words)
    first = RunFolder(out / "seed=0")
    deadline = time.monotonic() + 100
    while len(first.metrics()) < 2:
        assert process.poll() is None, finish(process).err
        assert time.monotonic() < deadline
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    done = finish(process)
    assert done.code == 130, done.err
    assert "Traceback" not in done.err
    line = next(line for line in done.err.splitlines() if "the sweep goes on with:" in line)
    command = shlex.split(line.partition("with: ")[2])
    assert command[:2] == ["ganstudio", "sweep"]
    assert command[-1] == str(out)
    assert command[command.index("--tag") + 1] == "to show"
    step = first.checkpoint_steps()[-1]
    assert step > 0

    last = step + 10
    done = program(*(str(last) if word == "1000000" else word for word in command[1:]), "--json")
    assert done.code == 0, done.err
    assert f"Going on at step {step:,}" in done.err
    assert [run["state"] for run in done.record["runs"]] == ["done", "done"]
    assert all(RunFolder(out / f"seed={seed}").checkpoint_steps()[-1] == last for seed in (0, 1))


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], "sweep needs --vary KEY=VALUES or --seeds"),
        (["--vary", "optimizer.generator.lr"], "not of the form key=value"),
        (["--vary", "optimizer.generator.lr=fast"], "--vary: optimizer.generator.lr: 'fast' is not a number"),
        (["--vary", "batch_sise=8"], "did you mean 'batch_size'?"),
        (["--seeds", "0", "--tag", " , "], "--tag needs a word"),
        (["--vary", "batch_size=8,8"], "--vary: batch_size: has the value 8 twice"),
        (["--seeds", "0,x"], "--seeds: seed: 'x' is no seed"),
        (["--seeds", "0-9", "--vary", "batch_size=1..200"], "2,000 runs, more than 1,000"),
        (["--seeds", "0", "--set", "batch_size=none"], "--set: batch_size: 'none' is not a whole number"),
        (["--seeds", "0", "--steps", "0"], "--steps: 0 is not at least 1"),
    ],
)
def test_what_cannot_be_is_one_line(studio, toy, words, says):
    done = studio("sweep", toy, *words)
    assert done.code == 2
    assert says in done.err
    assert len(done.err.splitlines()) == 1


def test_a_folder_of_other_runs_is_not_touched(studio, toy, tmp_path):
    out = tmp_path / "sweep"
    assert studio("sweep", toy, "--seeds", "0", "--out", out, "-q").code == 0
    before = (out / "seed=0" / "run.toml").read_bytes()
    done = studio("sweep", toy, "--seeds", "0", "--set", "batch_size=8", "--out", out)
    assert done.code == 2
    assert "seed=0 holds a run with another batch_size (16, not 8)" in done.err
    assert (out / "seed=0" / "run.toml").read_bytes() == before
    assert studio("sweep", toy, "--seeds", "0", "--out", out / "seed=0").code == 2
    (tmp_path / "file").write_text("x")
    assert "is a file" in studio("sweep", toy, "--seeds", "0", "--out", tmp_path / "file").err


def test_a_run_that_fails_does_not_stop_the_others_but_three_alike_do(studio, tiny, tmp_path):
    out, empty = tmp_path / "sweep", tmp_path / "empty"
    empty.mkdir()
    words = ["--set", "data.source=folder", "--set", f"data.path={empty}"]
    done = studio("sweep", tiny, *words, "--seeds", "0-4", "--out", out, "--json", "-q")
    assert done.code == 1
    assert "three runs have failed in the same way" in done.err
    assert [run["state"] for run in done.record["runs"]] == ["failed"] * 3
    assert done.record["table"] == []


def test_all_measurements_of_the_runs_are_in_the_table(studio, toy, tmp_path):
    out = tmp_path / "sweep"
    assert studio("sweep", toy, "--seeds", "0,1", "--out", out, "-q").code == 0
    for seed, value in ((0, 2.0), (1, 4.0)):
        protocol = {"made": f"seed={seed}", "samples": 100, "reference": "ring", "reference_samples": 100}
        record = {
            "metric": "w1",
            "value": value,
            "spread": 0.1,
            "low": 1,
            "high": 5,
            "protocol": protocol,
            "step": 6,
        }
        (out / f"seed={seed}" / "evaluations.jsonl").write_text(json.dumps(record) + "\n")
    done = studio("sweep", toy, "--seeds", "0,1", "--out", out, "--json")
    (row,) = done.record["table"]
    first = row["numbers"][0]
    assert (first["name"], first["mean"], first["n"]) == ("w1", 3.0, 2)
    assert "3.0 ± 1.4" in done.out
