"""Files fetched over the network: told how far, stopped at any chunk, taken up again, checked before use.

A file grows as ``NAME.part`` and gets its name once its checksum is the published one.
"""

from __future__ import annotations

import hashlib
import http.client
import re
import shutil
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

import ganstudio
from ganstudio.data.errors import Cancelled, DataError

Progress = Callable[[str, float], None]
CancelCheck = Callable[[], bool]

CHUNK = 1 << 18
"""Bytes between two looks at whether to stop."""
TIMEOUT = 15.0
"""Seconds in which a server has to say something."""
ATTEMPTS = 20
"""How often a connection that breaks off may be taken up again, each time having brought something."""
BETWEEN = 0.1
"""Seconds between two reports."""
RANGE = re.compile(r"bytes (\d+)-\d+/(\d+)")


@dataclass(frozen=True)
class RemoteFile:
    """A published file: its name, the MD5 sum published for it, and where it lies (none: by hand only).

    ``sha256``, where there is one, is what is checked instead.
    """

    name: str
    md5: str
    urls: tuple[str, ...] = ()
    sha256: str = ""


class Unreachable(Exception):
    """No server gave the file; the text says in a few words which and why."""


class Damaged(Exception):
    """The file came twice with another checksum than the published one."""


class _BrokenOff(Exception):
    """A connection ended before the file did."""


@dataclass
class Ticker:
    """Tells how far something is, ten times a second at most, and raises :class:`Cancelled` when asked to stop."""

    what: str
    progress: Progress | None
    cancelled: CancelCheck | None
    due: float = 0.0

    def tick(self, done: int, total: int | None) -> None:
        """``done`` of ``total`` bytes; ``None`` where nobody knows how many there are."""
        if self.cancelled is not None and self.cancelled():
            raise Cancelled
        now = time.monotonic()
        if self.progress is None or (now < self.due and done != total):
            return
        self.due = now + BETWEEN
        of = f" of {total / 1e6:.1f}" if total else ""
        self.progress(f"{self.what}: {done / 1e6:.1f}{of} MB", done / total if total else -1.0)


def fetch(file: RemoteFile, folder: Path, progress: Progress | None, cancelled: CancelCheck | None) -> Path:
    """The whole file in ``folder``, its checksum right.

    Raises :class:`Unreachable`, :class:`Damaged`, :class:`Cancelled`, :class:`DataError` (a full disk) or
    ``OSError`` from the disk. What has come so far stays as ``NAME.part`` and is taken up the next time.
    """
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{file.name}.part"
    for _ in range(2):
        _from_any(file, part, Ticker(f"Downloading {file.name}", progress, cancelled))
        if is_whole(part, file, progress, cancelled):
            return part.replace(folder / file.name)
        part.unlink()
    raise Damaged(file.name)


def is_whole(
    path: Path, file: RemoteFile, progress: Progress | None = None, cancelled: CancelCheck | None = None
) -> bool:
    """Whether what lies at ``path`` is the published file."""
    if file.sha256:
        digest = hashlib.sha256()
        return _sum_of(path, digest, progress, cancelled, file.name) == file.sha256
    return md5_of(path, progress, cancelled, file.name) == file.md5


def md5_of(path: Path, progress: Progress | None, cancelled: CancelCheck | None, name: str = "") -> str:
    """The MD5 sum in hex: it guards against damage, not against malice."""
    return _sum_of(path, hashlib.md5(usedforsecurity=False), progress, cancelled, name)


def _sum_of(
    path: Path, digest: Any, progress: Progress | None, cancelled: CancelCheck | None, name: str
) -> str:
    done, total = 0, path.stat().st_size
    ticker = Ticker(f"Checking {name or path.name}", progress, cancelled)
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
            done += len(chunk)
            ticker.tick(done, total)
    return digest.hexdigest()


def _from_any(file: RemoteFile, part: Path, ticker: Ticker) -> None:
    """Fill ``part`` from the first server that gives the whole file."""
    reasons: list[str] = []
    for url in file.urls:
        try:
            return _pull(url, part, ticker)
        except Unreachable as error:
            reasons.append(f"{urlsplit(url).hostname}: {error}")
    raise Unreachable("; ".join(reasons) or "no server is known for it")


def _pull(url: str, part: Path, ticker: Ticker) -> None:
    """Fill ``part`` from one server, going on after every break that had brought something."""
    for _ in range(ATTEMPTS):
        before = _size(part)
        try:
            return _pull_once(url, part, ticker)
        except _BrokenOff as error:
            if _size(part) <= before:
                raise Unreachable(str(error)) from error
    raise Unreachable("the connection broke off again and again")


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _pull_once(url: str, part: Path, ticker: Ticker) -> None:
    start = _size(part)
    try:
        response = _open(url, start)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code == 416 and start:  # there is nothing behind what we have: the checksum will tell
            return
        raise Unreachable(f"it answers {error.code} {error.reason}") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise _BrokenOff(_why(error)) from error
    with response:
        start, total = _extent(response, start)
        _check_space(part, (total or 0) - start)
        with part.open("ab" if start else "wb") as file:
            done = _copy(response, file, start, total, ticker)
    if total is not None and done < total:
        raise _BrokenOff("the connection broke off")


def _open(url: str, start: int) -> http.client.HTTPResponse:
    headers = {"User-Agent": f"ganstudio/{ganstudio.__version__}"}
    if start:
        headers["Range"] = f"bytes={start}-"
    return urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=TIMEOUT)


def _extent(response: http.client.HTTPResponse, wanted: int) -> tuple[int, int | None]:
    """The byte at which the answer starts (0: the server sends everything anew) and the size of the whole file."""
    if response.status == 206:
        found = RANGE.fullmatch(response.headers.get("Content-Range", "").strip())
        if found is not None and int(found[1]) == wanted:
            return wanted, int(found[2])
        raise Unreachable("it sends another part of the file than the one asked for")
    length = response.headers.get("Content-Length", "")
    return 0, int(length) if length.isdecimal() else None


def _check_space(part: Path, needed: int) -> None:
    free = shutil.disk_usage(part.parent).free
    if needed > free:
        raise DataError(
            f"{part.name.removesuffix('.part')} needs {needed / 1e6:,.0f} MB more on the disk, "
            f"and {free / 1e6:,.0f} MB are free.",
            "Make room, or set GANSTUDIO_CACHE to a folder on another disk.",
        )


def _copy(
    response: http.client.HTTPResponse, file: IO[bytes], done: int, total: int | None, ticker: Ticker
) -> int:
    """Write what comes; returns how large the file is then."""
    while True:
        ticker.tick(done, total)
        try:
            chunk = response.read1(CHUNK)
        except (OSError, http.client.HTTPException) as error:
            raise _BrokenOff(_why(error)) from error
        if not chunk:
            return done
        file.write(chunk)
        file.flush()  # what has come stays, however this process ends
        done += len(chunk)


def _why(error: Exception) -> str:
    """Why a server was not reached or fell silent, in a few words."""
    inner = getattr(error, "reason", error)
    if isinstance(inner, TimeoutError):
        return "no answer in time"
    text = (inner.strerror if isinstance(inner, OSError) else "") or str(inner) or type(inner).__name__
    return text[:1].lower() + text[1:]
