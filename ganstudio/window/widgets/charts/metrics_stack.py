"""The charts of what was measured of one run: made as numbers come, gone with the run."""

from __future__ import annotations

from collections.abc import Sequence

from ganstudio.catalog.best import best_of, leading
from ganstudio.core.measurement import Measurement
from ganstudio.window.model.series import SeriesStore
from ganstudio.window.widgets.charts import measures
from ganstudio.window.widgets.charts.measured import MeasuredPanel, spec_of
from ganstudio.window.widgets.charts.measures import MeasuredCurve, Way

COLOR = "accent-text"


class MetricsStack:
    """One panel for each metric and protocol. The owner places those that are new and removes those that are gone."""

    def __init__(self) -> None:
        self.panels: dict[Way, MeasuredPanel] = {}

    def show(
        self, measurements: Sequence[Measurement], chosen: str, store: SeriesStore
    ) -> tuple[list[MeasuredPanel], list[MeasuredPanel]]:
        """Bring the panels in line; those that are new and those that are gone.

        The one by which the best checkpoint is chosen stands first and unfolded, its best number in a ring.
        """
        deciding, best = leading(measurements, chosen), best_of(measurements, chosen)
        found = measures.ordered(measures.courses(measurements), deciding)
        labels = measures.labels(found)
        gone = [self.panels.pop(way) for way in self.panels.keys() - dict(found).keys()]
        new: list[MeasuredPanel] = []
        for way, course in found:
            if way not in self.panels:
                spec = spec_of(course[0], collapsed=bool(deciding) and course[0].metric != deciding)
                self.panels[way] = MeasuredPanel(spec, store)
                new.append(self.panels[way])
            step = best.step if best is not None and any(m is best for m in course) else None
            curve = MeasuredCurve(labels[way], COLOR, course, best=step, store=store)
            self.panels[way].show_curves([curve])
        return new, gone
