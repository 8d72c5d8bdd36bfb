"""The program: ``ganstudio``, or ``python -m ganstudio``."""

from __future__ import annotations

import sys

from ganstudio.cli.main import run


def main() -> int:
    """Do what the command line asks for; the exit code."""
    return run(sys.argv[1:])


if __name__ == "__main__":  # a spawned child imports this file again and must not start the program anew
    raise SystemExit(main())
