"""Data with known factors: whether samples reach all of each factor's range, and whether codes match factors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ganstudio.metrics.figures import (
    CancelCheck,
    Figure,
    MetricError,
    Numbers,
    Progress,
    around,
    bootstrapped,
)
from ganstudio.metrics.ticks import tick

BINS = 20
"""Equal parts of a continuous factor or code, as in Locatello et al. (2019, arXiv:1811.12359)."""
COARSE = 8
"""Parts of a continuous factor where combinations are counted."""
FORESTS = 8
"""How often forests are grown again to see how sure their scores are."""
Places = NDArray[np.int64]


@dataclass(frozen=True)
class Scale:
    """How a factor is cut into cells: its ``choices`` as they are (``low`` and ``high`` unused), or equal parts."""

    name: str
    choices: int = 0
    low: float = 0.0
    high: float = 1.0

    def cells(self, bins: int) -> int:
        """Into how many cells."""
        return self.choices or bins

    def place(self, values: Numbers, bins: int) -> Places:
        """The cell of each value (N,); values beyond the ends belong to the outermost cells."""
        if self.choices:
            return values.astype(np.int64).clip(0, self.choices - 1)
        part = (values - self.low) / max(self.high - self.low, 1e-12)
        return np.floor(part * bins).clip(0, bins - 1).astype(np.int64)


# ---------------------------------------------------------------- coverage


@dataclass(frozen=True)
class FactorCoverage:
    """``reached``: for each factor, the share of the real samples' cells that generated samples reach. ``distance``:
    total variation between the shares of cells. ``range`` and ``combinations`` are means over factors and over pairs
    of factors."""

    reached: Mapping[str, float]
    distance: Mapping[str, float]
    range: Figure
    combinations: Figure


def factor_coverage(
    made: Mapping[str, Numbers], real: Mapping[str, Numbers], scales: list[Scale], seed: int = 0
) -> FactorCoverage:
    """How generated samples, their factors read from the pictures, cover what equally read real samples cover.

    Both are read by the same judge, so that its errors are in both. A pair of cells counts where real samples have it
    at least twice, so that a single misreading makes no combination.
    """
    if not scales:
        raise MetricError("None of the factors varies.")
    count, others = (len(next(iter(part.values()))) for part in (made, real))
    if min(count, others) == 0:
        raise MetricError("There are no samples whose factors could be read.", "Take more samples.")
    lines = [(s.place(made[s.name], BINS), s.place(real[s.name], BINS), s.cells(BINS)) for s in scales]
    pairs = [_joined(first, second, made, real) for first, second in combinations(scales, 2)] or lines

    def mean_reached(parts: list[tuple[Places, Places, int]], index: Places) -> float:
        return float(np.mean([_reached(ours[index], theirs, cells) for ours, theirs, cells in parts]))

    everything = np.arange(count)
    return FactorCoverage(
        {
            s.name: _reached(ours[everything], theirs, n)
            for s, (ours, theirs, n) in zip(scales, lines, strict=True)
        },
        {s.name: _variation(*line) for s, line in zip(scales, lines, strict=True)},
        bootstrapped(lambda index: mean_reached(lines, index), count, seed, 50, least=0.0, most=1.0),
        bootstrapped(lambda index: mean_reached(pairs, index), count, seed, 50, least=0.0, most=1.0),
    )


def _joined(
    first: Scale, second: Scale, made: Mapping[str, Numbers], real: Mapping[str, Numbers]
) -> tuple[Places, Places, int]:
    width = second.cells(COARSE)
    ours, theirs = (
        first.place(part[first.name], COARSE) * width + second.place(part[second.name], COARSE)
        for part in (made, real)
    )
    return ours, theirs, first.cells(COARSE) * width


def _reached(ours: Places, theirs: Places, cells: int) -> float:
    wanted = np.bincount(theirs, minlength=cells) >= 2
    if not wanted.any():
        wanted = np.bincount(theirs, minlength=cells) >= 1
    return float((np.bincount(ours, minlength=cells) > 0)[wanted].mean())


def _variation(ours: Places, theirs: Places, cells: int) -> float:
    shares = [np.bincount(part, minlength=cells) / len(part) for part in (ours, theirs)]
    return float(np.abs(shares[0] - shares[1]).sum() / 2)


# ---------------------------------------------------------------- codes


def cut(values: Numbers, bins: int = BINS) -> Places:
    """Each column of (N, K) in cells; columns of few different values keep them as they are."""
    found = np.empty(values.shape, dtype=np.int64)
    for column, line in enumerate(values.T):
        known, place = np.unique(line, return_inverse=True)
        if len(known) > bins:
            low, high = known[0], known[-1]
            place = np.floor((line - low) / (high - low) * bins).clip(0, bins - 1).astype(np.int64)
        found[:, column] = place
    return found


def mutual_information(first: Places, second: Places) -> float:
    """I(a; b) in nats of two discrete columns (N,), from their counts."""
    table = np.zeros((first.max() + 1, second.max() + 1))
    np.add.at(table, (first, second), 1.0)
    joint = table / table.sum()
    apart = joint.sum(1, keepdims=True) * joint.sum(0, keepdims=True)
    seen = joint > 0
    return float((joint[seen] * np.log(joint[seen] / apart[seen])).sum())


def mig(codes: Numbers, factors: Numbers, seed: int = 0, resamples: int = 30) -> Figure:
    """The mutual information gap of codes (N, K) and factors (N, J) (Chen et al. 2018, arXiv:1802.04942, section 4.1).

    For each factor the information of the best code less that of the second best, divided by the factor's entropy;
    then the mean. 1 if each factor has a code of its own, 0 if none does better than another.
    """
    ours, theirs = cut(codes), cut(factors)
    if ours.shape[1] < 2:
        raise MetricError("The gap needs at least two codes.")
    return bootstrapped(
        lambda index: _gap(ours[index], theirs[index]), len(ours), seed, resamples, least=0.0, most=1.0
    )


def _gap(codes: Places, factors: Places) -> float:
    gaps: list[float] = []
    for factor in factors.T:
        entropy = mutual_information(factor, factor)
        told = sorted(mutual_information(code, factor) for code in codes.T)
        if entropy > 0:
            gaps.append((told[-1] - told[-2]) / entropy)
    return float(np.mean(gaps)) if gaps else 0.0


@dataclass(frozen=True)
class Dci:
    """Disentanglement (each code about one factor), completeness (each factor in one code) and informativeness (how
    well codes tell factors: accuracy for choices, R^2 for numbers, on held-out samples); all 0 to 1."""

    disentanglement: float
    completeness: float
    informativeness: float


def dci(codes: Numbers, factors: Numbers, discrete: list[bool], seed: int = 0) -> Dci:
    """The scores of Eastwood and Williams (ICLR 2018), importances from random forests.

    ``codes`` (N, K) predict each of ``factors`` (N, J), which ``discrete`` says to be choices or numbers. A quarter of
    the samples is held out.
    """
    test, train = _divided(len(codes), seed)
    weights = np.zeros((codes.shape[1], factors.shape[1]))
    told: list[float] = []
    for column, is_choice in enumerate(discrete):
        forest = _forest(codes, factors[:, column], train, is_choice, seed)
        weights[:, column] = forest.feature_importances_
        told.append(max(0.0, float(forest.score(codes[test], factors[test, column]))))
    return Dci(*of_importances(weights), float(np.mean(told)))


def dci_figure(
    codes: Numbers,
    factors: Numbers,
    discrete: list[bool],
    seed: int = 0,
    repeats: int = FORESTS,
    progress: Progress | None = None,
    cancelled: CancelCheck | None = None,
) -> tuple[Figure, Dci]:
    """Disentanglement with its spread, and all scores of :func:`dci`.

    The spread is that of ``repeats`` bootstraps: the forests are grown again on resampled samples.
    """
    found = dci(codes, factors, discrete, seed)
    _, train = _divided(len(codes), seed)
    generator = np.random.default_rng(seed)
    repeated: list[float] = []
    for number in range(repeats):
        tick(progress, cancelled, "Growing forests", number / repeats)
        again = generator.choice(train, len(train))
        lines = [
            _forest(codes, factors[:, column], again, is_choice, seed + 1 + number).feature_importances_
            for column, is_choice in enumerate(discrete)
        ]
        repeated.append(of_importances(np.stack(lines, 1))[0])
    how = f"bootstrap over {len(train):,} samples, {repeats} times"
    return around(found.disentanglement, float(np.std(repeated, ddof=1)), how, 0.0, 1.0), found


def _divided(count: int, seed: int) -> tuple[Places, Places]:
    """A quarter to test on, and the rest."""
    test, train = np.split(np.random.default_rng(seed).permutation(count), [count // 4])
    return test, train


def _forest(codes: Numbers, factor: Numbers, index: Places, is_choice: bool, seed: int) -> Any:
    from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor  # half a second to import

    kind: Any = RandomForestClassifier if is_choice else RandomForestRegressor
    forest = kind(n_estimators=20, max_depth=8, max_features=1.0, random_state=seed, n_jobs=1)
    return forest.fit(codes[index], factor[index])


def of_importances(weights: Numbers) -> tuple[float, float]:
    """Disentanglement and completeness of importances (K, J): 1 less entropies, weighted by importance."""
    total = weights.sum()
    if not total > 0:
        return 0.0, 0.0
    of_codes = weights.sum(1) / total
    disentanglement = float((_sharpness(weights, axis=1) * of_codes).sum())
    of_factors = weights.sum(0) / total
    return disentanglement, float((_sharpness(weights, axis=0) * of_factors).sum())


def _sharpness(weights: Numbers, axis: int) -> Numbers:
    """1 - H(P) with the logarithm to the number of choices, along an axis; 1 where there is but one choice."""
    number = weights.shape[axis]
    sums = weights.sum(axis, keepdims=True)
    p = np.divide(weights, sums, out=np.full(weights.shape, 1 / number), where=sums > 0)
    if number == 1:
        return np.ones(weights.shape[1 - axis])
    entropy = -np.where(p > 0, p * np.log(np.where(p > 0, p, 1)), 0).sum(axis)
    return 1 - entropy / np.log(number)
