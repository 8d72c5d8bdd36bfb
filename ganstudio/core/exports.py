"""What crosses the doorway between a window and a child that writes a generator into a file."""

from __future__ import annotations

from dataclasses import dataclass

from ganstudio.core.messages import Preparing, Quit, Ready


@dataclass(frozen=True)
class Export:
    """Write the averaged generator of a ``run`` into the file ``out``, with its model card beside it.

    The ending of ``out`` says how; ``checkpoint`` is the step, by default the newest one's. Answered with
    :class:`Exported` or :class:`ExportFailed`.
    """

    run: str
    out: str
    checkpoint: int | None = None


@dataclass(frozen=True)
class Exported:
    """The generator of ``step`` and its model card are in ``files``; ``problems`` were passed over on the way."""

    files: tuple[str, ...]
    step: int
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class ExportFailed:
    """The generator cannot be exported: what is wrong and what to do about it, one sentence each."""

    problem: str
    remedy: str = ""


ExportCommand = Export | Quit
ExportReport = Ready | Preparing | Exported | ExportFailed
