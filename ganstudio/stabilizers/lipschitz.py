"""What keeps a critic's slope bounded without a penalty, and how often it learns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ganstudio.stabilizers.base import Rule, Site

RULES: dict[str, Callable[[Any, Site], Rule[Any]]] = {}
