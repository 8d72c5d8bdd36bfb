"""``ganstudio export``."""

from __future__ import annotations

import argparse

from ganstudio.cli import specs
from ganstudio.cli.errors import FAILED, CommandError
from ganstudio.cli.sampling import open_generator, output_path
from ganstudio.cli.terminal import say, say_json
from ganstudio.core.runs import RunFolder

SUFFIXES = (".safetensors", ".onnx")


def run(options: argparse.Namespace) -> int:
    """Write the generator into a file."""
    out = output_path(options.out, SUFFIXES)
    folder = RunFolder(specs.find_run(options.run))
    generator = open_generator(folder, options.checkpoint)
    from ganstudio.latent.export import EXPORTERS

    try:
        EXPORTERS[out.suffix.lower()](generator, out, folder.path.name)
    except OSError as error:
        raise CommandError(f"{out} cannot be written: {error.strerror or error}", FAILED) from None
    if options.json:
        say_json(
            {"out": str(out), "run": str(folder.path), "step": generator.step, "bytes": out.stat().st_size}
        )
    else:
        say(str(out))
    return 0
