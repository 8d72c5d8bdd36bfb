"""The metrics of points by the names of the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property

from torch import Tensor

from ganstudio.catalog import measures as need
from ganstudio.data import GaussianMixture, PointSource
from ganstudio.metrics.bench import Found
from ganstudio.metrics.modes import GOOD, CoverageFigures, coverage_figures
from ganstudio.metrics.toy import CELLS, jensen_shannon_figure, wasserstein_figure


class PointBench:
    """Generated points (N, D) in raw units beside the source they should come from."""

    def __init__(self, points: Tensor, source: PointSource, seed: int = 0) -> None:
        self.points, self.source, self.seed = points, source, seed

    def has(self) -> set[str]:
        """Which needs of measures are met."""
        return {need.GENERATOR} | ({need.MODES} if isinstance(self.source, GaussianMixture) else set())

    @cached_property
    def coverage(self) -> CoverageFigures:
        """Modes, quality and divergence together."""
        assert isinstance(self.source, GaussianMixture)
        return coverage_figures(self.points, self.source, self.seed)

    def remarks(self) -> list[str]:
        """What has to be said about the points themselves."""
        return ["All generated points are the same."] if bool((self.points == self.points[:1]).all()) else []


def _of_coverage(name: str) -> Callable[[PointBench], Found]:
    rules = f"a sample is good within {GOOD:g} deviations of its nearest mode; one finds a mode"
    return lambda bench: Found(getattr(bench.coverage, name), rules)


def _density(bench: PointBench) -> Found:
    figure, floor = jensen_shannon_figure(bench.points, bench.source, bench.seed)
    side = CELLS[bench.source.dimension]
    cells = f"{side} cells" if bench.source.dimension == 1 else f"{side} x {side} cells"
    return Found(figure, f"{cells} over the plotted range and one around it", details={"real": floor})


def _matching(bench: PointBench) -> Found:
    figure, floor = wasserstein_figure(bench.points, bench.source, bench.seed)
    return Found(figure, "exact matching with fresh real points", details={"real": floor})


POINT_MEASURERS: Mapping[str, Callable[[PointBench], Found]] = {
    "modes": _of_coverage("modes"),
    "high-quality": _of_coverage("good"),
    "reverse-kl": _of_coverage("reverse_kl"),
    "js": _density,
    "w1": _matching,
}
"""Name in the catalogue -> what measures it."""
