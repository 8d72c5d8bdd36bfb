"""Divergences that are known without any training."""

from __future__ import annotations

import math

CLOSED: dict[str, float] = {
    "kl": 0.5,
    "reverse-kl": 0.5,
    "pearson": math.e - 1,
    "squared-hellinger": 2 - 2 * math.exp(-1 / 8),
    "jensen-shannon": 0.222843,
    "gan": 0.222843 - math.log(4),
    "total-variation": 0.382925,
}
"""f-divergences of N(0, 1) against N(1, 1), by name; the Jensen-Shannon ones are integrals worked out to six digits."""
