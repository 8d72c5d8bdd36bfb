"""What cannot be explored, in words for a person."""

from __future__ import annotations


class ExploreError(ValueError):
    """Something that a model or a recipe cannot do: what is wrong and, in ``remedy``, what to do about it."""

    def __init__(self, problem: str, remedy: str = "") -> None:
        super().__init__(problem)
        self.problem, self.remedy = problem, remedy


class Stopped(Exception):
    """The work was stopped because nobody waits for it any more."""
