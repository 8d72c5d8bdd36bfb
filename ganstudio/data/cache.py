"""Prepared pictures kept on the disk, so that a folder is decoded once.

An entry is two files: ``KEY.safetensors`` with the pixels and ``KEY.json`` with the words about them. The second
is written last and holds the fingerprint of the first; whatever does not fit together counts as not there.
Nothing is ever unpickled. A cache that cannot be written is no reason to fail.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
import time
from pathlib import Path
from typing import Any, cast

import torch
from platformdirs import user_cache_dir
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from ganstudio.core.files import sync_file, sync_folder, write_atomically
from ganstudio.data.sources import ImageSet, fingerprint

VERSION = 1
"""Raise when decoding or resizing changes, so that old entries are made anew."""
DAY = 86_400.0
LIMIT = 8 * 2**30
"""Bytes that all entries together may take; the least recently used go first."""


def cache_folder() -> Path:
    """Where entries lie: ``$GANSTUDIO_CACHE``, or the system's place for caches."""
    return (
        Path(os.environ.get("GANSTUDIO_CACHE") or user_cache_dir("ganstudio", appauthor=False)) / "pictures"
    )


def read_cached(key: str) -> ImageSet | None:
    """The entry called ``key``, or ``None`` if there is none or it is damaged."""
    words, pixels = _paths(key)
    try:
        told = json.loads(words.read_bytes())
        if not isinstance(told, dict):
            return None
        found = _rebuild(cast("dict[str, Any]", told), load_file(pixels))
        if found is not None:
            os.utime(pixels)
        return found
    except (OSError, ValueError, TypeError, KeyError, RecursionError, SafetensorError):
        return None


def is_cached(key: str) -> bool:
    """Whether there is an entry called ``key``; only reading it tells whether it is whole."""
    return all(path.is_file() for path in _paths(key))


def _rebuild(told: dict[str, Any], tensors: dict[str, Tensor]) -> ImageSet | None:
    images, labels = tensors["images"], tensors.get("labels")
    names, unreadable = (tuple(str(n) for n in told[k]) for k in ("class_names", "unreadable"))
    whole = images.dtype == torch.uint8 and images.ndim == 4 and (labels is None) == (not names)
    if not whole or fingerprint(images, labels) != told["fingerprint"]:
        return None
    return ImageSet(
        images, labels, names, str(told["name"]), str(told["summary"]), unreadable, told["fingerprint"]
    )


def write_cached(key: str, data: ImageSet) -> bool:
    """Keep ``data`` under ``key``; ``False`` where it does not fit or the disk refuses."""
    if data.images.nbytes > LIMIT // 2:
        return False
    words, pixels = _paths(key)
    told = {
        "name": data.name,
        "summary": data.summary,
        "class_names": data.class_names,
        "unreadable": data.unreadable,
        "fingerprint": data.fingerprint,
    }
    tensors = {"images": data.images} | ({} if data.labels is None else {"labels": data.labels})
    try:
        words.parent.mkdir(parents=True, exist_ok=True)
        _save(pixels, tensors)
        write_atomically(words, json.dumps(told).encode("ascii"))
        prune(LIMIT)
    except (OSError, SafetensorError):
        return False
    return True


def _save(path: Path, tensors: dict[str, Tensor]) -> None:
    """Like ``write_atomically``, without a second copy of the pixels in memory."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    os.close(handle)
    try:
        save_file(tensors, name)
        sync_file(Path(name))
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
    sync_folder(path.parent)


def prune(limit: int) -> None:
    """Remove the least recently used entries until all together take at most ``limit`` bytes.

    What a process left that was killed while it wrote goes after a day.
    """
    for path in cache_folder().glob(".*.tmp"):
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > DAY:
                path.unlink()
    entries: list[tuple[float, int, Path]] = []
    for path in cache_folder().glob("*.safetensors"):
        with contextlib.suppress(OSError):
            status = path.stat()
            entries.append((status.st_mtime, status.st_size, path))
    total = sum(size for _, size, _ in entries)
    for _, size, path in sorted(entries)[:-1]:
        if total <= limit:
            break
        with contextlib.suppress(OSError):
            path.with_suffix(".json").unlink(missing_ok=True)
            path.unlink()
            total -= size


def _paths(key: str) -> tuple[Path, Path]:
    folder = cache_folder()
    return folder / f"{key}.json", folder / f"{key}.safetensors"
