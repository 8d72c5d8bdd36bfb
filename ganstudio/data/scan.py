"""Finding the pictures in a folder, whatever else lies there."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ganstudio.data.errors import Cancelled

SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".webp", ".bmp", ".dib", ".gif"})
SIGNATURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a")


@dataclass(frozen=True)
class Found:
    """A file that should be a picture: ``parts`` lead to it from the folder, ``size`` is in bytes (0 if unknown)."""

    path: Path
    parts: tuple[str, ...]
    size: int
    modified_ns: int

    @property
    def name(self) -> str:
        """The way from the folder to the file, fit to be shown."""
        return shown("/".join(self.parts))

    @property
    def group(self) -> str:
        """The top-level sub-folder it belongs to, or ``""`` for a file that lies directly in the folder."""
        return self.parts[0] if len(self.parts) > 1 else ""


def shown(name: str) -> str:
    """A file's name as text that can be shown and written: bytes and control characters that cannot are marked."""
    text = os.fsencode(name).decode("utf-8", "replace")
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def natural(name: str) -> tuple[tuple[int, int, str], ...]:
    """A sort key that puts ``img9`` before ``img10``."""
    pieces = re.split(r"([0-9]+)", name.casefold())
    return tuple((1, int(p), "") if i % 2 else (0, 0, p) for i, p in enumerate(pieces) if i % 2 or p)


def scan(folder: Path, cancelled: Callable[[], bool] | None = None) -> tuple[list[Found], list[str]]:
    """All pictures in ``folder`` and below, in natural order, and the names of sub-folders that cannot be opened.

    Symbolic links are followed, but no folder is read twice, so a link that leads back ends there. Hidden files
    and folders are passed over. Raises ``OSError`` if the folder itself cannot be listed.
    """
    found: list[Found] = []
    closed: list[str] = []
    status = folder.stat()
    seen = {(status.st_dev, status.st_ino)}
    pending: list[tuple[str, ...]] = [()]
    while pending:
        if cancelled is not None and cancelled():
            raise Cancelled
        parts = pending.pop()
        try:
            entries = _listed(folder.joinpath(*parts))
        except OSError:
            if not parts:
                raise
            closed.append(shown("/".join(parts)) + ": the folder cannot be opened")
            continue
        below = [(*parts, e.name) for e in entries if _is_new_folder(e, seen)]
        pending += reversed(below)
        found += _pictures(entries, parts)
    found.sort(key=lambda f: ([natural(part) for part in f.parts], f.parts))
    return found, closed


def _listed(path: Path) -> list[os.DirEntry[str]]:
    with os.scandir(path) as entries:
        visible = [e for e in entries if not e.name.startswith(".")]
    return sorted(visible, key=lambda e: (natural(e.name), e.name))


def _is_new_folder(entry: os.DirEntry[str], seen: set[tuple[int, int]]) -> bool:
    try:
        if not entry.is_dir():
            return False
        status = Path(entry.path).stat()  # unlike DirEntry.stat, has the inode on Windows too
    except OSError:
        return False
    identity = (status.st_dev, status.st_ino)
    if identity in seen:
        return False
    seen.add(identity)
    return True


def _pictures(entries: list[os.DirEntry[str]], parts: tuple[str, ...]) -> Iterator[Found]:
    for entry in entries:
        path = Path(entry.path)
        named = path.suffix.lower() in SUFFIXES
        try:
            regular = entry.is_file()
            # A link that leads nowhere should be told about, a folder called "x.png" or a pipe should not.
            if not (regular or (named and entry.is_symlink() and not path.exists())):
                continue
            if not named and not _looks_like_picture(path):
                continue
            status = path.stat() if regular else None
        except OSError:
            status = None
            if not named:
                continue
        size, modified = (status.st_size, status.st_mtime_ns) if status else (0, 0)
        yield Found(path, (*parts, entry.name), size, modified)


def _looks_like_picture(path: Path) -> bool:
    """Whether a file without a picture's name starts like one (a download without a suffix, say)."""
    with path.open("rb") as file:
        head = file.read(16)
    return head.startswith(SIGNATURES) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")
