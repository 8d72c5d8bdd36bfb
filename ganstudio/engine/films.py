"""Films of pictures, written frame by frame into a file that is whole or not there. Imports no torch.

One frame at a time is in memory. Until the last one is written all goes into a file beside the wanted one, which is
removed when anything comes between and renamed at the end.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import secrets
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import psutil

from ganstudio.core.explore.records import Record, facts
from ganstudio.core.files import LEFTOVER
from ganstudio.engine.pictures import GAP, Bytes, grid, png_bytes

MOST_PIXELS = 1 << 28
"""Pixels of a strip or matrix at most: larger pictures are refused before they fill the memory."""
MOST_SIDE = 16_384
"""Pixels of a side of a film's frame at most."""
STILL = 10.0
"""Seconds in which nothing is written into a file that nobody writes any more."""


class FilmError(ValueError):
    """A film that cannot be written: what is wrong and what to do, one sentence each."""

    def __init__(self, problem: str, remedy: str = "") -> None:
        super().__init__(problem)
        self.problem, self.remedy = problem, remedy


class Film:
    """A film that is being written; leaving the ``with`` block by an error (or closing a generator) removes it.

    Frames are uint8 (H, W, C) with 1 or 3 channels, all of one size.
    """

    def __init__(self, path: Path, record: Record) -> None:
        self.path, self.record = path, record
        self.beside = path.parent / f".{path.name}.{os.getpid():08x}{secrets.token_hex(2)}.tmp"
        self.count, self.step = 0, record.step
        self.size: tuple[int, ...] = ()

    def add(self, frame: Bytes, step: int | None = None) -> None:
        """One more frame, of a model at ``step``; raises :class:`FilmError` or ``OSError``."""
        self.step = self.record.step if step is None else step
        if not self.count:
            self.size = frame.shape
            check_size(frame, self.record.scale)
            self._begin()
        elif frame.shape != self.size:
            raise FilmError("The frames of a film must all be of one size.", "Choose pictures of one model.")
        self._write(enlarged(frame, self.record.scale))
        self.count += 1

    def __enter__(self) -> Self:
        clear_leftovers(self.path)
        _open.add(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None and not self.count:
                raise FilmError("A film needs a frame at least.")
            if kind is None:
                self._end()
                put_in_place(self.beside, self.path)
        finally:
            self.abandon()
            remove(self.beside)
            _open.discard(self)

    # ------------------------------------------------------------ what the kinds of film do

    def _begin(self) -> None:
        """Before the first frame, when the size is known."""

    def _write(self, frame: Bytes) -> None:
        """A frame at its final scale."""
        raise AssertionError("a kind of film writes its frames")

    def settled(self) -> bool:
        """Whether the last frame has been dealt with, so that the end takes no time; no frame comes any more."""
        return True

    def _end(self) -> None:
        """After the last frame: the file beside must be complete."""

    def abandon(self) -> None:
        """Let go of whatever is still held; called in any case."""


_open: set[Film] = set()
"""What is being written now by this process."""


class PictureFolder(Film):
    """A folder of numbered PNG files, each with the recipe of its own frame."""

    def _begin(self) -> None:
        if self.path.is_dir() and any(self.path.iterdir()):
            raise FilmError(f"The folder {self.path.name} is not empty.", "Choose a new folder.")
        self.beside.mkdir()

    def _write(self, frame: Bytes) -> None:
        recipes = self.record.recipes
        own = recipes[min(self.count, len(recipes) - 1)]
        record = Record("picture", self.record.run, self.step, (own,), scale=self.record.scale)
        path = self.beside / f"{self.count:06d}.png"
        path.write_bytes(png_bytes(frame, facts(record)))


class Strip(Film):
    """One picture of all frames, 2 px apart; ``columns`` of the record, or one row; with ``corner`` the first cell
    stays empty."""

    def __init__(self, path: Path, record: Record) -> None:
        super().__init__(path, record)
        self.frames: list[Bytes] = []

    def _begin(self) -> None:
        count = len(self.record.recipes) + self.record.corner
        columns = self.record.columns or count
        rows = math.ceil(count / columns)
        height, width = (side * self.record.scale + GAP for side in self.size[:2])
        if rows * height * columns * width > MOST_PIXELS:
            raise FilmError("The picture would be too large.", "Choose fewer pictures or a smaller scale.")

    def _write(self, frame: Bytes) -> None:
        self.frames.append(frame)

    def _end(self) -> None:
        frames = [np.zeros_like(self.frames[0])] * self.record.corner + self.frames
        picture = grid(np.stack(frames), columns=self.record.columns or len(frames))
        self.beside.write_bytes(png_bytes(picture, facts(self.record)))


def writer(path: Path) -> Callable[[Path, Record], Film]:
    """What writes a film of that name; raises :class:`FilmError` for a name that says nothing known."""
    from ganstudio.engine.gif import Gif
    from ganstudio.engine.video import Mp4, WebM

    kinds = {".gif": Gif, ".mp4": Mp4, ".webm": WebM, ".png": Strip, "": PictureFolder}
    if path.suffix.lower() not in kinds:
        known = ", ".join(sorted(filter(None, kinds)))
        raise FilmError(
            f"{path.name}: no film is written into such a file.", f"Choose one of {known}, or a folder."
        )
    check_place(path)
    return kinds[path.suffix.lower()]


def check_place(path: Path) -> None:
    """Raise :class:`FilmError` where a file cannot be put."""
    if not path.absolute().parent.is_dir():
        raise FilmError(f"There is no folder {path.absolute().parent}.", "Choose a folder that exists.")
    if path.is_dir() and path.suffix:
        raise FilmError(f"{path.name} is a folder.", "Choose another name.")


def open_film(path: Path, record: Record) -> Film:
    """A film to be written, by the ending of its name: .gif, .mp4, .webm, .png (a strip), none (a folder of PNG)."""
    return writer(path)(path, record)


# ---------------------------------------------------------------- files


def enlarged(frame: Bytes, scale: int) -> Bytes:
    """Every pixel (H, W, C) repeated ``scale`` times in both directions."""
    return frame.repeat(scale, axis=0).repeat(scale, axis=1) if scale > 1 else frame


def check_size(frame: Bytes, scale: int) -> None:
    """Raise :class:`FilmError` where a frame is none, or would be enormous."""
    if frame.ndim != 3 or frame.shape[2] not in (1, 3) or not frame.size:
        raise FilmError("Only pictures can be written, grey or in colour.")
    check_sides(frame.shape[0], frame.shape[1], scale)


def check_sides(height: int, width: int, scale: int) -> None:
    """Raise :class:`FilmError` where a frame would be enormous."""
    if scale < 1 or max(height, width) * scale > MOST_SIDE:
        raise FilmError(f"A side would have more than {MOST_SIDE:,} px.", "Choose a smaller scale.")


def put_in_place(beside: Path, path: Path) -> None:
    """Rename a finished file (or a folder, over nothing or an empty one)."""
    if beside.is_dir() and path.is_dir():
        path.rmdir()
    beside.replace(path)


def remove(path: Path) -> None:
    """Remove a file or folder, if it is there and can be removed."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)


def clear_leftovers(path: Path) -> None:
    """Remove what a killed process left of the same file, and of others beside it."""
    with contextlib.suppress(OSError):
        for item in path.parent.iterdir():
            if LEFTOVER.fullmatch(item.name) and (item.name.startswith(f".{path.name}.") or _forgotten(item)):
                remove(item)


def _forgotten(leftover: Path) -> bool:
    """Whether the process in a film's temporary name is gone, and no other machine writes there under that number."""
    process = int(leftover.name.split(".")[-2][:8], 16)
    gone = process >= 2**31 or not psutil.pid_exists(process)
    return gone and time.time() - leftover.stat().st_mtime > STILL


def abandon_all() -> None:
    """Remove what this process is writing, because it ends at once."""
    for film in list(_open):
        with contextlib.suppress(Exception):
            film.abandon()
        remove(film.beside)


def text_of(record: Record) -> str:
    """The record as JSON text on one line, ASCII only, so that every container keeps it as it is."""
    return json.dumps(facts(record), separators=(",", ":"))
