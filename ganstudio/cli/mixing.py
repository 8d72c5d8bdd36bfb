"""``ganstudio mix``."""

from __future__ import annotations

import argparse
import re
from typing import TYPE_CHECKING

from ganstudio.cli import specs
from ganstudio.cli.errors import CommandError
from ganstudio.cli.exploring import base_recipe, need_pictures, open_model, say_written, seeds, write
from ganstudio.cli.sampling import output_path
from ganstudio.core.runs import RunFolder

if TYPE_CHECKING:
    from ganstudio.latent.model import Explorer

RANGE = re.compile(r"(\d{1,4})(?:-(\d{1,4}))?")


def run(options: argparse.Namespace) -> int:
    """Write the style-mixing matrix."""
    out = output_path(options.out, (".png",))
    rows, columns = seeds(options.rows, "--rows"), seeds(options.cols, "--cols")
    folder = RunFolder(specs.find_run(options.run))
    models, model = open_model(folder, specs.step_of(folder.path, options.checkpoint))
    need_pictures(model)
    first, last = layers_of(model, options.layers)
    from ganstudio.core.explore.messages import Export
    from ganstudio.core.explore.recipe import Model, Seed
    from ganstudio.core.explore.ways import matrix

    recipes = matrix(
        [Seed(seed) for seed in rows], [Seed(seed) for seed in columns], first, last,
        base_recipe(model, options), options.strength,
    )  # fmt: skip
    known = {"rows": list(rows), "cols": list(columns), "layers": [first, last], "strength": options.strength}
    request = Export(
        1, "matrix", Model(str(folder.path), model.step), recipes, str(out), len(columns) + 1, options.scale,
        known, corner=True,
    )  # fmt: skip
    write(request, models, options.quiet or options.json)
    say_written(out, folder, model, known, options.json)
    return 0


def layers_of(model: Explorer, text: str) -> tuple[int, int]:
    """The first and last row that ``--layers`` names: coarse, middle, fine, all, one number or two."""
    from ganstudio.latent.capabilities import capabilities
    from ganstudio.latent.mixing import ranges

    sizes = capabilities(model).rows
    if not sizes:
        raise CommandError(
            f"{model.generator.config.variant} has no layers between which styles could be mixed"
        )
    groups, last = ranges(sizes) | {"all": (0, len(sizes) - 1)}, len(sizes) - 1
    if text in groups:
        return groups[text]
    found = RANGE.fullmatch(text)
    if found is None:
        raise CommandError(f"--layers {text}: not one of {', '.join(groups)}, nor of the form 0-{last}")
    span = int(found[1]), int(found[2] or found[1])
    if not span[0] <= span[1] <= last:
        raise CommandError(f"--layers {text}: this model has the layers 0 to {last}")
    return span
