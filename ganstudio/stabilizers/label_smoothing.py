"""One-sided label smoothing (Salimans 2016, section 3.4)."""

from __future__ import annotations

from ganstudio.catalog import stabilizers as options
from ganstudio.objectives.losses import Objective
from ganstudio.stabilizers.base import Stabilizer


class LabelSmoothing(Stabilizer[options.LabelSmoothing]):
    """Real samples have a target below one; generated ones keep zero."""

    def objective(self, objective: Objective) -> Objective:
        """The objective with the softer target."""
        return objective.smoothed(self.settings.target)
