"""``ganstudio resume``."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from ganstudio.catalog.resolve import change, load
from ganstudio.cli import specs
from ganstudio.cli.errors import CommandError
from ganstudio.cli.terminal import say, say_json, tell
from ganstudio.core.config import RunConfig, parse_value
from ganstudio.core.messages import Begin, Change
from ganstudio.core.runs import RunFolder
from ganstudio.core.schema import ConfigError, unknown, walk


def run(options: argparse.Namespace) -> int:
    """Go on with a run."""
    folder = RunFolder(specs.find_run(options.run))
    config = load(folder.config_path)
    changes = live_changes(config, options.assignments)
    checkpoint = specs.step_of(folder.path, options.checkpoint)
    step = _nothing_left(folder, checkpoint, options.steps)
    if step is not None:
        tell(f"the run is finished at step {step:,}; more with: ganstudio resume {options.run} --steps N")
        record = {"run": str(folder.path), "step": step, "reason": "done"}
        say_json(record) if options.json else say(str(folder.path))
        return 0

    from ganstudio.cli.headless import Headless

    begin = Begin(
        str(folder.path),
        resume=True,
        checkpoint=checkpoint,
        steps=options.steps,
        window=False,
        device=options.device or "",
    )
    return Headless(options.quiet).train(begin, changes, options.json)


def live_changes(config: RunConfig, words: list[str]) -> list[Change]:
    """The settings to change from here on, each checked against the run's config."""
    live = {key: setting.option.live for key, setting, _ in walk(config)}
    found: list[Change] = []
    for assignment in specs.assignments(words):
        if assignment.key not in live:
            raise ConfigError(assignment.key, unknown(assignment.key, list(live)), "--set")
        if not live[assignment.key]:
            raise ConfigError(
                assignment.key, "is fixed for the whole run; only live settings can change", "--set"
            )
        value = parse_value(assignment.text)
        try:
            config = change(config, assignment.key, value)
        except ConfigError as error:
            raise error.within("--set") from None
        found.append(Change(assignment.key, value))
    return found


def _nothing_left(folder: RunFolder, checkpoint: int | None, total: int | None) -> int | None:
    """The step a finished run stands at, or nothing where there is something left to train.

    A checkpoint that cannot be read is left to the session, which says what is wrong with it.
    """
    steps = folder.checkpoint_steps()
    if checkpoint is not None and checkpoint not in steps:
        there = ", ".join(str(step) for step in steps) or "none"
        raise CommandError(f"{folder.path.name} has no checkpoint at step {checkpoint}; there are: {there}")
    if not steps:
        return None
    step = steps[-1] if checkpoint is None else checkpoint
    wanted = total if total is not None else _planned(folder.checkpoint_path(step))
    return step if wanted is not None and step >= wanted else None


def _planned(checkpoint: Path) -> int | None:
    try:
        steps = json.loads((checkpoint / "state.json").read_bytes())["config"]["steps"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return steps if isinstance(steps, int) else None
