"""Opened models: kept while their files are the same, bounded by memory, watched while they train."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from support.explored import saved

from ganstudio.core.explore.messages import Saved
from ganstudio.core.explore.recipe import Model
from ganstudio.core.runs import RunFolder
from ganstudio.engine.models import Models, live_path, live_step, size_of
from ganstudio.latent.errors import ExploreError
from ganstudio.training import checkpoint
from ganstudio.training.trainer import Trainer

CPU = torch.device("cpu")


@pytest.fixture
def run(tmp_path: Path) -> tuple[Trainer, Model]:
    trainer, model = saved("dcgan", tmp_path / "run", 1)
    for _ in range(2):
        trainer.step()
        checkpoint.save(trainer, RunFolder(model.run), 1.0)
    return trainer, model


def publish(trainer: Trainer, model: Model, when: int) -> None:
    """As training does it; ``when`` (s) stands in for the clock."""
    path = live_path(model)
    path.parent.mkdir(exist_ok=True)
    weights = {f"average.{k}": v.contiguous() for k, v in trainer.average.net.state_dict().items()}
    save_file(weights, path, {"step": str(trainer.step_count)})
    os.utime(path, (when, when))


def at(model: Model, step: int) -> Model:
    return Model(model.run, step)


def test_a_model_is_read_once(run: tuple[Trainer, Model]):
    models, (_, model) = Models(CPU), run
    assert models.get(model) is models.get(model) is models.get(at(model, 3))
    assert models.get(at(model, 1)) is not models.get(model) and len(models) == 2


def test_the_newest_checkpoint_is_taken_when_it_comes(run: tuple[Trainer, Model]):
    models, (trainer, model) = Models(CPU), run
    assert models.get(model).step == 3
    trainer.step()
    checkpoint.save(trainer, RunFolder(model.run), 1.0)
    assert models.get(model).step == 4 and models.get(at(model, 3)).step == 3


def test_a_checkpoint_written_anew_is_read_anew(run: tuple[Trainer, Model]):
    models, (_, model) = Models(CPU), run
    before = models.get(at(model, 3))
    os.utime(RunFolder(model.run).checkpoint_path(3) / "state.json", (5, 5))
    assert models.get(at(model, 3)) is not before


def test_a_pruned_checkpoint_stays_while_it_is_in_memory(run: tuple[Trainer, Model]):
    models, (_, model) = Models(CPU), run
    before = models.get(at(model, 1))
    shutil.rmtree(RunFolder(model.run).checkpoint_path(1))
    assert models.get(at(model, 1)) is before
    with pytest.raises(ExploreError, match="no checkpoint at step 1"):
        Models(CPU).get(at(model, 1))


def test_a_damaged_newest_one_is_passed_over_and_not_mistaken(run: tuple[Trainer, Model]):
    models, (_, model) = Models(CPU), run
    (RunFolder(model.run).checkpoint_path(3) / "weights.safetensors").write_bytes(b"")
    assert models.get(model).step == 2 and models.get(model).problems
    assert models.get(model) is models.get(at(model, 2))
    with pytest.raises(ExploreError, match="000003"):
        models.get(at(model, 3))


def test_memory_is_bounded_and_the_last_one_stays(run: tuple[Trainer, Model]):
    _, model = run
    one = size_of(Models(CPU).get(model))
    models = Models(CPU, most_bytes=2 * one)
    kept = [models.get(at(model, step)) for step in (1, 2, 3)]
    assert one > 0 and len(models) == 2
    assert models.get(at(model, 3)) is kept[2] and models.get(at(model, 2)) is kept[1]
    assert models.get(at(model, 1)) is not kept[0]
    small = Models(CPU, most_bytes=1)
    assert small.get(at(model, 1)) is small.get(at(model, 1)) and len(small) == 1


def test_a_live_model_is_followed(run: tuple[Trainer, Model]):
    models, (trainer, model) = Models(CPU), run
    live = Model(model.run, live=True)
    with pytest.raises(ExploreError, match="not shown anything yet"):
        models.get(live)
    assert not models.watching
    publish(trainer, model, 100)
    first = models.get(live)
    assert models.watching and first.step == 3 and models.moved(lambda: 1.0) == []
    trainer.step()
    publish(trainer, model, 101)
    assert models.moved(lambda: 1.05) == []  # it looked a moment ago
    (moved,) = models.moved(lambda: 2.0)
    assert moved.model == live and moved.step == 4
    assert models.moved(lambda: 3.0) == []
    second = models.get(live)
    assert second is not first and second.step == 4 and len(models) == 1


def test_live_weights_are_looked_at_only_while_they_are_shown(run: tuple[Trainer, Model]):
    models, (trainer, model) = Models(CPU), run
    live = Model(model.run, live=True)
    publish(trainer, model, 100)
    models.get(live)
    models.attend(live)
    assert models.watching
    models.attend(at(model, 3))
    publish(trainer, model, 200)
    assert not models.watching and models.moved(lambda: 1.0) == []
    models.get(live)
    assert models.watching


def test_new_and_pruned_checkpoints_of_a_followed_run_are_told(run: tuple[Trainer, Model]):
    models, (trainer, model) = Models(CPU), run
    trainer.step()
    models.follow(model.run, True)
    assert models.watching and models.moved(lambda: 1.0) == []
    checkpoint.save(trainer, RunFolder(model.run), 1.0, keep=2)
    assert models.moved(lambda: 2.0) == [Saved(model.run, (3, 4))]
    assert models.moved(lambda: 3.0) == []
    (RunFolder(model.run).checkpoints / "half-written").mkdir()
    assert models.moved(lambda: 4.0) == []
    models.follow(model.run, False)
    shutil.rmtree(RunFolder(model.run).checkpoint_path(4))
    assert not models.watching and models.moved(lambda: 5.0) == []


def test_live_weights_that_cannot_be_read_have_no_step(tmp_path: Path):
    assert live_step(tmp_path / "gone") == 0
    (tmp_path / "x").write_bytes(b"no weights")
    assert live_step(tmp_path / "x") == 0
