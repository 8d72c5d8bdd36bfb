"""``ganstudio train``."""

from __future__ import annotations

import argparse
from pathlib import Path

from ganstudio.cli import specs
from ganstudio.cli.errors import CommandError
from ganstudio.cli.specs import Assignment

OPTIONS = {"steps": "steps", "seed": "seed", "name": "name", "device": "compute.device"}
"""Options that stand for a setting."""


def run(options: argparse.Namespace) -> int:
    """Train what is asked for."""
    if options.help_settings:
        from ganstudio.cli.settings_help import print_settings

        return print_settings(options.spec)
    if options.spec is None:
        raise CommandError("train needs a preset's name or a TOML file; see: ganstudio list presets")
    config = specs.read_config(options.spec, changes_of(options))

    from ganstudio.cli.headless import Headless, checked_out
    from ganstudio.core.messages import Begin
    from ganstudio.core.runs import new_run_folder

    folder = checked_out(Path(options.out).expanduser()) if options.out else new_run_folder(config.name)
    begin = Begin(str(folder.absolute()), config, window=False)
    return Headless(options.quiet).train(begin, [], options.json)


def changes_of(options: argparse.Namespace) -> list[Assignment]:
    """What the command line changes in the config."""
    changes = specs.assignments(options.assignments)
    for name, key in OPTIONS.items():
        value = getattr(options, name)
        if value is not None:
            changes.append(Assignment(key, value, f"--{name}"))
    return changes
