"""Student's t distribution: the quantile behind an interval of confidence of a mean. Knows no scipy."""

from __future__ import annotations

import math
from functools import cache


def within(t: float, freedom: int) -> float:
    """The probability that a Student-t variable with ``freedom`` degrees of freedom lies in -t to t.

    The finite sums for whole degrees of freedom: Abramowitz and Stegun, Handbook of Mathematical Functions (1964),
    26.7.3 (odd) and 26.7.4 (even).
    """
    angle = math.atan(t / math.sqrt(freedom))
    square, odd = math.cos(angle) ** 2, freedom % 2 == 1
    term, total = (math.cos(angle) if odd else 1.0), 0.0
    for power in range(3 if odd else 2, freedom + 1, 2):
        total += term
        term *= square * (power - 1) / power
    if odd:
        return 2 / math.pi * (angle + math.sin(angle) * total)
    return math.sin(angle) * total


@cache
def quantile(level: float, freedom: int) -> float:
    """The t for which :func:`within` is ``level`` (0 to 1, both out): 12.7 for 0.95 and 1, 1.96 for many."""
    low, high = 0.0, 1.0
    while within(high, freedom) < level:
        high *= 2
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if within(middle, freedom) < level else (low, middle)
    return (low + high) / 2
