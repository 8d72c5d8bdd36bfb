"""A sweep: one config in several values of some settings and several seeds, as a list of runs to train."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

from ganstudio.catalog.resolve import TAGS, resolve
from ganstudio.core.config import RunConfig, place
from ganstudio.core.schema import ConfigError, Options, Setting, Table, settings_of, to_table, walk
from ganstudio.core.sweep_values import parse_values, short_names, value_text

MOST_RUNS = 1000
SEED, NAME = "seed", "name"
SWITCHES = {"on": True, "off": False}


@dataclass(frozen=True)
class Axis:
    """A setting, by its dotted key, and the values it takes."""

    key: str
    values: tuple[Any, ...]


@dataclass(frozen=True)
class PlannedRun:
    """One run of a sweep: its config, what the sweep sets in it, and that in words (``generator.lr=1e-4 seed=0``)."""

    config: RunConfig
    settings: Mapping[str, Any]
    label: str


@dataclass(frozen=True)
class SweepPlan:
    """All runs of a sweep, seeds innermost, each with a config of its own; ``tags`` are words that every run gets."""

    name: str
    axes: tuple[Axis, ...]
    seeds: tuple[int, ...]
    runs: tuple[PlannedRun, ...]
    tags: tuple[str, ...] = ()

    @property
    def steps(self) -> int:
        """Steps of all runs together."""
        return sum(run.config.steps for run in self.runs)


def plan(
    table: Table, axes: Sequence[Axis], seeds: Sequence[int] = (), name: str = "", tags: Sequence[str] = ()
) -> SweepPlan:
    """Every combination of the axes' values with every seed, over what a person wrote (``table``).

    The table is one that :func:`resolve` takes, so that another variant or data source brings its own recipe and
    what the table says stays for all. Without seeds the table's own counts. Raises :class:`ConfigError` naming the
    key for a setting given twice, values or runs that are equal, a value that cannot be used, and too many runs.
    """
    base = resolve(table)
    _check_axes(axes, seeds)
    _try_each(table, axes)
    every = (*axes, *((Axis(SEED, tuple(seeds)),) if seeds else ()))
    names = short_names([axis.key for axis in every], known_keys(base))
    runs: list[PlannedRun] = []
    for values in itertools.product(*(axis.values for axis in every)):
        settings = dict(zip((axis.key for axis in every), values, strict=True))
        label = " ".join(f"{names[key]}={value_text(value)}" for key, value in settings.items())
        runs.append(_planned(table, settings, label, base.name))
    _check_different(runs)
    return SweepPlan(name or base.name, tuple(axes), tuple(seeds), tuple(runs), tuple(tags))


def axis_of(config: RunConfig, key: str, text: str) -> Axis:
    """The axis that a person wrote, its values parsed; ``on`` and ``off`` count where a setting is a switch."""
    values, setting = parse_values(text, key), setting_of(config, key)
    if (setting is not None and setting.type is bool) or _is_stabilizer(key):
        values = tuple(SWITCHES.get(v, v) if isinstance(v, str) else v for v in values)
    return Axis(key, values)


def setting_of(config: RunConfig, key: str) -> Setting | None:
    """The declaration of a key in a config; ``None`` for one that names a kind or that the config does not have."""
    return next((setting for known, setting, _ in walk(config) if known == key), None)


def known_keys(config: RunConfig) -> list[str]:
    """All keys that a config has, those that name a kind among them."""
    return [key for key, _, _ in walk(config)] + [key for key, _ in kinds_of(config)]


def kinds_of(options: Options, path: str = "") -> list[tuple[str, Setting]]:
    """Every key that chooses the kind of a table, such as ``objective.loss``, with the table's declaration."""
    found: list[tuple[str, Setting]] = []
    for setting in settings_of(type(options)):
        inner, key = getattr(options, setting.name), f"{path}.{setting.name}".lstrip(".")
        if setting.option.section and not setting.option.many:
            found.append((f"{key}.{inner.tag}", setting))
        elif isinstance(inner, Options):
            found += kinds_of(inner, key)
    return found


# ---------------------------------------------------------------- what is refused


def _check_axes(axes: Sequence[Axis], seeds: Sequence[int]) -> None:
    keys = [axis.key for axis in axes] + ([SEED] if seeds else [])
    for index, key in enumerate(keys):
        if key in keys[:index]:
            raise ConfigError(key, "is there twice; put all its values into one")
        if key == NAME:
            raise ConfigError(key, "does not change what a run does; the runs are named after what does")
    for axis in (*axes, Axis(SEED, tuple(seeds))):
        texts = [value_text(value) for value in axis.values]
        double = next((text for i, text in enumerate(texts) if text in texts[:i]), None)
        if double is not None:
            raise ConfigError(axis.key, f"has the value {double} twice")
    count = math.prod(len(axis.values) for axis in axes) * max(len(seeds), 1)
    if count > MOST_RUNS:
        last = axes[-1].key if axes else SEED
        raise ConfigError(last, f"these are {count:,} runs, more than {MOST_RUNS:,}; take fewer values")


def _try_each(table: Table, axes: Sequence[Axis]) -> None:
    """Every value tried beside the first ones of the other axes, so that an error names its key and nothing else."""
    first = {axis.key: axis.values[0] for axis in axes if axis.values}
    for axis in axes:
        if "" in axis.key.split(".") or not axis.values:
            raise ConfigError(axis.key or "a setting", "needs a key and values")
        for value in axis.values:
            try:
                resolve(_with(table, first | {axis.key: value}))
            except ConfigError as error:
                if f"{axis.key}.".startswith(f"{error.key}."):
                    raise


def _check_different(runs: Sequence[PlannedRun]) -> None:
    seen: dict[str, PlannedRun] = {}
    for run in runs:
        what = repr(to_table(replace(run.config, name="")))
        if what in seen:
            raise ConfigError(
                next(iter(run.settings)), f"{seen[what].label} and {run.label} are the same run"
            )
        seen[what] = run


# ---------------------------------------------------------------- one run


def _planned(table: Table, settings: Mapping[str, Any], label: str, name: str) -> PlannedRun:
    changed = _with(table, settings)
    changed[NAME] = f"{name} {label}".strip()
    try:
        return PlannedRun(resolve(changed), settings, label or name)
    except ConfigError as error:
        if error.key in settings and len(settings) == 1:
            raise
        raise ConfigError(error.key, f"{error.problem} (in the run {label})") from None


def _with(table: Table, settings: Mapping[str, Any]) -> dict[str, Any]:
    """The table with some settings in it; kinds first, since a table of another kind begins anew."""
    changed = deepcopy(dict(table))
    for key, value in sorted(settings.items(), key=lambda item: item[0].rpartition(".")[2] not in TAGS):
        names = key.split(".")
        if names[-1] in TAGS and len(names) > 1:
            _begin_anew(changed, names, value)
        if len(names) > 2 and names[0] == "stabilizers":
            _switch_on(changed, names[1])
        if not (value is True and _is_stabilizer(key) and _is_on(changed, names[1])):
            place(changed, names, value)
    return changed


def _begin_anew(table: dict[str, Any], names: list[str], kind: Any) -> None:
    """Take the settings of another kind out; those of the same kind, or of one that nobody named, stay."""
    inner: Any = table
    for name in names[:-1]:
        inner = inner.get(name) if isinstance(inner, dict) else None
    if isinstance(inner, dict) and inner.get(names[-1], kind) != kind:
        inner.clear()


def _switch_on(table: dict[str, Any], stabilizer: str) -> None:
    """A stabilizer that is only switched on or off gets a table for its settings."""
    stabilizers = table.get("stabilizers")
    if isinstance(stabilizers, dict) and isinstance(stabilizers.get(stabilizer), bool):
        stabilizers[stabilizer] = {}


def _is_on(table: dict[str, Any], stabilizer: str) -> bool:
    """Whether a stabilizer has a table of settings, which stays as it is."""
    stabilizers = table.get("stabilizers")
    return isinstance(stabilizers, dict) and isinstance(stabilizers.get(stabilizer), dict)


def _is_stabilizer(key: str) -> bool:
    return key.startswith("stabilizers.") and key.count(".") == 1
