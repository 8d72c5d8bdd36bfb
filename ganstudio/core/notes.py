"""What a person says of a run: its title, tags, a star, a note. Kept as ``notes.json`` in the run's folder."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from ganstudio.core.files import write_atomically

NOTES_FILE = "notes.json"
MAX_NOTES_BYTES = 1 << 20
MOST_LETTERS, MOST_TAGS = 200, 64
"""Letters in a title, a tag or the name of a sweep, and tags of one run."""


@dataclass(frozen=True)
class Notes:
    """What a person says of a run. An empty ``title`` stands for the folder's name; ``sweep`` names its sweep."""

    title: str = ""
    tags: tuple[str, ...] = ()
    starred: bool = False
    text: str = ""
    archived: bool = False
    sweep: str = ""


def read_notes(run: Path) -> Notes:
    """The notes of a run's folder; empty ones where there are none or where they cannot be read."""
    table = _table(run / NOTES_FILE)
    tags = table.get("tags")
    return Notes(
        one_line(table.get("title")),
        clean_tags(cast("list[Any]", tags) if isinstance(tags, list) else ()),
        table.get("starred") is True,
        _text(table.get("text")),
        table.get("archived") is True,
        one_line(table.get("sweep")),
    )


def write_notes(run: Path, notes: Notes) -> None:
    """Write the notes whole or not at all; ``OSError`` where the disk refuses.

    Keys of other programs and later versions are kept. A damaged file is set aside as ``notes.json.bad``.
    """
    path = run / NOTES_FILE
    table = _table(path)
    if not table and path.exists():
        _set_aside(path)
    ours = {
        "title": notes.title, "tags": list(notes.tags), "starred": notes.starred, "text": notes.text,
        "archived": notes.archived, "sweep": notes.sweep,
    }  # fmt: skip
    write_atomically(path, json.dumps(table | ours, indent=1).encode() + b"\n")


def change_notes(run: Path, **changes: Any) -> Notes:
    """Change some of a run's notes on the disk; returns what they were before."""
    before = read_notes(run)
    after = replace(before, **changes)
    if after != before:
        write_notes(run, after)
    return before


def note_sweep(run: Path, sweep: str, title: str = "", tags: Iterable[str] = ()) -> None:
    """Note which sweep a run belongs to, if any, and its tags; a title and tags that it has already stay."""
    known = read_notes(run)
    change_notes(
        run,
        sweep=sweep or known.sweep,
        title=known.title or title,
        tags=clean_tags((*known.tags, *tags)),
    )


def one_line(value: object) -> str:
    """A title, a tag or a sweep's name as it may be shown: one line, not too long; empty for what is no text."""
    return " ".join(_text(value).split())[:MOST_LETTERS].strip()


def clean_tags(values: Iterable[object]) -> tuple[str, ...]:
    """Tags without commas, empty ones and repetitions (whatever their case), in their order."""
    found: dict[str, str] = {}
    for value in values:
        tag = one_line(_text(value).replace(",", " "))
        if tag:
            found.setdefault(tag.casefold(), tag)
    return tuple(found.values())[:MOST_TAGS]


def _text(value: object) -> str:
    """Text that every encoding takes: JSON can name halves of letters."""
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else ""


def _table(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > MAX_NOTES_BYTES:
            return {}
        table = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return cast("dict[str, Any]", table) if isinstance(table, dict) else {}


def _set_aside(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.replace(path.with_name(f"{path.name}.bad"))
