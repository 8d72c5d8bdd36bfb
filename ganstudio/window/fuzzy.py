"""Finding by a few typed letters. Knows no Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T")
START, WORD, RUN, GAP = 24, 12, 8, 1
"""Rewards for a letter at the start, at the start of a word, right behind the last; cost of a gap's letter."""


def score(typed: str, text: str) -> int | None:
    """How well ``typed`` fits ``text``: ``None`` unless all its letters occur in order; more is better."""
    needle, hay = typed.lower().replace(" ", ""), text.lower()
    if not needle:
        return 0
    best: int | None = None
    for start in (i for i, letter in enumerate(hay) if letter == needle[0]):
        found = _from(needle, hay, start)
        if found is not None and (best is None or found > best):
            best = found
    return best


def _from(needle: str, hay: str, start: int) -> int | None:
    """The score of the match whose first letter is at ``start``, taking each next letter as soon as it comes."""
    total, last = 0, start - 1
    for count, letter in enumerate(needle):
        position = hay.find(letter, last + 1)
        if position < 0:
            return None
        if count:
            total -= GAP * min(position - last - 1, 10)
        if position == 0:
            total += START
        elif not hay[position - 1].isalnum():
            total += WORD
        if position == last + 1 and count:
            total += RUN
        last = position
    return total - len(hay) // 8


def best(typed: str, items: Iterable[T], text: Callable[[T], str]) -> list[T]:
    """The items that fit, best first; all of them in their order where nothing is typed."""
    rated = [(score(typed, text(item)), position, item) for position, item in enumerate(items)]
    fitting = [(value, position, item) for value, position, item in rated if value is not None]
    if not typed.strip():
        return [item for _, _, item in fitting]
    return [item for _, _, item in sorted(fitting, key=lambda entry: (-entry[0], entry[1]))]
