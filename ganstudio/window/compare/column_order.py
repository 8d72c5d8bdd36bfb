"""In which order a person has put the columns of the table. Knows no Qt."""

from __future__ import annotations

from collections.abc import Sequence

MOST_KEPT = 200
"""Columns whose place and width are remembered: each way of measuring is one."""


def placed(keys: Sequence[str], wanted: Sequence[str]) -> list[str]:
    """Columns (``keys``, as they stand at first) in the order that is wanted.

    One that the wanted order does not know comes after the one that it follows at first.
    """
    order = [key for key in dict.fromkeys(wanted) if key in keys]
    for place, key in enumerate(keys):
        if key not in order:
            before = keys[place - 1] if place else ""
            order.insert(order.index(before) + 1 if before in order else 0, key)
    return order


def remembered(shown: Sequence[str], before: Sequence[str]) -> list[str]:
    """The order to remember: that of the columns ``shown``, and after the column that each followed those that are
    not there now."""
    every = [*before, *(key for key in shown if key not in before)]
    return placed(every, shown)[:MOST_KEPT]


def moved(shown: Sequence[str], key: str, by: int) -> list[str]:
    """The order with one column so many places further right, or left (negative), as far as there is room."""
    rest = [other for other in shown if other != key]
    at = min(max(list(shown).index(key) + by, 0), len(rest))
    return [*rest[:at], key, *rest[at:]]
