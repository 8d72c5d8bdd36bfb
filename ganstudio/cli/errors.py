"""What a verb raises when it cannot do what it was asked to do."""

from __future__ import annotations

USAGE, FAILED, NO_DISPLAY = 2, 1, 3


class CommandError(Exception):
    """One sentence for a person; the program ends with ``code`` (2: the request is wrong, 1: it failed)."""

    def __init__(self, message: str, code: int = USAGE) -> None:
        super().__init__(message)
        self.code = code
