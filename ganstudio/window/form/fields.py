"""Which fields the form shows, in which group, with which editor and marks. Pure data; knows no Qt."""

from __future__ import annotations

import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from types import MappingProxyType
from typing import Any

from ganstudio.catalog.resolve import KINDS
from ganstudio.catalog.variants import VARIANTS
from ganstudio.core.config import RunConfig
from ganstudio.core.schema import MISSING, Option, Options, Setting, plain, walk
from ganstudio.window.form.draft import FREE, Draft, Examined, examine, lookup

WHILE_TRAINING = "This is set when a run starts. Stop the run to change it."


NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Group:
    """A heading of the form and the keys below it (patterns, in order)."""

    name: str
    title: str
    keys: tuple[str, ...]
    folded: bool = False


GROUPS = (
    Group("run", "Run", ("steps", "batch_size", "discriminator_steps", "seed", "name")),
    Group("rates", "Learning rates", ("optimizer.generator.lr", "optimizer.discriminator.lr")),
    Group("stabilizers", "Stabilizers", ("stabilizers.*",)),
    Group("networks", "Networks", ("latent.*", "generator.*", "discriminator.*")),
    Group("loss", "Loss", ("objective.*",)),
    Group("optimizer-details", "Optimizer details", ("optimizer.*",), folded=True),
    Group("ema", "Averaged weights", ("ema.*",), folded=True),
    Group("saving", "Saving", ("samples.*", "checkpoint.*"), folded=True),
    Group("compute", "Computing", ("compute.*",), folded=True),
)
CHOOSERS: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "networks": (
        ("generator", "generators", "Generator"),
        ("discriminator", "discriminators", "Discriminator"),
    ),
    "loss": (("objective", "objectives", "Loss"),),
    "optimizer-details": (
        ("optimizer.generator", "optimizers", "Generator"),
        ("optimizer.discriminator", "optimizers", "Discriminator"),
    ),
}
"""Per group: where in the config a kind is chosen, from which registry, under which label."""
LABELS = {
    "optimizer.generator.lr": "Generator rate",
    "optimizer.discriminator.lr": "Discriminator rate",
    "latent.dimension": "Latent dimension",
    "latent.prior": "Latent prior",
    "samples.every": "Samples every",
    "samples.count": "Samples in the grid",
    "checkpoint.every": "Checkpoint every",
    "checkpoint.every_seconds": "Or every",
    "checkpoint.keep": "Checkpoints kept",
    "ema.half_life": "Half-life",
}


@dataclass(frozen=True)
class Field:
    """One row of the form. ``baseline`` is the value that follows from variant and data."""

    key: str
    label: str
    editor: str
    value: Any
    option: Option
    changed: bool = False
    baseline: Any = None
    problem: str = ""
    locked: str = ""
    live: bool = False

    @property
    def tooltip(self) -> str:
        """Help, range, default and why it is locked, in a few lines."""
        lines = [self.option.help]
        allowed = self.option.range_text()
        if allowed:
            lines.append(f"Allowed: {allowed}{' ' + self.option.unit if self.option.unit else ''}.")
        elif self.option.unit:
            lines.append(f"In {self.option.unit}.")
        if self.changed:
            lines.append(f"Changed; variant and data would give {text_of(self.baseline)}.")
        if self.live:
            lines.append("Takes effect at the next step.")
        return "\n".join([*lines, self.locked] if self.locked else lines)


@dataclass(frozen=True)
class Chooser:
    """A row that chooses the kind of a network, loss or optimizer: ``options`` are (kind, title, idea)."""

    place: str
    tag: str
    label: str
    kind: str
    options: tuple[tuple[str, str, str], ...]
    changed: bool
    locked: str = ""

    @property
    def key(self) -> str:
        """The dotted key of the choice."""
        return f"{self.place}.{self.tag}"


@dataclass(frozen=True)
class Switch:
    """A stabilizer: on or off, and its settings where it is on."""

    name: str
    title: str
    help: str
    on: bool
    changed: bool
    fields: tuple[Field, ...] = ()
    locked: str = ""


Row = Field | Chooser | Switch


@dataclass(frozen=True)
class Section:
    """A group with its rows; ``live`` where a row can be changed while training."""

    group: Group
    rows: tuple[Row, ...] = field(default=())
    live: bool = False


def data_fields(draft: Draft, active: bool, remarks: Mapping[str, str] = NOTHING) -> list[Field]:
    """The settings of the chosen data source."""
    found = _with_remarks(examine(draft), remarks)
    return [_field(draft, found, *leaf, active) for leaf in walk(found.config) if leaf[0].startswith("data.")]


def sections(draft: Draft, active: bool, remarks: Mapping[str, str] = NOTHING) -> list[Section]:
    """The form below variant and data, for a draft; while a run is ``active`` most of it is locked.

    ``remarks`` are problems by key that only the engine could find, such as a folder without pictures.
    """
    found = _with_remarks(examine(draft), remarks)
    left = [leaf for leaf in walk(found.config) if leaf[0] != "variant" and not leaf[0].startswith("data.")]
    result: list[Section] = []
    for group in GROUPS:
        mine = [leaf for pattern in group.keys for leaf in left if fnmatchcase(leaf[0], pattern)]
        left = [leaf for leaf in left if leaf not in mine]
        fields = [_field(draft, found, *leaf, active) for leaf in mine]
        rows = tuple(_rows(group, fields, draft, found, active))
        result.append(Section(group, rows, active and any(row.live for row in _fields_in(rows))))
    return result


def _with_remarks(found: Examined, remarks: Mapping[str, str]) -> Examined:
    return Examined(found.config, {**remarks, **found.problems}) if remarks else found


def _rows(group: Group, fields: list[Field], draft: Draft, found: Examined, active: bool) -> Iterator[Row]:
    if group.name == "stabilizers":
        yield from _switches(fields, draft, found.config, active)
        return
    places = [place for place, _, _ in CHOOSERS.get(group.name, ())]
    yield from (f for f in fields if not any(f.key.startswith(place + ".") for place in places))
    for place, section, label in CHOOSERS.get(group.name, ()):
        yield _chooser(place, section, label, draft, found.config, active)
        yield from (f for f in fields if f.key.startswith(place + "."))


def _chooser(place: str, section: str, label: str, draft: Draft, config: RunConfig, active: bool) -> Chooser:
    registry = KINDS[section]
    tag = next(iter(registry.values())).tag
    allowed = VARIANTS[config.variant].objectives if section == "objectives" else ()
    options = tuple((k, cls.title, cls.idea) for k, cls in registry.items() if not allowed or k in allowed)
    chosen: Options = lookup(config, place)
    changed = draft.get(f"{place}.{tag}") is not None
    return Chooser(place, tag, label, chosen.kind, options, changed, WHILE_TRAINING if active else "")


def _switches(fields: list[Field], draft: Draft, config: RunConfig, active: bool) -> Iterator[Switch]:
    for name, cls in KINDS["stabilizers"].items():
        on = name in config.stabilizers
        chosen = draft.get(f"stabilizers.{name}")
        yield Switch(
            name,
            cls.title,
            _idea(cls),
            on,
            changed=chosen is not None,
            fields=tuple(f for f in fields if f.key.startswith(f"stabilizers.{name}.")),
            locked=WHILE_TRAINING if active else "",
        )


def _idea(cls: type[Options]) -> str:
    year, paper = getattr(cls, "year", 0), getattr(cls, "paper", "")
    origin = ", ".join(str(part) for part in (year, paper) if part)
    return f"{cls.idea}\n{origin}" if origin else cls.idea


def _field(draft: Draft, found: Examined, key: str, setting: Setting, value: Any, active: bool) -> Field:
    chosen = draft.get(key)
    changed = chosen is not None and key not in FREE
    return Field(
        key=key,
        label=LABELS.get(key, setting.label),
        editor=editor_for(setting),
        value=value if chosen is None else chosen,
        option=setting.option,
        changed=changed,
        baseline=_baseline(draft, key) if changed else value,
        problem=found.problems.get(key, ""),
        locked=WHILE_TRAINING if active and not setting.option.live else "",
        live=active and setting.option.live,
    )


def _baseline(draft: Draft, key: str) -> Any:
    return lookup(examine(draft.reset(key)).config, key)


def _fields_in(rows: tuple[Row, ...]) -> Iterator[Field]:
    for row in rows:
        if isinstance(row, Field):
            yield row
        elif isinstance(row, Switch):
            yield from row.fields


def editor_for(setting: Setting) -> str:
    """The kind of editor: switch, choice, slider (logarithmic), integer, number, numbers, path or text."""
    declared = setting.option
    if declared.choices:
        return "choice"
    if setting.type is bool:
        return "switch"
    if declared.logarithmic and setting.type is float:
        return "slider"
    if typing.get_origin(setting.type) is tuple:
        return "numbers"
    if declared.path:
        return "path"
    return {int: "integer", float: "number"}.get(setting.type, "text")


def text_of(value: Any) -> str:
    """A value as a person writes it."""
    if value is None or value is MISSING:
        return "nothing"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, int | float):
        return plain(value)
    if isinstance(value, list | tuple):
        return ", ".join(text_of(item) for item in value)
    return str(value)


def parse(editor: str, text: str) -> Any:
    """The value a person typed; what is no number stays text, so that the check can say what is wrong."""
    text = text.strip()
    if editor == "numbers":
        return [parse("number", part) for part in text.replace(";", ",").split(",")]
    if editor == "integer":
        plain_text = text.replace(",", "").replace("\u2009", "").replace(" ", "")
        try:
            return int(plain_text)
        except ValueError:
            pass
    if editor in ("integer", "number", "slider"):
        try:
            return float(text)
        except ValueError:
            return text
    return text


def problem_elsewhere(draft: Draft, shown: set[str], remarks: Mapping[str, str] = NOTHING) -> str:
    """The first problem that belongs to no visible field, as a sentence."""
    for key, problem in _with_remarks(examine(draft), remarks).problems.items():
        if key not in shown:
            return f"{key}: {problem}"
    return ""
