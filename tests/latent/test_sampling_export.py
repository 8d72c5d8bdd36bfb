"""A generator out of a run: the samples that training showed, and files that give the same elsewhere."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from safetensors import safe_open

from ganstudio.catalog.resolve import data_shape, resolve
from ganstudio.core.runs import RunFolder
from ganstudio.core.schema import to_table
from ganstudio.data import ImageFeed, load, make_feed
from ganstudio.latent.export import export_onnx, export_weights
from ganstudio.latent.sampling import Generator, load_generator, sample_images
from ganstudio.training import checkpoint
from ganstudio.training.build import build_generator
from ganstudio.training.checkpoint import CheckpointError
from ganstudio.training.streams import latents_for
from ganstudio.training.trainer import Trainer

SMALL = {"latent": {"dimension": 8}, "batch_size": 8}
TABLES = {
    "dcgan": {
        "variant": "dcgan",
        "data": {"source": "digits", "resolution": 8},
        "generator": {"base_channels": 4},
        "discriminator": {"base_channels": 4},
    },
    "gan-image": {
        "variant": "gan",
        "data": {"source": "digits", "resolution": 8},
        "generator": {"width": 16},
        "discriminator": {"width": 16},
    },
    "gan-points": {
        "variant": "gan",
        "data": {"source": "grid"},
        "latent": {"dimension": 8, "prior": "uniform"},
        "generator": {"width": 16},
        "discriminator": {"width": 16},
    },
}


class Trained:
    """A run of three steps and the trainer that made it."""

    def __init__(self, name: str, folder: Path) -> None:
        config = resolve(SMALL | TABLES[name])
        device = torch.device("cpu")
        self.trainer = Trainer(config, make_feed(load(config.data), device, 0), device)
        for _ in range(3):
            self.trainer.step()
        self.run = RunFolder(folder)
        self.run.create("")
        checkpoint.save(self.trainer, self.run, 1.0)
        self.generator: Generator = load_generator(self.run)


@pytest.fixture(scope="module", params=list(TABLES))
def trained(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Trained:
    return Trained(request.param, tmp_path_factory.mktemp("runs") / request.param)


@pytest.fixture
def dcgan(tmp_path: Path) -> Trained:
    return Trained("dcgan", tmp_path / "run")


def test_samples_are_those_of_the_trainer(trained):
    seeds = range(5, 25)
    assert torch.equal(sample_images(trained.generator, seeds), trained.trainer.sample(seeds))
    assert trained.generator.step == 3
    assert not trained.generator.net.training
    assert not any(p.requires_grad for p in trained.generator.net.parameters())


def test_truncation_scales_the_latents(trained):
    z = latents_for(range(4), trained.generator.config.latent)
    assert torch.equal(sample_images(trained.generator, range(4), 0.5), trained.generator.render(z * 0.5))
    middle = sample_images(trained.generator, range(4), 0.0)
    assert torch.equal(middle[0], middle[3])
    assert not torch.equal(sample_images(trained.generator, range(4), 0.5), trained.trainer.sample(range(4)))


def test_onnx_gives_what_torch_gives(trained, tmp_path):
    import onnxruntime

    path = tmp_path / "g.onnx"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        export_onnx(trained.generator, path, "run")
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    image = isinstance(trained.trainer.feed, ImageFeed)
    assert session.get_inputs()[0].name == "z"
    assert session.get_outputs()[0].name == ("image" if image else "points")
    for count in (1, 5):
        z = latents_for(range(count), trained.generator.config.latent)
        (found,) = session.run(None, {"z": z.numpy()})
        wanted = trained.generator.render(z)
        wanted = wanted if image else trained.trainer.feed.to_display(wanted)
        assert found.shape == (count, *trained.generator.shape.size)
        assert np.abs(found - wanted.numpy()).max() < 1e-4


def test_onnx_tells_how_to_use_it_and_nothing_of_this_machine(trained, tmp_path):
    path = tmp_path / "g.onnx"
    export_onnx(trained.generator, path, "run")
    known = {p.key: p.value for p in onnx.load(path).metadata_props}
    assert known["latent_dimension"] == "8"
    assert known["step"] == "3"
    assert json.loads(known["config"]) == to_table(trained.generator.config)
    points = trained.generator.shape.kind == "points"
    assert known["output_range"] == ("the data's own units" if points else "[-1, 1]")
    assert known["latent_prior"] == ("uniform on [-1, 1]" if points else "standard normal")
    assert str(Path(torch.__file__).parent).encode() not in path.read_bytes()
    assert str(Path(__file__).parents[2]).encode() not in path.read_bytes()


def test_weights_are_loaded_as_their_metadata_says(trained, tmp_path):
    path = tmp_path / "g.safetensors"
    export_weights(trained.generator, path, "run")
    with safe_open(path, "pt") as file:
        known = file.metadata()
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    config = resolve(json.loads(known["config"]))
    shape = data_shape(config.data)
    assert shape is not None
    net = build_generator(config, shape)
    net.load_state_dict(tensors)
    net.eval()
    z = latents_for(range(5), config.latent)
    assert torch.allclose(net(z), trained.generator.render(z), atol=1e-6)
    assert json.loads(known["output_shape"]) == list(shape.size)
    if shape.kind == "points":
        feed = trained.trainer.feed
        assert torch.equal(net(z) * float(known["output_scale"]), feed.to_display(net(z)))


def test_a_path_of_this_machine_stays_here(dcgan, tmp_path):
    config = resolve(
        SMALL
        | TABLES["dcgan"]
        | {"data": {"source": "folder", "path": "/home/me/cats", "resolution": 8, "channels": 1}}
    )
    path = tmp_path / "g.safetensors"
    given = dcgan.generator
    export_weights(Generator(given.net, config, given.shape, 3, given.device, 0), path, "run")
    assert b"/home/me" not in path.read_bytes()
    with safe_open(path, "pt") as file:
        assert json.loads(file.metadata()["config"])["data"]["path"] == "cats"


def test_a_damaged_checkpoint_is_passed_over_and_told(dcgan):
    dcgan.trainer.step()
    checkpoint.save(dcgan.trainer, dcgan.run, 1.0)
    (dcgan.run.checkpoint_path(4) / "weights.safetensors").write_bytes(b"torn")
    generator = load_generator(dcgan.run)
    assert generator.step == 3
    assert len(generator.problems) == 1
    assert "checkpoint 000004" in generator.problems[0]
    with pytest.raises(CheckpointError, match="checkpoint 000004"):
        load_generator(dcgan.run, 4)
    with pytest.raises(CheckpointError, match="no checkpoint at step 5; there are: 3, 4"):
        load_generator(dcgan.run, 5)


@pytest.mark.parametrize(("width", "problem"), [(8, "is \\(.*\\), the network needs"), (0, "is missing")])
def test_weights_that_do_not_fit_are_refused(dcgan, monkeypatch, width, problem):
    stored = checkpoint.read(dcgan.run.checkpoint_path(3), weights_only=True)
    name = "average.layers.0.weight"
    if width:
        stored.state.weights[name] = torch.zeros(width, width)
    else:
        del stored.state.weights[name]
    monkeypatch.setattr("ganstudio.latent.sampling.newest", lambda *args, **rest: (stored, []))
    with pytest.raises(CheckpointError, match=problem):
        load_generator(dcgan.run)


def test_a_file_that_cannot_be_written_leaves_nothing(dcgan, tmp_path):
    with pytest.raises(OSError, match="none"):
        export_weights(dcgan.generator, tmp_path / "none" / "g.safetensors", "run")
    assert list(tmp_path.iterdir()) == [dcgan.run.path]
