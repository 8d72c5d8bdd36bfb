"""A preset as a draft: also one that is complete only once a person has chosen a folder. Knows no Qt."""

from __future__ import annotations

from pathlib import Path

from ganstudio.catalog.presets import presets
from ganstudio.catalog.resolve import load, resolve
from ganstudio.core.config import load_toml
from ganstudio.core.schema import ConfigError
from ganstudio.window.form.draft import Draft, draft_of


def draft_of_preset(name: str) -> Draft:
    """The draft of a shipped preset; ``ConfigError`` or ``KeyError`` if there is none that can be used."""
    return draft_of_file(presets()[name].path)


def draft_of_file(path: Path) -> Draft:
    """The draft of a TOML file. A missing folder of pictures is left for the form to ask for."""
    try:
        return draft_of(load(path))
    except ConfigError as error:
        if error.key != "data.path":
            raise
    table = load_toml(path)
    table.pop("run", None)
    table["data"] = {**table["data"], "path": ""}
    try:
        return draft_of(resolve(table))
    except ConfigError as error:
        raise error.within(path.name) from None
