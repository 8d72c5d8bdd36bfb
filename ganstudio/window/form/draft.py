"""What a person has chosen, as opposed to what follows from variant and data. Immutable; knows no Qt.

A draft holds only the settings that differ from what its variant and data source would give. Nothing typed is
ever lost: a value that cannot be used stays in the draft, and :func:`examine` says what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache
from typing import Any, cast

from ganstudio.catalog.datasets import DATASETS, Dataset
from ganstudio.catalog.presets import presets
from ganstudio.catalog.resolve import KINDS, TAGS, merge, resolve
from ganstudio.catalog.variants import VARIANTS
from ganstudio.core.config import RunConfig, place
from ganstudio.core.schema import MISSING, ConfigError, Options, settings_of, to_table

Table = Mapping[str, Any]
FREE = ("variant", "name", "data.source", "data.path")
"""Settings that have no default worth going back to: never marked as changed."""
KEPT = ("name", "seed", "steps", "samples", "checkpoint", "measure", "compute")
"""What a person chose about the run, not about the GAN: kept when the variant changes."""


@dataclass(frozen=True)
class Draft:
    """The chosen settings as a nested table; always with ``variant`` and ``data.source``."""

    table: Table

    @property
    def variant(self) -> str:
        """The variant's name."""
        return str(self.table["variant"])

    @property
    def source(self) -> str:
        """The data source's name."""
        return str(self.table["data"]["source"])

    def get(self, key: str) -> Any:
        """The chosen value, or ``None`` where nothing was chosen."""
        inner: Any = self.table
        for name in key.split("."):
            if not isinstance(inner, Mapping) or name not in inner:
                return None
            inner = inner[name]
        return inner

    def set(self, key: str, value: Any) -> Draft:
        """With one setting chosen. A value equal to what would follow anyway is not kept."""
        table = thaw(self.table)
        names = key.split(".")
        # A stabilizer switched on without settings of its own is just ``true``.
        if (
            len(names) > 2
            and names[0] == "stabilizers"
            and table.get("stabilizers", {}).get(names[1]) is True
        ):
            table["stabilizers"][names[1]] = {}
        place(table, names, value)
        chosen = Draft(table)
        without = chosen.reset(key)
        return without if key not in FREE and same(without.effective(key), value) else chosen

    def reset(self, key: str) -> Draft:
        """With one setting put back to what follows from variant and data."""
        table = thaw(self.table)
        names = key.split(".")
        _remove(table, names)
        if len(names) > 2 and names[0] == "stabilizers" and self.get(".".join(names[:2])) is not None:
            # Its last setting of its own is gone, but the stabilizer stays on.
            table.setdefault("stabilizers", {}).setdefault(names[1], True)
        return Draft(table)

    def effective(self, key: str) -> Any:
        """The value that the whole config has under ``key``; ``None`` where it has none."""
        return lookup(examine(self).config, key)

    def with_variant(self, name: str) -> Draft:
        """Another variant: networks, losses and optimizers are its own; the data stays if it can learn it."""
        kept: dict[str, Any] = {"variant": name, "data": thaw(self.table["data"])}
        kept |= {key: self.table[key] for key in KEPT if key in self.table}
        if not learns(name, self.source):
            kept["data"] = {"source": first_source(name)}
        return Draft(kept)._named_after(self)

    def with_source(self, name: str, path: str = "") -> Draft:
        """Other data. If the variant cannot learn it, the first variant that can takes its place."""
        data: dict[str, Any] = {"source": name} | ({"path": path} if path else {})
        if name == self.source:
            data = thaw(self.table["data"]) | data
        if DATA_KIND[name] in VARIANTS[self.variant].data:
            return Draft(thaw(self.table) | {"data": data})._named_after(self)
        return Draft({**self.with_variant(first_variant(name)).table, "data": data})._named_after(self)

    def _named_after(self, before: Draft) -> Draft:
        """With a fitting name, unless a person has given one."""
        name = before.table.get("name", "run")
        if name != "run" and name not in presets() and name != f"{before.source}-{before.variant}":
            return self
        return Draft(thaw(self.table) | {"name": f"{self.source}-{self.variant}"})

    def with_kind(self, place_: str, tag: str, kind: str) -> Draft:
        """Another kind of network, loss or optimizer at ``place_``, with the settings of that kind."""
        table = thaw(self.table)
        _remove(table, place_.split("."))
        return Draft(table).set(f"{place_}.{tag}", kind)

    def switch(self, stabilizer: str, on: bool) -> Draft:
        """With a stabilizer switched on or off."""
        without = self.reset(f"stabilizers.{stabilizer}")
        by_itself = stabilizer in examine(without).config.stabilizers
        if by_itself == on:
            return without
        table = thaw(without.table)
        place(table, ["stabilizers", stabilizer], on)
        return Draft(table)


DATA_KIND: dict[str, str] = {name: cast("type[Dataset]", cls).data for name, cls in DATASETS.items()}


@cache
def learns(variant: str, source: str) -> bool:
    """Whether a variant can learn a data source: its kind of data, with labels where the variant needs them."""
    table: dict[str, Any] = {"variant": variant, "data": {"source": source}}
    if any(setting.name == "path" for setting in settings_of(DATASETS[source])):
        table["data"]["path"] = ""
    try:
        resolve(table)
    except ConfigError as error:
        return error.key != "data.source"
    return True


def first_source(variant: str) -> str:
    """The first data source that a variant can learn."""
    return next(name for name in DATASETS if learns(variant, name))


def first_variant(source: str) -> str:
    """The first variant that can learn a data source."""
    return next(name for name in VARIANTS if learns(name, source))


def draft_of(config: RunConfig) -> Draft:
    """The smallest draft that stands for a config."""
    table = to_table(config)
    kept = {"variant": config.variant, "data": {"source": config.data.kind}}
    if hasattr(config.data, "path"):
        kept["data"]["path"] = config.data.path
    given = to_table(examine(Draft(kept)).config)
    return Draft(merge(_difference(table, given, ()), kept))


def _difference(table: Table, given: Table, path: tuple[str, ...]) -> dict[str, Any]:
    """The part of ``table`` that ``given`` does not say already."""
    different: dict[str, Any] = {}
    for key, value in table.items():
        low, here = given.get(key), (*path, key)
        if isinstance(value, Mapping) and isinstance(low, Mapping):
            inner = _inner_difference(value, low, here)
            if inner:
                different[key] = inner
        elif isinstance(value, Mapping):  # a stabilizer that is not on by itself
            own = to_table(KINDS["stabilizers"][key]())
            different[key] = _difference(value, own, here) or True
        elif not same(value, low):
            different[key] = value
    if path == ("stabilizers",):
        different |= {key: False for key in given if key not in table}
    return different


def _inner_difference(value: Table, low: Table, path: tuple[str, ...]) -> dict[str, Any]:
    tag = next((t for t in TAGS if t in value), "")
    if not tag or value[tag] == low.get(tag):
        return _difference(value, low, path)
    section = {"optimizer": "optimizers", "data": "datasets", "objective": "objectives"}.get(
        path[0], f"{path[0]}s"
    )
    own = {s.name: s.default for s in settings_of(KINDS[section][value[tag]]) if s.default is not MISSING}
    return {tag: value[tag]} | {k: v for k, v in value.items() if k != tag and not same(v, own.get(k))}


# ---------------------------------------------------------------- what a draft stands for


@dataclass(frozen=True)
class Examined:
    """The nearest usable config, and for every setting that could not be used the reason."""

    config: RunConfig
    problems: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def sound(self) -> bool:
        """Whether the config is exactly what was chosen."""
        return not self.problems


_cache: dict[str, Examined] = {}


def examine(draft: Draft) -> Examined:
    """Resolve a draft, setting aside one by one the values that cannot be used."""
    name = repr(draft.table)
    if name not in _cache:
        if len(_cache) > 2048:
            _cache.clear()
        _cache[name] = _examine(draft)
    return _cache[name]


def _examine(draft: Draft) -> Examined:
    table = thaw(draft.table)
    problems: dict[str, str] = {}
    for _ in range(64):
        try:
            config = resolve(table)
        except ConfigError as error:
            problems.setdefault(error.key, error.problem)
            table = _without_problem(table, error.key, draft)
            continue
        _check_path(config, problems)
        return Examined(config, problems)
    raise AssertionError(f"no usable config in {draft.table!r}")


def _without_problem(table: dict[str, Any], key: str, draft: Draft) -> dict[str, Any]:
    if key == "data.path" and "path" not in table["data"]:
        table["data"]["path"] = ""
        return table
    names = key.split(".")
    if (
        names[0] == "stabilizers"
        and len(names) == 2
        and table.get("stabilizers", {}).get(names[1]) is not False
    ):
        place(table, names, False)  # it may be the recipe's own
        return table
    if key not in ("variant", "data.source") and _remove(table, names):
        return table
    own = {name for name in table if name not in ("variant", "data", *KEPT)}
    if own and key not in ("variant", "data.source"):  # the recipe as it is, on this data
        return {name: value for name, value in table.items() if name not in own}
    variant = draft.variant if draft.variant in VARIANTS else "dcgan"
    return {"variant": variant, "data": {"source": first_source(variant)}}


def _check_path(config: RunConfig, problems: dict[str, str]) -> None:
    if getattr(config.data, "path", None) == "":
        problems["data.path"] = "choose a folder of pictures, or drop one here"


# ---------------------------------------------------------------- tables


def thaw(table: Table) -> dict[str, Any]:
    """A copy that may be written to."""
    return deepcopy(dict(table))


def same(one: Any, other: Any) -> bool:
    """Whether two values are the same setting; lists and tuples are alike."""
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return list(one) == list(other)
    return type(one) is type(other) and one == other


def lookup(config: RunConfig, key: str) -> Any:
    """The value of a dotted key in a config; for a stabilizer's name whether it is on."""
    inner: Any = config
    for name in key.split("."):
        if isinstance(inner, Mapping):
            inner = inner.get(name)
        elif isinstance(inner, Options) and name == inner.tag and inner.kind:
            inner = inner.kind
        else:
            inner = getattr(inner, name, None)
    return inner


def flat(table: Table, path: str = "") -> Iterator[tuple[str, Any]]:
    """Dotted key and value of every leaf."""
    for key, value in table.items():
        name = f"{path}.{key}" if path else str(key)
        if isinstance(value, Mapping):
            yield from flat(value, name)
        else:
            yield name, value


def differences(old: Draft, new: Draft) -> dict[str, Any]:
    """The settings whose effective values differ: dotted key -> new value.

    A stabilizer that is switched is one difference: its table of settings, or ``False``.
    """
    tables = [to_table(examine(draft).config) for draft in (old, new)]
    was, will = (table["stabilizers"] for table in tables)
    switched = {f"stabilizers.{kind}": will.pop(kind, False) for kind in list(was.keys() ^ will.keys())}
    for kind in [key.partition(".")[2] for key in switched]:
        was.pop(kind, None)
    before, after = (dict(flat(table)) for table in tables)
    gone = {key: None for key in before if key not in after}
    changed = {key: value for key, value in after.items() if not same(before.get(key), value)}
    return switched | gone | changed


def _remove(table: dict[str, Any], names: list[str]) -> bool:
    """Take a key out, and every table that this leaves empty."""
    if names[0] not in table:
        return False
    if len(names) == 1:
        del table[names[0]]
        return True
    inner = table[names[0]]
    if not isinstance(inner, dict) or not _remove(inner, names[1:]):
        return False
    if not inner:
        del table[names[0]]
    return True
