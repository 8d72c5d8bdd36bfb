"""What belongs to a number beside its value, in words: scores that go with it, which classes are furthest off."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from ganstudio.core.measurement import Measurement
from ganstudio.core.numbers import percent, significant
from ganstudio.core.numbers import step as step_words

MOST = 3
"""Classes that are named: those that are furthest off."""
PICTURED = "Generated samples nearest to training pictures: each on the left, its three nearest to the right."
"""What the picture of the memorisation test shows."""


def pictured_words(measurement: Measurement) -> str:
    """The same, of which metric and step."""
    at = "" if measurement.step is None else f", at {step_words(measurement.step)}"
    return f"{PICTURED} ({measurement.metric}{at})"


def detail_words(measurement: Measurement) -> list[str]:
    """Sentences about what was found beside the value; none where there is nothing, or nothing that can be read."""
    told: list[str] = []
    for words in (_scores, _memory, _balance, _accuracy, _reached):
        try:
            told.append(words(measurement.details))
        except (KeyError, TypeError, ValueError, IndexError):  # another version's, or damaged
            continue
    return [sentence for sentence in told if sentence]


def _scores(details: Mapping[str, Any]) -> str:
    return f"Completeness {_number(details['completeness'])}, informativeness {_number(details['informativeness'])}."


def _memory(details: Mapping[str, Any]) -> str:
    nearer, score = float(details["nearer_than_held_out"]), float(details["rank_score"])
    verdict = "a sign of copying" if score < -3 else "no sign of copying"
    return (
        f"A sample lies nearer to its training picture than a held-out picture does in {percent(nearer)} of all pairs "
        f"(rank test z = {significant(score)}: {verdict})."
    )


def _balance(details: Mapping[str, Any]) -> str:
    shares, wanted = _numbers(details["shares"]), _numbers(details["wanted"])
    off = [abs(a - b) for a, b in zip(shares, wanted, strict=True)]
    named = _named(details, off, lambda k: f"{percent(shares[k])} instead of {percent(wanted[k])}")
    return f"Furthest off: {named}."


def _accuracy(details: Mapping[str, Any]) -> str:
    each = [None if v is None else float(v) for v in cast("list[Any]", details["each"])]
    off = [-1.0 if v is None else 1 - v for v in each]
    named = _named(details, off, lambda k: percent(each[k] or 0.0))
    right = percent(float(details["classifier"]))
    return f"Least often as asked for: {named}. The classifier is right on {right} of real ones."


def _reached(details: Mapping[str, Any]) -> str:
    reached: dict[str, Any] = dict(details["reached"])
    return "Reached: " + ", ".join(f"{name} {percent(float(share))}" for name, share in reached.items()) + "."


def _named(details: Mapping[str, Any], off: list[float], words: Callable[[int], str]) -> str:
    """The classes that are furthest off, by name where the names are known."""
    names = cast("list[Any]", details.get("classes") or range(len(off)))
    worst = sorted(range(len(off)), key=lambda k: -off[k])[:MOST]
    return ", ".join(f"class {names[k]}: {words(k)}" for k in worst if off[k] >= 0)


def _numbers(values: Any) -> list[float]:
    return [float(value) for value in values]


def _number(value: Any) -> str:
    return significant(float(value))
