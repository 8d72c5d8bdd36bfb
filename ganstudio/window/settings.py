"""What the window remembers between two starts: a small TOML file, read carefully. Knows no Qt."""

from __future__ import annotations

import logging
import os
import tomllib
from copy import deepcopy
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import platformdirs
import tomli_w

from ganstudio.core.files import write_atomically
from ganstudio.core.runs import default_runs_folder

THEMES = ("system", "dark", "light")
RECENT_LIMIT = 12
log = logging.getLogger(__name__)


def config_home() -> Path:
    """Where settings and logs live: ``GANSTUDIO_CONFIG_HOME`` if set, else the user's configuration folder."""
    chosen = os.environ.get("GANSTUDIO_CONFIG_HOME")
    return Path(chosen) if chosen else Path(platformdirs.user_config_dir("ganstudio", appauthor=False))


def log_home() -> Path:
    """Where the log files live."""
    if os.environ.get("GANSTUDIO_CONFIG_HOME"):
        return config_home() / "log"
    return Path(platformdirs.user_log_dir("ganstudio", appauthor=False))


@dataclass
class Settings:
    """The remembered values. ``layout`` and ``geometry`` are Qt's own states as base64 text."""

    theme: str = "system"
    runs_folder: str = ""
    prestart: bool = True
    recent: list[str] = field(default_factory=list[str])
    geometry: str = ""
    layout: str = ""
    layout_version: int = 0
    compare_sort: str = "created"
    compare_descending: bool = True
    compare_group: str = ""
    compare_archived: bool = False
    compare_hidden: list[str] = field(default_factory=list[str])
    compare_shown: list[str] = field(default_factory=list[str])
    """Columns that are left out although they are shown at first, and the other way round."""
    compare_order: list[str] = field(default_factory=list[str])
    """Columns from left to right; empty: as they stand at first."""
    compare_widths: dict[str, int] = field(default_factory=dict[str, int])
    """Column -> its width in pixels, where somebody has given it one."""
    compare_added: list[str] = field(default_factory=list[str])
    """Runs and folders of runs from elsewhere that are in the table too."""
    compare_layout: str = ""

    @property
    def runs(self) -> Path:
        """The folder that new runs go to."""
        return Path(self.runs_folder).expanduser() if self.runs_folder else default_runs_folder()

    def remember(self, folder: Path | str) -> None:
        """Put a run folder on top of the recent ones."""
        name = str(folder)
        self.recent = [name, *(other for other in self.recent if other != name)][:RECENT_LIMIT]


class SettingsFile:
    """The file behind :class:`Settings`. A damaged one is set aside as ``.bad`` and never read again.

    Several windows share it: each writes what was changed in it, and leaves the rest as another one has written it.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or config_home() / "window.toml"
        self.notice = ""
        self.settings = self._load()
        self._written = deepcopy(self.settings)

    def save(self) -> bool:
        """Write the settings; a full disk or a read-only home costs the memory, never the program."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(self.path, tomli_w.dumps(asdict(self._merged())).encode("utf-8"))
        except OSError as error:
            log.info("the settings could not be saved: %s", error)
            return False
        self._written = deepcopy(self.settings)
        return True

    def _merged(self) -> Settings:
        """What is in the file, with what has changed here since it was last written."""
        try:
            merged = self._read()
        except (OSError, ValueError, RecursionError):
            return self.settings
        gone = set(self._written.recent) - set(self.settings.recent)
        elsewhere = [name for name in merged.recent if name not in gone]
        for item in fields(Settings):
            value = getattr(self.settings, item.name)
            if value != getattr(self._written, item.name):
                setattr(merged, item.name, value)
        merged.recent = list(dict.fromkeys([*merged.recent, *elsewhere]))[:RECENT_LIMIT]
        return merged

    def _load(self) -> Settings:
        try:
            return self._read()
        except FileNotFoundError:
            return Settings()
        except (OSError, ValueError, RecursionError) as error:
            self._set_aside(error)
            return Settings()

    def _read(self) -> Settings:
        return _checked(tomllib.loads(self.path.read_bytes().decode("utf-8")))

    def _set_aside(self, error: Exception) -> None:
        bad = self.path.with_suffix(".toml.bad")
        try:
            self.path.replace(bad)
        except OSError:
            bad = self.path
        self.notice = (
            f"The settings could not be read and were put back to the defaults. The old file is {bad}."
        )
        log.info("damaged settings: %s", error)


def _checked(table: dict[str, Any]) -> Settings:
    """Every value of the right type; anything else gives way to its default."""
    settings = Settings()
    for item in fields(Settings):
        value, default = table.get(item.name), getattr(settings, item.name)
        if type(value) is type(default):
            setattr(settings, item.name, value)
    settings.recent = _texts(settings.recent)[:RECENT_LIMIT]
    widths = settings.compare_widths.items()
    settings.compare_widths = {
        key: width for key, width in widths if type(width) is int and 0 < width < 10_000
    }
    for name in ("compare_hidden", "compare_shown", "compare_order", "compare_added"):
        setattr(settings, name, _texts(getattr(settings, name)))
    if settings.theme not in THEMES:
        settings.theme = "system"
    return settings


def _texts(values: list[Any]) -> list[str]:
    return [value for value in values if isinstance(value, str)]
