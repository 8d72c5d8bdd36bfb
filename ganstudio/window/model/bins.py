"""Histograms and smooth densities of what the discriminator says and of points on a line. Knows no Qt."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
BINS = 32


@dataclass(frozen=True)
class Bins:
    """Two histograms over the same edges, as shares of each side (they sum to 1, or to 0 where it is empty)."""

    edges: Array
    real: Array
    fake: Array

    @property
    def top(self) -> float:
        """The highest bar."""
        return float(max(self.real.max(initial=0.0), self.fake.max(initial=0.0)))


def score_bins(real: NDArray[np.floating], fake: NDArray[np.floating], probability: bool) -> Bins:
    """32 bins: from 0 to 1 for probabilities, over all finite scores otherwise."""
    sides = [np.asarray(side, dtype=np.float64).ravel() for side in (real, fake)]
    sides = [side[np.isfinite(side)] for side in sides]
    low, high = (0.0, 1.0) if probability else _range(np.concatenate(sides))
    edges = np.linspace(low, high, BINS + 1)
    shares = [np.histogram(np.clip(side, low, high), edges)[0] / max(len(side), 1) for side in sides]
    return Bins(edges, shares[0], shares[1])


def _range(values: Array) -> tuple[float, float]:
    if len(values) == 0:
        return 0.0, 1.0
    low, high = float(values.min()), float(values.max())
    if high - low < 1e-6 * max(abs(low), abs(high), 1e-3):
        pad = max(abs(high), 1.0) * 0.05
        return low - pad, high + pad
    return low, high


def density_of(values: NDArray[np.floating], grid: Array) -> Array:
    """A kernel density at ``grid`` (evenly spaced, rising): Gaussian, bandwidth by Silverman's rule.

    Counted into the grid's cells first, then convolved, so that it costs the same for any number of values.
    The rule's robust form: 0.9 min(deviation, IQR / 1.34) n^(-1/5) (Silverman 1986, equation 3.31).
    """
    kept = np.asarray(values, dtype=np.float64).ravel()
    kept = kept[np.isfinite(kept)]
    if len(kept) == 0 or len(grid) < 2:
        return np.zeros(len(grid))
    cell = float(grid[1] - grid[0])
    quartiles = np.quantile(kept, [0.25, 0.75])
    spread = min(float(kept.std()), float(quartiles[1] - quartiles[0]) / 1.34) or float(kept.std())
    width = max(0.9 * spread * len(kept) ** -0.2, cell)
    edges = np.append(grid - cell / 2, grid[-1] + cell / 2)
    counts = np.histogram(kept, edges)[0] / (len(kept) * cell)
    reach = int(np.ceil(4 * width / cell))
    offsets = np.arange(-reach, reach + 1) * cell
    kernel = np.exp(-0.5 * (offsets / width) ** 2)
    return np.convolve(counts, kernel / kernel.sum(), mode="full")[reach : reach + len(grid)]
