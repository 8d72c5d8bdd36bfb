"""All runs of a folder at a glance: whole, damaged, and of every other kind a disk can hold."""

from __future__ import annotations

import json
import math
import os
import shutil
from pathlib import Path

import psutil
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.reported import STARTED, make_run, measurement

from ganstudio.core.notes import Notes, write_notes
from ganstudio.core.run_list import (
    DAMAGED,
    FAILED,
    FINISHED,
    INTERRUPTED,
    STATES,
    STOPPED,
    TRAINING,
    list_runs,
    read_entry,
    records_from_end,
    run_folders,
    stamp_of,
)
from ganstudio.core.runs import SCHEMA, RunFolder


def test_an_entry_tells_what_the_folder_holds(tmp_path):
    path = make_run(tmp_path, "first", seed=7)
    entry = read_entry(path)
    assert (entry.path, entry.title, entry.notes) == (path, "first", Notes())
    assert (entry.variant, entry.source, entry.seed, entry.state) == ("dcgan", "digits", 7, FINISHED)
    assert (entry.step, entry.steps, entry.images, entry.seconds) == (40, 40, 1280, 20.0)
    assert entry.created == STARTED
    assert entry.thumbnail == path / "samples" / "000040.png"
    assert entry.settings["optimizer.generator.lr"] == 1e-3
    assert entry.settings["data.source"] == "digits"
    assert not any(key.startswith("run.") for key in entry.settings)
    assert entry.problem == ""
    write_notes(path, Notes("Mine", ("good",), starred=True))
    entry = read_entry(path)
    assert (entry.title, entry.notes.tags, entry.notes.starred) == ("Mine", ("good",), True)


def test_of_numbers_found_in_the_same_way_the_newest_counts(tmp_path):
    path = make_run(tmp_path)
    folder = RunFolder(path)
    for found in (
        measurement("fd-domain", 9.0, 40), measurement("fd-domain", 7.0, 40), measurement("fd-domain", 8.0, 20),
        measurement("fd-domain", 5.0, 40, samples=900), measurement("ms-ssim", 0.25, None),
    ):  # fmt: skip
        folder.append_evaluation(found)
    told = [(m.metric, m.value, m.protocol.samples) for m in read_entry(path).measurements]
    assert sorted(told) == [("fd-domain", 5.0, 900), ("fd-domain", 7.0, 500), ("ms-ssim", 0.25, 500)]


def finish(path: Path, kind: str, **more: object) -> str:
    RunFolder(path).append_event(kind, 40, **more)
    return read_entry(path).state


def test_the_state_is_that_of_the_last_event(tmp_path):
    path = make_run(tmp_path)
    assert finish(path, "resumed", device="CPU") == INTERRUPTED
    assert finish(path, "checkpoint") == INTERRUPTED
    assert finish(path, "finished", reason="stopped") == STOPPED
    assert finish(path, "failed", problem="no memory") == FAILED
    assert finish(path, "finished", reason="done") == FINISHED
    (path / "events.jsonl").unlink()
    assert read_entry(path).state == STOPPED


def test_a_claim_tells_whether_it_is_trained_now(tmp_path):
    path = make_run(tmp_path)
    before = stamp_of(path)
    RunFolder(path).claim()
    assert read_entry(path).state == TRAINING
    assert stamp_of(path) != before
    claim = {"pid": os.getpid(), "started": psutil.Process().create_time() - 1000}
    (path / "session.json").write_text(json.dumps(claim))
    assert read_entry(path).state == INTERRUPTED


# ---------------------------------------------------------------- damage


def spoil_toml(path: Path, text: str) -> str:
    (path / "run.toml").write_text(text)
    entry = read_entry(path)
    assert entry.state == DAMAGED
    assert entry.title == path.name and entry.step == 40 and entry.thumbnail is not None
    return entry.problem


def test_a_damaged_config_says_what_is_wrong_with_it(tmp_path):
    path = make_run(tmp_path)
    assert spoil_toml(path, "[[[").startswith("Its run.toml is not valid TOML")
    assert "too large" in spoil_toml(path, "x" * (2 << 20))
    assert "no variant" in spoil_toml(path, "seed = 0")
    assert "no variant" in spoil_toml(path, 'variant = "dcgan"\ndata = 3')
    assert "no variant" in spoil_toml(path, "[variant]\nx = 1\n[data]\nsource = 'digits'")
    future = f'variant = "x"\n[data]\nsource = "y"\n[run]\nschema = {SCHEMA + 1}\nganstudio = "9.1.0"'
    assert "GAN Studio 9.1.0, which is newer" in spoil_toml(path, future)
    deep = 'variant = "x"\ndata.source = "y"\n' + "a." * 20_000 + "a = 1"
    assert "nested" in spoil_toml(path, deep)
    (path / "run.toml").unlink()
    assert "no run.toml" in read_entry(path).problem


def test_what_only_the_catalogue_knows_is_judged_by_it(tmp_path):
    make_run(tmp_path, "a", seed=1)
    make_run(tmp_path, "b", seed=2)
    listed = list_runs(tmp_path, judge=lambda settings: "It has bad luck." if settings["seed"] == 2 else "")
    told = {path.name: (entry.state, entry.problem, entry.seed) for path, (_, entry) in listed.items()}
    assert told == {"a": (FINISHED, "", 1), "b": (DAMAGED, "It has bad luck.", 2)}


def test_a_folder_that_refuses_is_listed_with_the_reason(tmp_path, monkeypatch):
    path = make_run(tmp_path)

    def refuse(_self: RunFolder) -> list[int]:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(RunFolder, "sample_steps", refuse)
    [(_, entry)] = list_runs(tmp_path).values()
    assert (entry.path, entry.state) == (path, DAMAGED)
    assert entry.problem == "It cannot be read (Permission denied)."


def test_a_damaged_run_never_hides_the_others(tmp_path):
    good = make_run(tmp_path, "good")
    shutil.copytree(good, tmp_path / "headless")
    (tmp_path / "headless" / "run.toml").unlink()
    shutil.copytree(good, tmp_path / "broken")
    (tmp_path / "broken" / "run.toml").write_bytes(b"\xff\xfe")
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "cat.png").touch()
    (tmp_path / "file").touch()
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    states = {path.name: entry.state for path, (_, entry) in list_runs(tmp_path).items()}
    assert states == {"broken": DAMAGED, "good": FINISHED, "headless": DAMAGED}


def test_runs_of_a_sweep_lie_one_folder_deeper(tmp_path):
    make_run(tmp_path, "alone")
    (tmp_path / "sweep").mkdir()
    make_run(tmp_path / "sweep", "seed-0")
    (tmp_path / ".trash").mkdir()
    make_run(tmp_path / ".trash", "gone")
    names = [path.relative_to(tmp_path) for path in run_folders(tmp_path)]
    assert names == [Path("alone"), Path("sweep") / "seed-0"]
    assert run_folders(tmp_path / "nowhere") == []


# ---------------------------------------------------------------- looking again


def test_only_what_changed_is_read_again(tmp_path):
    still, moving = make_run(tmp_path, "still"), make_run(tmp_path, "moving")
    other = make_run(tmp_path / "elsewhere", "other")
    first = list_runs(tmp_path, also=[other, other, tmp_path / "nowhere"])
    assert set(first) == {still, moving, other}
    RunFolder(moving).append_metrics(41, 1312, 20.5, {})
    second = list_runs(tmp_path, first, also=[other])
    assert second[still][1] is first[still][1]
    assert second[other][1] is first[other][1]
    assert second[moving][1].step == 41
    shutil.rmtree(still)
    assert set(list_runs(tmp_path, second)) == {moving, other}


@pytest.mark.parametrize(
    "change",
    [lambda p: write_notes(p, Notes("x")), lambda p: (p / "samples" / "000060.png").touch(),
     lambda p: RunFolder(p).append_evaluation(measurement("fd-domain", 1.0, 40)), lambda p: RunFolder(p).claim(),
     lambda p: (p / "checkpoints" / "000060").mkdir(), lambda p: (p / "run.toml").unlink()],
)  # fmt: skip
def test_every_change_that_an_entry_tells_of_is_seen(tmp_path, change):
    path = make_run(tmp_path)
    before = stamp_of(path)
    assert stamp_of(path) == before
    change(path)
    assert stamp_of(path) != before


# ---------------------------------------------------------------- files from their end


@given(st.lists(st.binary(max_size=40).map(lambda b: b.replace(b"\n", b"")), max_size=12), st.integers(1, 64))
def test_lines_come_from_the_end_whatever_the_block(tmp_path_factory, lines, block):
    import ganstudio.core.run_list as module

    path = tmp_path_factory.mktemp("lines") / "file.jsonl"
    path.write_bytes(b"\n".join(lines))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "BLOCK", block)
        assert list(module._lines_from_end(path)) == (lines or [b""])[::-1]


def test_a_torn_end_is_passed_over_and_a_huge_file_is_read_at_its_end_only(tmp_path):
    path = tmp_path / "metrics.jsonl"
    path.write_bytes(b'{"step": 1}\n{"step": 2}\n[3]\n{"st')
    assert list(records_from_end(path)) == [{"step": 2}, {"step": 1}]
    with path.open("ab") as file:
        file.truncate(1 << 34)  # sixteen gigabytes of nothing, none of it on the disk
        file.seek(0, os.SEEK_END)
        file.write(b'\n{"step": 9}\n')
    assert list(records_from_end(path)) == [{"step": 9}]
    assert list(records_from_end(tmp_path / "none")) == []


FILES = ("run.toml", "metrics.jsonl", "events.jsonl", "evaluations.jsonl", "session.json", "notes.json")
NUMBERS = st.integers() | st.floats() | st.booleans() | st.none() | st.text(max_size=5)
RECORDS = st.dictionaries(
    st.sampled_from(
        ["step", "images", "seconds", "event", "reason", "metric", "protocol", "title", "tags", "pid"]
    ),
    NUMBERS | st.lists(NUMBERS, max_size=2) | st.dictionaries(st.text(max_size=3), NUMBERS, max_size=2),
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(FILES),
    st.binary(max_size=200) | RECORDS.map(lambda r: json.dumps(r).encode()),
    st.booleans(),
)
def test_whatever_lies_in_a_run_it_is_listed(tmp_path, name, content, behind):
    run = tmp_path / "run"
    if run.exists():
        shutil.rmtree(run)
    make_run(tmp_path, "run", steps=2, pictures=(2,))
    with (run / name).open("ab" if behind else "wb") as file:
        file.write(content)
    [(_, entry)] = list_runs(tmp_path).values()
    assert entry.state in STATES
    assert (entry.state == DAMAGED) == bool(entry.problem)
    assert math.isnan(entry.seconds) or isinstance(entry.seconds, float)
    assert entry.title and "\n" not in entry.title
