"""How a generator is told what to make, as rules of the training step, registered under the catalogue's names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ganstudio.conditioning import codes, crowd, labels
from ganstudio.conditioning.base import Way
from ganstudio.core.schema import Options
from ganstudio.stabilizers.base import Site

CONDITIONINGS: dict[str, Callable[[Any, Site], Way[Any]]] = {
    "nothing": Way,
    "concatenation": labels.Concatenation,
    "projection": labels.Projection,
    "classifier": labels.Classifier,
    "codes": codes.Codes,
    "crowd": crowd.Together,
}


def build_conditioning(settings: Options, site: Site) -> Way[Any]:
    """The run's way of conditioning."""
    return CONDITIONINGS[settings.kind](settings, site)


__all__ = ["CONDITIONINGS", "Way", "build_conditioning"]
