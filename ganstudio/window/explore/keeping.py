"""Recipes and directions as JSON files of their own: written whole, read with care. No Qt."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

from ganstudio.core.explore import files
from ganstudio.core.explore.recipe import Direction
from ganstudio.core.explore.records import Record, facts
from ganstudio.core.files import write_atomically

DIRECTION = "ganstudio-direction-1"


def write_direction(path: Path, direction: Direction) -> None:
    """A direction as JSON; raises ``OSError``."""
    table = {"format": DIRECTION, "direction": files.to_table(direction)}
    write_atomically(path, json.dumps(table).encode())


def read_direction(path: Path) -> Direction:
    """A direction from a file; raises :class:`files.RecipeError` with one sentence."""
    table = _table(path)
    if table.get("format") != DIRECTION:
        raise files.RecipeError(f"{path.name} is no direction of GAN Studio (its format is not {DIRECTION})")
    direction = files.read(Direction, table.get("direction"), "direction")
    if not direction.vector or not direction.name:
        raise files.RecipeError("direction: it has no numbers or no name")
    return direction


def write_recipe(path: Path, record: Record) -> None:
    """Latents and all that goes with them as JSON, read back like any file of the explore tools; ``OSError``."""
    write_atomically(path, json.dumps(facts(record)).encode())


def _table(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > files.MOST_BYTES:
            raise files.RecipeError(f"{path.name} is larger than any file that GAN Studio writes")
        table = json.loads(path.read_text("utf-8"))
    except (ValueError, RecursionError):
        raise files.RecipeError(f"{path.name} is damaged: it is not JSON") from None
    except OSError as error:
        raise files.RecipeError(f"{path.name} cannot be read ({error.strerror or error})") from None
    if not isinstance(table, dict):
        raise files.RecipeError(f"{path.name} is damaged: it is not a table")
    return cast("dict[str, Any]", table)
