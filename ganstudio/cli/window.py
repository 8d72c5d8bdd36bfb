"""``ganstudio gui``, and ``ganstudio`` alone."""

from __future__ import annotations

import argparse

from ganstudio.cli.errors import NO_DISPLAY, CommandError
from ganstudio.core.platform import window_problem


def run(options: argparse.Namespace) -> int:
    """Open the window; a machine that cannot show one is told apart by exit code 3."""
    problem = window_problem()
    if problem:
        raise CommandError(problem, NO_DISPLAY)
    try:
        from ganstudio.window.application import run_window
    except ImportError as error:
        if (error.name or "").split(".")[0] not in ("PySide6", "shiboken6", "pyqtgraph"):
            raise
        raise CommandError(
            f"the window needs a package that is not usable here: {error}", NO_DISPLAY
        ) from None
    return run_window(options.target)
