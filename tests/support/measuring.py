"""Runs that can be measured at once, and a cache of their own for the classifiers."""

from __future__ import annotations

from pathlib import Path

from support.tiny import trained

from ganstudio.core.config import RunConfig, dump_toml
from ganstudio.core.runs import RunFolder
from ganstudio.training import checkpoint


def make_run(path: Path, config: RunConfig, steps: int = 2) -> RunFolder:
    """A run's folder with one checkpoint after so many steps."""
    run = RunFolder(path)
    run.create(dump_toml(config, {}))
    checkpoint.save(trained(config, steps), run, 1.0)
    return run
