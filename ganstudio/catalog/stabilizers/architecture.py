"""Layers added to the networks."""

from __future__ import annotations

from ganstudio.catalog.stabilizers.base import Stabilizer

ALL: tuple[type[Stabilizer], ...] = ()
