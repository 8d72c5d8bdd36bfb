"""What a person sees in a terminal: lines, one JSON object, a progress bar. Works without any terminal, too."""

from __future__ import annotations

import contextlib
import json
import math
import shutil
import sys
import time
from collections.abc import Mapping
from typing import Any, TextIO

REDRAW_EVERY = 0.1
"""Seconds between two drawings of the bar."""
LINE_EVERY = 10.0
"""Seconds between two lines where the bar cannot be redrawn: a log file, a pipe."""
BAR = 20


def prepare_streams() -> None:
    """Characters that a stream cannot show become others instead of an error."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(errors="replace")  # pyright: ignore[reportAttributeAccessIssue]


def tell(text: str) -> None:
    """One line on stderr with the program's name; that nobody reads it is no error."""
    with contextlib.suppress(OSError, ValueError):
        print(f"ganstudio: {text}", file=sys.stderr, flush=True)


def say(text: str) -> None:
    """A line on stdout."""
    print(text, flush=True)


def say_json(record: Any) -> None:
    """One JSON object on a line of its own on stdout; what is no finite number is null."""
    say(json.dumps(_finite(record), ensure_ascii=False))


def _finite(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, Mapping):
        return {str(key): _finite(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(inner) for inner in value]
    return value


class Progress:
    """One line on stderr that is redrawn, or a line every ten seconds where the stream is no terminal."""

    def __init__(self, quiet: bool = False, stream: TextIO | None = None) -> None:
        self.stream = None if quiet else stream or sys.stderr
        self.live = self.stream is not None and self.stream.isatty()
        self._next = 0.0
        self._drawn = ""
        self._pending = ""

    def show(self, done: float, text: str, *, now: bool = False) -> None:
        """Show how far things are (0 to 1, negative where unknown) and a text, as often as is bearable."""
        self._pending = text if done < 0 else f"{self._bar(done)} {text}"
        clock = time.monotonic()
        if clock >= self._next or now:
            self._next = clock + (REDRAW_EVERY if self.live else LINE_EVERY)
            self._draw(self._pending)

    def _bar(self, done: float) -> str:
        share = min(max(done, 0.0), 1.0)
        if not self.live:
            return f"{share * 100:3.0f} %"
        full, empty = ("█", "░") if _unicode(self.stream) else ("#", "-")
        filled = round(share * BAR)
        return f"{full * filled}{empty * (BAR - filled)} {share * 100:3.0f} %"

    def _draw(self, text: str) -> None:
        if text == self._drawn:
            return
        self._drawn = text
        if self.live:
            width = shutil.get_terminal_size().columns - 1
            self._write("\r\x1b[K" + text[:width])
        else:
            self._write(text + "\n")

    def note(self, text: str) -> None:
        """A line that stays."""
        self._write(("\r\x1b[K" if self.live and self._drawn else "") + text + "\n")
        self._drawn = ""

    def close(self) -> None:
        """Show the last state and end the line."""
        if self._pending:
            self._draw(self._pending)
        if self.live and self._drawn:
            self._write("\n")
        self._drawn = self._pending = ""

    def _write(self, text: str) -> None:
        """A terminal that has gone away must not disturb what goes on."""
        if self.stream is not None:
            try:
                self.stream.write(text)
                self.stream.flush()
            except (OSError, ValueError):
                self.stream = None


def _unicode(stream: TextIO | None) -> bool:
    return "utf" in (getattr(stream, "encoding", None) or "").lower()
