"""The program in a process of its own, and how a call of it ended."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Done:
    """How one call of the program ended."""

    code: int
    out: str
    err: str

    @property
    def record(self) -> dict[str, Any]:
        """The JSON object on the last line of stdout."""
        return json.loads(self.out.splitlines()[-1])


def environment() -> dict[str, str]:
    """What a program of its own needs; no display, so that no test opens a window."""
    kept = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY")}
    kept.pop("QT_QPA_PLATFORM", None)
    return kept | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}


def start(*words: object) -> subprocess.Popen[str]:
    """The program as a process of its own, with Ctrl-C as a terminal delivers it."""
    code = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "from ganstudio.__main__ import main; sys.exit(main())"
    )
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, words)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8", env=environment(),
    )  # fmt: skip


def finish(process: subprocess.Popen[str]) -> Done:
    """Wait for a program; one that hangs is killed and fails the test."""
    try:
        out, err = process.communicate(timeout=120)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGABRT)
        process.kill()
        raise
    return Done(process.returncode, out, err)


def program(*words: object) -> Done:
    """The program in a process of its own, from start to end."""
    return finish(start(*words))
