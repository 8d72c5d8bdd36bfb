"""Checkpoints that leave a run: whole, sealed, and they load; a run of their own that goes on exactly."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
import torch
from support.measuring import make_run
from support.sealing import seal
from support.tiny import tiny, trained

from ganstudio.core.runs import RunFolder
from ganstudio.reports.bundle import write_bundle
from ganstudio.reports.data import ReportError
from ganstudio.reports.parts import Cancelled, Making
from ganstudio.training import checkpoint


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    made = make_run(tmp_path / "ring", tiny(), steps=2)
    checkpoint.save(trained(tiny(), 3), made, 1.5)
    made.append_metrics(3, 24, 1.5, {"loss/generator": 1.0})
    return made


def unpacked(path: Path, into: Path) -> RunFolder:
    if path.suffix != ".zip":
        return RunFolder(path)
    with zipfile.ZipFile(path) as file:
        assert file.testzip() is None
        file.extractall(into)
    return RunFolder(into / path.stem)


@pytest.mark.parametrize("name", ["kept.zip", "kept"])
@pytest.mark.parametrize("steps", [(2,), (2, 3)])
def test_copies_load_like_the_originals(run: RunFolder, tmp_path: Path, name: str, steps: tuple[int, ...]):
    told: list[float] = []
    out = tmp_path / name
    assert write_bundle(run.path, steps, out, Making(progress=lambda _, done: told.append(done))) == [out]
    copy = unpacked(out, tmp_path / "unpacked")
    assert copy.exists() and copy.checkpoint_steps() == list(steps)
    for step in steps:
        ours, theirs = (checkpoint.read(r.checkpoint_path(step)) for r in (copy, run))
        assert ours.state.weights.keys() == theirs.state.weights.keys() and ours.step == step
        for part in ("weights", "optimizers"):
            assert all(
                torch.equal(t, getattr(theirs.state, part)[k]) for k, t in getattr(ours.state, part).items()
            )
    assert len(copy.metrics()) == 1 and told == sorted(told)
    card = (copy.path / "README.md").read_text("utf-8")
    assert f"`ganstudio resume {out.stem} --steps N`" in card and "has not been measured" in card
    assert {item.name for item in tmp_path.iterdir()} <= {"ring", name, "unpacked"}


def test_an_empty_folder_is_filled_and_another_is_left_alone(run: RunFolder, tmp_path: Path):
    (tmp_path / "empty").mkdir()
    write_bundle(run.path, [3], tmp_path / "empty")
    assert checkpoint.newest(RunFolder(tmp_path / "empty"))[0].step == 3
    with pytest.raises(ReportError, match="is there already: name a new folder"):
        write_bundle(run.path, [2], tmp_path / "empty")
    assert RunFolder(tmp_path / "empty").checkpoint_steps() == [3]


def test_a_damaged_one_is_refused_and_nothing_is_left(run: RunFolder, tmp_path: Path):
    weights = run.checkpoint_path(2) / "weights.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"x")
    before = set(tmp_path.iterdir())
    for out in ("kept.zip", "kept"):
        with pytest.raises(ReportError, match="Checkpoint 000002 is damaged"):
            write_bundle(run.path, [2, 3], tmp_path / out)
    assert set(tmp_path.iterdir()) == before


@pytest.mark.parametrize("out", ["kept.zip", "kept"])
def test_it_can_be_cancelled_and_nothing_is_left(run: RunFolder, tmp_path: Path, out: str):
    calls: list[int] = []

    def cancelled() -> bool:
        calls.append(1)
        return len(calls) > 3

    before = set(tmp_path.iterdir())
    with pytest.raises(Cancelled):
        write_bundle(run.path, [2, 3], tmp_path / out, Making(cancelled=cancelled))
    assert set(tmp_path.iterdir()) == before


def test_what_cannot_be_written_is_told(run: RunFolder, tmp_path: Path):
    for out in ("none/kept.zip", "none/kept"):
        with pytest.raises(ReportError, match="cannot be written"):
            write_bundle(run.path, [2], tmp_path / out)
    with pytest.raises(ReportError, match="no checkpoint to export yet"):
        write_bundle(run.path, [], tmp_path / "kept.zip")
    with pytest.raises(ReportError, match="not there any more"):
        write_bundle(run.path, [77], tmp_path / "kept.zip")
    seal(run, 9)
    (run.path / "run.toml").unlink()
    with pytest.raises(ReportError, match=r"no run\.toml"):
        write_bundle(run.path, [9], tmp_path / "kept.zip")


def test_an_earlier_zip_is_replaced_as_a_whole(run: RunFolder, tmp_path: Path):
    out = tmp_path / "kept.zip"
    out.write_bytes(b"something else")
    write_bundle(run.path, [3], out)
    assert unpacked(out, tmp_path / "unpacked").checkpoint_steps() == [3]
