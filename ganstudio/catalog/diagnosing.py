"""The facts of a run that its diagnosis needs, out of its config and the catalogue."""

from __future__ import annotations

from typing import cast

from ganstudio.catalog.conditioning import Conditioning
from ganstudio.catalog.datasets import Dataset
from ganstudio.catalog.objectives import ObjectiveOptions
from ganstudio.catalog.resolve import change, live_settings
from ganstudio.catalog.stabilizers import STABILIZERS, Stabilizer
from ganstudio.core.config import RunConfig
from ganstudio.core.diagnosis import Facts
from ganstudio.core.schema import ConfigError

LEARNS_FIRST = 2500
"""Steps that a run with an energy may take to begin: its judge has to learn to reconstruct the data first."""


def facts_of(config: RunConfig, finite: int = 0) -> Facts:
    """The facts; ``finite`` is the number of real samples, 0 where they are endless."""
    objective = cast("ObjectiveOptions", config.objective)
    return Facts(
        kind=cast("Dataset", config.data).data,
        equilibrium=dict(objective.expects()) if _levels(objective) else {},
        sided=objective.middle() is not None,
        conditional=cast("Conditioning", config.conditioning).labels,
        finite=finite,
        begins=LEARNS_FIRST if objective.energy else Facts.begins,
        settings=live_settings(config),
        ready={kind: cls.title for kind, cls in STABILIZERS.items() if _can_switch_on(config, kind)},
    )


def _levels(objective: ObjectiveOptions) -> bool:
    """Whether the losses at equilibrium are those of a judge that can only guess; an energy has no such thing."""
    return not objective.energy


def _can_switch_on(config: RunConfig, kind: str) -> bool:
    """Whether a stabilizer is off, goes with everything else and can be switched on while a run goes on."""
    if kind in config.stabilizers or not cast("type[Stabilizer]", STABILIZERS[kind]).live_switch:
        return False
    try:
        change(config, f"stabilizers.{kind}", True)
    except ConfigError:
        return False
    return True
