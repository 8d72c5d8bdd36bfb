"""How gradients become updates, and what the generator is rewarded for."""

from __future__ import annotations

from ganstudio.catalog.stabilizers.base import Stabilizer

ALL: tuple[type[Stabilizer], ...] = ()
