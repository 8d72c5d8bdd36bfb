"""Tricks that steady the game, as rules of the training step, registered under the names of the catalogue."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ganstudio.core.schema import Options
from ganstudio.stabilizers.base import Rule, Site, Turn
from ganstudio.stabilizers.label_smoothing import LabelSmoothing
from ganstudio.stabilizers.noise import InstanceNoise
from ganstudio.stabilizers.r1 import R1

STABILIZERS: dict[str, Callable[[Any, Site], Rule[Any]]] = {
    "label-smoothing": LabelSmoothing,
    "instance-noise": InstanceNoise,
    "r1": R1,
}


def build_stabilizer(settings: Options, site: Site) -> Rule[Any]:
    """One switched-on stabilizer."""
    return STABILIZERS[settings.kind](settings, site)


__all__ = ["STABILIZERS", "Rule", "Site", "Turn", "build_stabilizer"]
