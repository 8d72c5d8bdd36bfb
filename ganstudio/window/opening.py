"""What a dropped or named path is. Knows no Qt."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from enum import Enum
from pathlib import Path

from ganstudio.window.run_loader import is_run

PICTURES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif"})
MADE_HERE = PICTURES | {".mp4", ".webm", ".json", ".safetensors"}
"""What may have been saved from the Explore workspace; a picture from elsewhere may be looked for there."""
RECIPE_WORD, HEAD = b"ganstudio\0", 4096
"""What a PNG file with a recipe has among so many of its first bytes."""
LOOK_AT = 2000
"""Entries looked at before a folder counts as one without pictures."""


class Dropped(Enum):
    """The kinds of things the window can open."""

    RUN = "run"
    CONFIG = "config"
    PICTURES = "pictures"
    RECIPE = "recipe"
    NOTHING = "nothing"


def what_is(path: Path) -> Dropped:
    """What the window can do with a path."""
    if path.is_dir():
        if is_run(path):
            return Dropped.RUN
        if holds_film(path):
            return Dropped.RECIPE
        return Dropped.PICTURES if has_pictures(path) else Dropped.NOTHING
    if path.is_file() and path.name == "run.toml":
        return Dropped.RUN
    if path.is_file() and path.suffix.lower() == ".toml":
        return Dropped.CONFIG
    if path.is_file() and path.suffix.lower() in MADE_HERE:
        return Dropped.RECIPE
    return Dropped.NOTHING


def holds_film(folder: Path) -> bool:
    """Whether a folder holds the frames of a film made here: numbered PNG files with a recipe at their beginning."""
    with suppress(OSError):
        numbered = (file for file in folder.iterdir() if file.suffix == ".png" and file.stem.isdecimal())
        first = next(numbered, None)
        if first is not None:
            with first.open("rb") as file:
                return RECIPE_WORD in file.read(HEAD)
    return False


def has_pictures(folder: Path) -> bool:
    """Whether pictures lie in a folder or in its sub-folders, as far as a quick look tells."""
    for count, name in enumerate(_names(folder)):
        if count > LOOK_AT:
            return False
        if Path(name).suffix.lower() in PICTURES:
            return True
    return False


def _names(folder: Path) -> Iterator[str]:
    for _, folders, files in os.walk(folder):
        folders.sort()
        yield from files
