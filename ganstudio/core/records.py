"""Files of one JSON record a line, as runs append to them: read quickly, and past whatever a crash left in them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

Record = dict[str, Any]
CHUNK = 128
"""Lines that are parsed in one call: several times as quick as one by one, and still within a millisecond."""


def read_records(path: Path, start: int = 0) -> Iterator[Record]:
    """Every line from a place in the file on that is a JSON object; none where there is no such file."""
    if not path.is_file():
        return
    with path.open("rb") as file:
        file.seek(start)
        yield from parse(file)


def parse(lines: Iterable[bytes]) -> Iterator[Record]:
    """The JSON objects among some lines; torn ones, and those that a bad disk has changed, are left out."""
    whole = iter(lines)
    while chunk := list(islice(whole, CHUNK)):
        yield from _together(chunk) or _one_by_one(chunk)


def _together(chunk: Sequence[bytes]) -> list[Record] | None:
    """All lines at once; ``None`` where not every one is an object by itself."""
    try:
        found = json.loads(b"[" + b",".join(chunk) + b"]")
    except (ValueError, RecursionError):
        return None
    sound = len(found) == len(chunk) and all(type(record) is dict for record in found)
    return cast("list[Record]", found) if sound else None


def _one_by_one(chunk: Sequence[bytes]) -> Iterator[Record]:
    for line in chunk:
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(record, dict):
            yield cast("Record", record)


def number_column(records: Sequence[Record], name: str) -> NDArray[np.float64]:
    """One value of every record, float64 (len(records),); NaN where it is missing or no number."""
    values = [record.get(name, np.nan) for record in records]
    if set(map(type, values)) <= {float, int}:
        try:
            return np.array(values, dtype=np.float64)
        except OverflowError:
            pass  # a whole number beyond all floats
    return np.array([number(value) for value in values], dtype=np.float64)


def number(value: Any) -> float:
    """A JSON value as a number; NaN where it is none, infinite beyond all floats."""
    try:
        return float(value) if isinstance(value, int | float) else float("nan")
    except OverflowError:
        return float("inf")
