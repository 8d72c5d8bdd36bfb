"""Tricks that steady the game: each a switch with its own strength, a theme per file."""

from __future__ import annotations

from ganstudio.catalog.stabilizers import (
    architecture,
    growing,
    inputs,
    learning,
    lipschitz,
    penalties,
    targets,
)
from ganstudio.catalog.stabilizers.base import Stabilizer, couples_samples
from ganstudio.core.schema import Options

_THEMES = (targets, inputs, penalties, lipschitz, architecture, growing, learning)
STABILIZERS: dict[str, type[Options]] = {cls.kind: cls for theme in _THEMES for cls in theme.ALL}

__all__ = ["STABILIZERS", "Stabilizer", "couples_samples"]
