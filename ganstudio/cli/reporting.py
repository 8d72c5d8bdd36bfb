"""``ganstudio report``."""

from __future__ import annotations

import argparse
from pathlib import Path

from ganstudio.cli import specs
from ganstudio.cli.errors import FAILED, CommandError
from ganstudio.cli.terminal import Progress, say, say_json
from ganstudio.core.schema import nearest
from ganstudio.reports.data import ReportError
from ganstudio.reports.parts import PARTS, Making
from ganstudio.reports.write import FORMATS, MOST_RUNS, write_report


def run(options: argparse.Namespace) -> int:
    """Write the report and say where it is."""
    out, parts = _out(options.out), _parts(options.without)
    if len(options.runs) > MOST_RUNS:
        raise CommandError(f"a report compares at most {MOST_RUNS} runs, not {len(options.runs)}")
    runs = [specs.find_run(name) for name in options.runs]
    progress = Progress(quiet=options.quiet or options.json)
    try:
        written = write_report(runs, out, Making(parts, lambda what, done: progress.show(done, what)))
    except ReportError as error:
        raise CommandError(str(error), FAILED) from None
    finally:
        progress.close()
    if options.json:
        told = {
            "out": str(out),
            "files": [str(path) for path in written],
            "runs": [str(path) for path in runs],
        }
        say_json(told | {"bytes": sum(path.stat().st_size for path in written)})
    else:
        for path in written:
            say(str(path))
    return 0


def _out(text: str) -> Path:
    """Where to write: a file of a known suffix, or a folder, in a folder that exists."""
    path = Path(text).expanduser()
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        known = ", ".join(name for name in FORMATS if name)
        raise CommandError(
            f"--out {text}: the name must end in {known}, or have no ending for a folder of TensorBoard event files"
        )
    if not path.absolute().parent.is_dir():
        raise CommandError(f"--out {text}: there is no folder {path.absolute().parent}")
    if suffix and path.is_dir():
        raise CommandError(f"--out {text} is a folder")
    if not suffix and path.is_file():
        raise CommandError(f"--out {text} is a file; event files need a folder")
    return path


def _parts(text: str) -> frozenset[str]:
    """What is to be in the report."""
    without = [name.strip().lower() for name in text.split(",") if name.strip()]
    for name in without:
        if name not in PARTS:
            hint = nearest(name, list(PARTS)) or f": one of {', '.join(PARTS)}"
            raise CommandError(f"--without: {name!r} is no part of a report{hint}")
    return frozenset(PARTS) - set(without)
