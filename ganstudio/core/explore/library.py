"""Latents and directions as files, to be kept and handed on; no torch is needed.

A direction or a latent is a JSON file a person can read, or a safetensors file with the same facts in its metadata and
the numbers as a float32 tensor. What is read is checked piece by piece; nothing is executed.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save as tensor_bytes

from ganstudio.core.explore.files import RecipeError, read, to_table
from ganstudio.core.explore.recipe import Direction, Numbers
from ganstudio.core.files import write_atomically

Entry = Direction | Numbers
FORMATS: dict[str, type[Entry]] = {
    "ganstudio-direction-1": Direction,
    "ganstudio-latent-1": Numbers,
}
NAMES = {cls: name for name, cls in FORMATS.items()}
TENSORS: dict[type[Entry], str] = {Direction: "vector", Numbers: "rows"}
"""The part of an entry that a safetensors file holds as a tensor."""
OLDER = "direction"
"""Where directions stood in JSON files before latents could be kept, too."""
MOST_BYTES = 16 * 2**20
SAFE = ".safetensors"
SUFFIXES = (".json", SAFE)


class LibraryError(RecipeError):
    """A file that holds no latent or direction that could be used; one sentence for a person."""


def write(path: Path, entry: Entry) -> None:
    """Write an entry as what the name ends in, ".safetensors" or else JSON, whole or not at all. Raises ``OSError``."""
    write_atomically(path, _safetensors(entry) if path.suffix.lower() == SAFE else _json(entry))


def load(path: Path) -> Entry:
    """The entry of a file; raises :class:`LibraryError`."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise LibraryError(f"{path.name} is larger than any file of a latent or direction")
        return _from_json(path) if path.suffix.lower() == ".json" else _from_safetensors(path)
    except LibraryError:
        raise
    except RecipeError as error:
        raise LibraryError(f"{path.name}: {error}") from None
    except (OSError, SafetensorError, ValueError, RecursionError) as error:
        reason = getattr(error, "strerror", "") or "it is damaged"
        raise LibraryError(f"{path.name} cannot be read: {reason}") from None


def _json(entry: Entry) -> bytes:
    table = {key: value for key, value in to_table(entry).items() if key != "kind"}
    return json.dumps({"format": NAMES[type(entry)], "entry": table}, indent=1).encode()


def _safetensors(entry: Entry) -> bytes:
    part = TENSORS[type(entry)]
    table = {key: value for key, value in to_table(entry).items() if key not in ("kind", part)}
    facts = {"format": NAMES[type(entry)], "entry": json.dumps(table)}
    return tensor_bytes({part: np.array(getattr(entry, part), np.float32)}, facts)


def _from_json(path: Path) -> Entry:
    record = json.loads(path.read_bytes())
    if not isinstance(record, dict):
        raise LibraryError(f"{path.name} holds no latent or direction")
    table = cast("dict[str, Any]", record)
    return _checked(path, table.get("format"), table.get("entry", table.get(OLDER)))


def _from_safetensors(path: Path) -> Entry:
    with safe_open(path, "numpy") as file:
        facts = cast("dict[str, str]", file.metadata() or {})
        cls = FORMATS.get(facts.get("format", ""))
        part = "" if cls is None else TENSORS[cls]
        if cls is None or list(file.keys()) != [part]:
            raise LibraryError(f"{path.name} holds no latent or direction")
        numbers = cast("np.ndarray[Any, Any]", file.get_tensor(part))
    table: object = json.loads(facts.get("entry", ""))
    if not isinstance(table, dict):
        raise LibraryError(f"{path.name} holds no latent or direction")
    return _checked(path, facts["format"], cast("dict[str, Any]", table) | {part: numbers.tolist()})


def _checked(path: Path, kind: object, table: object) -> Entry:
    """The entry out of plain data, a direction brought to length one."""
    cls = FORMATS.get(kind) if isinstance(kind, str) else None
    if cls is None:
        raise LibraryError(f"{path.name} holds no latent or direction of GAN Studio")
    entry: Entry = read(cls, table, "entry")
    if isinstance(entry, Numbers):
        if len({len(row) for row in entry.rows}) != 1 or not entry.rows[0]:
            raise LibraryError(f"{path.name}: a latent needs rows of numbers, all of the same length")
        return entry
    length = float(np.linalg.norm(entry.vector))
    if not length > 0 or not entry.sigma > 0:
        raise LibraryError(f"{path.name}: a direction needs a length and a sigma above zero")
    if abs(length - 1) < 1e-5:
        return entry
    return replace(entry, vector=tuple(number / length for number in entry.vector))
