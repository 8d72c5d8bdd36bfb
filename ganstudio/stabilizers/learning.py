"""How gradients become updates, and what the generator is rewarded for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ganstudio.stabilizers.base import Rule, Site

RULES: dict[str, Callable[[Any, Site], Rule[Any]]] = {}
