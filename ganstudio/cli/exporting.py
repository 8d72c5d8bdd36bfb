"""``ganstudio export``."""

from __future__ import annotations

import argparse
from pathlib import Path

from ganstudio.cli import specs
from ganstudio.cli.errors import FAILED, CommandError
from ganstudio.cli.sampling import open_generator, output_path
from ganstudio.cli.terminal import say, say_json, tell
from ganstudio.core.runs import RunFolder

SUFFIXES = (".safetensors", ".onnx")


def run(options: argparse.Namespace) -> int:
    """Write the generator into a file, and its model card beside it."""
    out = output_path(options.out, SUFFIXES)
    folder = RunFolder(specs.find_run(options.run))
    generator = open_generator(folder, specs.step_of(folder.path, options.checkpoint))
    from ganstudio.latent.export import EXPORTERS

    try:
        EXPORTERS[out.suffix.lower()](generator, out, folder.path.name)
    except OSError as error:
        raise CommandError(f"{out} cannot be written: {error.strerror or error}", FAILED) from None
    card = _card(folder, out, generator.step)
    if options.json:
        say_json(
            {
                "out": str(out),
                "run": str(folder.path),
                "step": generator.step,
                "bytes": out.stat().st_size,
                "card": str(card),
            }
        )
    else:
        say(str(out))
        tell(f"the model card is {card.name}")
    return 0


def _card(folder: RunFolder, out: Path, step: int) -> Path:
    """The model card beside the file."""
    from ganstudio.reports.card import write_card
    from ganstudio.reports.data import ReportError

    try:
        return write_card(folder.path, out, step)
    except (OSError, ReportError) as error:
        raise CommandError(f"the model card cannot be written: {error}", FAILED) from None
