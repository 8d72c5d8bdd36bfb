"""Ready runs: TOML files that travel with the package."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from ganstudio.catalog.resolve import load
from ganstudio.core.config import RunConfig
from ganstudio.core.schema import ConfigError, nearest, short

DEFAULT_PRESET = "digits-dcgan"
ORDER = (
    "digits-dcgan", "digits-gan", "digits-lsgan", "digits-wgan-gp", "digits-sngan", "digits-biggan", "digits-r3gan",
    "digits-progan", "digits-acgan", "digits-infogan", "faces-stylegan", "faces-stylegan2", "shapes-stylegan3",
    "mixture-1d", "ring-2d", "ring-pacgan", "ring-unrolled", "grid-2d", "grid-multi", "folder-dcgan",
)  # fmt: skip
"""What runs on any computer, from the first steps on; presets for a GPU follow."""
FOR_GPU = "For a GPU"
"""How the description of a preset begins that is too large for a processor."""


def shipped(folder: str) -> Traversable:
    """``presets`` or ``resources``: inside the package when installed, beside it in a source checkout."""
    package = files("ganstudio")
    inside = package / folder
    return inside if inside.is_dir() else Path(str(package)).parent / folder


@dataclass(frozen=True)
class Preset:
    """A ready run: its name, its file, and the first comment lines of the file as its description."""

    name: str
    path: Path
    about: str

    @property
    def for_gpu(self) -> bool:
        """Whether it takes a GPU to see something good soon."""
        return self.about.startswith(FOR_GPU)


def presets() -> dict[str, Preset]:
    """All shipped presets, the default first."""
    found: dict[str, Preset] = {}
    for item in shipped("presets").iterdir():
        if item.name.endswith(".toml"):
            name = item.name.removesuffix(".toml")
            found[name] = Preset(name, Path(str(item)), _about(item.read_text("utf-8")))
    position = {name: index for index, name in enumerate(ORDER)}
    return dict(sorted(found.items(), key=lambda pair: (position.get(pair[0], len(ORDER)), pair[0])))


def _about(text: str) -> str:
    lines: list[str] = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.lstrip("# ").rstrip())
    return " ".join(lines)


def find_spec(spec: str) -> Path:
    """The TOML file a person means by a preset's name, a path to a file, or a run's folder."""
    known = presets()
    if spec in known:
        return known[spec].path
    path = Path(os.path.expanduser(spec))  # noqa: PTH111 (Path.expanduser raises for an unknown user)
    with contextlib.suppress(OSError):  # a name too long, a folder that may not be entered
        if (path / "run.toml").is_file():
            return path / "run.toml"
        if path.exists():
            return path
    if path.suffix == ".toml":
        return path
    raise ConfigError(short(spec), f"is neither a preset nor a TOML file{nearest(spec, list(known))}")


def load_spec(spec: str) -> RunConfig:
    """The config a person means by a preset's name or a path to a TOML file."""
    return load(find_spec(spec))
