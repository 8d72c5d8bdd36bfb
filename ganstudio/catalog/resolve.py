"""From what a person wrote to the complete config: file, then variant, then the data source's advice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from ganstudio.catalog.conditioning import CONDITIONINGS, Conditioning
from ganstudio.catalog.datasets import DATASETS, Dataset, Points
from ganstudio.catalog.networks import DISCRIMINATORS, GENERATORS, Network
from ganstudio.catalog.objectives import OBJECTIVES, ObjectiveOptions
from ganstudio.catalog.optimizers import OPTIMIZERS
from ganstudio.catalog.recipe import Variant
from ganstudio.catalog.stabilizers import STABILIZERS, Stabilizer
from ganstudio.catalog.suiting import check_measuring
from ganstudio.catalog.variants import VARIANTS
from ganstudio.core.config import RunConfig, load_toml, place, read_config
from ganstudio.core.schema import ConfigError, Kinds, Table, settings_of, to_table, unknown, walk
from ganstudio.core.shapes import DataShape

KINDS: Kinds = {
    "datasets": DATASETS,
    "generators": GENERATORS,
    "discriminators": DISCRIMINATORS,
    "conditionings": CONDITIONINGS,
    "objectives": OBJECTIVES,
    "optimizers": OPTIMIZERS,
    "stabilizers": STABILIZERS,
}
TAGS = ("kind", "source", "network", "loss", "by")


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
        _check_networks(config, shape)
    if config.batch_size < smallest_batch(config):
        raise ConfigError(
            "batch_size", f"batch norm needs at least {smallest_batch(config)} samples in a batch"
        )
    _check_objective(config, variant)
    check_labels(config, cast("Dataset", config.data).classes)
    way = cast("Conditioning", config.conditioning)
    if way.codes and not (config.latent.categorical or config.latent.continuous):
        raise ConfigError("latent.categorical", "readable codes need at least one code in the latent")
    for name, settings in config.stabilizers.items():
        reason = cast("Stabilizer", settings).refuses(config, shape)
        if reason:
            raise ConfigError(f"stabilizers.{name}", reason)
    if config.compute.precision == "bf16" and config.compute.device in ("cpu", "mps"):
        raise ConfigError("compute.precision", "bf16 needs a CUDA device; take fp32 here")
    check_measuring(config)


def _check_networks(config: RunConfig, shape: DataShape) -> None:
    for player, network in (("generator", config.generator), ("discriminator", config.discriminator)):
        reason = cast("Network", network).refuses(shape)
        if reason:
            raise ConfigError("data.resolution" if shape.kind == "image" else f"{player}.network", reason)


def _check_objective(config: RunConfig, variant: Variant) -> None:
    if variant.objectives and config.objective.kind not in variant.objectives:
        allowed = ", ".join(variant.objectives)
        raise ConfigError("objective.loss", f"{variant.name} is trained with one of {allowed}")
    reason = cast("ObjectiveOptions", config.objective).refuses(config)
    if reason:
        raise ConfigError("objective.loss", reason)


def check_labels(config: RunConfig, classes: int | None) -> None:
    """Whether the data has the classes that the way of conditioning needs; ``None``: known only once it is loaded.

    Raises :class:`ConfigError`.
    """
    if cast("Conditioning", config.conditioning).labels and classes is not None and classes < 2:
        have = "has only one class" if classes else "has no labels"
        source = cast("Dataset", config.data)
        remedy = "take data with classes, such as digits, or a folder whose sub-folders are the classes"
        if hasattr(source, "label"):
            remedy = "choose under 'label' what makes the classes"
        raise ConfigError(
            "data.source",
            f"{config.variant} needs labelled data and {source.title.lower()!r} {have}: {remedy}",
        )


def data_shape(data: Any) -> DataShape | None:
    """The shape of one sample as far as the config alone tells (a folder's classes are found later)."""
    classes = cast("Dataset", data).classes or 0
    if isinstance(data, Points):
        return DataShape("points", data.dimension, classes=classes)
    height, channels = getattr(data, "resolution", None), getattr(data, "channels", 1)
    width = getattr(data, "width", 0) or height
    return DataShape("image", channels, height, width, classes) if height and width else None


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
