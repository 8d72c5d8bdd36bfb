"""The one door to all published collections: a download if it must be, the cache if it can."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from ganstudio.catalog.downloads import Download
from ganstudio.core.schema import to_table
from ganstudio.data import cache
from ganstudio.data.downloads.fetch import Damaged, Ticker, Unreachable, fetch, md5_of
from ganstudio.data.downloads.lock import alone
from ganstudio.data.downloads.readers import Part, Plan, Raw, plan, remove_workshops
from ganstudio.data.downloads.unpack import unpack
from ganstudio.data.errors import DataError
from ganstudio.data.folder import check_memory, decode_all
from ganstudio.data.sources import ImageSet, make_image_set

Progress = Callable[[str, float], None]
CancelCheck = Callable[[], bool]

INSTEAD = "take data that needs no download (digits, shapes, glyphs or faces)"
LUMA = (0.299, 0.587, 0.114)
"""Weights of red, green and blue in grey: ITU-R BT.601, as Pillow has them."""
BLOCK = 1024
"""Pictures resized at once."""


def downloads_folder(options: Download) -> Path:
    """Where the files of a collection belong, also those put there by hand."""
    return plan(options, _root(options)).folder


def absent_files(options: Download) -> tuple[str, ...]:
    """The files that :func:`load_download` would have to fetch; none if the pictures are ready."""
    return () if cache.is_cached(_key(options)) else tuple(plan(options, _root(options)).absent())


def load_download(
    options: Download, progress: Progress | None = None, cancelled: CancelCheck | None = None
) -> ImageSet:
    """A collection as the catalogue describes it; fetched, checked and unpacked if that has not been done.

    Raises :class:`DataError` with problem and remedy, or ``Cancelled``; what has been fetched by then is kept.
    """
    key = _key(options)
    kept = cache.read_cached(key)
    if kept is not None:
        return kept
    if progress is not None:
        progress(f"Looking for {options.title}", -1.0)
    found = plan(options, _root(options))
    try:
        with alone(found.folder, progress, cancelled):
            remove_workshops(found.folder)
            _provide(found, found.missing(), options, progress, cancelled)
            raw = _read(found, options, progress, cancelled)
            data = _prepared(raw, options, progress, cancelled)
    except OSError as error:
        raise DataError(
            f"{options.title} cannot be kept in {found.folder} ({error.strerror or error}).",
            "Make room or give permission there, or set GANSTUDIO_CACHE to another folder.",
        ) from error
    cache.write_cached(key, data)
    return data


def _root(options: Download) -> Path:
    return cache.cache_folder().parent / "downloads" / options.kind


def _key(options: Download) -> str:
    """A name for these pictures prepared in this way: what is in the files is fixed by their checksums."""
    told = json.dumps([cache.VERSION, "download", to_table(options)], sort_keys=True)
    return hashlib.sha256(told.encode("ascii")).hexdigest()


# ---------------------------------------------------------------- files


def _provide(
    found: Plan,
    parts: Sequence[Part],
    options: Download,
    progress: Progress | None,
    cancelled: CancelCheck | None,
) -> None:
    """Have ``parts`` on the disk, checked and unpacked, or raise."""
    absent = [part.file.name for part in parts if not (found.folder / part.file.name).is_file()]
    if options.by_hand and absent:
        raise _only_by_hand(options, absent, found.folder)
    for part in parts:
        path = found.folder / part.file.name
        if not path.is_file() or md5_of(path, progress, cancelled) != part.file.md5:
            _fetch(part, found.folder, options, progress, cancelled)
        if part.gives:
            unpack(path, found.folder, part.gives, progress, cancelled)


def _fetch(
    part: Part, folder: Path, options: Download, progress: Progress | None, cancelled: CancelCheck | None
) -> None:
    name = part.file.name
    if options.by_hand:
        raise DataError(
            f"{name} in {folder} is damaged or another version: its checksum is not the published one.",
            f"Download it again and put it there as it is, or {INSTEAD}.",
        )
    try:
        fetch(part.file, folder, progress, cancelled)
    except Unreachable as error:
        raise DataError(
            f"{options.title} could not be downloaded: {error}.",
            f"Connect to the network and try again, put {name} into {folder} by hand, or {INSTEAD}.",
        ) from error
    except Damaged as error:
        raise DataError(
            f"{name} of {options.title} arrived damaged twice: its checksum is not the published one.",
            f"Try again later, put a whole {name} into {folder} by hand, or {INSTEAD}.",
        ) from error


def _only_by_hand(options: Download, names: Sequence[str], folder: Path) -> DataError:
    few = " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
    return DataError(
        f"{options.title} lies on a drive that often refuses programs, so it has to be downloaded by hand.",
        f"Fetch {few} in a browser from the page of {options.title}'s authors and put them as they are into "
        f"{folder}, or {INSTEAD}.",
    )


def _read(found: Plan, options: Download, progress: Progress | None, cancelled: CancelCheck | None) -> Raw:
    """What the files hold. Where they cannot be read, what is not as published is fetched or unpacked anew, once."""
    if progress is not None:
        progress(f"Reading {options.title}", -1.0)
    try:
        return _checked(found.read())
    except Exception as error:  # readers raise nearly anything over damaged files
        suspects = _suspects(found, progress, cancelled)
        if not suspects:
            raise _unreadable(found, options, error) from error
    _provide(found, suspects, options, progress, cancelled)
    try:
        return _checked(found.read())
    except Exception as error:
        raise _unreadable(found, options, error) from error


def _suspects(found: Plan, progress: Progress | None, cancelled: CancelCheck | None) -> list[Part]:
    """Files with a wrong checksum; if there are none, archives whose contents may have been changed since."""
    plain = [part for part in found.parts if not part.gives]
    wrong = [p for p in plain if md5_of(found.folder / p.file.name, progress, cancelled) != p.file.md5]
    return wrong or [p for p in found.parts if p.gives and (found.folder / p.file.name).is_file()]


def _unreadable(found: Plan, options: Download, error: Exception) -> DataError:
    return DataError(
        f"The files of {options.title} cannot be read ({type(error).__name__}: {error}).",
        f"Delete the folder {found.folder} and try again, or {INSTEAD}.",
    )


def _checked(raw: Raw) -> Raw:
    """The same, if labels and pictures fit each other; ``ValueError`` otherwise."""
    count = len(raw.paths) if raw.pixels is None else len(raw.pixels)
    if count == 0:
        raise ValueError("there are no pictures")
    if raw.labels is not None:
        if raw.labels.shape != (count,):
            raise ValueError(f"{count:,} pictures with {len(raw.labels):,} labels")
        if int(raw.labels.min()) < 0 or int(raw.labels.max()) >= len(raw.names):
            raise ValueError(f"a label that none of the {len(raw.names)} classes has")
    return raw


# ---------------------------------------------------------------- pictures


def _prepared(raw: Raw, options: Any, progress: Progress | None, cancelled: CancelCheck | None) -> ImageSet:
    limit = getattr(options, "limit", 0) or None
    labels = None if raw.labels is None else raw.labels[:limit]
    channels = getattr(options, "channels", 1)
    if raw.pixels is not None:
        check_memory(len(raw.pixels), channels, options.resolution)
        images = resized(raw.pixels, options.resolution, channels, progress, cancelled)
        return make_image_set(images, labels, raw.names, name=options.kind)
    paths = list(raw.paths)[:limit]
    check_memory(len(paths), channels, options.resolution)
    pixels, problems = decode_all(paths, options.resolution, channels, "crop", progress, cancelled)
    good = [i for i, problem in enumerate(problems) if problem is None]
    if not good:
        raise DataError(
            f"None of the {len(paths):,} pictures of {options.title} can be read ({problems[0]}).",
            f"Delete the folder {_root(options)} and try again.",
        )
    return make_image_set(
        torch.from_numpy(pixels if len(good) == len(paths) else pixels[good]),
        None if labels is None else labels[good],
        raw.names,
        name=options.kind,
        unreadable=tuple(f"{paths[i].name}: {problem}" for i, problem in enumerate(problems) if problem),
    )


def resized(
    pixels: Tensor,
    resolution: int,
    channels: int,
    progress: Progress | None = None,
    cancelled: CancelCheck | None = None,
) -> Tensor:
    """uint8 (N, C, H, W) as uint8 (N, channels, resolution, resolution); equal sizes come out bit for bit.

    28 px get a black edge of 2 px first, so that 32 px hold the original pixels. Other sizes are interpolated
    bicubically, with antialiasing where they shrink.
    """
    edge = 2 if pixels.shape[-1] == 28 else 0
    result = np.empty((len(pixels), channels, resolution, resolution), dtype=np.uint8)
    ticker = Ticker("Resizing pictures", None, cancelled)
    for start in range(0, len(pixels), BLOCK):
        ticker.tick(start, None)
        if progress is not None:
            progress("Resizing pictures", start / len(pixels))
        block = functional.pad(pixels[start : start + BLOCK], (edge,) * 4)
        result[start : start + BLOCK] = _resized_block(block, resolution, channels).numpy()
    return torch.from_numpy(result)


def _resized_block(block: Tensor, resolution: int, channels: int) -> Tensor:
    if channels == block.shape[1] and resolution == block.shape[-1]:
        return block
    x = block.float()
    if channels == 1 and block.shape[1] == 3:
        x = (x * torch.tensor(LUMA).view(1, 3, 1, 1)).sum(1, keepdim=True)
    if resolution != block.shape[-1]:
        size = (resolution, resolution)
        x = functional.interpolate(x, size, mode="bicubic", align_corners=False, antialias=True)
    return x.clamp(0, 255).round().to(torch.uint8)
