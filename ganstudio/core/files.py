"""Files that are whole or not there: write beside, sync, rename."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
from pathlib import Path

LEFTOVER = re.compile(r"\..+\.[0-9a-f]{12}\.tmp")


def write_atomically(path: Path, data: bytes, durable: bool = True) -> None:
    """Replace ``path`` by ``data`` so that a reader sees the old file or the new one, never a part.

    Not ``durable`` leaves it to the system when the bytes reach the disk: for what a power cut may take.
    """
    beside = (
        path.parent / f".{path.name}.{secrets.token_hex(6)}.tmp"
    )  # not mkstemp: it shuts out other readers
    try:
        with beside.open("xb") as file:
            file.write(data)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise
    if durable:
        sync_folder(path.parent)


def remove_leftovers(folder: Path) -> None:
    """Remove what :func:`write_atomically` left in a folder when its process was killed."""
    if folder.is_dir():
        for item in folder.iterdir():
            if LEFTOVER.fullmatch(item.name):
                with contextlib.suppress(OSError):
                    item.unlink()


def sync_file(path: Path) -> None:
    """Make a file's contents survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(path: Path) -> None:
    """Make renames in a folder survive a power cut, where the system can (not on Windows)."""
    if os.name != "posix":
        return
    with contextlib.suppress(OSError):
        sync_file(path)
