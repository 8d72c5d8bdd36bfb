"""What the players minimise: pure functions of logits, registered under the names of the catalogue."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from ganstudio.core.schema import Options
from ganstudio.objectives import critics, divergences, energies, losses, relative
from ganstudio.objectives.base import Objective

OBJECTIVES: dict[str, Callable[[Any, torch.device | str], Objective[Any]]] = {
    "non-saturating": losses.NonSaturating,
    "saturating": losses.Saturating,
    "least-squares": critics.LeastSquares,
    "wasserstein": critics.Wasserstein,
    "hinge": critics.Hinge,
    "f-divergence": divergences.FDivergence,
    "relativistic": relative.Relativistic,
    "relativistic-average": relative.RelativisticAverage,
    "energy-margin": energies.EnergyMargin,
    "boundary-equilibrium": energies.BoundaryEquilibrium,
}


def build_objective(settings: Options, device: torch.device | str = "cpu") -> Objective[Any]:
    """The objective of a config, its memory on ``device``."""
    return OBJECTIVES[settings.kind](settings, device)


__all__ = ["OBJECTIVES", "Objective", "build_objective"]
