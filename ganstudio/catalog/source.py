"""What all data sources of the catalogue have in common."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from ganstudio.core.schema import Options

IMAGE_SIZES = (8, 16, 32, 64, 128, 256, 512, 1024)


@dataclass(frozen=True)
class Dataset(Options):
    """A source of samples. ``data`` is ``"image"`` or ``"points"``; ``advice`` are config values that suit it,
    used where neither the person nor the variant says otherwise."""

    tag: ClassVar[str] = "source"
    data: ClassVar[str] = "image"
    about: ClassVar[str] = ""
    advice: ClassVar[Mapping[str, Any]] = {}

    @property
    def classes(self) -> int | None:
        """How many classes the labels have: 0 without labels, ``None`` where only the loaded data tells."""
        return 0
