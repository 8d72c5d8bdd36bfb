"""A person's own pictures: found, decoded side by side, brought to one size, kept for the next time."""

from __future__ import annotations

import hashlib
import json
import os
import threading
import time
import warnings
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np
import psutil
import torch
from numpy.typing import NDArray
from torch import Tensor

from ganstudio.catalog.datasets import Folder
from ganstudio.data.cache import VERSION, read_cached, write_cached
from ganstudio.data.decode import Unreadable, decode
from ganstudio.data.errors import Cancelled, DataError
from ganstudio.data.scan import Found, natural, scan, shown
from ganstudio.data.sources import ImageSet, make_image_set

Progress = Callable[[str, float], None]
CancelCheck = Callable[[], bool]

THREADS = 4
"""Decoding releases the interpreter lock; each thread may hold one large picture in memory."""
KINDS = "PNG, JPEG, WebP, BMP or GIF"


def load_folder(
    options: Folder, progress: Progress | None = None, cancelled: CancelCheck | None = None
) -> ImageSet:
    """All readable pictures below ``options.path``; sub-folders are classes if there are at least two.

    Deeper folders belong to the top-level sub-folder they are in. Pictures that lie directly in the folder have no
    class, and then nothing has. Raises :class:`DataError` or :class:`Cancelled`.
    """
    folder = _checked(options.path)
    if progress is not None:
        progress("Looking for pictures", -1.0)
    found, closed = _scanned(folder, cancelled)
    key = _key(folder, found, closed, options)
    kept = read_cached(key)
    if kept is not None:
        return kept
    check_memory(len(found), options.channels, options.resolution, options.width)
    paths = [file.path for file in found]
    pixels, problems = decode_all(
        paths, options.resolution, options.channels, options.fit, progress, cancelled, options.width
    )
    good = [i for i, problem in enumerate(problems) if problem is None]
    unreadable = [f"{found[i].name}: {problem}" for i, problem in enumerate(problems) if problem is not None]
    if not good:
        raise _nothing_readable(folder, unreadable)
    images = torch.from_numpy(pixels if len(good) == len(found) else pixels[good])
    labels, names, remark = classes([found[i] for i in good])
    data = make_image_set(
        images,
        labels,
        names,
        name=shown(folder.name) or "pictures",
        unreadable=(*closed, *unreadable),
        remark=remark,
    )
    write_cached(key, data)
    return data


def classes(pictures: Sequence[Found]) -> tuple[Tensor | None, tuple[str, ...], str]:
    """Labels, class names and a remark for the summary, from where the pictures lie."""
    groups = sorted({p.group for p in pictures}, key=lambda g: (natural(g), g))
    named = [g for g in groups if g]
    if len(named) < 2:
        return None, (), ""
    if "" in groups:
        loose = sum(not p.group for p in pictures)
        return (
            None,
            (),
            f"no classes because {loose:,} lie{'s' if loose == 1 else ''} outside the sub-folders",
        )
    number = {group: i for i, group in enumerate(groups)}
    return torch.tensor([number[p.group] for p in pictures]), tuple(shown(g) for g in groups), ""


def _checked(text: str) -> Path:
    """The folder, if it is one; otherwise a :class:`DataError`."""
    choose = "Choose the folder that holds your pictures."
    if not text.strip():
        raise DataError("No folder of pictures is chosen.", choose)
    try:
        folder = Path(text).expanduser()
        mode_is_folder, exists = folder.is_dir(), folder.exists()
    except (OSError, ValueError, RuntimeError) as error:
        raise DataError(f"The folder {shown(text)!r} cannot be used ({_short(error)}).", choose) from None
    if mode_is_folder:
        return folder.resolve()
    if not exists:
        remedy = "Check that the path is right and that its drive is connected."
        raise DataError(f"There is no folder {shown(str(folder))}.", remedy)
    if folder.suffix.lower() in (".zip", ".tar", ".gz", ".7z", ".rar"):
        raise DataError(
            f"{shown(folder.name)} is an archive, not a folder.", "Unpack it and choose the folder."
        )
    raise DataError(
        f"{shown(folder.name)} is a file, not a folder.", "Put the pictures into a folder and choose that."
    )


def _scanned(folder: Path, cancelled: CancelCheck | None) -> tuple[list[Found], list[str]]:
    try:
        found, closed = scan(folder, cancelled)
    except PermissionError:
        raise DataError(
            f"The folder {shown(str(folder))} may not be read.", "Give yourself permission to read it."
        ) from None
    except OSError as error:
        raise DataError(
            f"The folder {shown(str(folder))} cannot be read ({_short(error)}).",
            "Check the drive, or copy the pictures elsewhere.",
        ) from None
    if not found:
        also = f" ({len(closed)} sub-folders cannot be opened)" if closed else ""
        raise DataError(
            f"The folder {shown(str(folder))} holds no pictures{also}.",
            f"Choose a folder with {KINDS} files.",
        )
    return found, closed


def _short(error: Exception) -> str:
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return text[:1].lower() + text[1:]


def _key(folder: Path, found: Sequence[Found], closed: Sequence[str], options: Folder) -> str:
    """A name for this very content: place, files, sizes, times and how the pictures are prepared."""
    digest = hashlib.sha256(os.fsencode(folder))
    size = [options.resolution, options.width] if options.width else options.resolution
    how = [VERSION, size, options.channels, options.fit, len(found), list(closed)]
    digest.update(json.dumps(how).encode("ascii"))
    for file in found:
        digest.update(b"\0" + os.fsencode("/".join(file.parts)))
        digest.update(f"\0{file.size}\0{file.modified_ns}".encode("ascii"))
    return digest.hexdigest()


def check_memory(count: int, channels: int, resolution: int, width: int = 0) -> None:
    """Raise :class:`DataError` where so many pictures would fill the memory that is free; ``width`` 0 is a square."""
    needed = count * channels * resolution * (width or resolution)
    free = psutil.virtual_memory().available
    if needed > 0.8 * free:
        size = f"{width} x {resolution}" if width else resolution
        raise DataError(
            f"{count:,} pictures at {size} px take {needed / 2**30:.1f} GB of memory, "
            f"and {free / 2**30:.1f} GB are free.",
            "Choose a lower resolution or fewer pictures.",
        )


def _nothing_readable(folder: Path, unreadable: Sequence[str]) -> DataError:
    some = "; ".join(unreadable[:3]) + ("; ..." if len(unreadable) > 3 else "")
    which = "The only picture" if len(unreadable) == 1 else f"None of the {len(unreadable):,} pictures"
    cannot = "cannot" if len(unreadable) == 1 else "can"
    return DataError(
        f"{which} in {shown(str(folder))} {cannot} be read ({some}).",
        f"Choose a folder with whole {KINDS} files.",
    )


def decode_all(
    paths: Sequence[Path],
    resolution: int,
    channels: int,
    fit: str,
    progress: Progress | None,
    cancelled: CancelCheck | None,
    width: int = 0,
) -> tuple[NDArray[np.uint8], list[str | None]]:
    """Pixels (N, C, H, W) of all files, and for each what is wrong with it or ``None``; ``width`` 0 is a square."""
    pixels = np.zeros((len(paths), channels, resolution, width or resolution), dtype=np.uint8)
    stop = threading.Event()

    def work(index: int) -> str | None:
        if stop.is_set():
            return None
        try:
            pixels[index] = decode(paths[index], resolution, channels, fit, width)
        except Unreadable as finding:
            return str(finding)
        return None

    pool = ThreadPoolExecutor(min(THREADS, os.cpu_count() or 1), thread_name_prefix="decode")
    # Pillow warns about odd metadata and large pictures; what matters of it is reported as unreadable.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            futures = [pool.submit(work, index) for index in range(len(paths))]
            return pixels, _collect(futures, progress, cancelled)
        finally:
            stop.set()
            pool.shutdown(wait=True, cancel_futures=True)


def _collect(
    futures: Sequence[Future[str | None]], progress: Progress | None, cancelled: CancelCheck | None
) -> list[str | None]:
    """The results in order, with about ten reports and checks a second."""
    results: list[str | None] = []
    due = 0.0
    for future in futures:
        while True:
            if time.monotonic() >= due:
                due = time.monotonic() + 0.1
                if cancelled is not None and cancelled():
                    raise Cancelled
                if progress is not None:
                    progress("Reading pictures", len(results) / len(futures))
            try:
                results.append(future.result(timeout=0.1))
                break
            except TimeoutError:
                continue
    if progress is not None:
        progress("Reading pictures", 1.0)
    return results
