"""What the players minimise, as data: names, ideas and what theory says of the equilibrium; a theme per file."""

from __future__ import annotations

from ganstudio.catalog.objectives import critics, divergences, energies, probability, relative
from ganstudio.catalog.objectives.base import ObjectiveOptions
from ganstudio.catalog.objectives.critics import Hinge, LeastSquares, Wasserstein
from ganstudio.catalog.objectives.divergences import FDivergence
from ganstudio.catalog.objectives.energies import BoundaryEquilibrium, EnergyMargin
from ganstudio.catalog.objectives.probability import NonSaturating, Saturating
from ganstudio.catalog.objectives.relative import Relativistic, RelativisticAverage
from ganstudio.core.schema import Options

_THEMES = (probability, critics, divergences, relative, energies)
OBJECTIVES: dict[str, type[Options]] = {cls.kind: cls for theme in _THEMES for cls in theme.ALL}

__all__ = [
    "OBJECTIVES",
    "BoundaryEquilibrium",
    "EnergyMargin",
    "FDivergence",
    "Hinge",
    "LeastSquares",
    "NonSaturating",
    "ObjectiveOptions",
    "Relativistic",
    "RelativisticAverage",
    "Saturating",
    "Wasserstein",
]
