"""What is typed into the filter: words, and terms such as ``variant:dcgan fd-domain<50 lr=2e-4``. Knows no Qt."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ganstudio.catalog.measures import MEASURES
from ganstudio.core.run_list import RunEntry
from ganstudio.reports.settings import in_words
from ganstudio.window.compare.columns import title_of_source, title_of_variant

PIECE = re.compile(r'(?:[^\s"]|"[^"]*"?)+')
TERM = re.compile(r"(?P<key>[A-Za-z][\w./-]*)(?P<sign>!=|<=|>=|[:=<>])(?P<value>.*)", re.DOTALL)
NUMBER = re.compile(r"(?P<number>[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)(?P<unit>[a-z]*)", re.IGNORECASE)
UNITS = {"": 1.0, "k": 1e3, "m": 1e6}
TIMES = {"": 1.0, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0, "d": 86400.0}
ORDERS: Mapping[str, Callable[[float, float], bool]] = {
    "<": lambda a, b: a < b, ">": lambda a, b: a > b, "<=": lambda a, b: a <= b, ">=": lambda a, b: a >= b,
}  # fmt: skip
YES, NO = frozenset({"yes", "true", "on", "1"}), frozenset({"no", "false", "off", "0"})
Found = list[Any]
"""All values of an entry under a key: several where settings share the last part of their name."""
Test = Callable[[RunEntry], bool]

BUILT_IN: Mapping[str, Callable[[RunEntry], Found]] = {
    "title": lambda e: [e.title, e.path.name],
    "variant": lambda e: [e.variant, title_of_variant(e.variant)],
    "data": lambda e: [e.source, title_of_source(e.source)],
    "state": lambda e: [e.state],
    "tag": lambda e: list(e.notes.tags) or [""],
    "note": lambda e: [e.notes.text],
    "sweep": lambda e: [e.notes.sweep],
    "star": lambda e: [e.notes.starred],
    "archived": lambda e: [e.notes.archived],
    "seed": lambda e: [e.seed] if e.settings else [],
    "step": lambda e: [e.step],
    "steps": lambda e: [e.steps],
    "images": lambda e: [e.images],
    "time": lambda e: [e.seconds],
    "started": lambda e: [e.created],
    "folder": lambda e: [str(e.path)],
}
ALIASES = {"tags": "tag", "starred": "star", "name": "title", "source": "data", "created": "started"}
HELP = (
    "Words find runs by name, variant, data, tags and notes. Terms are more exact:\n"
    "variant:dcgan  state:finished  tag:good  star:yes  sweep:rates\n"
    "fd-domain<50  lr=2e-4  steps>=3k  time<10min  started>2026-05-01  tag!=bad\n"
    'A colon finds a part of a text, = the whole. "Two words" stand in quotes.'
)


@dataclass(frozen=True, eq=False)
class Filter:
    """What was typed: the tests it stands for, and what is wrong with the terms that stand for none."""

    tests: tuple[Test, ...] = ()
    problem: str = ""

    def takes(self, entry: RunEntry) -> bool:
        """Whether an entry passes all tests."""
        return all(test(entry) for test in self.tests)


class _BadTerm(Exception):
    """A term that means nothing; the text is one sentence."""


def read_filter(typed: str, entries: Iterable[RunEntry] = ()) -> Filter:
    """The filter that was typed; settings and metrics are those of the entries. Bad terms are left out and told of."""
    known = known_keys(entries)
    tests: list[Test] = []
    problems: list[str] = []
    for piece in PIECE.findall(typed):
        try:
            tests.append(_test(piece, known))
        except _BadTerm as bad:
            problems.append(str(bad))
    return Filter(tuple(tests), " ".join(problems[:1]))


def known_keys(entries: Iterable[RunEntry]) -> set[str]:
    """Everything that a term can be about."""
    keys = {*BUILT_IN, *ALIASES, *MEASURES}
    for settings in {id(e.settings): e.settings for e in entries}.values():
        keys.update(settings)
    keys.update(key.rpartition(".")[2] for key in list(keys))
    for entry in entries:
        keys.update(m.metric for m in entry.measurements)
    return keys


def _test(piece: str, known: Collection[str]) -> Test:
    term = TERM.fullmatch(piece)
    if term is None or piece.startswith('"'):
        return _Word(piece.replace('"', "").casefold())
    key, sign, value = term["key"].lower(), term["sign"], term["value"].replace('"', "").strip()
    key = ALIASES.get(key, key)
    if key not in known:
        near = difflib.get_close_matches(key, known, 1)
        hint = f"did you mean “{near[0]}”?" if near else "try variant, data, state, tag, or a metric's name."
        raise _BadTerm(f"There is no column or setting “{key}”: {hint}")
    if not value:
        raise _BadTerm(f"“{piece}” needs a value behind it.")
    if sign in ORDERS:
        return _Order(key, ORDERS[sign], _number(key, value))
    return _Equal(key, sign, value)


def _number(key: str, text: str) -> float:
    """A number as a person writes it: with k, M, a unit of time, or a date for ``started``."""
    if key == "started":
        try:
            return datetime.fromisoformat(text).timestamp()
        except (ValueError, OverflowError, OSError):
            raise _BadTerm(f"“{text}” is not a date such as 2026-05-01.") from None
    number = _plain_number(text, TIMES if key == "time" else UNITS)
    if number is None:
        raise _BadTerm(f"“{text}” behind {key} is not a number.")
    return number


def _plain_number(text: str, units: Mapping[str, float] = UNITS) -> float | None:
    found = NUMBER.fullmatch(text)
    if found is None or found["unit"].lower() not in units:
        return None
    return float(found["number"]) * units[found["unit"].lower()]


def values_of(entry: RunEntry, key: str) -> Found:
    """All values of an entry under a key; none where it has no such thing."""
    if key in BUILT_IN:
        return BUILT_IN[key](entry)
    metrics = [m.value for m in entry.measurements if m.metric == key]
    if metrics or key in MEASURES:
        return metrics
    if key in entry.settings:
        return [entry.settings[key]]
    return [value for name, value in entry.settings.items() if name.rpartition(".")[2] == key]


@dataclass(frozen=True)
class _Word:
    """A word anywhere in what names a run."""

    word: str

    def __call__(self, entry: RunEntry) -> bool:
        notes = entry.notes
        told = (
            entry.title, entry.path.name, entry.variant, title_of_variant(entry.variant), entry.source,
            title_of_source(entry.source), *notes.tags, notes.text, notes.sweep,
        )  # fmt: skip
        return any(self.word in text.casefold() for text in told)


@dataclass(frozen=True)
class _Order:
    """A number above or below another; what is missing is neither."""

    key: str
    order: Callable[[float, float], bool]
    bound: float

    def __call__(self, entry: RunEntry) -> bool:
        found = (
            v for v in values_of(entry, self.key) if isinstance(v, int | float) and not isinstance(v, bool)
        )
        return any(not math.isnan(v) and self.order(float(v), self.bound) for v in found)


@dataclass(frozen=True)
class _Equal:
    """``:`` a part of a text, ``=`` the whole, ``!=`` anything else; numbers by their value."""

    key: str
    sign: str
    wanted: str

    def __call__(self, entry: RunEntry) -> bool:
        same = any(self._is(value) for value in values_of(entry, self.key))
        return not same if self.sign == "!=" else same

    def _is(self, value: Any) -> bool:
        wanted = self.wanted.casefold()
        if isinstance(value, bool):
            return wanted in (YES if value else NO)
        if isinstance(value, int | float):
            number = _plain_number(self.wanted)
            return number is not None and math.isclose(float(value), number, rel_tol=1e-9, abs_tol=1e-12)
        text = (value if isinstance(value, str) else in_words(value)).casefold()
        return wanted in text if self.sign == ":" else wanted == text
