"""What keeps a critic's slope bounded without a penalty, and how often it learns."""

from __future__ import annotations

from ganstudio.catalog.stabilizers.base import Stabilizer

ALL: tuple[type[Stabilizer], ...] = ()
