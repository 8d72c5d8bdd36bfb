"""Every variant with every kind of data, loss, optimizer and stabilizer: builds, trains, saves, samples, exports.

What makes no sense together is refused with a reason that names the switch; everything else must work.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import onnxruntime
import pytest
import torch
from support.tiny import assert_same_state, make_trainer

from ganstudio.catalog.optimizers import OPTIMIZERS
from ganstudio.catalog.resolve import resolve
from ganstudio.catalog.stabilizers import STABILIZERS
from ganstudio.catalog.variants import VARIANTS
from ganstudio.core.config import RunConfig
from ganstudio.core.runs import RunFolder
from ganstudio.core.schema import ConfigError
from ganstudio.latent.export import EXPORTERS
from ganstudio.latent.sampling import Generator, load_generator, sample_images
from ganstudio.nets.counted import PixelNoise
from ganstudio.training import checkpoint
from ganstudio.training.trainer import Trainer

SOURCES = {"image": {"source": "digits", "resolution": 8}, "points": {"source": "mixture-3"}}
SMALL: dict[str, dict[str, Any]] = {
    "mlp": {"width": 8, "depth": 2},
    "dcgan": {"base_channels": 4},
    "resnet": {"base_channels": 4},
    "biggan": {"base_channels": 1},
    "r3gan": {"width": 8},
    "progan": {"base_channels": 4, "most_channels": 4},
    "stylegan": {"base_channels": 4, "most_channels": 4},
    "autoencoder": {"base_channels": 4},
    "mlp-autoencoder": {"width": 8, "depth": 1, "code": 4},
    "began": {"base_channels": 4},
    "stylegan2": {"base_channels": 2, "most_channels": 4},
    "stylegan3": {"base_channels": 2, "most_channels": 4, "layers": 4, "margin": 2},
}
SMALL_STYLES: dict[str, dict[str, Any]] = {"stylegan": {"style": 4, "mapping": 2}}
"""What style-based generators have beside their discriminators' settings."""
BATCH = 8


def small(name: str, data: str, **more: Any) -> RunConfig:
    """The variant with networks of the size of a test."""
    variant = VARIANTS[name]
    made_by = variant.generator[data].kind
    table: dict[str, Any] = {
        "variant": name,
        "data": SOURCES[data],
        "batch_size": BATCH,
        "generator_batch": BATCH,
        "latent": {"dimension": 4},
        "generator": SMALL[made_by] | SMALL_STYLES.get(made_by, {}),
        "discriminator": SMALL[variant.discriminator[data].kind],
        "compute": {"device": "cpu"},
    }
    return resolve(table | more)


def kinds_of_data() -> Iterator[tuple[str, str]]:
    for name, variant in VARIANTS.items():
        for data in variant.data:
            yield name, data


def entries() -> Iterator[Any]:
    for name, data in kinds_of_data():
        changes: dict[str, dict[str, Any]] = {"plain": {}}
        changes |= {loss: {"objective": {"loss": loss}} for loss in VARIANTS[name].objectives[1:]}
        if name in ("gan", "dcgan"):
            for kind in OPTIMIZERS:
                player = {"kind": kind, "lr": 1e-3}
                changes[kind] = {"optimizer": {"generator": player, "discriminator": player}}
            momentum = {"kind": "sgd", "lr": 1e-3, "momentum": 0.9}
            changes["momentum"] = {"optimizer": {"generator": momentum, "discriminator": momentum}}
        for label, change in changes.items():
            yield pytest.param(name, data, change, id=f"{name}-{data}-{label}")


def stabilized() -> Iterator[Any]:
    for name, data in kinds_of_data():
        for kind in STABILIZERS:
            yield pytest.param(name, data, kind, id=f"{name}-{data}-{kind}")


def steps(trainer: Trainer, count: int) -> None:
    """So many steps; of warm-ups and critic steps no more than two are made in each."""
    trainer.phases = tuple(
        phase if phase.repeat <= 2 else type(phase)(**vars(phase) | {"repeat": 2}) for phase in trainer.phases
    )
    for _ in range(count):
        for phase in trainer.phases:
            for _ in range(phase.repeat):
                trainer.update(phase)
        trainer.step_count += 1


def assert_resumes(trainer: Trainer, config: RunConfig, folder: Path) -> RunFolder:
    """2 k steps at once, or k, save, load and k more: the same to the last bit."""
    run = RunFolder(folder)
    steps(trainer, 2)
    checkpoint.save(trainer, run, 1.5)
    stored = checkpoint.read(run.checkpoint_path(2))
    assert stored.config == config and stored.step == 2 and stored.seconds == 1.5
    again = make_trainer(stored.config)
    checkpoint.restore(again, stored.state)
    assert_same_state(again, trainer)
    steps(trainer, 2)
    steps(again, 2)
    assert_same_state(again, trainer)
    return run


@pytest.mark.parametrize(("name", "data", "change"), list(entries()))
def test_entry(name: str, data: str, change: dict[str, Any], tmp_path: Path):
    config = small(name, data, **change)
    trainer = make_trainer(config)
    run = assert_resumes(trainer, config, tmp_path)
    samples = trainer.sample(range(5))
    assert samples.shape == (5, *trainer.feed.shape.size) and torch.isfinite(samples).all()
    checkpoint.save(trainer, run, 1.5)
    assert torch.equal(sample_images(load_generator(run), range(5)), samples)


@pytest.mark.parametrize(("name", "data", "kind"), list(stabilized()))
def test_with_each_stabilizer(name: str, data: str, kind: str, tmp_path: Path):
    """Every variant with every switch: it trains and resumes exactly, or is refused with the reason."""
    own = {settings.kind for settings in VARIANTS[name].stabilizers}
    try:
        config = small(name, data, stabilizers={kind: {}})
    except ConfigError as error:
        assert kind not in own, "a recipe cannot be refused"
        assert error.key.startswith(("stabilizers.", "batch_size")) and len(error.problem) > 20
        return
    assert_resumes(make_trainer(config), config, tmp_path)


@pytest.mark.parametrize("name", VARIANTS)
def test_export(name: str, tmp_path: Path):
    config = small(name, VARIANTS[name].data[0])
    trainer, run = make_trainer(config), RunFolder(tmp_path)
    steps(trainer, 1)
    for layer in trainer.average.net.modules():
        if isinstance(
            layer, PixelNoise
        ):  # without noise fresh maps are all but constant: AdaIN divides by nothing
            torch.nn.init.constant_(layer.strength, 0.5)
    checkpoint.save(trainer, run, 1.0)
    for suffix, export in EXPORTERS.items():
        export(load_generator(run), tmp_path / f"out{suffix}", "run")
        assert (tmp_path / f"out{suffix}").stat().st_size > 500
    assert_draws_alike(tmp_path / "out.onnx", load_generator(run))


def assert_draws_alike(path: Path, generator: Generator) -> None:
    """An exported network makes the same samples, of any number: it was exported with two."""
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    z = torch.randn(3, generator.config.latent.width, generator=torch.Generator().manual_seed(0))
    labels = torch.arange(3) % generator.kinds if generator.kinds else None
    given = {"z": z.numpy()} | ({"labels": labels.numpy()} if labels is not None else {})
    (made,) = session.run(None, given)
    if generator.shape.kind == "image":
        assert torch.allclose(torch.from_numpy(made), generator.render(z, labels), atol=1e-4)
    assert len(made) == 3
