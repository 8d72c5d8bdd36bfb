"""``ganstudio interpolate``."""

from __future__ import annotations

import argparse
from typing import Any

from ganstudio.cli import specs
from ganstudio.cli.errors import CommandError
from ganstudio.cli.exploring import (
    MOST_FRAMES,
    base_recipe,
    need_pictures,
    open_model,
    say_written,
    seeds,
    write,
)
from ganstudio.cli.sampling import output_path
from ganstudio.core.runs import RunFolder

SUFFIXES = (".png", ".gif", ".mp4", ".webm")
STRAIGHT = "lerp"


def run(options: argparse.Namespace) -> int:
    """Write the way between seeds as a strip or a film."""
    out = output_path(options.out, SUFFIXES)
    keys = seeds(options.seeds, "--seeds", 2)
    mode = _mode(options)
    if not 2 <= options.frames <= MOST_FRAMES:
        raise CommandError(f"--frames {options.frames} is not from 2 to {MOST_FRAMES}")
    folder = RunFolder(specs.find_run(options.run))
    models, model = open_model(folder, specs.step_of(folder.path, options.checkpoint))
    need_pictures(model)
    if options.space == "w" and model.styled is None:
        raise CommandError(f"--space w: {model.generator.config.variant} has no w, only z")
    from ganstudio.core.explore.messages import Film
    from ganstudio.core.explore.recipe import Model, Seed
    from ganstudio.core.explore.ways import way

    recipes = way(
        [Seed(key) for key in keys], options.frames, base_recipe(model, options), mode, options.space,
        options.loop, options.easing,
    )  # fmt: skip
    known: dict[str, Any] = {
        "seeds": list(keys), "frames": options.frames, "fps": options.fps, "mode": mode,
        "space": options.space, "loop": options.loop,
    }  # fmt: skip
    request = Film(
        1, "film", Model(str(folder.path), model.step), recipes, str(out), options.fps, options.scale,
        even=options.even, record=known,
    )  # fmt: skip
    write(request, models, options.quiet or options.json)
    say_written(out, folder, model, known, options.json)
    return 0


def _mode(options: argparse.Namespace) -> Any:
    """The way between two seeds: along the great circle in z, straight in w, unless another one is asked for."""
    if options.mode is None:
        return STRAIGHT if options.space == "w" else "slerp"
    if options.space == "w" and options.mode == "slerp":
        raise CommandError("--mode slerp: great circles belong to z; in w take lerp, matched or spline")
    return options.mode
