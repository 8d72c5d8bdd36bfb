"""What a setting is: its type, default, unit, range and help, declared once, read by form, help and checks.

A settings class is a frozen dataclass derived from :class:`Options` whose fields are made with
:func:`option`. Everything else (TOML reading, range checks, the window's form, ``--help``) is derived
from these declarations.
"""

from __future__ import annotations

import difflib
import math
import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, field, fields, is_dataclass
from functools import cache
from typing import Any, ClassVar, TypeVar

Scalar = str | int | float | bool
Table = Mapping[str, Any]


class ConfigError(ValueError):
    """A setting that cannot be used. ``str(error)`` is one sentence that names the key."""

    def __init__(self, key: str, problem: str, source: str = "") -> None:
        self.key, self.problem, self.source = key, problem, source
        super().__init__(": ".join(part for part in (source, key, problem) if part))

    def within(self, source: str) -> ConfigError:
        """The same error, told with the file it comes from."""
        return ConfigError(self.key, self.problem, source)


@dataclass(frozen=True)
class Option:
    """The declaration of one setting.

    ``low`` and ``high`` are inclusive unless ``open_low``/``open_high``; ``logarithmic`` says that a slider
    should move by factors; ``live`` that the setting may change while a run goes on; ``section`` names the
    catalogue registry that supplies the kinds of a sub-table, ``many`` that the table holds several of them.
    """

    help: str
    label: str = ""
    unit: str = ""
    low: float | None = None
    high: float | None = None
    open_low: bool = False
    open_high: bool = False
    choices: tuple[Scalar, ...] = ()
    live: bool = False
    logarithmic: bool = False
    advanced: bool = False
    path: bool = False
    section: str = ""
    many: bool = False

    def range_text(self) -> str:
        """The allowed values in words: ``"one of 8, 16, 32"``, ``"more than 0 and at most 1"`` or ``""``."""
        if self.choices:
            return "one of " + ", ".join(str(choice) for choice in self.choices if choice != "")
        parts: list[str] = []
        if self.low is not None:
            parts.append(("more than " if self.open_low else "at least ") + plain(self.low))
        if self.high is not None:
            parts.append(("less than " if self.open_high else "at most ") + plain(self.high))
        return " and ".join(parts)


def option(default: Any = MISSING, *, help: str, **declaration: Any) -> Any:
    """A dataclass field that carries its :class:`Option`; without a default the setting is required."""
    return field(default=default, metadata={"option": Option(help=help, **declaration)})


def nested(cls: type[Options], *, help: str, label: str = "") -> Any:
    """A dataclass field that holds a fixed sub-table of settings."""
    return field(default_factory=cls, metadata={"option": Option(help=help, label=label)})


@dataclass(frozen=True)
class Options:
    """A table of settings. Where several kinds of a table exist, ``kind`` is the name a person writes."""

    kind: ClassVar[str] = ""
    title: ClassVar[str] = ""
    idea: ClassVar[str] = ""
    tag: ClassVar[str] = "kind"


OptionsT = TypeVar("OptionsT", bound=Options)
Kinds = Mapping[str, Mapping[str, type[Options]]]
"""Registry name -> kind name -> the settings class of that kind."""


@dataclass(frozen=True)
class Setting:
    """One field of a settings class, resolved: what a form or a help text needs to know."""

    name: str
    type: Any
    default: Any
    option: Option

    @property
    def label(self) -> str:
        """The name as a person reads it."""
        return self.option.label or self.name.replace("_", " ").capitalize()


@cache
def settings_of(cls: type[Options]) -> tuple[Setting, ...]:
    """Every setting of a class, in the order of declaration."""
    hints = typing.get_type_hints(cls)
    return tuple(
        Setting(f.name, hints[f.name], _default(f), f.metadata["option"])
        for f in fields(cls)
        if "option" in f.metadata
    )


def _default(f: Field[Any]) -> Any:
    if f.default is not MISSING:
        return f.default
    return f.default_factory() if f.default_factory is not MISSING else MISSING


def plain(value: float) -> str:
    """A number as a person writes it: ``0.0002`` is ``2e-4``, ``3.0`` is ``3``."""
    if isinstance(value, bool) or not math.isfinite(value):
        return str(value).lower()
    if float(value).is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = f"{value:.6g}"
    if abs(value) < 1e-2 and "e" not in text:
        text = f"{value:.5e}"
    if "e" in text:
        mantissa, exponent = text.split("e")
        if "." in mantissa:
            mantissa = mantissa.rstrip("0").rstrip(".")
        text = f"{mantissa}e{int(exponent)}"
    return text


def nearest(word: str, known: Sequence[str]) -> str:
    """A hint such as ``"; did you mean 'lr'?"``, or nothing where no known word is close."""
    close = difflib.get_close_matches(word[:100], known, n=1, cutoff=0.5)
    return f"; did you mean '{close[0]}'?" if close else ""


def join(*parts: str) -> str:
    """A dotted key."""
    return ".".join(part for part in parts if part)


def read_table(cls: type[OptionsT], table: Any, kinds: Kinds, path: str = "") -> OptionsT:
    """A checked instance of ``cls`` from a plain table; raises :class:`ConfigError` naming the first bad key."""
    if not isinstance(table, Mapping):
        raise ConfigError(path, f"{_quote(table)} is not a table of settings")
    settings = {s.name: s for s in settings_of(cls)}
    for key in table:
        if key not in settings and not (cls.kind and key == cls.tag):
            where = f" of {cls.kind}" if cls.kind else ""
            hint = nearest(str(key), list(settings))
            raise ConfigError(join(path, short(str(key))), f"no such setting{where}{hint}")
    values = {
        name: read_value(setting, table[name], kinds, join(path, name))
        for name, setting in settings.items()
        if name in table
    }
    missing = [n for n, s in settings.items() if n not in values and s.default is MISSING]
    if missing:
        raise ConfigError(join(path, missing[0]), "is needed: " + settings[missing[0]].option.help)
    return cls(**values)


def read_value(setting: Setting, value: Any, kinds: Kinds, path: str) -> Any:
    """One checked value; tables go down into their own settings class."""
    declared = setting.option
    if declared.section and declared.many:
        return read_many(declared.section, value, kinds, path)
    if declared.section:
        return read_kind(declared.section, value, kinds, path)
    if isinstance(setting.type, type) and is_dataclass(setting.type) and issubclass(setting.type, Options):
        return value if isinstance(value, setting.type) else read_table(setting.type, value, kinds, path)
    return check(setting, convert(setting.type, value, path), path)


def read_kind(section: str, value: Any, kinds: Kinds, path: str) -> Options:
    """A table whose settings depend on the kind it names (a network, an optimizer, a data source)."""
    if isinstance(value, Options):
        return value
    known = kinds[section]
    tag = next(iter(known.values())).tag
    if not isinstance(value, Mapping):
        raise ConfigError(path, f"{_quote(value)} is not a table of settings")
    name = value.get(tag)
    if name is None:
        raise ConfigError(join(path, tag), "is needed: one of " + ", ".join(known))
    if not isinstance(name, str) or name not in known:
        raise ConfigError(join(path, tag), unknown(name, list(known)))
    return read_table(known[name], value, kinds, path)


def read_many(section: str, value: Any, kinds: Kinds, path: str) -> Mapping[str, Options]:
    """A table of tables, one for each switched-on kind; ``false`` switches an inherited one off."""
    if not isinstance(value, Mapping):
        raise ConfigError(path, f"{_quote(value)} is not a table of settings")
    found: dict[str, Options] = {}
    for name, table in value.items():
        if name not in kinds[section]:
            raise ConfigError(join(path, short(str(name))), unknown(name, list(kinds[section])))
        if table is False:
            continue
        cls = kinds[section][name]
        given: Any = {} if table is True else table
        found[name] = given if isinstance(given, Options) else read_table(cls, given, kinds, join(path, name))
    return types.MappingProxyType(dict(sorted(found.items())))


def unknown(name: Any, known: Sequence[str]) -> str:
    """The problem text for a name that is not in a catalogue."""
    near = nearest(str(name), known)
    return f"{_quote(name)} is not known" + (near or ": one of " + ", ".join(known))


def convert(kind: Any, value: Any, path: str) -> Any:
    """``value`` as ``kind``; whole floats pass as integers, integers as floats, lists as tuples."""
    origin = typing.get_origin(kind)
    if origin is tuple:
        inner = typing.get_args(kind)
        if not isinstance(value, list | tuple) or len(value) != len(inner):
            raise ConfigError(path, f"{_quote(value)} is not a list of {len(inner)} values")
        return tuple(convert(k, v, path) for k, v in zip(inner, value, strict=True))
    if kind is bool and isinstance(value, bool):
        return value
    if kind is str and isinstance(value, str):
        return value
    if kind in (int, float) and isinstance(value, int | float) and not isinstance(value, bool):
        try:
            number = float(value)
        except OverflowError:
            raise ConfigError(path, "is a number beyond all limits") from None
        if kind is float:
            return number
        if number.is_integer():
            return int(value)
    names = {bool: "true or false", int: "a whole number", float: "a number", str: "a text"}
    raise ConfigError(path, f"{_quote(value)} is not {names.get(kind, 'a valid value')}")


def check(setting: Setting, value: Any, path: str) -> Any:
    """The value itself, if its declaration allows it."""
    declared = setting.option
    if isinstance(value, str) and "\0" in value:
        raise ConfigError(path, "a text cannot hold a null character")
    if isinstance(value, str) and any("\ud800" <= letter <= "\udfff" for letter in value):
        raise ConfigError(path, "a text must be valid Unicode")
    if declared.choices and value not in declared.choices:
        raise ConfigError(path, _not_a_choice(value, declared.choices))
    for number in value if isinstance(value, tuple) else (value,):
        if isinstance(number, int | float) and not isinstance(number, bool) and not _inside(declared, number):
            raise ConfigError(path, f"{plain(number)} is not {declared.range_text() or 'a finite number'}")
    return value


def _inside(declared: Option, number: float) -> bool:
    if not math.isfinite(number):
        return False
    low, high = declared.low, declared.high
    above = low is None or (number > low if declared.open_low else number >= low)
    below = high is None or (number < high if declared.open_high else number <= high)
    return above and below


def _not_a_choice(value: Scalar, choices: tuple[Scalar, ...]) -> str:
    listed = ", ".join(str(choice) for choice in choices)
    if isinstance(value, str):
        return f"{_quote(value)} is not one of {listed}{nearest(value, [str(c) for c in choices])}"
    closest = min((float(c) for c in choices), key=lambda c: abs(c - value))
    return f"{plain(value)} is not one of {listed}; the nearest is {plain(closest)}"


def short(text: str) -> str:
    """At most sixty characters of a text, on one line."""
    text = text if text.isprintable() else repr(text)
    return text if len(text) <= 60 else text[:57] + "..."


def _quote(value: Any) -> str:
    try:
        return short(repr(value))
    except (RecursionError, ValueError):  # nested too deep, or a number of too many digits
        return "this value"


def to_table(options: Options) -> dict[str, Any]:
    """The plain table (TOML and JSON types only) that :func:`read_table` turns back into ``options``."""
    table: dict[str, Any] = {options.tag: options.kind} if options.kind else {}
    for setting in settings_of(type(options)):
        table[setting.name] = _plain_value(getattr(options, setting.name), setting.option.many)
    return table


def _plain_value(value: Any, many: bool) -> Any:
    if many:
        return {name: {k: v for k, v in to_table(o).items() if k != o.tag} for name, o in value.items()}
    if isinstance(value, Options):
        return to_table(value)
    return list(value) if isinstance(value, tuple) else value


def walk(options: Options, path: str = "") -> Iterator[tuple[str, Setting, Any]]:
    """Every leaf setting of a config: dotted key, declaration, value."""
    for setting in settings_of(type(options)):
        value, key = getattr(options, setting.name), join(path, setting.name)
        if setting.option.many:
            for name, inner in value.items():
                yield from walk(inner, join(key, name))
        elif isinstance(value, Options):
            yield from walk(value, key)
        else:
            yield key, setting, value
