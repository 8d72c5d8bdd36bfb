"""What a file made by the explore tools says about itself: enough to make it again.

A record is JSON text. The recipes of a strip or a film differ little from one to the next, so that only the first is
written in full and each later one as what has changed since the one before.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Literal, cast, get_args

from ganstudio.core.explore.files import RecipeError, parse, read, to_table
from ganstudio.core.explore.recipe import Recipe, Seed

FORMAT = "ganstudio-picture-1"
Kind = Literal["picture", "strip", "matrix", "film", "through", "samples"]
KINDS = get_args(Kind)
MOST_RECIPES = 100_000
MOST_TEXT = 2**28
"""Characters that all recipes may have when each is written in full."""
ITEMS = "@"
"""Key of a change within a list: positions and what is new there."""


@dataclass(frozen=True)
class Record:
    """A file's origin: the run's name, the checkpoint, and a recipe for every picture or frame.

    ``columns`` lays out a matrix (with ``corner`` its first cell is empty), ``fps`` belongs to a film; the kind
    "through" is one recipe at every checkpoint.
    ``more`` is whatever a tool wants to find again (a timeline, the seeds of rows and columns), as JSON data.
    """

    kind: Kind
    run: str
    step: int
    recipes: tuple[Recipe, ...]
    columns: int = 0
    scale: int = 1
    fps: float = 0.0
    more: dict[str, Any] = field(default_factory=dict[str, Any])
    corner: bool = False


def facts(record: Record) -> dict[str, Any]:
    """The record as JSON data."""
    tables = [to_table(recipe) for recipe in record.recipes]
    changes = [change(old, new) for old, new in pairwise(tables)]
    table: dict[str, Any] = {
        "format": FORMAT, "kind": record.kind, "run": record.run, "step": record.step,
        "scale": record.scale, "recipes": tables[:1] + changes,
    }  # fmt: skip
    if record.columns:
        table["columns"] = record.columns
    if record.fps:
        table["fps"] = record.fps
    if record.corner:
        table["corner"] = True
    return table | ({"more": record.more} if record.more else {})


def load(text: str) -> Record:
    """The record in a JSON text; raises :class:`RecipeError`, one sentence for a person."""
    table = parse(text)
    if not isinstance(table, dict):
        raise RecipeError("the recipe is damaged: it is not a table")
    return _record(cast("dict[str, Any]", table))


def _record(table: dict[str, Any]) -> Record:
    if table.get("format") != FORMAT and table.get("kind") != "samples":
        raise RecipeError(f"this is no recipe of GAN Studio (its format is not {FORMAT})")
    if table.get("kind") not in KINDS:
        raise RecipeError(f"kind: {str(table.get('kind'))[:40]!r} is not one of {', '.join(KINDS)}")
    recipes = _recipes(table) if "recipes" in table else _samples(table)
    fps, more = table.get("fps", 0.0), table.get("more", {})
    if type(fps) not in (int, float) or not 0 <= fps <= 1000:
        raise RecipeError("fps: is not a number from 0 to 1000")
    if not isinstance(more, dict):
        raise RecipeError("more: is not a table")
    return Record(
        table["kind"], _text(table, "run"), _count(table, "step"), recipes, _count(table, "columns", 0),
        _count(table, "scale", 1), float(fps), cast("dict[str, Any]", more), table.get("corner") is True,
    )  # fmt: skip


def _recipes(table: dict[str, Any]) -> tuple[Recipe, ...]:
    items = table["recipes"]
    if not isinstance(items, list) or not 0 < len(cast("list[Any]", items)) <= MOST_RECIPES:
        raise RecipeError("recipes: is not a list of recipes")
    listed = cast("list[Any]", items)
    if len(listed) * max(len(json.dumps(item)) for item in listed) > MOST_TEXT:
        raise RecipeError("the recipes are larger than any that GAN Studio writes")
    found: list[Recipe] = []
    whole: Any = None
    for index, item in enumerate(listed):
        whole = changed(whole, item) if index else item
        found.append(read(Recipe, whole, f"recipes[{index}]"))
    return tuple(found)


def _samples(table: dict[str, Any]) -> tuple[Recipe, ...]:
    """The recipes of a grid of samples: seeds one after the other, or a row of the same seeds for each label."""
    first, count = _count(table, "seed"), _count(table, "count")
    columns, labels, psi = _count(table, "columns", 0), table.get("labels", []), table.get("truncation", 1.0)
    if count > MOST_RECIPES or type(psi) not in (int, float):
        raise RecipeError("the recipe of the samples is damaged")
    if not isinstance(labels, list) or any(type(label) is not int for label in cast("list[Any]", labels)):
        raise RecipeError("labels: is not a list of whole numbers")
    rows = cast("list[int]", labels)
    return tuple(
        Recipe(
            Seed(first + (index % columns if columns else index)),
            ((rows[index // columns if columns else 0], 1.0),) if rows else (),
            psi=float(psi),
        )
        for index in range(count)
        if not (rows and columns and index // columns >= len(rows))
    )


def _count(table: dict[str, Any], key: str, default: int | None = None) -> int:
    value = table.get(key, default)
    if type(value) is not int or not 0 <= value < 2**63:
        raise RecipeError(f"{key}: {str(value)[:40]!r} is not a count")
    return value


def _text(table: dict[str, Any], key: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or len(value) > 1000:
        raise RecipeError(f"{key}: is not a short text")
    return value


# ---------------------------------------------------------------- what differs


def change(old: Any, new: Any) -> Any:
    """What turns ``old`` into ``new``, JSON data both; ``changed`` undoes it. Equal ones give an empty table."""
    if isinstance(old, dict) and isinstance(new, dict) and old.keys() == new.keys():
        if old.get("kind") != new.get("kind"):
            return [new]
        return {key: change(old[key], value) for key, value in new.items() if old[key] != value}
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        pairs = enumerate(zip(old, new, strict=True))
        return {ITEMS: {str(i): change(a, b) for i, (a, b) in pairs if a != b}}
    return [new]


def changed(old: Any, difference: Any) -> Any:
    """``old`` with a difference laid over it: a list holds a new value, a table what is new within."""
    if isinstance(difference, list):
        if len(cast("list[Any]", difference)) != 1:
            raise RecipeError("recipes: a change is damaged")
        return difference[0]
    if not isinstance(difference, dict):
        raise RecipeError("recipes: a change is damaged")
    table = cast("dict[str, Any]", difference)
    if isinstance(old, dict):
        inner = cast("dict[str, Any]", old)
        return inner | {key: changed(inner.get(key), value) for key, value in table.items()}
    if isinstance(old, list) and isinstance(table.get(ITEMS), dict):
        return _changed_items(cast("list[Any]", old), table[ITEMS])
    raise RecipeError("recipes: a change is damaged")


def _changed_items(old: list[Any], items: dict[str, Any]) -> list[Any]:
    new = list(old)
    for place, value in items.items():
        if not place.isdecimal() or len(place) > 9 or int(place) >= len(new):
            raise RecipeError("recipes: a change is damaged")
        new[int(place)] = changed(new[int(place)], value)
    return new
