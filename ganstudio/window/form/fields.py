"""Which fields the form shows, in which group, with which editor and marks. Pure data; knows no Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from types import MappingProxyType
from typing import Any, cast

from ganstudio.catalog.resolve import KINDS
from ganstudio.catalog.stabilizers import Stabilizer
from ganstudio.catalog.suiting import deciding
from ganstudio.catalog.variants import VARIANTS
from ganstudio.core.config import RunConfig
from ganstudio.core.schema import Option, Options, Setting, walk
from ganstudio.window.form.draft import FREE, Draft, Examined, examine, flat, lookup
from ganstudio.window.form.editing import editor_for, text_of
from ganstudio.window.form.reasons import against, against_stabilizer, curable, recipe

WHILE_TRAINING = "This is set when a run starts. Stop the run to change it."
REBUILDS = "It changes the networks themselves, so it is switched before a run starts."

NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Group:
    """A heading of the form and the keys below it (patterns, in order)."""

    name: str
    title: str
    keys: tuple[str, ...]
    folded: bool = False


GROUPS = (
    Group(
        "run",
        "Run",
        (
            "steps",
            "batch_size",
            "discriminator_steps",
            "seed",
            "name",
            "generator_steps",
            "generator_batch",
            "held_out",
        ),
    ),
    Group("rates", "Learning rates", ("optimizer.generator.lr", "optimizer.discriminator.lr")),
    Group("stabilizers", "Stabilizers", ("stabilizers.*",)),
    Group("networks", "Networks", ("latent.dimension", "latent.prior", "generator.*", "discriminator.*")),
    Group("loss", "Loss", ("objective.*",)),
    Group("conditioning", "Labels and codes", ("conditioning.*", "latent.*")),
    Group("optimizer-details", "Optimizer details", ("optimizer.*",), folded=True),
    Group("ema", "Averaged weights", ("ema.*",), folded=True),
    Group("saving", "Saving", ("samples.*", "checkpoint.*"), folded=True),
    Group("measure", "Measuring", ("measure.*",), folded=True),
    Group("compute", "Computing", ("compute.*",), folded=True),
)
CHOOSERS: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "networks": (
        ("generator", "generators", "Generator"),
        ("discriminator", "discriminators", "Discriminator"),
    ),
    "loss": (("objective", "objectives", "Loss"),),
    "conditioning": (("conditioning", "conditionings", "Told"),),
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
    "latent.categorical": "Categorical codes",
    "latent.categories": "Values of each",
    "latent.continuous": "Continuous codes",
    "ema.start": "Starts after",
    "ema.statistics": "Batch statistics",
    "samples.every": "Samples every",
    "samples.count": "Samples in the grid",
    "checkpoint.every": "Checkpoint every",
    "checkpoint.every_seconds": "Or every",
    "checkpoint.keep": "Checkpoints kept",
    "ema.half_life": "Half-life",
    "measure.every": "Measure every",
    "measure.samples": "Samples measured",
    "measure.keep_best": "Best by",
}


CHOICES: Mapping[str, Callable[[RunConfig], tuple[str, ...]]] = {"measure.keep_best": deciding}
"""Settings whose choices follow from the rest of the config."""


@dataclass(frozen=True)
class Field:
    """One row of the form. ``baseline`` is the value that follows from variant and data; ``recipe`` names the
    paper whose recipe says so (``"DCGAN, 2015"``), where one does."""

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
    recipe: str = ""

    @property
    def tooltip(self) -> str:
        """Help, range, default and why it is locked, in a few lines."""
        lines = [self.option.help]
        if self.recipe and not self.changed:
            lines.append(f"As in the recipe of {self.recipe}.")
        allowed = self.option.range_text()
        if allowed:
            lines.append(f"Allowed: {allowed}{' ' + self.option.unit if self.option.unit else ''}.")
        elif self.option.unit:
            lines.append(f"In {self.option.unit}.")
        if self.changed:
            whose = f"the recipe of {self.recipe} has" if self.recipe else "variant and data would give"
            lines.append(f"Changed; {whose} {text_of(self.baseline)}.")
        if self.live:
            lines.append("Takes effect at the next step.")
        return "\n".join([*lines, self.locked] if self.locked else lines)


@dataclass(frozen=True)
class Kind:
    """One of the kinds to choose from; ``why`` tells why it is not to be had with the other choices."""

    name: str
    title: str
    idea: str
    why: str = ""


@dataclass(frozen=True)
class Chooser:
    """A row that chooses the kind of a network, loss, optimizer or conditioning. ``recipe`` as for :class:`Field`;
    ``left_out`` tells that the recipe allows no other kinds than these."""

    place: str
    tag: str
    label: str
    kind: str
    options: tuple[Kind, ...]
    changed: bool
    locked: str = ""
    recipe: str = ""
    left_out: str = ""
    problem: str = ""

    @property
    def key(self) -> str:
        """The dotted key of the choice."""
        return f"{self.place}.{self.tag}"


@dataclass(frozen=True)
class Switch:
    """A stabilizer: on or off, and its settings where it is on.

    ``help`` is its idea and where it comes from, ``idea`` the idea alone. ``problem`` tells what is wrong while it
    is on, ``why`` why it cannot be switched on. ``recipe`` as for :class:`Field`.
    """

    name: str
    title: str
    help: str
    on: bool
    changed: bool
    fields: tuple[Field, ...] = ()
    locked: str = ""
    group: str = ""
    idea: str = ""
    why: str = ""
    problem: str = ""
    recipe: str = ""
    live: bool = False

    @property
    def tooltip(self) -> str:
        """Idea, source, and what hinders, in a few lines."""
        lines = [self.help]
        if self.recipe and self.on and not self.changed:
            lines.append(f"Part of the recipe of {self.recipe}.")
        if self.live and not self.why:
            lines.append("Can be switched while the run goes on.")
        return "\n".join([*lines, *(text for text in (self.problem or self.why, self.locked) if text)])


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
    form = _Form(draft, found, active)
    return [form.field(*leaf) for leaf in walk(found.config) if leaf[0].startswith("data.")]


def sections(draft: Draft, active: bool, remarks: Mapping[str, str] = NOTHING) -> list[Section]:
    """The form below variant and data, for a draft; while a run is ``active`` most of it is locked.

    ``remarks`` are problems by key that only the engine could find, such as a folder without pictures.
    """
    found = _with_remarks(examine(draft), remarks)
    form = _Form(draft, found, active)
    left = [leaf for leaf in walk(found.config) if leaf[0] != "variant" and not leaf[0].startswith("data.")]
    result: list[Section] = []
    for group in GROUPS:
        mine = [leaf for pattern in group.keys for leaf in left if fnmatchcase(leaf[0], pattern)]
        left = [leaf for leaf in left if leaf not in mine]
        rows = tuple(form.rows(group, [form.field(*leaf) for leaf in mine]))
        result.append(Section(group, rows, active and any(_is_live(row) for row in rows)))
    return result


def keys_of(row: Row) -> Iterator[str]:
    """The keys that a row shows."""
    if isinstance(row, Switch):
        yield f"stabilizers.{row.name}"
        yield from (field.key for field in row.fields)
    else:
        yield row.key


def _with_remarks(found: Examined, remarks: Mapping[str, str]) -> Examined:
    return Examined(found.config, {**remarks, **found.problems}) if remarks else found


def _is_live(row: Row) -> bool:
    if isinstance(row, Switch):
        return row.live or any(field.live for field in row.fields)
    return isinstance(row, Field) and row.live


class _Form:
    """Makes the rows for one draft."""

    def __init__(self, draft: Draft, found: Examined, active: bool) -> None:
        self.draft, self.found, self.config, self.active = draft, found, found.config, active
        variant = VARIANTS[found.config.variant]
        self.variant, self.source = variant, f"{variant.title}, {variant.year}"
        self.recipe = dict(flat(recipe(found.config)))

    def rows(self, group: Group, fields: list[Field]) -> Iterator[Row]:
        """The rows of a group, its choosers before what they choose."""
        if group.name == "stabilizers":
            yield from (self.switch(name, fields) for name in KINDS["stabilizers"])
            return
        choosers = CHOOSERS.get(group.name, ())
        belongs = {f.key: next((p for p, _, _ in choosers if f.key.startswith(p + ".")), "") for f in fields}
        first = [f for f in fields if not belongs[f.key]]
        if group.name != "conditioning":
            yield from first
        for place, section, label in choosers:
            yield self.chooser(place, section, label)
            yield from (f for f in fields if belongs[f.key] == place)
        if group.name == "conditioning":
            yield from first

    def field(self, key: str, setting: Setting, value: Any) -> Field:
        """The row of one setting."""
        chosen = self.draft.get(key)
        changed = chosen is not None and key not in FREE
        option, active = setting.option, self.active
        return Field(
            key=key,
            label=LABELS.get(key, setting.label),
            editor="choice" if key in CHOICES else editor_for(setting),
            value=value if chosen is None else chosen,
            option=replace(option, choices=CHOICES[key](self.config)) if key in CHOICES else option,
            changed=changed,
            baseline=_baseline(self.draft, key) if changed else value,
            problem=self.found.problems.get(key, ""),
            locked=WHILE_TRAINING if active and not option.live else "",
            live=active and option.live,
            recipe=self.source if key in self.recipe else "",
        )

    def chooser(self, place: str, section: str, label: str) -> Chooser:
        """The row that chooses a kind, with what speaks against each."""
        registry = KINDS[section]
        tag = next(iter(registry.values())).tag
        allowed = self.variant.objectives if section == "objectives" else ()
        chosen: Options = lookup(self.config, place)
        options = tuple(
            Kind(name, cls.title, cls.idea, self._against(place, tag, name, chosen.kind))
            for name, cls in registry.items()
            if not allowed or name in allowed
        )
        return Chooser(
            place=place,
            tag=tag,
            label=label,
            kind=chosen.kind,
            options=options,
            changed=self.draft.get(f"{place}.{tag}") is not None,
            locked=WHILE_TRAINING if self.active else "",
            recipe=self.source if self.recipe.get(f"{place}.{tag}") == chosen.kind else "",
            left_out=f"{self.variant.title} is defined by it." if len(allowed) == 1 else "",
            problem=self.found.problems.get(f"{place}.{tag}", ""),
        )

    def _against(self, place: str, tag: str, kind: str, chosen: str) -> str:
        if kind == chosen or self.active:
            return ""
        return against(self.draft, self.draft.with_kind(place, tag, kind))

    def switch(self, name: str, fields: list[Field]) -> Switch:
        """The row of a stabilizer."""
        cls = cast("type[Stabilizer]", KINDS["stabilizers"][name])
        key = f"stabilizers.{name}"
        chosen = self.draft.get(key)
        wanted = chosen is not None and chosen is not False
        on = name in self.config.stabilizers or wanted
        own = [f for f in fields if f.key.startswith(f"{key}.")]
        if on and not own:  # set aside for a problem, which a setting may cure
            own = [self.field(*leaf) for leaf in walk(cls(), key)]
        why = "" if on else against_stabilizer(self.config, name)
        return Switch(
            name=name,
            title=cls.title,
            help=_idea(cls),
            on=on,
            changed=chosen is not None,
            fields=tuple(own),
            locked=REBUILDS if self.active and not cls.live_switch else "",
            group=cls.group or "Others",
            idea=cls.idea,
            why="" if why and curable(self.config, name) else why,
            problem=self.found.problems.get(key, "") if on else "",
            recipe=self.source if any(k.startswith(f"{key}.") for k in self.recipe) else "",
            live=self.active and cls.live_switch,
        )


def _idea(cls: type[Stabilizer]) -> str:
    origin = ", ".join(str(part) for part in (cls.year, cls.paper) if part)
    return f"{cls.idea}\n{origin}" if origin else cls.idea


def _baseline(draft: Draft, key: str) -> Any:
    return lookup(examine(draft.reset(key)).config, key)


def problem_elsewhere(draft: Draft, shown: set[str], remarks: Mapping[str, str] = NOTHING) -> str:
    """The first problem that belongs to no visible field, as a sentence."""
    for key, problem in _with_remarks(examine(draft), remarks).problems.items():
        if key not in shown:
            return f"{key}: {problem}"
    return ""
