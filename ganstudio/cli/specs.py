"""From what a person named (a preset, a file, a run) and changed to the config or the folder they mean."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ganstudio.catalog.presets import find_spec
from ganstudio.catalog.resolve import resolve
from ganstudio.cli.errors import CommandError
from ganstudio.core.config import RunConfig, assign, load_toml
from ganstudio.core.schema import ConfigError, walk


@dataclass(frozen=True)
class Assignment:
    """One setting as the command line has it; ``origin`` is the option it came by."""

    key: str
    text: str
    origin: str = "--set"


def assignments(words: Iterable[str]) -> list[Assignment]:
    """The ``key=value`` words of ``--set``."""
    found: list[Assignment] = []
    for word in words:
        key, equals, value = word.partition("=")
        if not equals or not key.strip():
            raise ConfigError("--set", f"{word!r} is not of the form key=value")
        found.append(Assignment(key.strip(), value))
    return found


def read_table(spec: str) -> tuple[dict[str, Any], str]:
    """The table in a preset or a file, and the file's name."""
    path = find_spec(spec)
    table = load_toml(path)
    table.pop("run", None)
    return table, path.name


def read_config(spec: str, changes: Iterable[Assignment]) -> RunConfig:
    """The complete config; an error names the file, or the option that brought the bad value."""
    table, name = read_table(spec)
    origins: dict[str, str] = {}
    for change in changes:
        assign(table, f"{change.key}={change.text}")
        origins[change.key] = change.origin
    try:
        return with_whole_paths(resolve(table))
    except ConfigError as error:
        raise _told(error, origins, name) from None


def _told(error: ConfigError, origins: dict[str, str], name: str) -> ConfigError:
    for key, origin in origins.items():
        if error.key == key or error.key.startswith(f"{key}.") or key.startswith(f"{error.key}."):
            return error.within(origin) if origin == "--set" else ConfigError(origin, error.problem)
    if error.problem.startswith("is needed") and "." in error.key:
        problem = f"{error.problem.rstrip('.')}; give it with --set {error.key}=..."
        return ConfigError(error.key, problem, name)
    return error.within(name)


def with_whole_paths(config: RunConfig) -> RunConfig:
    """The config with every path made absolute, so that a run can be resumed from anywhere."""
    from ganstudio.catalog.resolve import change

    for key, setting, value in list(walk(config)):
        if setting.option.path and value:
            config = change(config, key, str(Path(value).expanduser().absolute()))
    return config


def find_run(name: str) -> Path:
    """The folder of a run, named by its path or by its name below the runs."""
    from ganstudio.core.runs import RunFolder, default_runs_folder

    path = Path(name).expanduser()
    for candidate in (path, default_runs_folder() / name):
        if RunFolder(candidate).exists():
            return candidate.absolute()
    if path.exists():
        raise CommandError(f"{name} is not a run: it has no run.toml")
    raise CommandError(f"{name}: no such run")


def step_of(run: Path, told: int | str | None) -> int | None:
    """The step that ``--checkpoint`` means in a run: ``best`` is the marked one, or the best that was measured."""
    if not isinstance(told, str):
        return told
    from ganstudio.catalog.best import best_checkpoint
    from ganstudio.core.runs import RunFolder

    best = best_checkpoint(RunFolder(run))
    if best is None:
        raise CommandError(
            f"--checkpoint best: no checkpoint of {run.name} has been measured by a number that says which is best; "
            f"measure one with: ganstudio evaluate {run.name}"
        )
    return best
