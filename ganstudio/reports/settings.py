"""The config in a report: what differs from the recipe's defaults, and the one command that trains it again."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass
from pathlib import Path
from typing import Any, cast

from ganstudio.catalog.presets import presets
from ganstudio.catalog.resolve import TAGS, resolve
from ganstudio.core.config import RunConfig, assign, dump_toml, flatten, load_toml, place
from ganstudio.core.schema import ConfigError, plain, settings_of, to_table, walk

ABSENT: Any = object()
"""Stands where a config has no such key."""
NOT_TOLD = frozenset({"name"})
"""What does not change what a run does."""


@dataclass(frozen=True)
class Difference:
    """One setting and its values, such as the default and that of the run; ``ABSENT`` where it does not exist."""

    key: str
    values: tuple[Any, ...]

    def texts(self) -> tuple[str, ...]:
        """The values in words."""
        return tuple(in_words(value) for value in self.values)


def in_words(value: Any) -> str:
    """A setting as it is written in a table: ``2e-4``, ``on``, ``adam``, ``–`` where there is none."""
    if value is ABSENT:
        return "–"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, int | float):
        return plain(value)
    if isinstance(value, list | tuple):
        return ", ".join(in_words(inner) for inner in cast("list[Any]", value))
    return str(value)


def public(config: RunConfig) -> RunConfig:
    """The config as it may go out of the house: of a path on this machine only the last part."""
    table = to_table(config)
    for key, setting, value in walk(config):
        if setting.option.path and value:
            place(table, key.split("."), Path(str(value)).name)
    return resolve(table, whole=True)


def flat(config: RunConfig) -> dict[str, Any]:
    """Dotted key -> value of every setting, kinds among them; a stabilizer that is on is ``True`` itself."""
    found = flatten(to_table(config))
    return {key: value for key, value in found.items() if key not in NOT_TOLD}


def defaults(config: RunConfig) -> RunConfig | None:
    """What variant and data alone would give; ``None`` where that is no config that can be trained."""
    data = config.data
    needed = {
        s.name: getattr(data, s.name)
        for s in settings_of(type(data))
        if s.option.path or s.default is MISSING
    }
    try:
        return resolve({"variant": config.variant, "data": {data.tag: data.kind} | needed})
    except ConfigError:
        return None


def differences(*configs: RunConfig) -> list[Difference]:
    """Every setting in which the configs are not all equal, in the order of the config."""
    tables = [flat(config) for config in configs]
    keys = dict.fromkeys(key for table in tables for key in table)
    rows = (Difference(key, tuple(table.get(key, ABSENT) for table in tables)) for key in keys)
    return [row for row in rows if any(value != row.values[0] for value in row.values)]


def toml(config: RunConfig) -> str:
    """The complete config as TOML, without paths of this machine."""
    return dump_toml(public(config))


def command(config: RunConfig) -> tuple[str, bool]:
    """One command that trains the run again, and whether it stands for this very config.

    It takes the preset from which the fewest settings have to be changed. A path on this machine stands in it as
    ``FOLDER``. Where no preset leads to the config, the run's own file has to be given.
    """
    candidates = sorted(
        (words for preset in presets().values() if (words := _from_preset(preset.name, preset.path, config))),
        key=len,
    )
    if not candidates:
        return "ganstudio train run.toml", False
    return "ganstudio train " + " ".join(candidates[0]), True


def _from_preset(name: str, path: Path, config: RunConfig) -> list[str] | None:
    """The words behind ``train`` that make the config out of a preset; ``None`` where they do not."""
    table = load_toml(path)
    if table.get("variant") != config.variant:
        return None
    try:
        preset = resolve(table)
    except ConfigError:
        return None  # a preset that needs a folder first
    if preset.data.kind != config.data.kind:
        return None
    paths = {key for key, setting, _ in walk(config) if setting.option.path}
    words = [name]
    try:
        for key, value in _changes(preset, config):
            assign(table, f"{key}={_toml_word(value)}")
            words += ["--set", shlex.quote(f"{key}={'FOLDER' if key in paths else _toml_word(value)}")]
        return None if differences(resolve(table), config) else words
    except ConfigError:
        return None


def _changes(preset: RunConfig, config: RunConfig) -> Iterator[tuple[str, Any]]:
    """What has to be set to come from one config to the other, as ``--set`` takes it."""
    here, there = flat(config), flat(preset)
    for row in differences(preset, config):
        value = row.values[1]
        if value is ABSENT:
            if not _is_inside(row.key, here, there):
                yield row.key, False
        elif not (value is True and any(key.startswith(f"{row.key}.") for key in here)):
            yield row.key, value


def _is_inside(key: str, here: Mapping[str, Any], there: Mapping[str, Any]) -> bool:
    """Whether a missing key belongs to a table whose kind has changed or that is off: it goes with it."""
    parts = key.split(".")
    for depth in range(1, len(parts)):
        above = ".".join(parts[:depth])
        if above.startswith("stabilizers.") and above in there and above not in here:
            return True
        if any(here.get(f"{above}.{tag}") != there.get(f"{above}.{tag}") for tag in TAGS):
            return True
    return False


def _toml_word(value: Any) -> str:
    """A value as ``--set`` takes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return json.dumps(list(cast("list[Any]", value)))
    return plain(value) if isinstance(value, float) and float(plain(value)) == value else str(value)
