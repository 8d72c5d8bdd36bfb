"""The settings that a sweep may vary, with help, range, and values to begin with. Knows no Qt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, cast

from ganstudio.catalog.datasets import DATASETS, Dataset
from ganstudio.catalog.variants import VARIANTS
from ganstudio.core.config import RunConfig
from ganstudio.core.schema import Option
from ganstudio.core.sweep_values import value_text
from ganstudio.window.form.draft import Draft, draft_of, learns
from ganstudio.window.form.fields import Chooser, Field, Row, data_fields, sections

NOT_VARIED = frozenset(
    {"seed", "name", "measure.every", "measure.metrics", "measure.samples", "measure.keep_best"}
)
"""What has a field of its own, or changes nothing that is trained."""
FACTOR = 2.0
WHAT = "What is trained"


@dataclass(frozen=True)
class SweepKey:
    """A setting by its dotted key. ``values`` are the text that its field begins with."""

    key: str
    label: str
    help: str
    group: str
    values: str


def sweep_keys(config: RunConfig) -> list[SweepKey]:
    """Every setting of a config that may be varied, as the form groups them."""
    draft = draft_of(config)
    found = [*_first(draft), *(_of_field(field, "Data") for field in data_fields(draft, active=False))]
    for section in sections(draft, active=False):
        for row in section.rows:
            found += _of_row(row, section.group.title)
    labels = [key.label for key in found]
    return [_named(key, labels) for key in found if key.key not in NOT_VARIED]


def _named(key: SweepKey, labels: list[str]) -> SweepKey:
    """Where two settings have one label, whose it is."""
    if labels.count(key.label) == 1:
        return key
    owner = key.key.split(".")[-2].replace("-", " ")
    return replace(key, label=f"{key.label}, {owner}")


def _first(draft: Draft) -> Iterator[SweepKey]:
    variants = [name for name in VARIANTS if learns(name, draft.source)]
    sources = [
        name
        for name, cls in DATASETS.items()
        if learns(draft.variant, name) and cast("type[Dataset]", cls).kind != "folder"
    ]
    others = [name for name in variants if name != draft.variant][:1]
    yield SweepKey(
        "variant",
        "Variant",
        f"The GAN that is trained; what you changed stays as it is for each. Here: {', '.join(variants)}.",
        WHAT,
        ", ".join([draft.variant, *others]),
    )
    yield SweepKey(
        "data.source",
        "Data",
        f"What is learned. Here: {', '.join(sources)}.",
        WHAT,
        ", ".join([draft.source]),
    )


def _of_row(row: Row, group: str) -> Iterator[SweepKey]:
    if isinstance(row, Field):
        yield _of_field(row, group)
    elif isinstance(row, Chooser):
        kinds = [kind.name for kind in row.options if not kind.why]
        label = row.label if group != "Optimizer details" else f"{row.label} optimizer"
        yield SweepKey(row.key, label, f"One of {', '.join(kinds)}.", group, ", ".join(kinds[:4]))
    elif not row.why:
        yield SweepKey(f"stabilizers.{row.name}", row.title, row.idea, group, "on, off")
        yield from (_of_field(field, row.title) for field in row.fields)


def _of_field(field: Field, group: str) -> SweepKey:
    allowed = field.option.range_text()
    unit = f" {field.option.unit}" if field.option.unit else ""
    help = f"{field.option.help} {allowed[:1].upper()}{allowed[1:]}{unit}." if allowed else field.option.help
    return SweepKey(field.key, field.label, help, group, ", ".join(_begin_with(field)))


def _begin_with(field: Field) -> list[str]:
    """Some values around the present one, for a person to change."""
    value, option = field.value, field.option
    if field.editor == "switch":
        return ["on", "off"]
    if option.choices:
        return [value_text(choice) for choice in option.choices[:6]]
    if isinstance(value, list | tuple):
        return [f"[{', '.join(map(value_text, cast('tuple[Any, ...]', value)))}]"]
    if isinstance(value, int | float) and not isinstance(value, bool) and value > 0:
        around = (value / FACTOR, value, value * FACTOR)
        whole = field.editor == "integer"
        near = dict.fromkeys(max(1, round(v)) if whole else float(f"{v:.3g}") for v in around)
        return [value_text(v) for v in near if _allowed(option, v)]
    return [value_text(value)]


def _allowed(option: Option, value: float) -> bool:
    low, high = option.low, option.high
    above = low is None or value > low or (value == low and not option.open_low)
    return above and (high is None or value < high or (value == high and not option.open_high))
