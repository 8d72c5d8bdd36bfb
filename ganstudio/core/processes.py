"""Who a process is, so that another one can tell whether it still lives: its number and when it began."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, cast

import psutil


def identity() -> dict[str, float]:
    """This process, as :func:`living` knows it again; a number alone may later belong to another one."""
    return {"pid": os.getpid(), "started": psutil.Process().create_time()}


def living(record: Any) -> int | None:
    """The process that :func:`identity` describes, if it is alive; ``None`` for one that has gone, or for nonsense."""
    try:
        told = cast("Mapping[str, Any]", record)
        process = psutil.Process(int(told["pid"]))
        same = abs(process.create_time() - float(told["started"])) < 1.0
        alive = same and process.status() != psutil.STATUS_ZOMBIE
    except (ValueError, KeyError, TypeError, IndexError, OverflowError, psutil.Error):
        return None
    return process.pid if alive else None
