"""``ganstudio export``."""

from __future__ import annotations

import argparse
from pathlib import Path

from ganstudio.cli import specs
from ganstudio.cli.errors import FAILED, CommandError
from ganstudio.cli.parser import ALL
from ganstudio.cli.sampling import open_generator, output_path
from ganstudio.cli.terminal import say, say_json, tell
from ganstudio.core.runs import RunFolder

BUNDLE = ".zip"
SUFFIXES = (".safetensors", ".onnx", BUNDLE)


def run(options: argparse.Namespace) -> int:
    """Write the generator into a file and its model card beside it, or checkpoints into a zip."""
    out = output_path(options.out, SUFFIXES)
    folder = RunFolder(specs.find_run(options.run))
    if out.suffix.lower() == BUNDLE:
        return _bundle(folder, out, options)
    if options.checkpoint == ALL:
        raise CommandError(f"--checkpoint all: only a {BUNDLE} holds several checkpoints")
    return _generator(folder, out, options)


def _bundle(folder: RunFolder, out: Path, options: argparse.Namespace) -> int:
    """Sealed copies of checkpoints, as a run of their own."""
    from ganstudio.reports.bundle import write_bundle
    from ganstudio.reports.data import ReportError

    there = folder.checkpoint_steps()
    asked = None if options.checkpoint == ALL else specs.step_of(folder.path, options.checkpoint)
    steps = there if options.checkpoint == ALL else there[-1:] if asked is None else [asked]
    if asked is not None and asked not in there:
        known = ", ".join(str(step) for step in there) or "none"
        raise CommandError(f"--checkpoint {asked}: there is no such checkpoint; there are: {known}", FAILED)
    try:
        write_bundle(folder.path, steps, out)
    except ReportError as error:
        raise CommandError(str(error), FAILED) from None
    if options.json:
        say_json({"out": str(out), "run": str(folder.path), "steps": steps, "bytes": out.stat().st_size})
    else:
        say(str(out))
    return 0


def _generator(folder: RunFolder, out: Path, options: argparse.Namespace) -> int:
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
