"""The settings of several runs as rows of a table: which differ, which are not the usual ones, which changed on the
way. Knows no Qt."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ganstudio.catalog.resolve import KINDS, TAGS
from ganstudio.catalog.stabilizers import STABILIZERS
from ganstudio.catalog.variants import VARIANTS
from ganstudio.core.numbers import step as step_words
from ganstudio.core.schema import Setting, walk
from ganstudio.reports.settings import ABSENT, in_words
from ganstudio.window.compare.views.readings import Change, SettingsReading
from ganstudio.window.form.fields import LABELS

KIND_LABELS = {
    "data.source": ("Data", "datasets"),
    "generator.network": ("Generator network", "generators"),
    "discriminator.network": ("Discriminator network", "discriminators"),
    "objective.loss": ("Loss", "objectives"),
    "conditioning.by": ("Labels and codes", "conditionings"),
    "optimizer.generator.kind": ("Generator optimizer", "optimizers"),
    "optimizer.discriminator.kind": ("Discriminator optimizer", "optimizers"),
}
"""Keys that choose a kind -> their words, and the registry that holds what can be chosen."""
LACKING = "–"
PLACES = {"ema": "averaged weights", "optimizer": ""}
"""The name of a table -> its words, where they are others."""


@dataclass(frozen=True)
class Cell:
    """One run's value in words, with what changed while it ran. ``usual`` is what variant and data alone would give,
    empty where the value is that."""

    text: str
    usual: str = ""
    changes: tuple[str, ...] = ()

    def shown(self) -> str:
        """The value, and what it was changed to."""
        return " ".join((self.text, *self.changes))


@dataclass(frozen=True)
class SettingRow:
    """One setting of all runs. ``differs``: the runs do not agree in it, or one changed it on the way."""

    key: str
    label: str
    help: str
    cells: tuple[Cell, ...]
    differs: bool

    def unusual(self) -> bool:
        """Whether any run has another value than variant and data alone would give."""
        return any(cell.usual or cell.changes for cell in self.cells)


def rows_of(readings: Sequence[SettingsReading]) -> list[SettingRow]:
    """A row for each setting that any of the runs has, in the order of the config."""
    keys = dict.fromkeys(key for reading in readings for key in (*reading.settings, *reading.changes))
    known: dict[str, Setting] = {}
    for reading in readings:
        known |= {key: setting for key, setting, _ in walk(reading.config)} if reading.config else {}
    return [_row(key, readings, known.get(key)) for key in keys]


def _row(key: str, readings: Sequence[SettingsReading], setting: Setting | None) -> SettingRow:
    values = [reading.settings.get(key, ABSENT) for reading in readings if not reading.problem]
    differs = any(value != values[0] for value in values) or any(key in r.changes for r in readings)
    cells = tuple(_cell(key, reading) for reading in readings)
    return SettingRow(key, label_of(key, setting), help_of(key, setting), cells, differs)


def _cell(key: str, reading: SettingsReading) -> Cell:
    if reading.problem:
        return Cell("")
    changes = reading.changes.get(key, ())
    value, usual = reading.settings.get(key, ABSENT), reading.usual.get(key, ABSENT)
    told = in_words(usual) if reading.usual and value != usual else ""
    told = "not there" if told == LACKING else told
    text = _words(changes[0].old) if changes else in_words(value)
    return Cell(text, told, tuple(_change_words(change) for change in changes))


def _change_words(change: Change) -> str:
    return f"→ {_words(change.new)} at {step_words(change.step)}"


def _words(value: Any) -> str:
    """A value of an event, where a switched stabilizer is its table."""
    if isinstance(value, Mapping):
        return "on"
    return "off" if value is None else in_words(value)


def label_of(key: str, setting: Setting | None) -> str:
    """A key as a person reads it: ``Generator rate``, ``R1: weight``."""
    if key in LABELS:
        return LABELS[key]
    if key in KIND_LABELS:
        return KIND_LABELS[key][0]
    parts = key.split(".")
    if parts[0] == "stabilizers" and len(parts) > 1:
        stabilizer = STABILIZERS.get(parts[1])
        title = stabilizer.title if stabilizer else parts[1]
        return title if len(parts) == 2 else f"{title}: {_own_label(parts[-1], setting).lower()}"
    own = _own_label(parts[-1], setting)
    where = " ".join(PLACES.get(part, part) for part in parts[:-1]).strip()
    return f"{where[:1].upper()}{where[1:]}: {own[:1].lower()}{own[1:]}" if where else own


def _own_label(name: str, setting: Setting | None) -> str:
    return setting.label if setting else name.replace("_", " ").replace("-", " ").capitalize()


def help_of(key: str, setting: Setting | None) -> str:
    """What a setting does, its range and its unit, in a few lines."""
    parts = key.split(".")
    if setting is not None:
        option = setting.option
        allowed = option.range_text()
        unit = f" {option.unit}" if option.unit else ""
        ranged = f"Allowed: {allowed}{unit}." if allowed else f"In {option.unit}." if option.unit else ""
        return "\n".join(line for line in (option.help, ranged, key) if line)
    if parts[0] == "stabilizers" and len(parts) == 2 and parts[1] in STABILIZERS:
        return f"{STABILIZERS[parts[1]].idea}\n{key}"
    return f"Which kind of it is used.\n{key}" if parts[-1] in TAGS else key


def value_help(key: str, value: Any) -> str:
    """What a chosen kind or variant is, in a sentence; empty for a plain value."""
    if key == "variant" and value in VARIANTS:
        return VARIANTS[value].idea
    found = KINDS[KIND_LABELS[key][1]].get(value) if key in KIND_LABELS else None
    return found.idea if found else ""


def summary(rows: Sequence[SettingRow], runs: int) -> str:
    """How much differs, in one sentence."""
    count = sum(row.differs for row in rows)
    if runs < 2:
        unusual = sum(row.unusual() for row in rows)
        return f"{_settings(unusual)} of {len(rows)} not what variant and data alone would give"
    if not count:
        return f"All {len(rows)} settings are equal"
    return f"{_settings(count)} of {len(rows)} {'differs' if count == 1 else 'differ'}"


def _settings(count: int) -> str:
    return "1 setting" if count == 1 else f"{count} settings"


def chosen(rows: Sequence[SettingRow], runs: int, every: bool) -> list[SettingRow]:
    """The rows to be shown: all, or those that differ; of a single run those that are not the usual ones."""
    if every:
        return list(rows)
    return [row for row in rows if (row.differs if runs > 1 else row.unusual())]


def to_csv(rows: Sequence[SettingRow], titles: Sequence[str]) -> str:
    """The table as text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["setting", "key", *titles])
    for row in rows:
        writer.writerow([row.label, row.key, *(cell.shown() for cell in row.cells)])
    return out.getvalue()
