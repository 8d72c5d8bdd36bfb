"""From words to an exit code; every error is one line, and the details of an unexpected one are in a file."""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
import traceback
from pathlib import Path

from ganstudio.cli.errors import FAILED, USAGE, CommandError
from ganstudio.cli.parser import parse
from ganstudio.cli.terminal import prepare_streams, tell
from ganstudio.core.schema import ConfigError

INTERRUPTED = 130
BROKEN_PIPE = 141


def run(words: list[str]) -> int:
    """Do what the words ask for."""
    prepare_streams()
    try:
        code = _dispatch(words)
        _flush()
        return code
    except BrokenPipeError:
        _silence()
        return BROKEN_PIPE


def _dispatch(words: list[str]) -> int:
    try:
        options = parse(words)
        verb = importlib.import_module(f"ganstudio.cli.{options.module}")
        return verb.run(options)
    except CommandError as error:
        tell(str(error))
        return error.code
    except ConfigError as error:
        tell(str(error))
        return USAGE
    except KeyboardInterrupt:
        tell("stopped")
        return INTERRUPTED
    except BrokenPipeError:
        raise
    except Exception as error:
        if os.environ.get("GANSTUDIO_DEBUG"):
            raise
        tell(explain(error))
        return FAILED


def explain(error: Exception) -> str:
    """One line on a file that will not do, or on an error nobody foresaw: its details are written to a file."""
    if isinstance(error, OSError) and error.filename and error.strerror:
        name = str(error.filename)
        return f"{name if len(name) < 200 else name[:100] + '...'}: {error.strerror}"
    detail = "".join(traceback.format_exception(error))
    reason = " ".join(str(error).split())
    return f"unexpected error: {type(error).__name__}: {reason[:300]}{log_details(detail)}"


def log_details(detail: str) -> str:
    """Write details to a file of their own and say in what one; nothing where that cannot be done."""
    try:
        path = _log_path()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(detail, encoding="utf-8")
    except OSError:
        return ""
    return f" (details: {path})"


def _log_path() -> Path:
    from datetime import datetime

    import platformdirs

    folder = Path(platformdirs.user_log_dir("ganstudio", appauthor=False))
    return folder / f"error-{datetime.now():%Y%m%d-%H%M%S}-{os.getpid()}.log"


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()


def _silence() -> None:
    """The reader has gone: let Python's own last flush go nowhere."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
