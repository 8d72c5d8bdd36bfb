"""How a setting is edited: which editor it has, how its value reads, and what a typed one means. Knows no Qt."""

from __future__ import annotations

import typing
from typing import Any

from ganstudio.core.schema import MISSING, Setting, plain


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
