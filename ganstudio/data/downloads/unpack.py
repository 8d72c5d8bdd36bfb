"""Archives unpacked without trusting them: regular files alone, none outside the folder, whole or not at all."""

from __future__ import annotations

import gzip
import shutil
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from ganstudio.data.downloads.fetch import Ticker
from ganstudio.data.errors import DataError

Progress = Callable[[str, float], None]
CancelCheck = Callable[[], bool]
Member = tuple[str, IO[bytes], int]
"""Name in the archive, its bytes, and how many bytes of the archive have been read."""
WORKSHOP = ".unpacking"


def unpack(
    archive: Path,
    folder: Path,
    wanted: Sequence[str],
    progress: Progress | None = None,
    cancelled: CancelCheck | None = None,
) -> None:
    """Unpack the files and folders ``wanted`` (paths inside the archive) into ``folder``, replacing what is there.

    Raises :class:`DataError` for an archive that is damaged, lacks one of them, or holds a path that leads out of
    the folder; ``Cancelled``; or ``OSError`` from the disk. Nothing half unpacked is left in place.
    """
    workshop = folder / WORKSHOP
    shutil.rmtree(workshop, ignore_errors=True)
    workshop.mkdir(parents=True)
    try:
        ticker = Ticker(f"Unpacking {archive.name}", progress, cancelled)
        with _told_apart(archive):
            _write_all(archive, workshop, wanted, ticker)
        for name in wanted:
            _move(workshop / name, folder / name, archive)
    finally:
        shutil.rmtree(workshop, ignore_errors=True)


def unpack_gzip(path: Path, target: Path) -> Path:
    """The contents of ``path`` (one compressed file) in ``target``; raises :class:`DataError` if it is damaged."""
    with _told_apart(path), gzip.open(path, "rb") as source, target.open("wb") as file:
        shutil.copyfileobj(source, file, 1 << 20)
    return target


@contextmanager
def _told_apart(archive: Path) -> Generator[None]:
    try:
        yield
    except (tarfile.TarError, zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise DataError(
            f"{archive.name} cannot be unpacked ({error}).", f"Delete it from {archive.parent} and try again."
        ) from error


def _write_all(archive: Path, workshop: Path, wanted: Sequence[str], ticker: Ticker) -> None:
    total = archive.stat().st_size
    for name, source, position in _members(archive):
        path = _safe(name, archive)
        if not any(path == PurePosixPath(w) or PurePosixPath(w) in path.parents for w in wanted):
            continue
        target = workshop / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as file:
            while chunk := source.read(1 << 20):
                file.write(chunk)
                ticker.tick(min(position, total), total)
    ticker.tick(total, total)


def _members(archive: Path) -> Iterator[Member]:
    """Every regular file in the archive; links, devices and folders are passed over."""
    if archive.suffix == ".zip":
        with zipfile.ZipFile(archive) as opened:
            for item in opened.infolist():
                if not item.is_dir() and (item.external_attr >> 28) in (0, 0o10):
                    with opened.open(item) as source:
                        yield item.filename, source, item.header_offset
        return
    with archive.open("rb") as raw, tarfile.open(fileobj=raw, mode="r:gz") as opened:
        for member in opened:
            source = opened.extractfile(member) if member.isreg() else None
            if source is not None:
                with source:
                    yield member.name, source, raw.tell()


def _safe(name: str, archive: Path) -> PurePosixPath:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name or "\0" in name:
        raise DataError(
            f"{archive.name} holds a path that leads out of its folder ({name!r}) and is not unpacked.",
            f"Delete it from {archive.parent} and try again.",
        )
    return path


def _move(source: Path, target: Path, archive: Path) -> None:
    if not source.exists():
        raise DataError(
            f"{archive.name} does not hold {source.name}.", f"Delete it from {archive.parent} and try again."
        )
    if target.is_dir():
        shutil.rmtree(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    source.replace(target)
