"""``ganstudio sample``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ganstudio
from ganstudio.cli import specs
from ganstudio.cli.errors import FAILED, CommandError
from ganstudio.cli.terminal import say, say_json, tell
from ganstudio.core.runs import RunFolder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

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
    generator = open_generator(folder, options.checkpoint)
    layout = layout_of(generator, options)
    picture = draw(generator, options, layout)
    recipe = recipe_of(generator, folder, options, layout)
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


def layout_of(generator: Generator, options: argparse.Namespace) -> Sheet:
    """Which samples to draw: of one class, or a row for each."""
    from ganstudio.latent.sheet import sheet

    if options.label is None:
        return sheet(options.count, generator.kinds, options.seed)
    if not generator.kinds:
        raise CommandError(
            f"--label: {generator.config.variant} is not conditional: its generator knows no classes"
        )
    names = generator.class_names
    if options.label in names:
        return sheet(options.count, generator.kinds, options.seed, names.index(options.label))
    if options.label.isdecimal() and int(options.label) < generator.kinds:
        return sheet(options.count, generator.kinds, options.seed, int(options.label))
    known = ", ".join(names[:12]) + (", …" if len(names) > 12 else "")
    few = f" or one of {known}" if known else ""
    raise CommandError(f"--label {options.label}: there are the classes 0 to {generator.kinds - 1}{few}")


def draw(generator: Generator, options: argparse.Namespace, layout: Sheet) -> NDArray[np.uint8]:
    """The grid (H, W, C) of pictures, or points drawn into a picture."""
    import torch

    from ganstudio.data import PointSource, load, make_feed
    from ganstudio.data.feed import to_pixels
    from ganstudio.engine.gallery import to_images
    from ganstudio.engine.pictures import draw_points, grid
    from ganstudio.latent.sampling import sample_images

    shape = generator.shape
    if shape.kind == "image":
        if options.count * shape.numel * options.scale**2 > MAX_PIXELS:
            raise CommandError("the picture would be too large: choose a smaller --count or --scale")
        made = sample_images(generator, layout.seeds, options.truncation, layout.labels)
        return grid(to_images(to_pixels(made)), options.scale, layout.columns)
    source = load(generator.config.data)
    assert isinstance(source, PointSource)
    feed = make_feed(source, torch.device("cpu"), generator.config.seed)
    made = sample_images(generator, layout.seeds, options.truncation, layout.labels)
    shown = feed.to_display(made).cpu().numpy()
    real = feed.to_display(feed.batch(0, options.count)[0]).numpy()
    if options.scale > 16:
        raise CommandError("--scale for points is at most 16")
    return draw_points(shown, real, source.view, 320 * options.scale)


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
    return facts | {"columns": layout.columns} if layout.columns else facts


def save(path: Path, picture: NDArray[np.uint8], recipe: dict[str, Any]) -> None:
    """Write the picture, or say why not."""
    from ganstudio.engine.pictures import save_png

    try:
        save_png(path, picture, recipe)
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror or error}", FAILED) from None
