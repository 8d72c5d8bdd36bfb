"""What is read of a run: once, then only what is new; and what is said of damage."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.reported import make_run, measurement

from ganstudio.core.runs import RunFolder
from ganstudio.window.compare.views.library import RunBook
from ganstudio.window.compare.views.readings import read_series, read_settings


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return make_run(tmp_path, "run", pictures=())


def test_what_has_come_since_is_read_alone_and_gives_the_same(run: Path) -> None:
    book, folder = RunBook(), RunFolder(run)
    book.take(read_series(run))
    assert len(book.store) == 40
    assert read_series(run, book.known) is None, "nothing has changed"
    for step in range(41, 50):
        folder.append_metrics(step, 32 * step, 0.5 * step, {"loss/generator": 1.0, "new": 2.0})
    fresh = read_series(run, book.known)
    assert fresh.store is None, "the file is not read again"
    assert [report.step for report in fresh.tail] == list(range(41, 50))
    book.take(fresh)
    whole = read_series(run).store
    assert book.store.steps().tolist() == whole.steps().tolist()
    for name in whole.names():
        assert book.store.series(name).mean.tolist() == pytest.approx(
            whole.series(name).mean.tolist(), nan_ok=True
        )


def test_a_torn_line_is_read_when_it_is_whole(run: Path) -> None:
    known = read_series(run).known
    line = json.dumps({"step": 41, "loss/generator": 5.0}).encode() + b"\n"
    with (run / "metrics.jsonl").open("ab") as file:
        file.write(line[:10])
    torn = read_series(run, known)
    assert torn.tail == ()
    with (run / "metrics.jsonl").open("ab") as file:
        file.write(line[10:])
    assert [report.values for report in read_series(run, torn.known).tail] == [{"loss/generator": 5.0}]


def test_a_file_that_has_become_shorter_is_read_again(run: Path) -> None:
    known = read_series(run).known
    lines = (run / "metrics.jsonl").read_bytes().splitlines(keepends=True)
    (run / "metrics.jsonl").write_bytes(b"".join(lines[:10]))
    assert len(read_series(run, known).store) == 10


def test_measurements_come_anew_only_when_they_have_changed(run: Path) -> None:
    first = read_series(run)
    assert first.measurements == ()
    RunFolder(run).append_evaluation(measurement("fd-domain", 3.0, 40))
    second = read_series(run, first.known)
    assert [m.value for m in second.measurements] == [3.0]
    RunFolder(run).append_metrics(41, 1, 1.0, {"loss/generator": 1.0})
    assert read_series(run, second.known).measurements is None


def test_damage_is_one_sentence(run: Path) -> None:
    (run / "metrics.jsonl").write_bytes(b'{"step":\nnonsense\n')
    assert read_series(run).problem == "The metrics.jsonl of run holds no report that can be read."
    (run / "metrics.jsonl").unlink()
    assert read_series(run).problem == "run has no series: metrics.jsonl is missing."
    (run / "run.toml").write_text("variant = 7")
    told = read_settings(run)
    assert told.problem.startswith("run: its config cannot be used: run.toml: variant")
    assert told.settings == {}
    (run / "run.toml").unlink()
    assert read_settings(run).problem == "run: run.toml is missing."


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="everything can be read here")
def test_a_file_that_may_not_be_read_is_told(run: Path) -> None:
    (run / "metrics.jsonl").chmod(0)
    assert "cannot be read (Permission denied)" in read_series(run).problem


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(["metrics.jsonl", "evaluations.jsonl", "events.jsonl", "run.toml"]), junk=st.binary()
)
def test_no_bytes_in_any_file_raise(run: Path, name: str, junk: bytes) -> None:
    before = (run / name).read_bytes() if (run / name).exists() else b""
    (run / name).write_bytes(junk)
    assert read_series(run).known is not None
    assert read_settings(run).stamps[0] is not None
    (run / name).write_bytes(before)


def test_settings_tell_what_is_usual_and_what_changed_on_the_way(run: Path) -> None:
    first = read_settings(run)
    assert first.settings["variant"] == first.usual["variant"] == "dcgan"
    assert first.settings["batch_size"] != first.usual["batch_size"]
    assert read_settings(run, first) is None
    RunFolder(run).append_event("changed", 12, key="optimizer.generator.lr", old=2e-4, new=1e-4)
    changes = read_settings(run, first).changes["optimizer.generator.lr"]
    assert [(c.step, c.old, c.new) for c in changes] == [(12, 2e-4, 1e-4)]
