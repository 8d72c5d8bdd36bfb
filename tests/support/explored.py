"""Small runs on the disk, opened to be explored."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from support.tiny import IMAGES, POINTS, trained

from ganstudio.catalog.resolve import merge, resolve
from ganstudio.core.config import dump_toml
from ganstudio.core.explore.recipe import Model
from ganstudio.core.runs import RunFolder
from ganstudio.latent.model import Explorer, opened
from ganstudio.training import checkpoint
from ganstudio.training.trainer import Trainer

CLASSES = {"conditioning": {"by": "concatenation"}}
SMALL = {"generator": {"base_channels": 4}, "discriminator": {"base_channels": 4}}
GROWN = {"base_channels": 4, "most_channels": 8}
STYLE = {**IMAGES, "generator": GROWN, "discriminator": GROWN}
FAMILIES: dict[str, Mapping[str, Any]] = {
    "points": merge(POINTS, {"latent": {"prior": "uniform"}}),
    "mlp": {
        **{key: value for key, value in IMAGES.items() if key not in SMALL},
        "variant": "gan",
        "generator": {"width": 16, "depth": 2},
        "discriminator": {"width": 16, "depth": 2},
    },
    "dcgan": IMAGES,
    "dcgan-classes": {**IMAGES, **CLASSES},
    "embedded": {**IMAGES, "conditioning": {"by": "concatenation", "embedding": 3}},
    "wgan-gp": {**IMAGES, "variant": "wgan-gp"},
    "sngan": {**IMAGES, "variant": "sngan"},
    "sngan-classes": {**IMAGES, **CLASSES, "variant": "sngan"},
    "biggan": {**IMAGES, "variant": "biggan", "latent": {"dimension": 9}},
    "r3gan": {
        **{key: value for key, value in IMAGES.items() if key not in SMALL},
        "variant": "r3gan",
        "generator": {"width": 8, "cardinality": 2},
        "discriminator": {"width": 8, "cardinality": 2},
    },
    "progan": {**STYLE, "variant": "progan"},
    "stylegan": {**STYLE, "variant": "stylegan", "generator": {**GROWN, "style": 6, "mapping": 2}},
    "stylegan2": {
        **STYLE,
        **CLASSES,
        "variant": "stylegan2",
        "generator": {**GROWN, "style": 6, "mapping": 2},
    },
    "stylegan3": {
        **STYLE,
        "variant": "stylegan3-t",
        "data": {"source": "digits", "resolution": 16},
        "generator": {**GROWN, "style": 6, "mapping": 2, "layers": 4},
    },
    "codes": {
        **IMAGES,
        "conditioning": {"by": "codes"},
        "latent": {"dimension": 4, "categorical": 1, "categories": 3, "continuous": 2},
    },
    "crowd": {**IMAGES, "conditioning": {"by": "crowd"}},
    "apart": {**IMAGES, "conditioning": {"by": "crowd", "shared": False}},
    "pac": {**IMAGES, "variant": "pacgan"},
    "compared": {**IMAGES, "stabilizers": {"minibatch-std": {}}},
}
"""Name -> the table of a run."""


def stored(trainer: Trainer, folder: Path) -> Model:
    """The trainer's state as a run with a checkpoint."""
    run = RunFolder(folder)
    run.create(dump_toml(trainer.config))
    checkpoint.save(trainer, run, 1.0)
    return Model(str(folder))


def saved(name: str, folder: Path, steps: int = 2) -> tuple[Trainer, Model]:
    """A run of this family after so many steps, with a checkpoint."""
    trainer = trained(resolve(FAMILIES[name]), steps)
    return trainer, stored(trainer, folder)


def explorer(name: str, folder: Path, steps: int = 2) -> Explorer:
    """Such a run, opened."""
    return opened(saved(name, folder, steps)[1])
