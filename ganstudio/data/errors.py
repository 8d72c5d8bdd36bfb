"""What can go wrong while data is read, told to a person."""

from __future__ import annotations


class DataError(Exception):
    """Data that cannot be used: what is wrong and what to do about it, one sentence each."""

    def __init__(self, problem: str, remedy: str = "") -> None:
        self.problem, self.remedy = problem, remedy
        super().__init__(" ".join(part for part in (problem, remedy) if part))


class Cancelled(Exception):
    """The person asked to stop while data was being read."""
