"""MP4 (H.264) and WebM (VP9) through the ffmpeg program that the package imageio-ffmpeg carries. Imports no torch."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import tempfile
from fractions import Fraction
from pathlib import Path
from typing import IO

import numpy as np

from ganstudio.core.explore.records import Record
from ganstudio.engine.films import Film, FilmError, text_of
from ganstudio.engine.pictures import Bytes

SPECIAL = re.compile(r"([=;#\\\n])")
PATIENCE = 60.0
"""Seconds that ffmpeg may take over what it has been given after the last frame, or to read a file's notes."""
COLOUR = (
    "-vf", "scale=out_color_matrix=bt709:out_range=tv", "-colorspace", "bt709", "-color_primaries", "bt709",
    "-color_trc", "bt709", "-color_range", "tv",
)  # fmt: skip
"""Said in the file, so that every player shows the same colours at any size."""
NO_PROGRAM = FilmError(
    "MP4 and WebM need the package imageio-ffmpeg, which is not installed for this system.",
    "Install it with pip, or choose GIF or PNG.",
)


def ffmpeg() -> str:
    """The program's path; raises :class:`FilmError` where there is none."""
    try:
        from imageio_ffmpeg import get_ffmpeg_exe

        return get_ffmpeg_exe()
    except (ImportError, RuntimeError, OSError):
        raise NO_PROGRAM from None


class Video(Film):
    """Frames go through a pipe into ffmpeg as they come; sides that are odd get one more row or column of the edge."""

    container, codec = "", ()
    process: subprocess.Popen[bytes] | None = None
    errors: IO[bytes] | None = None

    def __init__(self, path: Path, record: Record) -> None:
        super().__init__(path, record)
        self._held = contextlib.ExitStack()

    def _begin(self) -> None:
        height, width = (side * self.record.scale for side in self.size[:2])
        notes = _notes_file(text_of(self.record))
        self._held.callback(notes.unlink, missing_ok=True)
        self.errors = self._held.enter_context(tempfile.TemporaryFile())  # noqa: SIM115
        words = [
            ffmpeg(), "-hide_banner", "-loglevel", "error", "-y",
            "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{even(width)}x{even(height)}",
            "-r", rate(self.record.fps), "-i", "pipe:0",
            "-f", "ffmetadata", "-i", str(notes), "-map", "0:v", "-map_metadata", "1",
            *COLOUR, *self.codec, "-threads", "1", "-f", self.container, f"file:{self.beside}",
        ]  # fmt: skip
        try:
            self.process = subprocess.Popen(
                words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=self.errors,
                start_new_session=os.name == "posix",  # Ctrl-C in a terminal is for the program that shows it
            )  # fmt: skip
        except OSError as error:
            raise FilmError(
                f"ffmpeg does not start ({error.strerror or error}).", "Choose GIF or PNG."
            ) from None

    def _write(self, frame: Bytes) -> None:
        assert self.process is not None and self.process.stdin is not None
        try:
            self.process.stdin.write(rgb_even(frame).tobytes())
        except OSError:
            raise self._failure() from None

    def _end(self) -> None:
        assert self.process is not None and self.process.stdin is not None
        try:
            self.process.stdin.close()
            code = self.process.wait(PATIENCE)
        except (OSError, subprocess.TimeoutExpired):
            raise self._failure() from None
        if code:
            raise self._failure()

    def _failure(self) -> FilmError:
        """Why ffmpeg gave up, in its own last words."""
        assert self.process is not None and self.errors is not None
        self.process.kill()
        self.process.wait()
        self.errors.seek(0)
        lines = self.errors.read(4000).decode(errors="replace").strip().splitlines()
        reason = lines[-1][:200] if lines else "it said nothing"
        return FilmError(f"The film could not be written: ffmpeg gave up ({reason}).", "Is the disk full?")

    def abandon(self) -> None:
        """End ffmpeg, whatever it is doing."""
        if self.process is not None:
            self.process.kill()
            with contextlib.suppress(OSError):
                self.process.stdin.close()  # pyright: ignore[reportOptionalMemberAccess]
            self.process.wait()
        self._held.close()


class Mp4(Video):
    """H.264, 4:2:0, which every player shows; the index stands in front."""

    container = "mp4"
    codec = (
        "-c:v", "libx264", "-preset", "medium", "-crf", "14", "-pix_fmt", "yuv420p", "-movflags", "+faststart",
    )  # fmt: skip


class WebM(Video):
    """VP9, 4:2:0."""

    container = "webm"
    codec = (
        "-c:v", "libvpx-vp9", "-crf", "18", "-b:v", "0", "-deadline", "good", "-cpu-used", "4",
        "-pix_fmt", "yuv420p",
    )  # fmt: skip


def even(side: int) -> int:
    """The next even number: 4:2:0 stores colour for pairs of pixels."""
    return side + side % 2


def rgb_even(frame: Bytes) -> Bytes:
    """A frame in colour, its last row and column repeated where its sides are odd: uint8 (H', W', 3)."""
    colour = frame.repeat(3, axis=2) if frame.shape[2] == 1 else frame
    height, width = colour.shape[:2]
    return np.pad(colour, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")


def rate(fps: float) -> str:
    """Frames a second as ffmpeg reads them, exact for what people choose: ``30/1``, ``30000/1001``."""
    share = Fraction(fps).limit_denominator(1001)
    return f"{share.numerator}/{share.denominator}"


# ---------------------------------------------------------------- notes in a film


def _notes_file(comment: str) -> Path:
    descriptor, name = tempfile.mkstemp(suffix=".ffmetadata")
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
        file.write(";FFMETADATA1\ncomment=" + SPECIAL.sub(r"\\\1", comment) + "\n")
    return Path(name)


def read_comment(path: Path, container: str) -> str:
    """The comment in an MP4 or WebM file; raises :class:`FilmError` where the file is none."""
    words = [
        ffmpeg(), "-hide_banner", "-loglevel", "error", "-protocol_whitelist", "file,pipe",
        "-f", {"webm": "matroska"}.get(container, container), "-i", f"file:{path}", "-f", "ffmetadata", "pipe:1",
    ]  # fmt: skip
    try:
        done = subprocess.run(
            words, stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        raise FilmError(f"{path.name} cannot be read as a film.") from None
    if done.returncode:
        raise FilmError(f"{path.name} is damaged, or no film of that kind.")
    return comment_in(done.stdout.decode("utf-8", errors="replace"))


def comment_in(text: str) -> str:
    """The comment among notes as ffmpeg prints them; empty where there is none."""
    found = re.search(r"^comment=((?:\\.|[^\\\n])*)", text, re.MULTILINE | re.DOTALL | re.IGNORECASE)
    return re.sub(r"\\(.)", r"\1", found[1], flags=re.DOTALL) if found else ""
