"""Tricks that steady the game, as hooks of the training step, registered under the names of the catalogue.

A stabilizer overrides the hooks it needs; the others do nothing. Its settings may change while training goes
on: hooks read them anew each time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ganstudio.core.schema import Options
from ganstudio.stabilizers.base import Stabilizer, Turn
from ganstudio.stabilizers.label_smoothing import LabelSmoothing
from ganstudio.stabilizers.noise import InstanceNoise
from ganstudio.stabilizers.r1 import R1

STABILIZERS: dict[str, Callable[[Any], Stabilizer[Any]]] = {
    "label-smoothing": LabelSmoothing,
    "instance-noise": InstanceNoise,
    "r1": R1,
}


def build_stabilizers(chosen: Mapping[str, Options]) -> tuple[Stabilizer[Any], ...]:
    """The switched-on stabilizers of a config."""
    return tuple(STABILIZERS[name](settings) for name, settings in chosen.items())


__all__ = ["STABILIZERS", "Stabilizer", "Turn", "build_stabilizers"]
