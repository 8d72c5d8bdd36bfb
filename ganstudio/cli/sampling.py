"""``ganstudio sample``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ganstudio
from ganstudio.cli import specs
from ganstudio.cli.errors import FAILED, CommandError
from ganstudio.cli.exploring import label_of, open_model
from ganstudio.cli.terminal import say, say_json, tell
from ganstudio.core.runs import RunFolder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ganstudio.core.explore.recipe import Recipe
    from ganstudio.latent.model import Explorer
    from ganstudio.latent.sampling import Generator
    from ganstudio.latent.sheet import Sheet

MAX_COUNT = 65_536
MAX_PIXELS = 1 << 28
"""Larger pictures are refused before they fill the memory."""


def run(options: argparse.Namespace) -> int:
    """Write a grid of samples."""
    out = output_path(options.out, (".png",))
    folder = RunFolder(specs.find_run(options.run))
    if options.count > MAX_COUNT:
        raise CommandError(f"--count {options.count} is more than {MAX_COUNT}")
    if options.seed + options.count > 2**63:
        raise CommandError("--seed is too large: the last seed would not fit into 63 bits")
    model = open_model(folder, specs.step_of(folder.path, options.checkpoint))[1]
    layout = layout_of(model, options)
    picture = draw(model, options, layout)
    recipe = recipe_of(model.generator, folder, options, layout)
    save(out, picture, recipe)
    if options.json:
        size = {"picture_width": picture.shape[1], "picture_height": picture.shape[0]}
        say_json({"out": str(out), **size, **recipe})
    else:
        say(str(out))
    return 0


def output_path(text: str, suffixes: tuple[str, ...]) -> Path:
    """Where to write, with a known suffix and in a folder that exists."""
    path = Path(text).expanduser()
    if path.suffix.lower() not in suffixes:
        raise CommandError(f"--out {text}: the name must end in {' or '.join(suffixes)}")
    if not path.absolute().parent.is_dir():
        raise CommandError(f"--out {text}: there is no folder {path.absolute().parent}")
    if path.is_dir():
        raise CommandError(f"--out {text} is a folder")
    return path


def open_generator(folder: RunFolder, step: int | None) -> Generator:
    """The run's averaged generator; what is wrong with a checkpoint is told."""
    from ganstudio.engine.launch import prepare_environment

    prepare_environment(window=False)
    import torch

    from ganstudio.engine.launch import compute_threads
    from ganstudio.latent.sampling import load_generator
    from ganstudio.training.checkpoint import CheckpointError

    try:
        generator = load_generator(folder, step)
    except CheckpointError as error:
        raise CommandError(str(error), FAILED if step is None else 2) from None
    for problem in generator.problems:
        tell(f"passed over a damaged checkpoint: {problem}")
    available = compute_threads(window=False)
    torch.set_num_threads(min(generator.threads or available, available))
    return generator


def layout_of(model: Explorer, options: argparse.Namespace) -> Sheet:
    """Which samples to draw: of one class, or a row for each."""
    from ganstudio.latent.sheet import sheet

    return sheet(options.count, model.kinds, options.seed, label_of(model, options.label))


def draw(model: Explorer, options: argparse.Namespace, layout: Sheet) -> NDArray[np.uint8]:
    """The grid (H, W, C) of pictures, or points drawn into a picture."""
    from ganstudio.engine.pictures import draw_points, grid
    from ganstudio.latent.rendering import images

    shape = model.shape
    if shape.kind == "image":
        if options.count * shape.numel * options.scale**2 > MAX_PIXELS:
            raise CommandError("the picture would be too large: choose a smaller --count or --scale")
        return grid(images(model, recipes_of(layout, options.truncation)), options.scale, layout.columns)
    if options.scale > 16:
        raise CommandError("--scale for points is at most 16")
    from ganstudio.data import PointSource, load, make_feed

    source = load(model.generator.config.data)
    assert isinstance(source, PointSource)
    feed = make_feed(source, "cpu", model.generator.config.seed)
    real = feed.to_display(feed.batch(0, options.count)[0]).numpy()
    shown = images(model, recipes_of(layout, options.truncation))
    return draw_points(shown, real, source.view, 320 * options.scale)


def recipes_of(layout: Sheet, psi: float) -> tuple[Recipe, ...]:
    """A recipe for every sample."""
    from ganstudio.core.explore.recipe import Recipe, Seed

    labels = [()] * len(layout) if layout.labels is None else [((int(n), 1.0),) for n in layout.labels]
    return tuple(Recipe(Seed(seed), label, psi=psi) for seed, label in zip(layout.seeds, labels, strict=True))


def recipe_of(
    generator: Generator, folder: RunFolder, options: argparse.Namespace, layout: Sheet
) -> dict[str, Any]:
    """All that is needed to remake the picture; goes into its metadata."""
    facts: dict[str, Any] = {
        "kind": "samples",
        "run": folder.path.name,
        "variant": generator.config.variant,
        "step": generator.step,
        "seed": options.seed,
        "count": len(layout),
        "height": generator.shape.height,
        "width": generator.shape.width,
        "truncation": options.truncation,
        "scale": options.scale,
        "version": ganstudio.__version__,
    }
    if options.label is not None:
        facts["label"] = options.label
    if layout.labels is not None:
        facts["labels"] = list(layout.rows) or [int(layout.labels[0])]
    return facts | {"columns": layout.columns} if layout.columns else facts


def save(path: Path, picture: NDArray[np.uint8], recipe: dict[str, Any]) -> None:
    """Write the picture, or say why not."""
    from ganstudio.engine.pictures import save_png

    try:
        save_png(path, picture, recipe)
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror or error}", FAILED) from None
