"""A report in any format: by the name of the file that is to hold it."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from pathlib import Path

from ganstudio.reports.data import ReportData, ReportError, read_report
from ganstudio.reports.parts import Making

Writer = Callable[[Sequence[ReportData], Path, Making], list[Path]]
FORMATS: dict[str, tuple[str, str, str]] = {
    ".html": ("Web page", "One file with everything, opens in any browser", "html:write_html"),
    ".pdf": ("PDF", "Pages to print or to send", "pdf:write_pdf"),
    ".md": (
        "Markdown",
        "Text with a folder of pictures, for a wiki or a repository",
        "markdown:write_markdown",
    ),
    ".json": ("JSON", "Everything as data for other programs", "tables:write_json"),
    ".csv": ("CSV", "Series and measurements for a spreadsheet", "tables:write_csv"),
    "": ("TensorBoard", "A folder of event files", "events:write_events"),
}
"""Suffix -> title, what it is, and what writes it; without a suffix it is a folder for TensorBoard."""
MOST_RUNS = 64


def write_report(runs: Sequence[Path], out: Path, making: Making | None = None) -> list[Path]:
    """Read the runs and write their report; returns the files, the one to open first.

    Raises :class:`ReportError` with one sentence for a person, or ``Cancelled``.
    """
    making = making or Making()
    if not 1 <= len(runs) <= MOST_RUNS:
        raise ReportError(f"A report is about 1 to {MOST_RUNS} runs, not {len(runs)}.")
    if out.suffix.lower() not in FORMATS:
        known = ", ".join(suffix for suffix in FORMATS if suffix)
        raise ReportError(
            f"{out.name}: the name must end in {known}, or be that of a folder for TensorBoard."
        )
    reports: list[ReportData] = []
    for place, run in enumerate(dict.fromkeys(run.absolute() for run in runs)):
        making.tell(f"Reading {run.name}", 0.1 * place / len(runs))
        reports.append(read_report(run))
    try:
        return _writer(out.suffix.lower())(reports, out, making)
    except OSError as error:
        raise ReportError(f"{out} cannot be written ({error.strerror or error}).") from None


def _writer(suffix: str) -> Writer:
    module, _, function = FORMATS[suffix][2].partition(":")
    writer: Writer = getattr(importlib.import_module(f"ganstudio.reports.{module}"), function)
    return writer
