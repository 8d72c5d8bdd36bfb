"""A run's folder, whole and damaged."""

from __future__ import annotations

import json
import multiprocessing
import os
import subprocess
import sys
import time

import numpy as np
import psutil
import pytest

from ganstudio.core.runs import RunBusyError, RunFolder, default_runs_folder, new_run_folder


@pytest.fixture
def run(tmp_path) -> RunFolder:
    folder = RunFolder(tmp_path / "run")
    folder.create("seed = 0\n")
    return folder


def test_a_new_folder_has_its_rooms_and_is_made_once(run):
    assert run.exists()
    assert run.config_path.read_text() == "seed = 0\n"
    assert all(path.is_dir() for path in (run.samples, run.checkpoints, run.live))
    with pytest.raises(FileExistsError):
        run.create("seed = 1\n")
    assert run.config_path.read_text() == "seed = 0\n"


def test_new_names_are_free_safe_and_short(tmp_path, monkeypatch):
    monkeypatch.setenv("GANSTUDIO_RUNS", str(tmp_path / "mine"))
    assert default_runs_folder() == tmp_path / "mine"
    first = new_run_folder("../a b/ç", tmp_path)
    assert first.parent == tmp_path
    assert first.name.endswith("-a-b-ç")
    first.mkdir()
    assert new_run_folder("../a b/ç", tmp_path) != first
    for name in ("", "...", "/", "x" * 999, "\N{CJK UNIFIED IDEOGRAPH-20000}" * 99):
        new_run_folder(name, tmp_path).mkdir()


def test_steps_are_read_off_names_alone(run):
    for name in (
        "000050.png",
        "000100.png",
        "1000000.png",
        "50.png",
        "000100.png.tmp",
        ".000150.png",
        "notes.txt",
    ):
        (run.samples / name).touch()
    for name in ("000100", "000200", ".000300.tmp", "000400.tmp"):
        (run.checkpoints / name).mkdir()
    assert run.sample_steps() == [50, 100, 1_000_000]
    assert run.checkpoint_steps() == [100, 200]
    assert run.sample_path(50).is_file()
    assert run.checkpoint_path(200).is_dir()
    assert RunFolder(run.path / "none").sample_steps() == []


# ---------------------------------------------------------------- series


def test_series_come_back_as_columns(run):
    run.append_metrics(10, 640, 1.23456, {"loss/generator": 0.7})
    run.append_metrics(20, 1280, 2.5, {"loss/generator": 0.6, "penalty/r1": 0.1})
    metrics = run.metrics()
    assert len(metrics) == 2
    assert metrics.step.tolist() == [10, 20]
    assert metrics.images.tolist() == [640, 1280]
    assert metrics.seconds.tolist() == [1.235, 2.5]
    assert metrics.values["loss/generator"].tolist() == [0.7, 0.6]
    np.testing.assert_array_equal(metrics.values["penalty/r1"], [np.nan, 0.1])


def test_no_series_is_an_empty_one(run):
    metrics = run.metrics()
    assert len(metrics) == 0
    assert metrics.values == {}
    assert run.events() == []


def test_values_that_are_no_numbers_are_kept_as_such(run):
    run.append_metrics(1, 64, 0.1, {"loss/generator": float("nan"), "score/real": float("inf")})
    values = run.metrics().values
    assert np.isnan(values["loss/generator"][0])
    assert np.isinf(values["score/real"][0])


def test_a_resumed_run_counts_its_later_pass(run):
    for step in (10, 20, 30, 40):
        run.append_metrics(step, step, step, {"loss/generator": 1.0})
    for step in (25, 35):
        run.append_metrics(step, step, step, {"loss/generator": 2.0})
    metrics = run.metrics()
    assert metrics.step.tolist() == [10, 20, 25, 35]
    assert metrics.values["loss/generator"].tolist() == [1, 1, 2, 2]


GARBAGE = [
    b"", b"\n", b"{", b"null", b"[1, 2]", b'"step"', b"3", b"\xff\xfe\x00", bytes(64), b"[" * 100_000, b"{}",
    b'{"step": null}', b'{"step": "7"}', b'{"step": true}', b'{"step": 1.5}', b'{"step": -5}', b'{"step": NaN}',
    b'{"step": 1' + b"0" * 30 + b"}", b'{"step": 1' + b"0" * 5000 + b"}", b'{"loss/generator": 0.5}',
]  # fmt: skip


@pytest.mark.parametrize("garbage", GARBAGE, ids=lambda g: repr(g[:24]))
def test_a_line_of_garbage_costs_that_line_alone(run, garbage):
    run.append_metrics(10, 640, 1, {"loss/generator": 0.7})
    with (run.path / "metrics.jsonl").open("ab") as file:
        file.write(garbage + b"\n")
    run.append_metrics(20, 1280, 2, {"loss/generator": 0.6})
    metrics = run.metrics()
    assert metrics.step.tolist() == [10, 20]
    assert metrics.values["loss/generator"].tolist() == [0.7, 0.6]


@pytest.mark.parametrize(
    "fields",
    ['"images": null', '"images": "x"', '"images": NaN', '"images": 1e300', '"images": Infinity', '"images": [1]',
     '"seconds": {}', '"loss/generator": "high"', '"loss/generator": 1' + "0" * 400],
)  # fmt: skip
def test_a_wrong_value_costs_that_value_alone(run, fields):
    run.append_metrics(10, 640, 1, {"loss/generator": 0.7})
    with (run.path / "metrics.jsonl").open("a") as file:
        file.write('{"step": 20, ' + fields + "}\n")
    metrics = run.metrics()
    assert metrics.step.tolist() == [10, 20]
    assert metrics.images[0] == 640
    assert metrics.values["loss/generator"][0] == 0.7


@pytest.mark.parametrize("cut", range(1, 40, 3))
def test_a_torn_last_line_is_dropped_and_never_joined(run, cut):
    run.append_metrics(10, 640, 1, {"loss/generator": 0.7})
    run.append_metrics(20, 1280, 2, {"loss/generator": 0.6})
    path = run.path / "metrics.jsonl"
    path.write_bytes(path.read_bytes()[:-cut])
    before = run.metrics().step.tolist()
    assert before in ([10], [10, 20])  # cutting only the line end tears nothing
    run.append_metrics(30, 1920, 3, {"loss/generator": 0.5})
    assert run.metrics().step.tolist() == [*before, 30]


def test_events_survive_garbage_too(run):
    run.append_event("started", 0, device="CPU")
    with (run.path / "events.jsonl").open("ab") as file:
        file.write(b"\x00\x00\n[1]\n" + b'{"event": "torn')
    run.append_event("changed", 7, key="optimizer.generator.lr", new=1e-4)
    events = run.events()
    assert [event["event"] for event in events] == ["started", "changed"]
    assert events[0]["device"] == "CPU"
    assert events[1]["step"] == 7
    assert events[1]["time"] <= time.time() + 1


def test_reading_changes_nothing(run):
    (run.path / "metrics.jsonl").write_bytes(b'{"step": 1}\n{"st')
    before = {path: path.stat().st_mtime_ns for path in run.path.rglob("*")}
    run.metrics(), run.events(), run.sample_steps(), run.checkpoint_steps(), run.trainer(), run.interrupted()
    assert {path: path.stat().st_mtime_ns for path in run.path.rglob("*")} == before


# ---------------------------------------------------------------- claims


def sleeper() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)


def claimed_by(run: RunFolder, pid: object, started: object) -> None:
    (run.path / "session.json").write_text(json.dumps({"pid": pid, "started": started}))


def test_a_claim_is_mine_and_can_be_given_back(run):
    assert run.trainer() is None
    assert not run.interrupted()
    run.claim()
    run.claim()
    assert run.trainer() == os.getpid()
    assert not run.interrupted()
    run.release()
    run.release()
    assert run.trainer() is None
    assert not run.interrupted()


def test_a_living_trainer_keeps_others_out_until_it_is_gone(run):
    with sleeper() as other:
        claimed_by(run, other.pid, psutil.Process(other.pid).create_time())
        assert run.trainer() == other.pid
        with pytest.raises(RunBusyError, match=str(other.pid)):
            run.claim()
        other.kill()
        other.wait()
        assert run.trainer() is None
        assert run.interrupted()
        run.claim()
    assert run.trainer() == os.getpid()


@pytest.mark.skipif(os.name != "posix", reason="zombies")
def test_a_killed_trainer_whose_parent_has_not_looked_yet_is_dead(run):
    with sleeper() as other:
        claimed_by(run, other.pid, psutil.Process(other.pid).create_time())
        other.kill()
        os.waitid(os.P_PID, other.pid, os.WEXITED | os.WNOWAIT)  # dead, and left unreaped
        assert run.trainer() is None
        run.claim()


def test_another_process_with_the_same_number_is_not_the_trainer(run):
    claimed_by(run, os.getpid(), psutil.Process().create_time() - 1000)
    assert run.trainer() is None
    assert run.interrupted()


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b"\xff", b'{"pid": 1}', b'{"pid": {}, "started": 0}', b'{"pid": -1, "started": 0}',
     b'{"pid": Infinity, "started": 0}', b'{"pid": 1' + b"0" * 30 + b', "started": 0}',
     b'{"pid": "x", "started": 0}', b"[" * 100_000],
    ids=lambda c: repr(c[:24]),
)  # fmt: skip
def test_a_damaged_claim_counts_as_a_crash(run, content):
    (run.path / "session.json").write_bytes(content)
    assert run.trainer() is None
    assert run.interrupted()
    run.claim()
    assert run.trainer() == os.getpid()


def append_many(path: str, who: int) -> None:
    run = RunFolder(path)
    for step in range(50):
        run.append_event("note", step, who=who, text="x" * 200)


def test_lines_written_by_several_processes_do_not_mix(run):
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=append_many, args=(str(run.path), who)) for who in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(run.events()) == 100
