"""From what a person wrote to the complete config: file, then variant, then the data source's advice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from ganstudio.catalog.datasets import DATASETS, Dataset, Points
from ganstudio.catalog.networks import DISCRIMINATORS, GENERATORS, Network
from ganstudio.catalog.objectives import OBJECTIVES
from ganstudio.catalog.optimizers import OPTIMIZERS
from ganstudio.catalog.recipe import Variant
from ganstudio.catalog.stabilizers import STABILIZERS
from ganstudio.catalog.variants import VARIANTS
from ganstudio.core.config import RunConfig, load_toml, place, read_config
from ganstudio.core.schema import ConfigError, Kinds, Table, settings_of, to_table, unknown, walk
from ganstudio.core.shapes import DataShape

KINDS: Kinds = {
    "datasets": DATASETS,
    "generators": GENERATORS,
    "discriminators": DISCRIMINATORS,
    "objectives": OBJECTIVES,
    "optimizers": OPTIMIZERS,
    "stabilizers": STABILIZERS,
}
TAGS = ("kind", "source", "network", "loss")


def resolve(table: Table, whole: bool = False) -> RunConfig:
    """The complete config that a table with a variant (and whatever else the person chose) stands for.

    ``whole`` says that the table is one that :func:`to_table` made of a config: a stabilizer of the recipe that
    is not in it has been switched off.
    """
    variant = find_variant(table)
    source = _source(table)
    if source.data not in variant.data:
        takes = " or ".join({"image": "pictures", "points": "points"}[kind] for kind in variant.data)
        raise ConfigError("data.source", f"{variant.name} learns {takes}; {source.kind!r} is none of them")
    below = merge(source.advice, variant.defaults(source.data))
    if whole:
        below.pop("stabilizers", None)
    complete = merge(below, table)
    config = read_config(complete, KINDS)
    check_together(config, variant)
    return config


def load(path: Path) -> RunConfig:
    """The config in a TOML file; a table ``[run]`` (written into run folders) is not part of it."""
    table = load_toml(path)
    whole = table.pop("run", None) is not None
    try:
        return resolve(table, whole)
    except ConfigError as error:
        raise error.within(path.name) from None


def find_variant(table: Table) -> Variant:
    """The variant a table names."""
    name = table.get("variant")
    if name is None:
        raise ConfigError("variant", "is needed: one of " + ", ".join(VARIANTS))
    if not isinstance(name, str) or name not in VARIANTS:
        raise ConfigError("variant", unknown(name, list(VARIANTS)))
    return VARIANTS[name]


def _source(table: Table) -> type[Dataset]:
    data = table.get("data", {})
    name = data.get("source") if isinstance(data, Mapping) else None
    if name is None:
        raise ConfigError("data.source", "is needed: one of " + ", ".join(DATASETS))
    if not isinstance(name, str) or name not in DATASETS:
        raise ConfigError("data.source", unknown(name, list(DATASETS)))
    return cast("type[Dataset]", DATASETS[name])


def merge(below: Table, above: Table) -> dict[str, Any]:
    """``above`` over ``below``; a table of another kind replaces the lower one whole."""
    merged = dict(below)
    for key, value in above.items():
        low = merged.get(key)
        if isinstance(low, Mapping) and isinstance(value, Mapping) and _same_kind(low, value):
            merged[key] = merge(low, value)
        else:
            merged[key] = value
    return merged


def _same_kind(low: Table, high: Table) -> bool:
    return all(tag not in low or tag not in high or low[tag] == high[tag] for tag in TAGS)


def smallest_batch(config: RunConfig) -> int:
    """The fewest samples an update of either network needs."""
    return max(cast("Network", net).smallest_batch for net in (config.generator, config.discriminator))


def check_together(config: RunConfig, variant: Variant) -> None:
    """What no single setting can know: whether the parts fit each other."""
    shape = data_shape(config.data)
    if shape is not None:
        for player, network in (("generator", config.generator), ("discriminator", config.discriminator)):
            reason = cast("Network", network).refuses(shape)
            if reason:
                key = "data.resolution" if shape.kind == "image" else f"{player}.network"
                raise ConfigError(key, reason)
    if config.batch_size < smallest_batch(config):
        raise ConfigError(
            "batch_size", f"batch norm needs at least {smallest_batch(config)} samples in a batch"
        )
    if variant.objectives and config.objective.kind not in variant.objectives:
        allowed = ", ".join(variant.objectives)
        raise ConfigError("objective.loss", f"{variant.name} is trained with one of {allowed}")
    if config.compute.precision == "bf16" and config.compute.device in ("cpu", "mps"):
        raise ConfigError("compute.precision", "bf16 needs a CUDA device; take fp32 here")


def data_shape(data: Any) -> DataShape | None:
    """The shape of one sample as far as the config alone tells (a folder's classes are found later)."""
    if isinstance(data, Points):
        return DataShape("points", data.dimension)
    resolution, channels = getattr(data, "resolution", None), getattr(data, "channels", 1)
    return DataShape("image", channels, resolution, resolution) if resolution else None


def change(config: RunConfig, key: str, value: Any) -> RunConfig:
    """The config with one setting changed, checked like any other; the key is dotted."""
    table = to_table(config)
    names = key.split(".")
    known = {k for k, _, _ in walk(config)}
    if key not in known and names[0] not in {s.name for s in settings_of(RunConfig)}:
        raise ConfigError(key, unknown(key, sorted(known)))
    place(table, names, value)
    return resolve(table, whole=True)


def live_settings(config: RunConfig) -> dict[str, Any]:
    """The settings that may change while the run goes on: dotted key -> value."""
    return {key: value for key, setting, value in walk(config) if setting.option.live}


def renamed(config: RunConfig, name: str) -> RunConfig:
    """The same run under another name."""
    return replace(config, name=name)
