"""Where the truth is known: modes, densities, exact matchings."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from scipy import stats

from ganstudio.catalog.datasets import DATASETS
from ganstudio.data import load
from ganstudio.metrics import toy
from ganstudio.metrics.figures import MetricError
from ganstudio.metrics.modes import coverage, coverage_figures, stacked_modes

POINTS = ["mixture-3", "mixture-5", "ring", "grid", "spiral", "moons", "checkerboard", "swiss-roll"]


def source(name: str):
    return load(DATASETS[name]())


def real(name: str, count: int, seed: int = 0) -> torch.Tensor:
    return source(name).sample(count, torch.Generator().manual_seed(seed))


# ---------------------------------------------------------------- modes


@pytest.mark.parametrize("modes", [1, 3, 8])
def test_samples_exactly_on_some_centres(modes: int):
    ring = source("ring")
    found = coverage(ring.centres[:modes].repeat(50, 1), ring)
    assert (found.modes, found.good) == (modes, 1.0)
    assert found.reverse_kl == pytest.approx(math.log(8 / modes), abs=1e-12)


def test_samples_four_deviations_away_are_not_good():
    ring = source("ring")
    found = coverage(ring.centres * (1 + 4 * 0.02 / 2), ring)
    assert (found.modes, found.good) == (0, 0.0)


@pytest.mark.parametrize(("name", "modes"), [("ring", 8), ("grid", 25), ("mixture-5", 5)])
def test_real_samples_cover_everything(name: str, modes: int):
    found = coverage_figures(real(name, 4000), source(name))
    assert found.modes.value == modes
    assert found.good.value > (0.98 if name != "mixture-5" else 0.99)
    assert found.reverse_kl.value < 0.01
    assert found.good.low <= found.good.value <= found.good.high


def test_points_that_are_no_numbers_are_told():
    with pytest.raises(MetricError, match="not finite"):
        coverage(torch.full((5, 2), torch.nan), source("ring"))


def test_all_triples_once_are_all_modes_and_no_divergence():
    mode = torch.arange(1000)
    digits = torch.stack([mode // 100, mode // 10 % 10, mode % 10], 1)
    found, apart = stacked_modes(digits)
    assert found.value == 1000 and apart.value == pytest.approx(0, abs=1e-12)
    few, apart = stacked_modes(digits[:100].repeat(3, 1))
    assert few.value == 100 and apart.value == pytest.approx(math.log(10))
    same, apart = stacked_modes(torch.tensor([[1, 2, 3]]).repeat(5, 1))
    assert same.value == 1 and apart.value == pytest.approx(math.log(1000))


# ---------------------------------------------------------------- Jensen-Shannon


def test_divergence_of_shares_at_its_ends():
    one, other = np.array([1.0, 0.0]), np.array([0.0, 1.0])
    assert toy.jensen_shannon(one, one) == 0
    assert toy.jensen_shannon(one, other) == pytest.approx(math.log(2))


@pytest.mark.parametrize("name", POINTS)
def test_shares_of_cells_are_those_of_real_points(name: str):
    shares, counts = toy.cell_shares(source(name)), toy.cell_counts(real(name, 200_000, 3), source(name))
    assert shares.sum() == pytest.approx(1, abs=1e-9)
    assert toy.jensen_shannon(counts / counts.sum(), shares) < 0.01


def test_two_gaussians_have_their_published_divergence(monkeypatch: pytest.MonkeyPatch):
    from ganstudio.data import GaussianMixture

    one = GaussianMixture("one", 1, 1.0, (-6.0, 6.0), (1.0,), ((0.0,),), (1.0,))
    other = GaussianMixture("other", 1, 1.0, (-6.0, 6.0), (1.0,), ((1.0,),), (1.0,))
    monkeypatch.setattr(toy, "CELLS", {1: 4000})
    # N(0, 1) against N(1, 1), half of the JS of the f-GAN table, which is not divided by two
    assert toy.jensen_shannon(toy.cell_shares(one), toy.cell_shares(other)) == pytest.approx(
        0.222843 / 2, abs=1e-5
    )


@pytest.mark.parametrize("name", ["mixture-3", "ring", "spiral"])
def test_real_points_lie_on_the_floor_and_others_above(name: str):
    figure, floor = toy.jensen_shannon_figure(real(name, 2000, 1), source(name))
    assert floor / 2 < figure.value < 2 * floor
    far, floor = toy.jensen_shannon_figure(real(name, 2000, 1) + 100, source(name))
    assert far.value == pytest.approx(math.log(2), abs=0.01)


def test_points_of_another_dimension_are_told():
    with pytest.raises(MetricError, match="1 numbers, the data has 2"):
        toy.jensen_shannon_figure(torch.zeros(5, 1), source("ring"))


@pytest.mark.parametrize("seed", range(3))
def test_intervals_of_perfect_samples_hold_their_value(seed: int):
    """Resampling alone makes shares rougher and loses modes: uncorrected, it would never hold the value."""
    perfect = real("ring", 500, seed)
    density, _ = toy.jensen_shannon_figure(perfect, source("ring"), seed)
    found = coverage_figures(perfect, source("ring"), seed)
    triples = torch.randint(10, (3000, 3), generator=torch.Generator().manual_seed(seed))
    for figure in (density, found.modes, found.reverse_kl, *stacked_modes(triples, seed=seed)):
        assert 0 <= figure.low <= figure.value <= figure.high
    assert found.modes.high <= 8


# ---------------------------------------------------------------- Wasserstein


def test_a_shift_is_as_long_as_it_is():
    x = torch.randn(60, 2, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    order = torch.randperm(60, generator=torch.Generator().manual_seed(1))
    assert toy.wasserstein(x, x[order]) == 0
    assert toy.wasserstein(x[:, :1], x[order, :1] + 3) == pytest.approx(3)
    assert toy.wasserstein(x, x[order] + torch.tensor([30.0, 40.0])) == pytest.approx(50)


def test_on_a_line_it_is_that_of_scipy_and_of_the_matching():
    a, b = (torch.randn(80, 1, generator=torch.Generator().manual_seed(s)).double() for s in (1, 2))
    wanted = stats.wasserstein_distance(a[:, 0].numpy(), b[:, 0].numpy())
    assert toy.wasserstein(a, b) == pytest.approx(wanted, rel=1e-12)
    flat = [torch.cat([x, torch.zeros_like(x)], 1) for x in (a, b)]
    assert toy.wasserstein(*flat) == pytest.approx(wanted, rel=1e-12)


def test_a_matching_is_the_best_of_all():
    from itertools import permutations

    a, b = (torch.randn(5, 2, generator=torch.Generator().manual_seed(s)).double() for s in (1, 2))
    best = min((a - b[list(p)]).norm(dim=1).mean().item() for p in permutations(range(5)))
    assert toy.wasserstein(a, b) == pytest.approx(best, rel=1e-12)


def test_sets_of_different_size_are_told():
    with pytest.raises(MetricError, match="same size"):
        toy.wasserstein(torch.zeros(3, 2), torch.zeros(4, 2))


@pytest.mark.parametrize("name", ["mixture-3", "ring"])
def test_real_points_cost_what_the_floor_says(name: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(toy, "MATCHED", 200)
    figure, floor = toy.wasserstein_figure(real(name, 1000, 7), source(name))
    assert figure.value < 4 * floor and floor < 4 * figure.value
    moved, floor = toy.wasserstein_figure(real(name, 1000, 7) + 5, source(name))
    assert moved.value > 4 and "5 matchings of 200" in moved.how
    few, _ = toy.wasserstein_figure(real(name, 30, 7), source(name))
    assert few.spread > 0 and few.low <= few.value <= few.high and "bootstrap over 30 points" in few.how
    assert few.spread > figure.spread
