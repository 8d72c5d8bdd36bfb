"""Values of a sweep as a person writes them: a list, a range of whole numbers, a range by equal steps or factors."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from typing import Any, cast

from ganstudio.core.config import parse_value
from ganstudio.core.schema import ConfigError, plain, short

MOST_VALUES = 1000
NUMBER = r"[-+]?(?:\d[\d_]*(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d+)?"
RANGE = re.compile(rf"(log\s+)?({NUMBER})\s*\.\.\s*({NUMBER})(?:\s*[x×]\s*(\d+))?")
SEEDS = re.compile(r"(\d+)\s*(?:-|\.\.)\s*(\d+)")
HELP = (
    "Values with commas between them: 1e-4, 2e-4, 5e-4. A range of whole numbers: 1..5. "
    "So many values at equal distances: 0.5..0.9 x5; by equal factors: log 1e-5..1e-3 x5."
)
"""The syntax, for people."""
IN_SHORT = "1e-4, 2e-4   or   1..5   or   0.5..0.9 x5 (equal steps)   or   log 1e-5..1e-3 x5 (equal factors)"


def parse_values(text: str, key: str = "") -> tuple[Any, ...]:
    """The values that a text stands for, in its order, each as ``--set`` reads it.

    ``a..b`` are whole numbers, both ends among them; ``a..b xN`` N numbers at equal distances; ``log a..b xN`` at
    equal factors. Commas inside brackets and quotes separate nothing. Raises :class:`ConfigError` under ``key``.
    """
    found: list[Any] = []
    for item in split(text):
        if not item:
            raise ConfigError(key, "has a comma with no value beside it" if text.strip() else "needs values")
        match = RANGE.fullmatch(item)
        found += _spaced(match, key) if match else [parse_value(item)]
        if len(found) > MOST_VALUES:
            raise ConfigError(key, f"more than {MOST_VALUES:,} values")
    return tuple(found)


def parse_seeds(text: str) -> tuple[int, ...]:
    """Seeds from ``0, 1, 2`` or ``0-4``, or both; raises :class:`ConfigError`."""
    found: list[int] = []
    for item in split(text):
        match = SEEDS.fullmatch(item)
        first, last = (match[1], match[2]) if match else (item, item)
        if not (first.isdecimal() and first.isascii() and len(first) < 20 and len(last) < 20):
            raise ConfigError("seed", f"{short(item)!r} is no seed; write 0, 1, 2 or 0-4")
        low, high = int(first), int(last)
        if abs(high - low) >= MOST_VALUES:
            raise ConfigError("seed", f"more than {MOST_VALUES:,} values")
        found += range(low, high + 1) if high >= low else range(low, high - 1, -1)
    return tuple(found)


def split(text: str) -> list[str]:
    """The parts between commas; those inside brackets and quotes stay together."""
    parts, start = list[str](), 0
    for position in _commas(text):
        parts.append(text[start:position].strip())
        start = position + 1
    return [*parts, text[start:].strip()]


def _commas(text: str) -> Iterator[int]:
    depth, quote = 0, ""
    for position, letter in enumerate(text):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
        elif letter in "[{":
            depth += 1
        elif letter in "]}":
            depth -= 1
        elif letter == "," and depth <= 0:
            yield position


def _spaced(match: re.Match[str], key: str) -> list[Any]:
    """The numbers of a range."""
    by_factors, first, last, count = match.groups()
    low, high = float(first), float(last)
    if not (math.isfinite(low) and math.isfinite(high)):
        raise ConfigError(key, f"{short(match[0])} is a range beyond all limits")
    if count is None:
        return _whole(low, high, bool(by_factors), match[0], key)
    number = int(count[:9])
    if not 2 <= number <= MOST_VALUES:
        raise ConfigError(key, f"a range needs 2 to {MOST_VALUES:,} values, not {short(count)}")
    if not by_factors:
        return [_tidy(low + (high - low) * i / (number - 1), 12) for i in range(number)]
    if low <= 0 or high <= 0:
        raise ConfigError(key, "a range by equal factors needs both ends above 0")
    ends, step = (math.log(low), math.log(high)), (math.log(high) - math.log(low)) / (number - 1)
    inner = [_tidy(math.exp(ends[0] + step * i), 6) for i in range(1, number - 1)]
    return [_tidy(low, 15), *inner, _tidy(high, 15)]


def _whole(low: float, high: float, by_factors: bool, text: str, key: str) -> list[Any]:
    if by_factors or not (low.is_integer() and high.is_integer()):
        raise ConfigError(key, f"{short(text)} has to say how many values: {short(text)} x5")
    if abs(high - low) >= MOST_VALUES:
        raise ConfigError(key, f"more than {MOST_VALUES:,} values")
    first, last = int(low), int(high)
    return list(range(first, last + 1)) if last >= first else list(range(first, last - 1, -1))


def _tidy(value: float, digits: int) -> int | float:
    """Rounded to so many significant digits; a whole number where it is one."""
    rounded = float(f"{value:.{digits}g}")
    return int(rounded) if rounded.is_integer() and abs(rounded) < 2**53 else rounded


# ---------------------------------------------------------------- in words


def value_text(value: Any) -> str:
    """A value as a person writes it: ``1e-4``, ``on``, ``0.5,0.9``; ``–`` where there is none."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, int | float):
        exact = plain(value)
        return exact if float(exact) == value else repr(value)
    if isinstance(value, list | tuple):
        return ",".join(value_text(item) for item in cast("Sequence[Any]", value))
    return str(value)


def short_names(keys: Sequence[str], known: Sequence[str]) -> dict[str, str]:
    """For each key the shortest end of it that no other known key has: ``generator.lr``, ``batch_size``."""
    others = {*known, *keys}
    return {key: _short_name(key, others) for key in keys}


def _short_name(key: str, others: set[str]) -> str:
    parts = key.split(".")
    for count in range(1, len(parts)):
        end = ".".join(parts[-count:])
        if sum(other == end or other.endswith(f".{end}") for other in others) == 1:
            return end
    return key
