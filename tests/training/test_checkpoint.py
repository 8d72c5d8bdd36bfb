"""Checkpoints: whole or not there, tidy, the right one found."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from support.tiny import assert_same_state, make_trainer, tiny, trained

from ganstudio.core.runs import RunFolder
from ganstudio.training import checkpoint
from ganstudio.training.checkpoint import CheckpointError
from ganstudio.training.trainer import Trainer


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    return RunFolder(tmp_path)


@pytest.fixture
def trainer() -> Trainer:
    return trained(tiny(), 1)


def entries(run: RunFolder) -> list[str]:
    return sorted(item.name for item in run.checkpoints.iterdir())


def saved(trainer: Trainer, run: RunFolder, count: int, keep: int = 0) -> None:
    for _ in range(count):
        checkpoint.save(trainer, run, 0.0, keep)
        trainer.step()


def test_layout_and_content(trainer: Trainer, run: RunFolder):
    place = checkpoint.save(trainer, run, 12.5)
    assert place == run.path / "checkpoints" / "000001"
    assert {item.name for item in place.iterdir()} == {
        "weights.safetensors", "trainer.safetensors", "state.json",
    }  # fmt: skip
    record = json.loads((place / "state.json").read_text())
    assert record["counters"] == {"generator": 1, "discriminator": 1, "images": 8, "steps": 1}
    assert record["seconds"] == 12.5 and record["schema"] == checkpoint.SCHEMA
    assert record["random"] == {"kind": "counted", "seed": 0}
    assert set(record["files"]) == {"weights.safetensors", "trainer.safetensors"}


def test_the_last_ones_and_the_starred_are_kept(trainer: Trainer, run: RunFolder):
    checkpoint.save(trainer, run, 0.0)
    (run.checkpoint_path(1) / "starred").touch()
    saved(trainer, run, 5, keep=2)
    assert run.checkpoint_steps() == [1, 4, 5]


def test_a_star_survives_saving_the_same_step_again(trainer: Trainer, run: RunFolder):
    place = checkpoint.save(trainer, run, 0.0)
    (place / "starred").touch()
    checkpoint.save(trainer, run, 1.0)
    assert (place / "starred").exists() and checkpoint.read(place).seconds == 1.0


def test_nothing_else_is_left_in_the_folder(trainer: Trainer, run: RunFolder):
    saved(trainer, run, 4, keep=2)
    checkpoint.save(trainer, run, 0.0, keep=2)
    assert entries(run) == ["000004", "000005"]


def test_what_a_killed_writer_left_is_cleared(trainer: Trainer, run: RunFolder):
    checkpoint.save(trainer, run, 0.0)
    torn = run.checkpoints / ".000002.123.tmp"
    torn.mkdir()
    (torn / "weights.safetensors").write_bytes(b"half")
    shutil.copytree(run.checkpoint_path(1), run.checkpoints / ".000001.old")
    assert run.checkpoint_steps() == [1]
    checkpoint.clear_leftovers(run)
    assert entries(run) == ["000001"]


def test_a_checkpoint_that_had_stepped_aside_comes_back(trainer: Trainer, run: RunFolder):
    checkpoint.save(trainer, run, 7.0)
    run.checkpoint_path(1).rename(run.checkpoints / ".000001.old")
    assert run.checkpoint_steps() == []
    checkpoint.clear_leftovers(run)
    assert checkpoint.newest(run)[0].seconds == 7.0


def test_a_failing_swap_brings_the_old_one_back(
    trainer: Trainer, run: RunFolder, monkeypatch: pytest.MonkeyPatch
):
    checkpoint.save(trainer, run, 7.0)
    rename = Path.rename

    def refuse(self: Path, target: Path) -> Path:
        if self.suffix == ".tmp":
            raise OSError(28, "No space left on device")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(OSError, match="No space"):
        checkpoint.save(trainer, run, 8.0)
    assert entries(run) == ["000001"]
    assert checkpoint.read(run.checkpoint_path(1)).seconds == 7.0


@pytest.mark.parametrize("name", ["weights.safetensors", "trainer.safetensors", "state.json"])
def test_a_failure_while_writing_leaves_the_old_one_whole(
    name: str, trainer: Trainer, run: RunFolder, monkeypatch: pytest.MonkeyPatch
):
    saved(trainer, run, 2)
    before = {s: checkpoint.read(run.checkpoint_path(s)) for s in (1, 2)}

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    target = {"state.json": "ganstudio.training.checkpoint.json.dump"}.get(name)
    if target:
        monkeypatch.setattr("ganstudio.training.checkpoint.json.dump", full)
        monkeypatch.setattr("ganstudio.training.checkpoint.json.dumps", full)
    else:
        write = checkpoint._save_tensors
        monkeypatch.setattr(
            checkpoint, "_save_tensors", lambda t, path: full() if path.name == name else write(t, path)
        )
    with pytest.raises(OSError, match="No space"):
        checkpoint.save(trainer, run, 0.0, keep=1)
    monkeypatch.undo()
    assert entries(run) == ["000001", "000002"]
    for step, stored in before.items():
        assert checkpoint.read(run.checkpoint_path(step)).state.counters == stored.state.counters


def test_a_full_disk_told_by_safetensors_is_an_os_error(trainer: Trainer, run: RunFolder, tmp_path: Path):
    with pytest.raises(OSError):
        checkpoint._save_tensors(checkpoint.snapshot(trainer).weights, tmp_path / "no" / "such" / "folder")


def test_going_on_from_an_earlier_one_makes_it_the_newest(trainer: Trainer, run: RunFolder):
    """After a return to an earlier step the abandoned course must not come back on the next resume."""
    saved(trainer, run, 4)
    stored, _ = checkpoint.newest(run, 2)
    again = make_trainer(stored.config)
    checkpoint.restore(again, stored.state)
    again.step()
    checkpoint.save(again, run, 99.0, keep=2)
    found, problems = checkpoint.newest(run)
    assert (found.step, found.seconds, problems) == (3, 99.0, [])
    assert run.checkpoint_steps() == [2, 3]


def test_a_starred_one_of_an_abandoned_course_stays(trainer: Trainer, run: RunFolder):
    saved(trainer, run, 4)
    (run.checkpoint_path(4) / "starred").touch()
    stored, _ = checkpoint.newest(run, 2)
    again = make_trainer(stored.config)
    checkpoint.restore(again, stored.state)
    checkpoint.save(again, run, 0.0)
    assert run.checkpoint_steps() == [1, 2, 4]


def test_restoring_gives_back_every_bit(trainer: Trainer, run: RunFolder):
    checkpoint.save(trainer, run, 0.0)
    other = trained(tiny(), 5)
    checkpoint.restore(other, checkpoint.newest(run)[0].state)
    assert_same_state(other, trainer)
    other.step()
    trainer.step()
    assert_same_state(other, trainer)


def test_restoring_does_not_share_memory_with_the_snapshot(trainer: Trainer):
    good = checkpoint.snapshot(trainer, copy=True)
    wanted = {name: t.clone() for name, t in (good.weights | good.optimizers).items()}
    checkpoint.restore(trainer, good)
    trainer.step()
    for name, tensor in (good.weights | good.optimizers).items():
        assert tensor.equal(wanted[name]), name


def test_no_checkpoint_yet(run: RunFolder):
    with pytest.raises(CheckpointError, match="has no checkpoint yet"):
        checkpoint.newest(run)


def test_a_step_that_is_not_there(trainer: Trainer, run: RunFolder):
    saved(trainer, run, 2)
    with pytest.raises(CheckpointError, match="no checkpoint at step 7; there are: 1, 2"):
        checkpoint.newest(run, 7)
