"""Tricks that steady the game, as rules of the training step, registered under the names of the catalogue.

Each theme of the catalogue has its file here with its own registry.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ganstudio.core.schema import Options
from ganstudio.stabilizers import architecture, growing, inputs, learning, lipschitz, penalties, targets
from ganstudio.stabilizers.base import Rule, Site, Turn

STABILIZERS: dict[str, Callable[[Any, Site], Rule[Any]]] = {
    **targets.RULES,
    **inputs.RULES,
    **penalties.RULES,
    **lipschitz.RULES,
    **architecture.RULES,
    **growing.RULES,
    **learning.RULES,
}


def build_stabilizer(settings: Options, site: Site) -> Rule[Any]:
    """One switched-on stabilizer."""
    return STABILIZERS[settings.kind](settings, site)


__all__ = ["STABILIZERS", "Rule", "Site", "Turn", "build_stabilizer"]
