"""Runs in groups, and what a group says of its metrics. Knows no Qt."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ganstudio.core.numbers import significant
from ganstudio.core.run_list import RunEntry
from ganstudio.reports.settings import ABSENT, in_words
from ganstudio.window.compare.columns import METRIC, Column, title_of_source, title_of_variant
from ganstudio.window.form.fields import LABELS

GROUPINGS: tuple[tuple[str, str, str], ...] = (
    ("", "No groups", "Every run in a row of its own."),
    ("variant", "By variant", "Runs of one variant together."),
    ("data", "By data", "Runs that learn the same data together."),
    ("sweep", "By sweep", "Runs of one sweep together."),
    ("state", "By state", "Runs that train, have ended, or are damaged together."),
    (
        "seeds",
        "By settings, over seeds",
        "Runs that differ in nothing but their seed together: what is chance.",
    ),
)
NOT_COMPARED = frozenset(
    {"seed", "name", "compute.device", "compute.threads", "compute.compile", "compute.deterministic"}
)
LOOKING = ("samples.", "checkpoint.")
"""Settings in which runs may differ that are the same but for chance: looking at a run changes nothing in it."""
MOST_TOLD = 3


@dataclass(frozen=True, eq=False)
class Group:
    """Runs that have something in common; ``key`` stays the same when the runs change."""

    key: str
    title: str
    entries: tuple[RunEntry, ...]


@dataclass(frozen=True)
class Summary:
    """``count`` numbers with their mean and standard deviation (of a sample: n - 1; NaN for one number)."""

    count: int
    mean: float
    deviation: float

    def text(self) -> str:
        """``40.5 ± 0.8 (3)``."""
        if not self.count:
            return ""
        spread = f" ± {significant(self.deviation, 2)}" if math.isfinite(self.deviation) else ""
        return f"{significant(self.mean)}{spread} ({self.count})"


def summary(values: Iterable[float | str | None]) -> Summary:
    """Of the finite numbers among some values."""
    found = [v for v in values if isinstance(v, int | float) and math.isfinite(v)]
    if not found:
        return Summary(0, math.nan, math.nan)
    return Summary(
        len(found), statistics.fmean(found), statistics.stdev(found) if len(found) > 1 else math.nan
    )


def group_text(group: Group, column: Column) -> str:
    """What the row of a group says in a column: of metrics mean and spread; its title needs the room of the others."""
    if column.kind == METRIC:
        return summary(column.value(entry) for entry in group.entries).text()
    return ""


def groups_of(entries: Sequence[RunEntry], by: str) -> list[Group]:
    """The groups in the order in which they first occur; those with nothing in common stand last."""
    found: dict[str, list[RunEntry]] = {}
    for entry in entries:
        found.setdefault(_key(entry, by), []).append(entry)
    titles = _titles(found, by)
    groups = [Group(f"{by}:{key}", titles[key], tuple(inside)) for key, inside in found.items()]
    return sorted(groups, key=lambda group: group.key == f"{by}:")


def _key(entry: RunEntry, by: str) -> str:
    if by == "seeds":
        return repr(sorted(recipe_of(entry).items(), key=lambda item: item[0])) if entry.settings else ""
    return {"variant": entry.variant, "data": entry.source, "sweep": entry.notes.sweep, "state": entry.state}[
        by
    ]


def recipe_of(entry: RunEntry) -> Mapping[str, Any]:
    """The settings but for those that may differ between repetitions."""
    return {k: v for k, v in entry.settings.items() if k not in NOT_COMPARED and not k.startswith(LOOKING)}


def _titles(found: Mapping[str, Sequence[RunEntry]], by: str) -> dict[str, str]:
    if by == "seeds":
        return _recipe_titles(found)
    nothing = "No sweep" if by == "sweep" else "Not known"
    name = {"variant": title_of_variant, "data": title_of_source}.get(by, str)
    return {key: name(key) if key else nothing for key in found}


def _recipe_titles(found: Mapping[str, Sequence[RunEntry]]) -> dict[str, str]:
    """Variant, data, and the settings by which the groups of one variant and data differ."""
    titles: dict[str, str] = {}
    for key, inside in found.items():
        first = inside[0]
        if not key:
            titles[key] = "Settings not known"
            continue
        alike = [
            o[0]
            for k, o in found.items()
            if k and (o[0].variant, o[0].source) == (first.variant, first.source)
        ]
        told = [
            f"{label_of(name)} {in_words(first.settings.get(name, ABSENT))}" for name in _differing(alike)
        ]
        rest = f" and {len(told) - MOST_TOLD} more" if len(told) > MOST_TOLD else ""
        parts = (
            title_of_variant(first.variant),
            title_of_source(first.source),
            ", ".join(told[:MOST_TOLD]) + rest,
        )
        titles[key] = " · ".join(part for part in parts if part)
    return titles


def _differing(entries: Sequence[RunEntry]) -> list[str]:
    recipes = [recipe_of(entry) for entry in entries]
    keys = dict.fromkeys(key for recipe in recipes for key in recipe)
    found = [k for k in keys if any(recipe.get(k, ABSENT) != recipes[0].get(k, ABSENT) for recipe in recipes)]
    return sorted(
        found, key=lambda k: any(k not in recipe for recipe in recipes)
    )  # settings of later versions last


def label_of(key: str) -> str:
    """A setting's name as the form has it, within a sentence."""
    label = LABELS.get(key) or key.rpartition(".")[2].replace("_", " ")
    return label[:1].lower() + label[1:] if label[1:2].islower() else label
