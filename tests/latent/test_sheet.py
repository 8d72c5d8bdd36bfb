"""Grids of conditional runs: a row for each class, in training, on the disk, from the command line and exported."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from support.tiny import IMAGES, make_trainer, tiny, trained

from ganstudio.core.runs import RunFolder
from ganstudio.engine.gallery import ImageGallery, row_names
from ganstudio.engine.pictures import grid, split_grid
from ganstudio.latent.export import export_onnx
from ganstudio.latent.sampling import load_generator, sample_images
from ganstudio.latent.sheet import MOST_ROWS, sheet
from ganstudio.training import checkpoint
from ganstudio.training.trainer import Trainer

WAYS: dict[str, dict[str, Any]] = {
    "concatenation": {},
    "projection": {},
    "classifier": {},
    "codes": {"latent": {"dimension": 4, "categorical": 1, "categories": 3, "continuous": 2}},
    "crowd": {},
}
CONDITIONAL = {"conditioning": {"by": "concatenation"}}


def test_without_classes_samples_follow_each_other():
    made = sheet(5, 0, first=3)
    assert made.seeds == (3, 4, 5, 6, 7) and made.labels is None and not made.columns


def test_a_row_for_each_class_shares_the_latents_of_its_columns():
    made = sheet(64, 10)
    assert made.columns == 6 and made.rows == tuple(range(10)) and len(made) == 60
    assert made.labels is not None
    assert made.labels.reshape(10, 6).eq(torch.arange(10)[:, None]).all()
    assert made.seeds == tuple(range(6)) * 10


@pytest.mark.parametrize(("count", "kinds"), [(4, 10), (64, 1000), (1, 3)])
def test_of_too_many_classes_evenly_chosen_ones_are_shown(count: int, kinds: int):
    made = sheet(count, kinds)
    assert len(made.rows) == min(count, kinds, MOST_ROWS) == len(set(made.rows))
    assert made.rows[0] == 0 and max(made.rows) < kinds and len(made) <= count


def test_one_class_alone():
    made = sheet(7, 10, first=2, label=4)
    assert made.seeds == tuple(range(2, 9)) and made.labels is not None and made.labels.eq(4).all()


def test_rows_are_called_by_the_classes_names_or_numbers():
    made = sheet(6, 3)
    assert row_names(made, ("cat", "dog", "owl")) == ("cat", "dog", "owl")
    assert row_names(made, ()) == ("1", "2", "3")


def test_grids_with_columns_come_apart_as_they_were():
    images = np.random.default_rng(0).integers(0, 256, (12, 4, 3, 1), np.uint8)
    assert np.array_equal(split_grid(grid(images, columns=2), 12, 4, 3, columns=2), images)


@pytest.mark.parametrize("way", WAYS)
def test_every_way_of_conditioning_trains_resumes_and_samples(way: str, tmp_path: Path):
    config = tiny(IMAGES, conditioning={"by": way}, **WAYS[way])
    trainer, run = trained(config, 2), RunFolder(tmp_path)
    checkpoint.save(trainer, run, 1.0)
    again = make_trainer(config)
    checkpoint.restore(again, checkpoint.read(run.checkpoint_path(2)).state)
    for one in (trainer, again):
        one.measure = True
        one.step()
    assert torch.equal(trainer.sample(range(4)), again.sample(range(4)))
    values = trainer.meter.read(True)
    assert all(value == value for value in values.values())
    generator = load_generator(run)
    assert generator.kinds == trainer.rules.way.kinds
    assert sample_images(generator, range(3)).shape == (3, 1, 8, 8)


def test_the_label_decides_what_is_made():
    trainer = trained(tiny(IMAGES, **CONDITIONAL), 3)
    first, second = (trainer.sample([1, 2], torch.tensor([label] * 2)) for label in (0, 7))
    assert not torch.equal(first, second)
    assert torch.equal(first, trainer.sample([1, 2], torch.tensor([0, 0])))


def gallery(trainer: Trainer) -> ImageGallery:
    return ImageGallery(trainer, trainer.feed)


def test_the_gallery_shows_and_keeps_a_row_for_each_class(tmp_path: Path):
    trainer = trained(tiny(IMAGES, samples={"count": 20}, **CONDITIONAL), 1)
    run = RunFolder(tmp_path)
    run.samples.mkdir()
    shown = gallery(trainer).save(run, 1)
    assert shown.columns == 2 and shown.rows == tuple(str(d) for d in range(10))
    with Image.open(run.sample_path(1)) as image:
        recipe = json.loads(image.text["ganstudio"])  # type: ignore[attr-defined]
        pixels = np.asarray(image)
    assert (recipe["columns"], recipe["rows"]) == (2, list(shown.rows))
    assert np.array_equal(split_grid(pixels, recipe["count"], 8, 8, recipe["columns"]), shown.images)


def test_an_exported_network_takes_labels(tmp_path: Path):
    import onnxruntime

    trainer, run = trained(tiny(IMAGES, **CONDITIONAL), 2), RunFolder(tmp_path)
    checkpoint.save(trainer, run, 1.0)
    generator = load_generator(run)
    export_onnx(generator, tmp_path / "net.onnx", "run")
    z, labels = torch.randn(5, 8), torch.tensor([0, 3, 9, 9, 1])
    session = onnxruntime.InferenceSession(tmp_path / "net.onnx")
    (made,) = session.run(None, {"z": z.numpy(), "labels": labels.numpy()})
    assert np.allclose(made, generator.render(z, labels).numpy(), atol=1e-5)
    assert session.get_modelmeta().custom_metadata_map["labels"] == "10"
