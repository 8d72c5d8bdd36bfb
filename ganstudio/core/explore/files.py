"""Recipes, latents and directions as JSON: what is read is checked piece by piece, and never executed."""

from __future__ import annotations

import json
import math
import types
import typing
from dataclasses import MISSING, fields, is_dataclass
from typing import Any, TypeVar

from ganstudio.core.explore import recipe as r

FORMAT = "ganstudio-recipe-1"
MOST_BYTES = 16 * 2**20
DEEPEST = 32
"""Places within places."""
KINDS: dict[str, type[Any]] = {"seed": r.Seed, "numbers": r.Numbers, "blend": r.Blend, "path": r.Path}
NAMES = {cls: name for name, cls in KINDS.items()}
T = TypeVar("T")


class RecipeError(ValueError):
    """A file or text that holds no usable recipe; one sentence for a person."""


class Recipeless(RecipeError):
    """A file in which there is no recipe at all, damaged or not: it was made elsewhere."""


def to_table(value: Any) -> Any:
    """A recipe or a part of one as plain JSON data; a place tells its kind."""
    if isinstance(value, tuple):
        return [to_table(item) for item in typing.cast("tuple[Any, ...]", value)]
    if not is_dataclass(value):
        return value
    table = {f.name: to_table(getattr(value, f.name)) for f in fields(value)}
    return {"kind": NAMES[type(value)], **table} if type(value) in NAMES else table


def dump(recipe: r.Recipe) -> str:
    """The recipe as JSON text."""
    return json.dumps({"format": FORMAT, "recipe": to_table(recipe)})


def load(text: str) -> r.Recipe:
    """The recipe in a JSON text; raises :class:`RecipeError`."""
    table = parse(text)
    if not isinstance(table, dict) or table.get("format") != FORMAT:
        raise RecipeError(f"this is no recipe of GAN Studio (its format is not {FORMAT})")
    return read(r.Recipe, table.get("recipe"), "recipe")


def parse(text: str) -> Any:
    """The plain data in a JSON text that is no larger than what is written; raises :class:`RecipeError`."""
    if len(text) > MOST_BYTES:
        raise RecipeError("the recipe is larger than any that GAN Studio writes")
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise RecipeError("the recipe is damaged: it is not JSON") from None


def read(cls: type[T], value: Any, where: str, depth: int = 0) -> T:
    """A dataclass of this module's parts out of plain data; raises :class:`RecipeError` that names the place."""
    return typing.cast("T", _read(cls, value, where, depth))


def _read(kind: Any, value: Any, where: str, depth: int) -> Any:
    if depth > DEEPEST:
        raise RecipeError(f"{where}: too deep")
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if kind is float:
        return _number(value, where)
    if kind in (int, str, bool):
        if type(value) is not kind:
            raise RecipeError(
                f"{where}: {_short(value)} is not {'text' if kind is str else 'a whole number'}"
            )
        return value
    if origin is typing.Literal:
        if value not in inner:
            raise RecipeError(f"{where}: {_short(value)} is not one of {', '.join(map(str, inner))}")
        return value
    if origin is tuple:
        return _tuple(inner, value, where, depth)
    if origin is types.UnionType:
        return _union(inner, value, where, depth)
    if is_dataclass(kind):
        return _record(typing.cast("type[Any]", kind), value, where, depth)
    raise AssertionError(f"{where}: parts of a recipe are numbers, texts, tuples and records, not {kind}")


def _number(value: Any, where: str) -> float:
    if type(value) not in (int, float) or not math.isfinite(value):
        raise RecipeError(f"{where}: {_short(value)} is not a number")
    return float(value)


def _tuple(inner: tuple[Any, ...], value: Any, where: str, depth: int) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise RecipeError(f"{where}: {_short(value)} is not a list")
    items = typing.cast("list[Any]", value)
    if inner[-1] is Ellipsis:
        return tuple(_read(inner[0], item, f"{where}[{i}]", depth + 1) for i, item in enumerate(items))
    if len(items) != len(inner):
        raise RecipeError(f"{where}: {len(inner)} values are needed, not {len(items)}")
    pairs = enumerate(zip(inner, items, strict=True))
    return tuple(_read(kind, item, f"{where}[{i}]", depth + 1) for i, (kind, item) in pairs)


def _union(inner: tuple[Any, ...], value: Any, where: str, depth: int) -> Any:
    if type(None) in inner:
        others = [kind for kind in inner if kind is not type(None)]
        return None if value is None else _read(others[0], value, where, depth)
    name = typing.cast("dict[str, Any]", value).get("kind") if isinstance(value, dict) else None
    if not isinstance(name, str) or KINDS.get(name) not in inner:
        raise RecipeError(f"{where}: the kind of place is not one of {', '.join(KINDS)}")
    return _record(KINDS[name], value, where, depth)


def _record(cls: type[Any], value: Any, where: str, depth: int) -> Any:
    if not isinstance(value, dict):
        raise RecipeError(f"{where}: {_short(value)} is not a table")
    table = {key: v for key, v in typing.cast("dict[str, Any]", value).items() if key != "kind"}
    known, kinds = {f.name: f for f in fields(cls)}, typing.get_type_hints(cls)
    for key in table:
        if key not in known:
            raise RecipeError(f"{where}.{key}: no such part of a recipe")
    for name, f in known.items():
        if name not in table and f.default is MISSING and f.default_factory is MISSING:
            raise RecipeError(f"{where}.{name}: is missing")
    return cls(**{key: _read(kinds[key], v, f"{where}.{key}", depth + 1) for key, v in table.items()})


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 40 else text[:37] + "..."
