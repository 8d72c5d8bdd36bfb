"""``ganstudio train SPEC --help-settings``: every key that ``--set`` knows, from the config's own declarations."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from typing import Any

from ganstudio.catalog.datasets import DATASETS, Dataset
from ganstudio.catalog.presets import DEFAULT_PRESET
from ganstudio.catalog.resolve import KINDS, resolve
from ganstudio.catalog.variants import VARIANTS
from ganstudio.cli import specs
from ganstudio.cli.terminal import say
from ganstudio.core.config import RunConfig
from ganstudio.core.schema import Options, Setting, plain, settings_of, walk

WIDTH = 100
NEEDED = "(needed)"


def print_settings(spec: str | None) -> int:
    """List the settings of a preset, a file or a variant; nothing means the default preset."""
    name = spec or DEFAULT_PRESET
    config = read_anything(name)
    say(f"Settings of {name}: KEY = VALUE, as --set takes them or a TOML file has them.")
    say("Those marked live may change while a run goes on.\n")
    for line in lines_of(config):
        say(line)
    return 0


def read_anything(name: str) -> RunConfig:
    """The config of a spec, or of a variant on the first data it can learn; a path that is left open is no error."""
    if name in VARIANTS:
        variant = VARIANTS[name]
        source = next(key for key, cls in DATASETS.items() if _data_kind(cls) in variant.data)
        table: dict[str, Any] = {"variant": name, "name": name, "data": {"source": source}}
    else:
        table, _ = specs.read_table(name)
    data = table.get("data")
    if isinstance(data, dict) and data.get("source") == "folder":
        data.setdefault("path", NEEDED)
    return resolve(table)


def _data_kind(cls: type[Options]) -> str:
    return cls.data if issubclass(cls, Dataset) else ""


def lines_of(config: RunConfig) -> Iterator[str]:
    """The whole list, setting by setting."""
    kinds = dict(_kinds(config))
    for key, setting, value in walk(config):
        table = key.rpartition(".")[0]
        if table in kinds:
            yield from kinds.pop(table)
        if not key.startswith("stabilizers."):
            yield from _entry(key, setting, value)
    for lines in kinds.values():  # tables without settings of their own, such as most objectives
        yield from lines
    yield from _stabilizers(config)


def _kinds(config: RunConfig) -> Iterator[tuple[str, list[str]]]:
    """For every table that comes in several kinds, the key that names the kind and what it may be."""
    for path, options, setting in _tables(config):
        known = KINDS[setting.option.section]
        help = f"{setting.option.help} One of {', '.join(known)}."
        yield path, [f"  {path}.{options.tag} = {json.dumps(options.kind)}", *_wrapped(help)]


def _tables(options: Options, path: str = "") -> Iterator[tuple[str, Options, Setting]]:
    for setting in settings_of(type(options)):
        value, key = getattr(options, setting.name), f"{path}.{setting.name}".lstrip(".")
        if setting.option.section and not setting.option.many:
            yield key, value, setting
        elif isinstance(value, Options):
            yield from _tables(value, key)


def _stabilizers(config: RunConfig) -> Iterator[str]:
    for name, cls in KINDS["stabilizers"].items():
        key, chosen = f"stabilizers.{name}", config.stabilizers.get(name)
        yield f"  {key} = {'true' if chosen else 'false'}"
        yield from _wrapped(cls.idea)
        for inner in settings_of(cls):
            yield from _entry(f"{key}.{inner.name}", inner, getattr(chosen, inner.name, inner.default))


def _entry(key: str, setting: Setting, value: Any) -> Iterator[str]:
    declared = setting.option
    unit = f" {declared.unit}" if declared.unit else ""
    yield f"  {key} = {_shown(value)}{unit}{'  (live)' if declared.live else ''}"
    allowed = declared.range_text()
    help = declared.help + (f" {allowed[:1].upper()}{allowed[1:]}." if allowed else "")
    yield from _wrapped(help)


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=" " * 6, subsequent_indent=" " * 6)


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join(_shown(inner) for inner in value) + "]"
    if value == NEEDED:
        return NEEDED
    if isinstance(value, bool | str):
        return json.dumps(value, ensure_ascii=False)
    return plain(value)
